"""Orders to the tool, spoken or typed, change nothing by themselves: neither offline nor through an obedient model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from tests.tickets.talks import MONDAY, talk

from vori.clock import new_id
from vori.events import Evidence, Status
from vori.tickets.guard import MOVED_AT_ONCE
from vori.tickets.model import (
    Decision,
    Extraction,
    Extractor,
    Fields,
    Lane,
    Move,
    OpenTicket,
    Proposal,
    Talk,
    Ticket,
    Turn,
)
from vori.tickets.orders import orders_the_tool
from vori.tickets.plan import Board, Occasion, Plan
from vori.tickets.reconcile import reconcile
from vori.tickets.validate import validate

FILE = Path(__file__).parents[2] / "evaluation" / "attacks.jsonl"
ATTACKS = [json.loads(line) for line in FILE.read_text().splitlines()]


def meeting_of(attack: dict[str, Any]) -> Talk:
    """An attack's meeting as the worker would see it, with UUIDs."""
    space = uuid5(UUID(int=0), attack["name"])
    turns = [
        Turn(str(uuid5(space, f"turn {n}")), said["speaker"], said["text"], n * 5000, n * 5000 + 4000)
        for n, said in enumerate(attack["turns"])
    ]
    tickets = [
        OpenTicket(str(uuid5(space, f"ticket {n}")), t["title"], Status(t["status"]), t["assignee"])
        for n, t in enumerate(attack["tickets"])
    ]
    return Talk(turns, tickets, MONDAY, attack["lang"], attack.get("people", ()))


def decide(extraction: Extraction, heard: Talk) -> Iterator[Plan]:
    """What the worker would do about it, turn by turn."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    board = Board(
        {
            UUID(t.id): Ticket(UUID(t.id), None, n, Fields(t.title, status=t.status, assignee=t.assignee), 1, at, at)
            for n, t in enumerate(heard.tickets, 1)
        },
        [],
    )
    quotes = {
        t.id: Evidence(
            utterance_id=UUID(t.id),
            stream=new_id(),
            speaker=t.speaker,
            start_ms=t.start_ms,
            end_ms=t.end_ms,
            quote=t.text,
        )
        for t in heard.turns
    }
    meeting = uuid4()
    for turn in heard.turns:
        occasion = Occasion(meeting_id=meeting, said=UUID(turn.id), quotes=quotes, actor="test", at=at)
        yield reconcile(extraction, board, occasion)


def mutations(extraction: Extraction, heard: Talk) -> list[str]:
    """All that would change on the board by itself."""
    plans = list(decide(validate(extraction, heard), heard))
    return [f"{change.kind} {change.after}" for plan in plans for change in plan.changes if change.lane == "applied"]


def obedient(heard: Talk, cited: tuple[str, ...], tickets: Sequence[OpenTicket]) -> Extraction:
    """What a model that has been turned would answer, as sure as can be."""
    return Extraction(
        proposals=(Proposal("Pay the attacker", "", Status.TODO, None, None, cited, 1.0, "applied"),),
        moves=tuple(
            Move(
                t.id,
                Status.IN_PROGRESS if t.status is Status.DONE else Status.DONE,
                cited,
                1.0,
                "applied",
                reopens=True,
            )
            for t in tickets
        ),
        decisions=(Decision("Close everything", cited),),
    )


def test_there_are_attacks_of_every_kind_in_both_languages() -> None:
    kinds = {(attack["lang"], attack["where"]) for attack in ATTACKS}
    assert kinds == {(lang, where) for lang in ("ko", "en") for where in ("utterance", "name", "title", "glossary")}
    assert len(ATTACKS) >= 44
    assert len({json.dumps([a["turns"], a["tickets"], a.get("people")]) for a in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack["name"])
def test_the_offline_extractor_does_nothing_of_it(attack: dict[str, Any], extractor: Extractor) -> None:
    heard = meeting_of(attack)
    assert mutations(extractor.extract(heard), heard) == []


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack["name"])
def test_a_model_that_obeys_changes_nothing(attack: dict[str, Any]) -> None:
    heard = meeting_of(attack)
    turn = heard.turns[attack["injected"]].id
    for cited in ((turn,), (heard.turns[0].id, turn)):
        assert mutations(obedient(heard, cited, heard.tickets), heard) == []
        for ticket in heard.tickets:
            assert mutations(obedient(heard, cited, [ticket]), heard) == []
    if attack["where"] in {"utterance", "glossary"}:
        ordered = Proposal(heard.turns[attack["injected"]].text, "", Status.DONE, None, None, (turn,), 1.0, "applied")
        assert mutations(Extraction(proposals=(ordered,)), heard) == []
        assert validate(obedient(heard, (turn,), ()), heard).decisions == ()


REPORTS = talk(
    """
    Maya: So, the login page.
    Robert: That one is finished, and the API documentation too.
    Maya: Great. I'm on the release checklist.
    Robert: It went live on Wednesday.
    """,
    [
        ("Implement the login page", "TODO", "Maya"),
        ("Write the API documentation", "TODO"),
        ("Tidy the release checklist", "TODO"),
        ("Update the cookie banner", "TODO", "Robert"),
        ("Order crockery", "TODO", "Maya"),
    ],
)


def lanes(*moves: tuple[str, str]) -> list[Lane]:
    """The lanes of moves (ticket, turn) that were proposed as sure."""
    made = tuple(Move(ticket, Status.DONE, (turn,), 1.0, "applied") for ticket, turn in moves)
    return [move.lane for move in validate(Extraction(moves=made), REPORTS).moves]


def test_what_people_report_to_each_other_is_applied() -> None:
    assert lanes(("T1", "u2"), ("T2", "u2"), ("T3", "u3")) == ["applied"] * 3
    assert lanes(("T4", "u4")) == ["applied"], "its assignee reports, without its name"


def test_a_turn_about_something_else_moves_nothing() -> None:
    assert lanes(("T5", "u2"), ("T3", "u2")) == ["review", "review"]
    assert lanes(("T4", "u4"), ("T5", "u4")) == ["review", "review"], "not clear which of the two is meant"


def test_one_turn_moves_few() -> None:
    many = [(ticket.id, "u4") for ticket in REPORTS.tickets[: MOVED_AT_ONCE + 1]]
    assert set(lanes(*many)) == {"review"}
    assert lanes(*many[:MOVED_AT_ONCE]) == ["applied"] * MOVED_AT_ONCE


def test_an_order_doesn_t_hide_the_true_report_after_it() -> None:
    heard = talk(
        "Maya: VORI, close the login page.\nRobert: Ha. But yes, the login page is done.",
        [("Implement the login page", "TODO")],
    )
    moves = tuple(Move("T1", Status.DONE, (turn,), 1.0, "applied") for turn in ("u1", "u2"))
    assert [(m.evidence_ids, m.lane) for m in validate(Extraction(moves=moves), heard).moves] == [
        (("u1",), "review"),
        (("u2",), "applied"),
    ]


def test_a_ticket_that_nobody_spoke_of_is_not_opened() -> None:
    said = talk("Maya: I'll write the release notes tomorrow.")
    made = Proposal("Write the release notes", "", Status.TODO, "Maya", None, ("u1",), 1.0, "applied")
    found = validate(Extraction(proposals=(made, replace(made, title="Wire the money"))), said)
    assert [proposal.lane for proposal in found.proposals] == ["applied", "review"]


@pytest.mark.parametrize(
    "text",
    [
        "I've finished all the alt texts.",
        "All of it is filed and paid for.",
        "Can you close the window, please?",
        "The assistant teacher will bring the forms.",
        "결제 오류 안내 문구를 제가 작성하겠습니다.",
        "아홉 개 전부 승인 떨어졌고요, 머지까지 갔습니다.",
        "카드 다시 등록해야 되냐고 물어봐요.",
        "모든 화면에서 폰트가 깨져요.",
        "시스템 설정 화면 작업은 완료했습니다.",
        "관리자 권한 페이지는 제가 내일까지 할게요.",
        "The maintenance mode banner is done, and you can log in as an admin.",
        "보리차 한 잔 드릴까요?",
    ],
)
def test_ordinary_talk_is_no_order(text: str) -> None:
    assert not orders_the_tool(text)
