"""Minutes as a Markdown document, in the meeting's language."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from vori.events import Evidence, Language, ReportedDecision, ReportedTicket, Status
from vori.minutes.model import Minutes, Participant
from vori.transcript.naming.model import shown


@dataclass(frozen=True, slots=True)
class _Words:
    """What the document says of its own, in one language."""

    rehearsal: str
    participants: str
    unnamed: str
    nobody: str
    summary: str
    verbatim: str
    silent: str
    nothing_captured: str
    uncaptured: str
    unheard: str
    decisions: str
    undecided: str
    tickets: str
    untouched: str
    actions: dict[str, str]
    statuses: dict[Status, str]
    due: str


WORDS: dict[Language, _Words] = {
    "en": _Words(
        rehearsal="This was a rehearsal: its words come from a script, not from what was heard.",
        participants="Participants",
        unnamed="unnamed",
        nobody="Nobody gave a name, and nobody was heard.",
        summary="Summary",
        verbatim="The sentences that say most, word for word.",
        silent="No speech was heard in this meeting.",
        nothing_captured="No sound of this meeting reached VORI.",
        uncaptured="{seconds} s of sound never reached VORI. What was said then is missing here.",
        unheard="{seconds} s of speech could not be put into words: recognition failed. The recording has them.",
        decisions="Decisions",
        undecided="No decision was heard.",
        tickets="Tickets",
        untouched="No ticket was made or changed.",
        actions={"created": "New", "moved": "Moved", "changed": "Changed"},
        statuses={Status.TODO: "to do", Status.IN_PROGRESS: "in progress", Status.DONE: "done"},
        due="due",
    ),
    "ko": _Words(
        rehearsal="연습 회의예요. 말은 들은 것이 아니라 대본에서 왔어요.",
        participants="참석자",
        unnamed="이름 모름",
        nobody="이름을 밝힌 사람도, 들린 목소리도 없어요.",
        summary="요약",
        verbatim="가장 많은 것을 말해 주는 문장을 말한 그대로 옮겼어요.",
        silent="이 회의에서는 들린 말이 없어요.",
        nothing_captured="이 회의의 소리는 VORI에 오지 않았어요.",
        uncaptured="소리 {seconds}초가 VORI에 오지 않았어요. 그때 한 말은 여기에 없어요.",
        unheard="말 {seconds}초는 인식에 실패해서 글로 옮기지 못했어요. 녹음에는 남아 있어요.",
        decisions="결정 사항",
        undecided="들린 결정이 없어요.",
        tickets="티켓",
        untouched="생기거나 바뀐 티켓이 없어요.",
        actions={"created": "새 티켓", "moved": "옮긴 티켓", "changed": "내용이 바뀐 티켓"},
        statuses={Status.TODO: "할 일", Status.IN_PROGRESS: "진행 중", Status.DONE: "완료"},
        due="기한",
    ),
}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
SPECIAL = re.compile(r"([\\`*\[\]<>]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def to_markdown(minutes: Minutes, zone: tzinfo | None) -> str:
    """The document. `zone` is the one its date and hour are told in; None is the machine's own."""
    return "\n".join(_lines(_numbered(minutes), WORDS[minutes.language], zone)) + "\n"


def clock(ms: int) -> str:
    """A time in the meeting: 00:41, or 1:02:03 after an hour."""
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes:02}:{seconds:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def _numbered(minutes: Minutes) -> Minutes:
    """Voices that nobody put a name to are called by their numbers."""

    def called(name: str | None, stream: UUID | None, voice: int | None) -> str | None:
        return shown(name, stream, voice, minutes.microphones, minutes.language)

    def cited(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        return tuple(
            said.model_copy(update={"speaker": called(said.speaker, said.stream, said.voice)}) for said in evidence
        )

    participants = (
        person.model_copy(update={"name": called(person.name, person.stream, person.voice)})
        for person in minutes.participants
    )
    return minutes.model_copy(
        update={
            "participants": tuple(participants),
            "summary": cited(minutes.summary),
            "decisions": tuple(
                made.model_copy(update={"evidence": cited(made.evidence)}) for made in minutes.decisions
            ),
            "tickets": tuple(item.model_copy(update={"evidence": cited(item.evidence)}) for item in minutes.tickets),
        }
    )


def _lines(minutes: Minutes, words: _Words, zone: tzinfo | None) -> Iterator[str]:
    yield f"# {_plain(minutes.title)}"
    yield ""
    yield f"{_moment(minutes.started_at.astimezone(zone), minutes.language)} · {_duration(minutes)}"
    if minutes.rehearsal:
        yield from ("", f"*{words.rehearsal}*")
    yield from ("", f"## {words.participants}", "")
    yield from _participants(minutes.participants, words)
    yield from ("", f"## {words.summary}", "")
    missing = list(_missing(minutes, words))
    for told in missing:
        yield from (f"**{told}**", "")
    if minutes.summary:
        yield from (f"*{words.verbatim}*", "")
        yield from (f"- {_cited(evidence, words)}" for evidence in minutes.summary)
    elif not missing:
        yield words.silent
    yield from ("", f"## {words.decisions}", "")
    yield from _decisions(minutes.decisions, words)
    yield from ("", f"## {words.tickets}", "")
    yield from _tickets(minutes, words)


def _missing(minutes: Minutes, words: _Words) -> Iterator[str]:
    """What is not in the record although it may have been said."""
    outcome = minutes.outcome
    if outcome and outcome.outcome == "capture_failed":
        seconds = math.ceil(outcome.uncaptured_ms / 1000)
        yield words.uncaptured.format(seconds=seconds) if outcome.captured_ms else words.nothing_captured
    if minutes.unheard_ms:
        yield words.unheard.format(seconds=math.ceil(minutes.unheard_ms / 1000))


def _participants(participants: Sequence[Participant], words: _Words) -> Iterator[str]:
    if not participants:
        yield words.nobody
    total = sum(participant.talk_ms for participant in participants)
    for participant in participants:
        name = _plain(participant.name) if participant.name else words.unnamed
        yield f"- {name} · {participant.talk_ms / total:.0%}" if total else f"- {name}"


def _decisions(decisions: Sequence[ReportedDecision], words: _Words) -> Iterator[str]:
    if not decisions:
        yield words.undecided
    for decision in decisions:
        if [evidence.quote for evidence in decision.evidence] == [decision.text]:
            yield f"- {_cited(decision.evidence[0], words)}"
        else:
            yield f"- {_plain(decision.text)}"
            yield from _proof(decision.evidence, words)


def _tickets(minutes: Minutes, words: _Words) -> Iterator[str]:
    if not minutes.tickets:
        yield words.untouched
    first = True
    for action, heading in words.actions.items():
        touched = [item for item in minutes.tickets if item.action == action]
        if touched:
            yield from ((f"### {heading}", "") if first else ("", f"### {heading}", ""))
            first = False
        for item in touched:
            yield f"- {_ticket(item, words, minutes.language)}"
            yield from _proof(item.evidence, words)


def _ticket(item: ReportedTicket, words: _Words, language: Language) -> str:
    ticket = item.ticket
    status = words.statuses[ticket.status]
    facts = [f"{words.statuses[item.from_status]} → {status}" if item.from_status else status]
    if ticket.assignee:
        facts.append(_plain(ticket.assignee))
    if ticket.due:
        facts.append(f"{words.due} {_day(ticket.due, language)}")
    return f"**{_plain(ticket.key)} {_plain(ticket.title)}** · " + " · ".join(facts)


def _proof(evidence: Sequence[Evidence], words: _Words) -> Iterator[str]:
    yield from (f"  - {_cited(said, words)}" for said in evidence)


def _cited(evidence: Evidence, words: _Words) -> str:
    speaker = _plain(evidence.speaker) if evidence.speaker else words.unnamed
    return f"{clock(evidence.start_ms)} {speaker}: “{_plain(evidence.quote)}”"


def _day(day: date, language: Language) -> str:
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _moment(moment: datetime, language: Language) -> str:
    offset = moment.strftime("%z")
    zone = "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:]}"
    return f"{_day(moment.date(), language)} {moment:%H:%M} ({zone})"


def _duration(minutes: Minutes) -> str:
    whole, seconds = divmod(round(minutes.duration_ms / 1000), 60)
    hours, whole = divmod(whole, 60)
    units = ("시간", "분", "초") if minutes.language == "ko" else (" h", " min", " s")
    parts = [f"{count}{unit}" for count, unit in zip((hours, whole, seconds), units, strict=True) if count]
    return " ".join(parts[:2]) or f"0{units[2]}"


def _plain(text: str) -> str:
    """What people say stays text: nothing in it becomes markup."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
