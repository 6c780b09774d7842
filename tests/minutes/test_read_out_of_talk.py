"""What the minutes take from the talk itself: open questions, blockers, promises, tickets talked about, decisions."""

from collections.abc import Sequence

import pytest
from tests.minutes.test_minutes_model import meeting, reported, said, ticket

from vori.events import Language, ReportedTicket, Status
from vori.minutes.compose import compose, find_decisions, shares
from vori.minutes.model import Section, Source

Talk = Sequence[tuple[str | None, str]]


def told(section: Section, talk: Talk, language: Language = "en") -> list[str]:
    minutes = compose(meeting(language=language), said(talk, language), Source())
    for line in minutes.lines(section):
        assert line.text in line.evidence[0].quote, "nothing unsaid"
    return [line.text for line in minutes.lines(section)]


@pytest.mark.parametrize(
    ("talk", "language", "still_open"),
    [
        (
            [("A", "Who owns the billing database after the move?"), ("B", "Good question, I don't know.")],
            "en",
            ["Who owns the billing database after the move?"],
        ),
        ([("A", "Who owns the billing database after the move?"), ("B", "Robert.")], "en", []),
        ([("A", "When do we move the billing database?"), ("B", "Next Tuesday.")], "en", []),
        ([("A", "Is the billing database backed up every night?"), ("B", "Yes, since Monday.")], "en", []),
        ([("A", "Can everyone hear me?"), ("A", "How was your weekend in the mountains?")], "en", []),
        ([("A", "Could you review the payment branch by noon?"), ("A", "Next topic.")], "en", []),
        (
            [("가", "결제 서버 이전 일정은 언제로 잡을까요?"), ("나", "글쎄요, 아직 모르겠어요.")],
            "ko",
            ["결제 서버 이전 일정은 언제로 잡을까요?"],
        ),
        ([("가", "결제 서버 이전 일정은 언제로 잡을까요?"), ("나", "다음 주 수요일이요.")], "ko", []),
        ([("가", "결제 서버 이전 승인이 났나요?"), ("나", "아뇨, 아직 안 났어요.")], "ko", []),
        ([("가", "제 목소리 잘 들리세요?"), ("나", "점심은 드셨어요?")], "ko", []),
    ],
)
def test_a_question_is_open_when_nobody_answered_it(talk: Talk, language: Language, still_open: list[str]) -> None:
    assert told("questions", talk, language) == still_open


@pytest.mark.parametrize(
    ("talk", "language", "blockers"),
    [
        (
            [("A", "We are still waiting for the security review of the gateway.")],
            "en",
            ["We are still waiting for the security review of the gateway."],
        ),
        (
            [
                ("A", "The release is blocked by the gateway review."),
                ("B", "The gateway review isn't a blocker any more."),
            ],
            "en",
            [],
        ),
        ([("A", "If the review is late we are stuck."), ("B", "There are no blockers from me.")], "en", []),
        (
            [("가", "디자인 시안이 안 와서 화면 작업이 막혀 있어요.")],
            "ko",
            ["디자인 시안이 안 와서 화면 작업이 막혀 있어요."],
        ),
        ([("가", "저는 막히는 것 없어요.")], "ko", []),
    ],
)
def test_blockers(talk: Talk, language: Language, blockers: list[str]) -> None:
    assert told("blockers", talk, language) == blockers


def test_a_promise_without_a_ticket_is_a_next_step_of_who_made_it() -> None:
    words = said([("Alan", "I'll write the onboarding guide this afternoon."), ("Maya", "If it rains I'll stay home.")])
    (step,) = compose(meeting(), words, Source()).next_steps
    assert (step.text, step.who, step.key) == (words[0].text, "Alan", None)
    assert step.evidence == (words[0].evidence,)


def test_next_steps_are_the_tickets_the_meeting_left_undone() -> None:
    words = said([("Alan", "I'll write the onboarding guide."), ("Maya", "The login page is done.")])
    open_one, done = ticket("V-1", "Onboarding guide", Status.TODO, "Alan"), ticket("V-2", "Login page", Status.DONE)
    source = reported(
        (
            ReportedTicket(ticket=open_one, action="created", from_status=None, evidence=(words[0].evidence,)),
            ReportedTicket(ticket=done, action="moved", from_status=Status.TODO, evidence=(words[1].evidence,)),
        )
    )
    assert [step.key for step in compose(meeting(), words, source).next_steps] == ["V-1"]


def test_a_ticket_that_was_open_before_is_carried_over_when_it_is_talked_about() -> None:
    words = said(
        [
            ("Maya", "Where are we with the invoice export for large customers?"),
            ("Alan", "VORI-7 needs another week."),
            ("Maya", "Fine."),
        ]
    )
    invoices = ticket("VORI-3", "Invoice export for large customers", Status.IN_PROGRESS)
    by_key, silent = ticket("VORI-7", "Rotate the keys", Status.TODO), ticket("VORI-8", "Clean the wiki", Status.TODO)
    lines = compose(meeting(), words, reported(open_before=(invoices, by_key, silent))).tickets
    assert [(line.ticket.key, line.news) for line in lines] == [("VORI-3", "carried_over"), ("VORI-7", "carried_over")]
    assert [line.evidence[0].quote for line in lines] == [words[0].text, words[1].text]
    touched = ReportedTicket(ticket=invoices, action="moved", from_status=Status.TODO, evidence=(words[0].evidence,))
    lines = compose(meeting(), words, reported((touched,), open_before=(invoices,))).tickets
    assert [line.news for line in lines] == ["moved"], "told once"
    twin = ticket("VORI-9", invoices.title, Status.TODO)
    lines = compose(meeting(), words, reported((touched,), open_before=(twin,))).tickets
    assert [line.ticket.key for line in lines] == ["VORI-3"], "words that moved one ticket are not about its twin"


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("We decided to move the release to Tuesday.", True),
        ("Okay, we're going with the smaller plan.", True),
        ("We haven't decided anything about the release.", False),
        ("Did we agree on the smaller plan?", False),
        ("배포는 화요일에 하기로 결정했습니다.", True),
        ("배포일은 아직 결정 못 했어요.", False),
    ],
)
def test_a_decision_is_told_by_its_wording_until_an_extractor_tells_it(text: str, decided: bool) -> None:
    words = said([("A", text)])
    assert [found.text for found in find_decisions(words)] == ([text] if decided else [])
    assert len(compose(meeting(), words, Source()).decisions) == decided
    assert compose(meeting(), words, reported()).decisions == (), "it found none: the wording is not asked"


def test_shares_add_up() -> None:
    assert shares([1, 1, 1]) == [34, 33, 33]
    assert shares([0, 0]) == [0, 0]
    assert sum(shares([7, 3, 11, 2])) == 100
