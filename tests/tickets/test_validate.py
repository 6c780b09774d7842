"""Whatever an extractor says is treated as a stranger's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.tickets.talks import MONDAY, talk

from vori.events import Status
from vori.tickets.model import (
    TITLE_LENGTH,
    Block,
    Decision,
    DueMove,
    Extraction,
    Mention,
    Move,
    Proposal,
)
from vori.tickets.validate import validate

SAID = talk(
    "박준호: 검색 속도랑 로그인, API 이야기예요.\n이서연: 둘",
    [("로그인 페이지 구현", "TODO", "김하늘"), ("API 문서화", "DONE")],
)
GOOD = Proposal(
    "검색 속도 개선",
    "> 박준호: 검색 속도랑 로그인, API 이야기예요.",
    Status.TODO,
    "박준호",
    date(2026, 3, 6),
    ("u1",),
    0.9,
    "applied",
)


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
    assert passed(move("T2", Status.TODO, reopens=True)) == []
    assert passed(move("T9", Status.DONE)) == []
    assert passed(move("T1", Status.DONE, proof="u9")) == []


@pytest.mark.parametrize(
    "words", ["API 문서화 다시 열었어요", "API 문서화, that is open again", "API 문서화 끝난 게 아니었어요"]
)
def test_finished_work_opens_only_when_somebody_says_so_outright(words: str) -> None:
    def opened(text: str) -> int:
        reopened = Move("T1", Status.IN_PROGRESS, ("u1",), 0.9, "applied", reopens=True)
        return len(validate(Extraction(moves=(reopened,)), talk(f"지민: {text}", [("API 문서화", "DONE")])).moves)

    assert opened(words) == 1
    assert opened("API 문서화 하고 있어요") == 0


def test_a_quote_of_what_nobody_said_is_struck_from_the_content() -> None:
    made = "무엇이 느린지 찾기\n> 검색 속도랑 로그인…\n> 이서연: 제가 다 할게요\n> 둘"
    assert kept(replace(GOOD, content=made))[0].content == "무엇이 느린지 찾기\n> 검색 속도랑 로그인…\n> 둘"


def test_a_day_moves_and_a_block_comes_only_with_proof_on_a_ticket_that_there_is() -> None:
    due = DueMove("T1", date(2026, 3, 6), ("u1",), 0.9, "applied")
    block = Block("T1", True, ("u1",), 0.9, "applied", "로그인")
    assert validate(Extraction(due_moves=(due,), blocks=(block,)), SAID).updates == (due, block)
    for wrong in ({"ticket_id": "T9"}, {"evidence_ids": ("u9",)}):
        bad = Extraction(due_moves=(replace(due, **wrong),), blocks=(replace(block, **wrong),))
        assert validate(bad, SAID).updates == ()
    for day in (MONDAY - timedelta(days=1), date(2099, 1, 1)):
        assert validate(Extraction(due_moves=(replace(due, due=day),)), SAID).due_moves == ()
    finished = Extraction(due_moves=(replace(due, ticket_id="T2"),))
    assert validate(finished, SAID).due_moves == ()


def test_work_named_again_is_a_mention_of_its_ticket() -> None:
    found = validate(Extraction((replace(GOOD, title="로그인 페이지를 구현"),)), SAID)
    assert (found.proposals, found.mentions) == ((), (Mention("T1", ("u1",)),))


def test_decisions_need_words_and_proof() -> None:
    made = (Decision("4월 1일에 낸다", ("u2",)), Decision("", ("u1",)), Decision("없던 말", ("u9",)))
    assert [d.text for d in validate(Extraction(decisions=made), SAID).decisions] == ["4월 1일에 낸다"]
