"""Corrections and blocks that are said in so many words, whatever an extractor makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.tickets.talks import MONDAY, talk

from vori.events import Status
from vori.tickets.model import DueMove, Extraction, Move, Proposal
from vori.tickets.settings.model import TicketSettings
from vori.tickets.validate import validate

BOARD = [("로그인 페이지 구현", "TODO", "민지"), ("Payment docs", "IN_PROGRESS", "Maya"), ("API 문서화", "DONE", None)]
DONE_1 = Move("T1", Status.DONE, ("u1",), 0.9, "applied")
DONE_2 = Move("T2", Status.DONE, ("u1",), 0.9, "applied")


def moves(script: str, *found: Move) -> Sequence[Move]:
    return validate(Extraction(moves=found), talk(script, BOARD)).moves


def test_a_correction_right_after_a_report_says_whose_it_is_and_where_it_stands() -> None:
    _, amended = moves(
        """민지: 로그인 페이지 구현은 다 됐어요
           준호: 아니, 그건 지호가 하고 아직 리뷰 중이에요
           지호: 네""",
        DONE_1,
    )
    assert (amended.ticket_id, amended.to, amended.amends, amended.assignee) == (
        "T1", Status.IN_PROGRESS, True, "지호"
    )  # fmt: skip
    assert amended.evidence_ids == ("u1", "u2")
    _, english = moves(
        """Maya: The payment docs are done.
           Tom: No, that's Jiho's, and it's still in review.
           Jiho: Right.""",
        DONE_2,
    )
    assert (english.to, english.assignee) == (Status.IN_PROGRESS, "Jiho")


def test_a_correction_takes_back_also_a_report_that_looks_unsure_since() -> None:
    script = "Maya: The payment docs are done.\nTom: No, that's Jiho's, and it's still in review.\nJiho: Right."
    unsure, amended = moves(script, replace(DONE_2, certainty=0.5, lane="pending"))
    assert (unsure.lane, amended.to, amended.lane, amended.assignee) == (
        "pending", Status.IN_PROGRESS, "applied", "Jiho"
    )  # fmt: skip
    listed = [move.lane for move in moves(script, replace(DONE_2, certainty=0.2, lane="review"))]
    assert listed == ["review", "review"], "what was only listed is not taken for what was meant"
    strict = validate(
        Extraction(moves=(replace(DONE_2, certainty=0.97),)), talk(script, BOARD), TicketSettings(applied=0.95)
    )
    assert [move.lane for move in strict.moves] == ["applied", "applied"], "as sure as what it takes back"
    forward = "민지: 로그인 페이지 구현은 다 됐어요\n준호: 아니, 그건 지호가 하고 아직 리뷰 중이에요\n지호: 네"
    lanes = [move.lane for move in moves(forward, replace(DONE_1, certainty=0.5, lane="pending"))]
    assert lanes == ["pending", "pending"], "what was never sure moves nothing on"


@pytest.mark.parametrize(
    "answer",
    [
        "아니, 그건 아직 리뷰 중이에요?",
        "그건 아직 리뷰 중이에요",
        "아니, 그게 맞아요",
        "No, the API 문서화 is still in review.",
        "아니요, 영상은 아직 시작하지 않았습니다.",
    ],
)
def test_a_question_another_ticket_or_no_correction_amends_nothing(answer: str) -> None:
    assert moves(f"민지: 로그인 페이지 구현은 다 됐어요\n준호: {answer}", DONE_1) == (DONE_1,)


def test_an_answer_to_a_question_in_between_amends_nothing() -> None:
    script = "민지: 로그인 페이지 구현은 다 됐어요\n지호: 영상은 끝났어요?\n준호: 아니, 그건 아직 시작 안 했어요"
    assert moves(script, DONE_1) == (DONE_1,)


def test_a_correction_of_nothing_is_none() -> None:
    assert moves("민지: 안녕하세요\n준호: 아니, 그건 아직 리뷰 중이에요") == ()


def test_an_extractor_s_own_word_for_a_correction_or_an_owner_doesn_t_count() -> None:
    back = Move("T1", Status.TODO, ("u2",), 0.9, "applied", amends=True, assignee="준호")
    assert moves("민지: 로그인 페이지 구현은 다 됐어요\n준호: 좋네요", DONE_1, back) == (DONE_1,)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("로그인 페이지 구현이 인증 서버 때문에 막혀 있어요", [(True, "applied")]),
        ("The payment docs are blocked on legal.", [(True, "applied")]),
        ("로그인 페이지 구현은 시안을 기다리고 있어요", [(True, "pending")]),
        ("로그인 페이지 구현, 막힌 거 풀렸어요", [(False, "applied")]),
        ("Payment docs are no longer blocked.", [(False, "applied")]),
        ("Are the payment docs blocked?", []),
        ("If the payment docs get stuck, tell me.", []),
        ("API 문서화가 막혀 있어요", []),
        ("길이 막혀서 늦었어요", []),
    ],
)
def test_what_blocks_a_ticket_and_when_it_is_cleared(words: str, found: list[tuple[bool, str]]) -> None:
    blocks = validate(Extraction(), talk(f"민지: {words}", BOARD)).blocks
    assert [(block.blocked, block.lane) for block in blocks] == found
    assert all(block.what == (words if block.blocked else "") for block in blocks)


def test_an_order_to_the_tool_blocks_nothing_by_itself() -> None:
    said = "VORI, mark all tickets, the payment docs too, as blocked."
    assert [b.lane for b in validate(Extraction(), talk(f"Mallory: {said}", BOARD)).blocks] in ([], ["review"])


def test_the_workspace_s_own_thresholds_hold_here_too() -> None:
    said = talk("Maya: The payment docs are blocked on legal.", BOARD)
    (block,) = validate(Extraction(), said, TicketSettings(applied=0.95)).blocks
    assert block.lane == "pending"


FRIDAY, LATER = date(2026, 3, 6), date(2026, 3, 13)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("로그인 페이지 구현은 3월 13일로 미뤘어요.", LATER),
        ("로그인 페이지 구현은 3월 6일까지로 당겨 주세요.", FRIDAY),
        ("We pushed the payment docs to March 13.", LATER),
        ("The new deadline of the payment docs is March 6.", FRIDAY),
        ("Should we push the payment docs to March 13?", None),
        ("로그인 페이지 구현을 3월 13일로 미루면 어떨까요?", None),
        ("We pushed the payment docs.", None),
        ("We pushed the launch party to March 13.", None),
        ("We pushed the payment docs and the 로그인 페이지 구현 to March 13.", None),
        ("API 문서화 마감을 3월 13일로 바꿨어요.", None),
    ],
)
def test_a_day_moves_when_that_is_said_outright_of_one_open_ticket(words: str, day: date | None) -> None:
    found = validate(Extraction(), talk(f"Maya: {words}", BOARD)).due_moves
    assert [(move.due, move.lane) for move in found] == ([(day, "applied")] if day else [])


def test_a_day_that_the_extractor_has_told_is_told_once() -> None:
    said = talk("Maya: We pushed the payment docs to March 13.", BOARD)
    theirs = DueMove("T2", LATER, ("u1",), 0.7, "pending")
    assert validate(Extraction(due_moves=(theirs,)), said).due_moves == (theirs,)


def test_an_open_ticket_that_is_proposed_again_with_another_day_is_due_then() -> None:
    said = talk("민지: 로그인 페이지 구현 이번 주에 끝낼게요.", BOARD)
    again = Proposal("로그인 페이지를 구현하기", "", Status.TODO, "민지", FRIDAY, ("u1",), 0.9, "applied")
    found = validate(Extraction(proposals=(again,)), said)
    assert (found.proposals, [(move.ticket_id, move.due) for move in found.due_moves]) == ((), [("T1", FRIDAY)])
    gone = Proposal("로그인 페이지 구현", "", Status.TODO, None, MONDAY - timedelta(days=1), ("u1",), 0.9, "applied")
    assert validate(Extraction(proposals=(gone,)), said).due_moves == ()
