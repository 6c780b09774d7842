"""What a meeting's changes are decided against, when, and the plan that comes of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID, uuid5

from vori.events import Evidence
from vori.tickets.model import Change, Fields, OpenTicket, Ticket

LATELY = 8
"""Turns back from the last in which a report may still become sure enough to be acted on."""


@dataclass(frozen=True, slots=True)
class Board:
    """What a meeting's changes are decided against."""

    tickets: Mapping[UUID, Ticket]
    """The team's tickets, those removed included."""
    changes: Sequence[Change]
    """All that this meeting has led to so far, suggestions included, oldest first."""
    handled: frozenset[UUID] = frozenset()
    """Tickets that a person has changed since this meeting first had to do with them: older words leave them alone."""
    titles: Mapping[UUID, str] = field(default_factory=dict)
    """The titles of all open tickets, also of those too many for `tickets`."""
    refused: frozenset[str] = frozenset()
    """`same_title` of what people refused to open: not suggested again, in no meeting."""

    def leaving_alone(self, tickets: frozenset[UUID]) -> Board:
        """The board for words that are old news to these tickets."""
        return replace(self, handled=self.handled | tickets)


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to make, and suggestions that later words have made void."""

    changes: tuple[Change, ...]
    withdrawn: tuple[UUID, ...]
    discussed: tuple[UUID, ...] = ()
    """Tickets that came up, whether or not they change."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """The moment of an extraction."""

    meeting_id: UUID
    said: UUID | None
    """The utterance that was just heard, or the event of a voice's being named; None: the whole talk is read anew."""
    quotes: Mapping[str, Evidence]
    """Every turn of the talk, by id."""
    actor: str
    """Who asked; a proposal's own `by` goes first."""
    at: datetime
    fresh: frozenset[str] = frozenset()
    """More turns that were read only now: they move tickets too."""
    prompt: str | None = None
    """The version of the prompts that the extractor had, if it has any."""

    def prompt_of(self, by: str) -> str | None:
        """The same for what `by` found; none where an extractor without prompts stood in."""
        return self.prompt if self.prompt and self.prompt in (by or self.actor) else None

    @property
    def heard(self) -> frozenset[str]:
        """The turns that are new."""
        return self.fresh | {str(self.said)}


def ticket_id(meeting_id: UUID, anchor: str, nth: int = 0) -> UUID:
    """The id of the (nth) ticket that an utterance opens: the same on every replay."""
    return uuid5(meeting_id, f"ticket:{anchor}" + (f":{nth}" if nth else ""))


def change_id(ticket: UUID, anchor: str, kind: str) -> UUID:
    return uuid5(ticket, f"{anchor}:{kind}")


def as_found(tickets: Iterable[Ticket], changes: Iterable[Change]) -> list[OpenTicket]:
    """The tickets as the meeting found them, for an extractor; those that it opened itself are not among them."""
    opened = {change.ticket_id for change in changes if change.kind == "created"}
    first: dict[UUID, Fields] = {}
    for change in changes:
        if change.lane == "applied" and change.before is not None:
            first.setdefault(change.ticket_id, change.before)
    return [
        OpenTicket(str(t.ticket_id), t.fields.title, found.status, found.assignee, found.due, found.blocked)
        for t in tickets
        if t.ticket_id not in opened and t.removed_at is None
        for found in [first.get(t.ticket_id, t.fields)]
    ]


def lately_said(evidence_ids: Sequence[str], occasion: Occasion) -> bool:
    """Whether what was just heard is part of the proof, or the report was made a moment ago and may have become surer.

    When all is read anew, it always is.
    """
    if occasion.said is None or not occasion.heard.isdisjoint(evidence_ids):
        return True
    lately = sorted(occasion.quotes, key=lambda turn: (occasion.quotes[turn].start_ms, turn))[-LATELY:]
    return evidence_ids[-1] in lately
