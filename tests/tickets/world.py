"""A board without a database, and what is said about it, for tests of what is done about talk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID, uuid5

from board import MemoryBoard
from vori.events import Evidence, Status
from vori.tickets.model import Block, Change, DueMove, Extraction, Fields, Move, Proposal, Ticket
from vori.tickets.plan import Occasion, Plan

MEETING = UUID(int=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TURNS = [uuid5(MEETING, f"turn {n}") for n in range(20)]
QUOTES = {
    str(turn): Evidence(
        utterance_id=turn, stream=UUID(int=2), speaker="민수", start_ms=n * 1000, end_ms=n * 1000 + 900, quote=f"말 {n}"
    )
    for n, turn in enumerate(TURNS)
}


def turns(*numbers: int) -> tuple[str, ...]:
    return tuple(str(TURNS[number]) for number in numbers)


def occasion(said: int) -> Occasion:
    """The moment when this turn was heard, right after those before it."""
    heard = dict(list(QUOTES.items())[: max(said + 1, 4)])
    return Occasion(MEETING, TURNS[said], heard, "offline 1", NOW)


def proposal(title: str, *numbers: int, assignee: str | None = None, due: date | None = None) -> Proposal:
    return Proposal(title, f"{numbers}", Status.TODO, assignee, due, turns(*numbers), 0.9, "applied")


class World(MemoryBoard):
    """A board on which plans come true, and the meeting of `TURNS` before it."""

    def __init__(self, *tickets: Ticket) -> None:
        super().__init__(tickets)

    def hear(
        self,
        said: int,
        *proposals: Proposal,
        moves: Sequence[Move] = (),
        due_moves: Sequence[DueMove] = (),
        blocks: Sequence[Block] = (),
    ) -> Plan:
        found = Extraction(proposals, tuple(moves), due_moves=tuple(due_moves), blocks=tuple(blocks))
        return self.decide(found, occasion(said))

    def titles(self) -> list[str]:
        return [ticket.fields.title for ticket in self.tickets.values() if ticket.removed_at is None]


def open_ticket(title: str = "로그인 구현", status: Status = Status.TODO) -> Ticket:
    return Ticket(uuid5(MEETING, title), None, 1, Fields(title, status=status), 1, NOW, NOW)


def move(ticket: Ticket, to: Status, *numbers: int, reopens: bool = False) -> Move:
    return Move(str(ticket.ticket_id), to, turns(*numbers), 0.9, "applied", reopens=reopens)


def suggested(world: World, lane: str = "pending") -> Change:
    (change,) = [change for change in world.changes if change.lane == lane]
    return change
