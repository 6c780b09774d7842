"""Long talks in stretches: each is read with some turns around it, so what lies far back is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vori.tickets.model import Extraction, Move, OpenTicket, Talk

LENGTH = 80
AROUND = 25
"""Turns before and after a stretch that are seen with it: more than any look reaches."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a talk. Two that are equal are read alike."""

    talk: Talk
    own: frozenset[str]
    """Turns: what is found there is told here, what is found around them by the stretches beside."""

    def with_tickets(self, tickets: Sequence[OpenTicket]) -> Stretch:
        return replace(self, talk=replace(self.talk, tickets=tuple(tickets)))

    def told(self, found: Extraction) -> Extraction:
        """What this stretch tells of all that was found in it; the last turn of a proof counts."""
        return Extraction(
            proposals=tuple(proposal for proposal in found.proposals if proposal.evidence_ids[-1] in self.own),
            moves=tuple(move for move in found.moves if move.evidence_ids[-1] in self.own),
            decisions=tuple(decision for decision in found.decisions if decision.evidence_ids[-1] in self.own),
        )


def stretches(talk: Talk) -> Iterator[Stretch]:
    people = tuple(talk.everyone())
    for begin in range(0, len(talk.turns), LENGTH):
        seen = tuple(talk.turns[max(0, begin - AROUND) : begin + LENGTH + AROUND])
        own = frozenset(turn.id for turn in talk.turns[begin : begin + LENGTH])
        yield Stretch(Talk(seen, (), talk.date, talk.language, people, members=tuple(talk.members)), own)


def left_by(moves: Sequence[Move], tickets: Sequence[OpenTicket]) -> list[OpenTicket]:
    """The tickets after those of the moves that are applied."""
    states = {move.ticket_id: move.to for move in moves if move.lane == "applied"}
    return [replace(ticket, status=states.get(ticket.id, ticket.status)) for ticket in tickets]
