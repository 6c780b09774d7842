"""What minutes say: golden documents in both languages, nothing unsaid, what people say stays text."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from vori.events import (
    Language,
    ReportedDecision,
    ReportedTicket,
    Status,
    TicketFacts,
    UtteranceFinal,
)
from vori.meetings.model import Meeting, ScriptLine
from vori.minutes import markdown
from vori.minutes.compose import compose
from vori.minutes.model import Minutes, Source
from vori.minutes.summarise import Sentence, most_telling, terms
from vori.minutes.write import clock, outline
from vori.transcript.outcome import Gap, Outcome, StreamOutcome, Verdict

ROOM = UUID("00000000-0000-7000-8000-0000000000aa")
WORKSPACE = UUID("00000000-0000-7000-8000-000000000001")
SEOUL = timezone(timedelta(hours=9))
BEGAN = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
GOLDEN = Path(__file__).parent

ENGLISH = [
    ("Maya", "Good morning everybody. Let us look at our open tasks for this week."),
    ("Alan", "The login page for the website is finished. I merged it yesterday evening."),
    ("Maya", "Very good."),
    ("Robert", "I have started the documentation of the payment service. About half of it is written."),
    ("Maya", "Our customers keep asking for a spreadsheet export of the monthly reports."),
    ("Alan", "I will build the spreadsheet export for the monthly reports by Friday."),
    ("Maya", "We decided to move the release to next Tuesday."),
    (None, "Thank you *very* much, see [this](http://evil.example) and <b>that</b>."),
]
KOREAN = [
    ("지민", "안녕하세요, 주간 회의를 시작하겠습니다."),
    ("수현", "백엔드 API 문서화 작업을 현재 진행하고 있습니다."),
    ("도윤", "프론트엔드 로그인 페이지 구현이 완료되었습니다."),
    ("수현", "제가 결제 오류 안내 문구를 금요일까지 작성하겠습니다."),
    ("지민", "배포는 다음 주 화요일에 하기로 결정했습니다."),
]


def meeting(
    *, language: Language = "en", minutes: int = 1, names: tuple[str, ...] = (), script: bool = False
) -> Meeting:
    return Meeting(
        meeting_id=ROOM,
        workspace_id=WORKSPACE,
        title="Weekly planning" if language == "en" else "주간 회의",
        language=language,
        status="ended",
        started_at=BEGAN,
        ended_at=BEGAN + timedelta(minutes=minutes, seconds=12),
        end_reason="asked",
        participants=names,
        script=(ScriptLine("a", 0, 1, "x"),) if script else (),
    )


def said(lines: Sequence[tuple[str | None, str]], language: Language = "en") -> list[UtteranceFinal]:
    """The lines as utterances, one every 20 s, each 4 s long."""
    return [
        UtteranceFinal(
            workspace_id=WORKSPACE,
            meeting_id=ROOM,
            utterance_id=uuid5(ROOM, f"utterance {number}"),
            stream=uuid5(ROOM, str(speaker)),
            speaker=speaker,
            start_ms=number * 20_000 + 1000,
            end_ms=number * 20_000 + 5000,
            language=language,
            text=text,
        )
        for number, (speaker, text) in enumerate(lines)
    ]


def ticket(key: str, title: str, status: Status, assignee: str | None = None, due: date | None = None) -> TicketFacts:
    return TicketFacts(
        ticket_id=uuid5(ROOM, key), key=key, title=title, content="", status=status, assignee=assignee, due=due
    )


def reported(
    tickets: tuple[ReportedTicket, ...] = (),
    decisions: tuple[ReportedDecision, ...] = (),
    open_before: tuple[TicketFacts, ...] = (),
) -> Source:
    return Source(tickets=tickets, decisions=decisions, open_before=open_before)


def to_markdown(minutes: Minutes, zone: tzinfo | None) -> str:
    return markdown.to_markdown(outline(minutes, zone))


def test_english_minutes() -> None:
    words = said(ENGLISH)
    created = ticket("V-12", "Spreadsheet export of reports", Status.TODO, "Alan", date(2026, 11, 27))
    moved = ticket("V-3", "Login page_for [the] website", Status.DONE, "Alan")
    changed = ticket("V-4", "Documentation", Status.IN_PROGRESS)
    report = reported(
        (
            ReportedTicket(
                ticket=created, action="created", from_status=None, evidence=(words[4].evidence, words[5].evidence)
            ),
            ReportedTicket(ticket=moved, action="moved", from_status=Status.IN_PROGRESS, evidence=(words[1].evidence,)),
            ReportedTicket(ticket=changed, action="changed", from_status=None, evidence=(words[3].evidence,)),
        ),
        (
            ReportedDecision(text=words[6].text, evidence=(words[6].evidence,)),
            ReportedDecision(text="Release next Tuesday", evidence=(words[6].evidence,)),
        ),
    )
    minutes = compose(meeting(minutes=2, names=("Maya", "Yuna")), words, report)
    assert to_markdown(minutes, SEOUL) == (GOLDEN / "minutes_en.md").read_text()


def test_korean_minutes_of_a_rehearsal() -> None:
    words = said(KOREAN, "ko")
    report = reported(
        (
            ReportedTicket(
                ticket=ticket("V-1", "백엔드 API 문서화", Status.IN_PROGRESS, "수현"),
                action="moved",
                from_status=Status.TODO,
                evidence=(words[1].evidence,),
            ),
            ReportedTicket(
                ticket=ticket("V-3", "결제 오류 안내 문구 작성", Status.TODO, "수현", date(2026, 11, 27)),
                action="created",
                from_status=None,
                evidence=(words[3].evidence,),
            ),
        ),
        (ReportedDecision(text=words[4].text, evidence=(words[4].evidence,)),),
    )
    minutes = compose(meeting(language="ko", script=True), words, report)
    assert to_markdown(minutes, SEOUL) == (GOLDEN / "minutes_ko.md").read_text()


def test_minutes_of_silence_claim_nothing() -> None:
    minutes = compose(meeting(minutes=75, names=("Maya",)), [], reported())
    assert not minutes.summary + minutes.decisions + minutes.tickets
    document = to_markdown(minutes, UTC)
    assert "No speech was heard" in document
    assert "20 November 2026 01:30 (UTC) · 1 h 15 min" in document
    assert "%" not in document


def test_every_quote_was_said_and_the_order_of_arrival_does_not_matter() -> None:
    words = said(ENGLISH)
    minutes = compose(meeting(), words, reported())
    assert minutes == compose(meeting(), words[::-1], reported())
    for line in minutes.summary:
        assert line.text in line.evidence[0].quote
        assert line.evidence[0].quote in {text for _, text in ENGLISH}
    times = [line.evidence[0].start_ms for line in minutes.summary]
    assert times == sorted(times)
    assert sum(participant.talk_ms for participant in minutes.participants) == 4000 * len(words)


def test_the_language_is_the_pinned_one_else_what_was_spoken_most() -> None:
    mixed = [*said(ENGLISH[:2]), *said(KOREAN, "ko")]
    auto = Meeting(**{**{f: getattr(meeting(), f) for f in Meeting.__slots__}, "language": "auto"})
    assert compose(auto, mixed, reported()).language == "ko"
    assert compose(auto, mixed[:2], reported()).language == "en"
    assert compose(meeting(language="en"), mixed, reported()).language == "en"


def test_a_summary_prefers_what_the_meeting_was_about() -> None:
    texts = [
        "Hello, nice to see you.",
        "The export of invoices fails for large customers.",
        "Yes.",
        "Okay, thank you, sure.",
        "So invoices of large customers break because the export runs out of memory.",
        "Right.",
        "My dog slept on the sofa until noon yesterday, imagine.",
        "We fix the export by streaming invoices instead of loading them whole.",
    ]
    said = [Sentence(turn, text) for turn, text in enumerate(texts)]
    assert set(most_telling(said)) <= {1, 4, 7}
    assert len(most_telling(said)) == 2
    few = [Sentence(0, "Yes."), Sentence(1, "No.")]
    assert most_telling(few) == [0], "what little was said is quoted, not called silence"
    assert most_telling([]) == []


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("I'll finish the API's docs", {"finish", "api", "docs"}),
        ("문서화 작업을 완료했습니다.", {"문서", "서화", "작업", "업을", "완료"}),
    ],
)
def test_terms(text: str, about: set[str]) -> None:
    assert terms(text) == about


def test_what_people_say_stays_text() -> None:
    words = said(ENGLISH)[-1:]
    report = reported(decisions=(ReportedDecision(text=words[0].text, evidence=(words[0].evidence,)),))
    document = to_markdown(compose(meeting(), words, report), UTC)
    assert r"“Thank you \*very\* much, see \[this\](http://evil.example) and \<b\>that\</b\>.”" in document


def test_every_quote_is_in_the_words_as_they_were_corrected() -> None:
    heard = said(ENGLISH)
    report = reported(
        (
            ReportedTicket(
                ticket=ticket("V-3", "Login page", Status.DONE),
                action="moved",
                from_status=Status.TODO,
                evidence=(heard[1].evidence, heard[6].evidence),
            ),
        ),
        (
            ReportedDecision(text="Release next Tuesday", evidence=(heard[6].evidence,)),
            ReportedDecision(text=heard[6].text, evidence=(heard[6].evidence,)),
            ReportedDecision(text="Work goes on", evidence=(heard[1].evidence,)),
        ),
    )
    corrected = "We release on Thursday, that is settled."
    words = [*heard[:6], heard[6].model_copy(update={"text": corrected}), *heard[7:]]
    minutes = compose(meeting(), words, report)
    assert [evidence.quote for evidence in minutes.tickets[0].evidence] == [heard[1].text, corrected]
    assert [(decision.text, decision.evidence[0].quote) for decision in minutes.decisions] == [
        ("Work goes on", heard[1].text),
        (corrected, corrected),
    ], "what was read out of other words gives way to the words"
    assert heard[6].text not in to_markdown(minutes, UTC)


def test_clock() -> None:
    assert [clock(ms) for ms in (0, 41_999, 3_599_000, 3_723_000)] == ["00:00", "00:41", "59:59", "1:02:03"]


def captured(*gaps: Gap, final: bool = True) -> Outcome:
    """The outcome of a meeting with 9 s of sound (none: without any) and gaps after them."""
    verdict: Verdict = "recognition_failed" if {gap.cause for gap in gaps} == {"not_recognised"} else "capture_failed"
    stream = StreamOutcome(
        stream=ROOM, stream_id="mic", speaker=None, from_ms=0, to_ms=20_000, captured_ms=9_000, gaps=gaps
    )
    return Outcome(
        outcome=verdict, final=final, expected_ms=20_000, covered_share=0.5, streams=(stream,) if gaps else ()
    )


LOST = Gap(from_ms=9_000, to_ms=10_900, cause="not_captured")
BROKEN_OFF = Gap(from_ms=16_000, to_ms=20_000, cause="disconnected")
UNHEARD = Gap(from_ms=1_000, to_ms=3_100, cause="not_recognised")


@pytest.mark.parametrize(
    ("gaps", "english", "korean"),
    [
        ([UNHEARD], "3 s of speech could not", "말 3초는"),
        ([LOST, BROKEN_OFF], "6 s of sound never reached VORI", "소리 6초가"),
        ([UNHEARD, LOST], "2 s of sound never reached VORI", "말 3초는"),
        ([], "No sound of this meeting reached VORI", "회의의 소리는 VORI에 오지 않았어요"),
    ],
)
def test_what_is_missing_is_told_and_not_called_silence(gaps: list[Gap], english: str, korean: str) -> None:
    for held, told in ((meeting(language="en"), english), (meeting(language="ko"), korean)):
        minutes = compose(held, [], reported(), captured(*gaps))
        markdown = to_markdown(minutes, UTC)
        assert told in markdown
        assert "No speech" not in markdown
        assert "들린 말이 없어요" not in markdown
        again = Minutes.model_validate_json(minutes.model_dump_json())
        assert to_markdown(again, UTC) == markdown, "kept minutes read back"


def test_an_outcome_that_is_not_final_claims_no_loss() -> None:
    minutes = compose(meeting(), [], reported(), captured(LOST, UNHEARD, final=False))
    assert minutes.outcome is None
    assert "never reached" not in to_markdown(minutes, UTC)
    assert minutes.unheard_ms == 2100, "what recognition failed at is known when the last words are"
