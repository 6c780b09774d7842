"""What a ticket's history comes to: due days that moved, what stood in its way, how often it was carried over. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from vori.events import Evidence, Status
from vori.tickets.model import Change, Ticket, taken_back


@dataclass(frozen=True, slots=True)
class Said:
    """Where something was said; without a meeting, a person did it by hand."""

    change_id: UUID
    meeting_id: UUID | None
    evidence: tuple[Evidence, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class DueMoved:
    """A day that was set, moved or taken away (`after` None)."""

    before: date | None
    after: date | None
    said: Said


@dataclass(frozen=True, slots=True)
class Blocked:
    """Something that stood in the way, until it no longer did (`cleared`)."""

    what: str
    said: Said
    cleared: Said | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands of a ticket's history, oldest first."""

    due_moves: tuple[DueMoved, ...]
    blocks: tuple[Blocked, ...]
    carried_over: tuple[UUID, ...]
    """Meetings in which it came up again, after the first, and that left it open; each carried it over once more."""


def facts(ticket: Ticket, history: Sequence[Change]) -> Facts:
    """`history` is the ticket's, oldest first. What was undone counts as never said."""
    back = taken_back(history)
    due_moves: list[DueMoved] = []
    blocks: list[Blocked] = []
    left: dict[UUID | None, Status] = {}
    for change in history:
        if change.lane != "applied" or change.undoes or change.change_id in back or not change.after:
            continue
        before, after = change.before, change.after
        left[change.meeting_id] = after.status
        said = Said(change.change_id, change.meeting_id, change.evidence, change.at)
        if before and before.due != after.due:
            due_moves.append(DueMoved(before.due, after.due, said))
        was = (before.blocked, before.blocked_reason) if before else (False, "")
        if was != (after.blocked, after.blocked_reason):
            if blocks and blocks[-1].cleared is None:
                blocks[-1] = replace(blocks[-1], cleared=said)
            if after.blocked:
                blocks.append(Blocked(after.blocked_reason, said))
    again = ticket.meetings[1 if ticket.meeting_id else 0 :]
    return Facts(
        tuple(due_moves),
        tuple(blocks),
        tuple(meeting_id for meeting_id in again if left.get(meeting_id) is not Status.DONE),
    )
