"""What people do to tickets by hand: what they may ask for, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from vori.clock import new_id, now
from vori.database.connection import Transaction
from vori.database.text import Line, Text
from vori.errors import Conflict, Invalid, NotFound, Stale
from vori.eventlog import EventLog
from vori.events import Priority, Status
from vori.livefeed import LiveFeed
from vori.tickets.apply import apply
from vori.tickets.model import CONTENT_LENGTH, LABELS, PERSON, TITLE_LENGTH, Change, ChangeKind, Fields, Ticket
from vori.tickets.rank import rank_between
from vori.tickets.store import lock_board, read_next_rank, read_ticket, read_tickets

Title = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LENGTH)]
Content = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=CONTENT_LENGTH)]
Name = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Reason = Annotated[Line, StringConstraints(strip_whitespace=True, max_length=TITLE_LENGTH)]
Label = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Labels = Annotated[
    tuple[Label, ...], AfterValidator(lambda labels: tuple(dict.fromkeys(labels))), Field(max_length=LABELS)
]

BOARD = 1000
"""Tickets among which one is looked for by its title, the newest."""

IfMatch = Annotated[
    str | None, Header(description="The ETag of the version that this is decided on; another is refused.")
]


class _Asked(BaseModel):
    """What a person may say of a ticket, new or not."""

    model_config = ConfigDict(extra="forbid")
    content: Content = ""
    status: Status = Status.TODO
    assignee: Name | None = None
    due: date | None = None
    priority: Priority | None = None
    labels: Labels = ()
    blocked: bool = False
    blocked_reason: Reason = Field(default="", description="What it waits for. Only a blocked ticket has one.")


class NewTicket(_Asked):
    """A ticket that a person opens. It goes on top of its column."""

    title: Title


class TicketChange(_Asked):
    """What a person changes; what isn't named stays. A person may move a ticket to any status."""

    title: Title = ""
    after: UUID | None = Field(
        default=None, description="Put it right behind this ticket of its column; null puts it on top."
    )
    version: int | None = Field(default=None, description="Refuse if the ticket is no longer at this version.")


def by_hand(
    ticket_id: UUID, kind: ChangeKind, before: Fields | None, after: Fields, person: str | None = None
) -> Change:
    """What a person did, as a change."""
    return Change(
        change_id=new_id(),
        ticket_id=ticket_id,
        meeting_id=None,
        kind=kind,
        before=before,
        after=after,
        reason="",
        evidence=(),
        actor=PERSON,
        certainty=None,
        lane="applied",
        at=now(),
        person=person,
    )


async def present(tx: Transaction, ticket_id: UUID) -> Ticket:
    """A ticket that is on the board. Raises `NotFound`."""
    ticket = await read_ticket(tx, ticket_id)
    if ticket.removed_at is not None:
        raise NotFound(f"{ticket.key} was taken back.", remedy=f"GET /api/tickets/{ticket_id}/history tells how.")
    return ticket


def etag(ticket: Ticket) -> str:
    """The version as HTTP names it."""
    return f'"{ticket.version}"'


def unchanged(ticket: Ticket, if_match: str | None) -> None:
    """Raises `Stale` when the caller decided on another version than there is; None: the caller doesn't care."""
    if if_match is None or if_match.strip() == "*":
        return
    if etag(ticket) not in {tag.strip().removeprefix("W/") for tag in if_match.split(",")}:
        raise Stale(
            f"{ticket.key} is at version {ticket.version}; If-Match asked for {if_match[:40]}.",
            remedy="Read it again, then decide.",
        )


async def create(
    tx: Transaction, log: EventLog, feed: LiveFeed, asked: NewTicket, *, person: str | None = None
) -> Ticket:
    """Open a ticket for a person. Call `lock_board` first."""
    fields = Fields(**asked.model_dump())
    opened = await apply(tx, log, feed, None, by_hand(new_id(), "created", None, _sound(fields), person))
    assert opened is not None
    return opened


async def edit(
    tx: Transaction, log: EventLog, feed: LiveFeed, ticket: Ticket, asked: TicketChange, *, person: str | None = None
) -> Ticket:
    """Change a ticket for a person, unless it is so already. Call `lock_board` first."""
    after = _sound(await _edited(tx, ticket, asked))
    if after == ticket.fields:
        return ticket
    kind: ChangeKind = "moved" if after.status is not ticket.fields.status else "edited"
    changed = await apply(tx, log, feed, ticket, by_hand(ticket.ticket_id, kind, ticket.fields, after, person))
    assert changed is not None
    return changed


async def put_back(tx: Transaction, log: EventLog, feed: LiveFeed, wanted: Sequence[NewTicket]) -> None:
    """Have these tickets on the board: known titles go back to the column asked for, others are opened."""
    await lock_board(tx)
    there = {ticket.fields.title: ticket for ticket in reversed(await read_tickets(tx, BOARD))}
    for asked in wanted:
        known = there.get(asked.title)
        if known is None:
            await create(tx, log, feed, asked)
        elif known.fields.status is not asked.status:
            await edit(tx, log, feed, known, TicketChange(status=asked.status))


async def _edited(tx: Transaction, ticket: Ticket, asked: TicketChange) -> Fields:
    given: dict[str, Any] = asked.model_dump(exclude_unset=True, exclude={"version"})
    if not given:
        raise Invalid("Nothing is changed by this.", remedy="Name at least one field to change; /docs lists them.")
    if asked.version not in {None, ticket.version}:
        raise Conflict(
            f"{ticket.key} is at version {ticket.version}, not {asked.version}.",
            remedy="Read it again, then decide.",
            code="stale",
        )
    moved = "after" in given
    behind = given.pop("after", None)
    after = replace(ticket.fields, **given)
    if moved:
        return replace(after, rank=await _rank(tx, ticket, after.status, behind))
    return after if after.status is ticket.fields.status else replace(after, rank="")


async def _rank(tx: Transaction, ticket: Ticket, status: Status, behind: UUID | None) -> str:
    """The rank right behind a ticket of this column, or on top; the ticket's own when it is there already."""
    rank = ""
    if behind is not None:
        other = await present(tx, behind)
        if other.fields.status is not status or other.ticket_id == ticket.ticket_id:
            raise Invalid(f"{ticket.key} can't go behind {other.key}.", remedy="Name another ticket of its column.")
        rank = other.fields.rank
    following = await read_next_rank(tx, status, rank)
    if status is ticket.fields.status and following == ticket.fields.rank:
        return ticket.fields.rank
    return rank_between(rank or None, following)


def _sound(fields: Fields) -> Fields:
    return fields if fields.blocked else replace(fields, blocked_reason="")
