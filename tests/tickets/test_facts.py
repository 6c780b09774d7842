"""A ticket's facts tell what was said of its day and of what stood in its way, and leave out what was undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import httpx
from tests.tickets.scene import SCRIPT, Scene
from tests.tickets.world import MEETING, NOW, World, move, open_ticket, turns

from vori.events import Status
from vori.tickets.history.facts import facts
from vori.tickets.history.model import undo
from vori.tickets.model import Block, DueMove

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)


def test_a_day_that_moved_is_told_with_both_days_and_where_it_was_said() -> None:
    ticket = open_ticket()
    world = World(ticket)
    first = DueMove(str(ticket.ticket_id), FRIDAY, turns(0), 0.9, "applied")
    then = DueMove(str(ticket.ticket_id), MONDAY, turns(1), 0.9, "applied")
    world.hear(1, due_moves=[first, then])
    told = facts(world.tickets[ticket.ticket_id], world.changes).due_moves
    assert [(moved.before, moved.after, moved.said.meeting_id) for moved in told] == [
        (None, FRIDAY, MEETING),
        (FRIDAY, MONDAY, MEETING),
    ]
    assert [quoted.quote for quoted in told[1].said.evidence] == ["말 1"]
    world.take(undo(world.tickets[ticket.ticket_id], world.changes, UUID(int=9), NOW))
    assert facts(world.tickets[ticket.ticket_id], world.changes).due_moves == told[:1]


def test_a_block_is_told_until_it_is_cleared_or_becomes_another() -> None:
    ticket = open_ticket()
    world = World(ticket)

    def block(turn: int, what: str, blocked: bool = True) -> Block:
        return Block(str(ticket.ticket_id), blocked, turns(turn), 0.9, "applied", what)

    said = [block(0, "the key"), block(1, "the contract"), block(2, "", blocked=False)]
    for turn in range(2):
        world.hear(turn, blocks=said[: turn + 1])
    one, other = facts(world.tickets[ticket.ticket_id], world.changes).blocks
    assert (one.what, one.cleared and one.cleared.evidence[0].quote) == ("the key", "말 1")
    assert (other.what, other.cleared) == ("the contract", None)
    world.hear(2, blocks=said)
    assert facts(world.tickets[ticket.ticket_id], world.changes).blocks[-1].cleared is not None


def test_each_meeting_after_the_first_carries_a_ticket_over() -> None:
    meetings = tuple(UUID(int=n) for n in (1, 2, 3))
    opened_there = replace(open_ticket(), meeting_id=meetings[0], meetings=meetings)
    assert facts(opened_there, []).carried_over == meetings[1:]
    assert facts(replace(opened_there, meeting_id=None), []).carried_over == meetings, "a person had opened it"


def test_a_meeting_that_finishes_a_ticket_doesn_t_carry_it_over() -> None:
    ticket = replace(open_ticket(), meetings=(UUID(int=7), MEETING))
    world = World(ticket)
    assert facts(ticket, world.changes).carried_over == (UUID(int=7), MEETING)
    world.hear(0, moves=[move(ticket, Status.DONE, 0)])
    assert facts(world.tickets[ticket.ticket_id], world.changes).carried_over == (UUID(int=7),)


async def test_facts_are_read_over_http(scene: Scene, client: httpx.AsyncClient) -> None:
    await scene.say(SCRIPT[:2])
    await scene.work()
    ticket = (await scene.tickets())["백엔드 API 문서화"]
    url = f"/api/tickets/{ticket.ticket_id}"
    await client.patch(url, json={"due": "2026-03-06"})
    await client.patch(url, json={"due": "2026-03-09", "blocked": True, "blocked_reason": "열쇠"})
    told = (await client.get(f"{url}/facts")).json()
    assert [(moved["before"], moved["after"], moved["said"]["meeting_id"]) for moved in told["due_moves"]] == [
        (None, "2026-03-06", None),
        ("2026-03-06", "2026-03-09", None),
    ]
    assert [(block["what"], block["cleared"]) for block in told["blocks"]] == [("열쇠", None)]
    assert told["carried_over"] == [str(scene.meeting_id)]
    assert (await client.get("/api/tickets/00000000-0000-0000-0000-000000000000/facts")).status_code == 404
