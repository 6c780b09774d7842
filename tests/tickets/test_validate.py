"""Whatever an extractor says is treated as a stranger's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests.tickets.talks import MONDAY, talk

from vori.events import Status
from vori.tickets.model import TITLE_LENGTH, Decision, Extraction, Move, Proposal
from vori.tickets.validate import validate

SAID = talk(
    "박준호: 검색 속도랑 로그인, API 이야기예요.\n이서연: 둘",
    [("로그인 페이지 구현", "TODO", "김하늘"), ("API 문서화", "DONE")],
)
GOOD = Proposal("검색 속도 개선", "> 하나", Status.TODO, "박준호", date(2026, 3, 6), ("u1",), 0.9, "applied")


def kept(*proposals: Proposal) -> list[Proposal]:
    return list(validate(Extraction(proposals=proposals), SAID).proposals)


def test_a_good_proposal_passes_unchanged() -> None:
    assert kept(GOOD) == [GOOD]


def test_turns_that_nobody_said_prove_nothing() -> None:
    assert kept(replace(GOOD, evidence_ids=("u9",))) == []
    assert kept(replace(GOOD, evidence_ids=("u2", "u9", "u1")))[0].evidence_ids == ("u1", "u2")


def test_assignees_are_people_one_knows() -> None:
    assert kept(replace(GOOD, assignee="준호님"))[0].assignee == "박준호"
    assert kept(replace(GOOD, assignee="김하늘"))[0].assignee == "김하늘"
    assert kept(replace(GOOD, assignee="마이클"))[0].assignee is None


def test_days_out_of_reach_are_dropped() -> None:
    assert kept(replace(GOOD, due=MONDAY - timedelta(days=1)))[0].due is None
    assert kept(replace(GOOD, due=date(2099, 1, 1)))[0].due is None
    assert kept(replace(GOOD, due=MONDAY))[0].due == MONDAY


def test_titles_are_there_short_and_new() -> None:
    assert kept(replace(GOOD, title=" … ")) == []
    assert kept(replace(GOOD, title="로그인페이지 구현!")) == []
    assert kept(GOOD, replace(GOOD, title="검색속도 개선", evidence_ids=("u2",))) == [GOOD]
    long = kept(replace(GOOD, title="단어 " * 200))[0].title
    assert len(long) <= TITLE_LENGTH
    assert long.endswith("…")
    assert kept(replace(GOOD, title="두\n줄"))[0].title == "두 줄"
    assert len(kept(replace(GOOD, content="x" * 100_000))[0].content) == 8000


def test_certainty_stays_within_bounds() -> None:
    assert [p.certainty for p in kept(replace(GOOD, certainty=7.0))] == [1.0]


def test_only_legal_moves_of_tickets_that_exist() -> None:
    def move(ticket: str, to: Status, *, reopens: bool = False, proof: str = "u1") -> Move:
        return Move(ticket, to, (proof,), 0.9, "applied", reopens=reopens)

    def passed(*moves: Move) -> list[Status]:
        return [m.to for m in validate(Extraction(moves=moves), SAID).moves]

    assert passed(move("T1", Status.IN_PROGRESS)) == [Status.IN_PROGRESS]
    assert passed(move("T1", Status.DONE)) == [Status.DONE]
    assert passed(move("T1", Status.IN_PROGRESS), move("T1", Status.TODO)) == [Status.IN_PROGRESS, Status.TODO]
    assert passed(move("T1", Status.TODO)) == []
    assert passed(move("T2", Status.IN_PROGRESS)) == []
    assert passed(move("T2", Status.IN_PROGRESS, reopens=True)) == [Status.IN_PROGRESS]
    assert passed(move("T2", Status.TODO, reopens=True)) == []
    assert passed(move("T9", Status.DONE)) == []
    assert passed(move("T1", Status.DONE, proof="u9")) == []


def test_decisions_need_words_and_proof() -> None:
    made = (Decision("4월 1일에 낸다", ("u2",)), Decision("", ("u1",)), Decision("없던 말", ("u9",)))
    assert [d.text for d in validate(Extraction(decisions=made), SAID).decisions] == ["4월 1일에 낸다"]
