"""Tickets and their history as clients see them, over HTTP and on the live feed alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from vori.events import Evidence, Priority, Status
from vori.livefeed import LiveMessage
from vori.tickets.model import Change, ChangeKind, Fields, Lane, Ticket, taken_back


class TicketOut(BaseModel):
    """A ticket."""

    ticket_id: UUID
    key: str
    title: str
    content: str
    status: Status
    assignee: str | None
    due: date | None
    priority: Priority | None
    labels: list[str]
    blocked: bool
    blocked_reason: str
    rank: str
    """Its place in its column: sorted as bytes, the first is on top."""
    meeting_id: UUID | None
    """The meeting that opened it; null when a person did."""
    meetings: list[UUID]
    """Those that opened, changed or discussed it, in that order."""
    by_vori: bool
    """Its latest change is VORI's own: no person made or accepted it."""
    version: int
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, ticket: Ticket) -> TicketOut:
        return cls(
            **ticket.facts.model_dump(),
            meeting_id=ticket.meeting_id,
            by_vori=ticket.by_vori,
            version=ticket.version,
            created_at=ticket.created_at,
            changed_at=ticket.changed_at,
        )


class FieldsOut(BaseModel):
    """What can be changed about a ticket, at one moment."""

    title: str
    content: str
    status: Status
    assignee: str | None
    due: date | None
    priority: Priority | None
    labels: list[str]
    blocked: bool
    blocked_reason: str
    rank: str

    @classmethod
    def of(cls, fields: Fields | None) -> FieldsOut | None:
        return None if fields is None else cls.model_validate(fields, from_attributes=True)


class ChangeOut(BaseModel):
    """A change of a ticket, or a suggestion of one (`lane` pending or review: not applied)."""

    change_id: UUID
    ticket_id: UUID
    """Of a suggestion to open a ticket: the id that it would have."""
    kind: ChangeKind
    before: FieldsOut | None
    """Null: there was no ticket."""
    after: FieldsOut | None
    """Null: the ticket is gone."""
    reason: str
    evidence: list[Evidence]
    """The utterances that prove it; times are ms since the meeting's start."""
    actor: str
    """`person`, or the extractor's name and version."""
    person: str | None
    """Who did it by hand, or decided about it; null: nobody said, or VORI did it by itself."""
    prompt: str | None
    """The version of the extractor's prompts, if it has any."""
    certainty: float | None
    lane: Lane
    meeting_id: UUID | None
    version: int | None
    """The ticket's version that it led to; null for a suggestion."""
    undone: bool
    undoes: UUID | None
    """The change that this takes back."""
    decision: Literal["accepted", "rejected"] | None
    """A person's, about what VORI suggested; null: none was needed, or none has come."""
    decided_by: str | None
    decided_at: datetime | None
    at: datetime

    @classmethod
    def history(cls, changes: Sequence[Change]) -> list[ChangeOut]:
        undone = taken_back(changes)
        return [
            cls(
                change_id=change.change_id,
                ticket_id=change.ticket_id,
                kind=change.kind,
                before=FieldsOut.of(change.before),
                after=FieldsOut.of(change.after),
                reason=change.reason,
                evidence=list(change.evidence),
                actor=change.actor,
                person=change.person,
                prompt=change.prompt,
                certainty=change.certainty,
                lane=change.lane,
                meeting_id=change.meeting_id,
                version=change.version,
                undone=change.change_id in undone,
                undoes=change.undoes,
                decision=None if change.decided_at is None else "rejected" if change.rejected else "accepted",
                decided_by=change.decided_by,
                decided_at=change.decided_at,
                at=change.at,
            )
            for change in changes
        ]


def ticket_message(workspace_id: UUID, ticket: Ticket, *, gone: bool = False) -> LiveMessage:
    """The live feed's news of a ticket."""
    return LiveMessage(
        workspace_id=workspace_id,
        meeting_id=ticket.meeting_id,
        kind="ticket",
        id=ticket.ticket_id,
        data=None if gone else TicketOut.of(ticket).model_dump(mode="json"),
        version=ticket.version,
    )


def suggestion_message(workspace_id: UUID, change: Change, *, waits: bool) -> LiveMessage:
    """The live feed's news of a suggestion; one that doesn't wait is taken away."""
    return LiveMessage(
        workspace_id=workspace_id,
        meeting_id=change.meeting_id,
        kind="suggestion",
        id=change.change_id,
        data=ChangeOut.history([change])[0].model_dump(mode="json") if waits else None,
    )
