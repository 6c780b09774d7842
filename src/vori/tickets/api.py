"""Tickets over HTTP: list, create, change, look back, undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vori.clock import new_id, now
from vori.database.connection import Database, Transaction
from vori.database.paging import Page, decode_cursor, page
from vori.database.text import Line, Text
from vori.errors import Conflict, Invalid, NotFound
from vori.eventlog import EventLog
from vori.events import Status
from vori.livefeed import LiveFeed
from vori.people.api import CurrentWorkspace
from vori.tickets.apply import apply
from vori.tickets.model import CONTENT_LENGTH, PERSON, TITLE_LENGTH, Change, ChangeKind, Fields, Ticket, with_names
from vori.tickets.reconcile import undo
from vori.tickets.show import ChangeOut, TicketOut
from vori.tickets.store import lock_board, read_changes, read_ticket, read_tickets
from vori.transcript.naming.store import read_names

Title = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=TITLE_LENGTH)]
Content = Annotated[Text, StringConstraints(strip_whitespace=True, max_length=CONTENT_LENGTH)]
Name = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class NewTicket(BaseModel):
    """A ticket that a person opens."""

    model_config = ConfigDict(extra="forbid")
    title: Title
    content: Content = ""
    status: Status = Status.TODO
    assignee: Name | None = None
    due: date | None = None


class TicketChange(BaseModel):
    """What a person changes; what isn't named stays. A person may move a ticket to any status."""

    model_config = ConfigDict(extra="forbid")
    title: Title = ""
    content: Content = ""
    status: Status = Status.TODO
    assignee: Name | None = None
    due: date | None = None
    version: int | None = Field(default=None, description="Refuse if the ticket is no longer at this version.")


def by_hand(ticket_id: UUID, kind: ChangeKind, before: Fields | None, after: Fields) -> Change:
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
    )


async def _present(tx: Transaction, ticket_id: UUID) -> Ticket:
    ticket = await read_ticket(tx, ticket_id)
    if ticket.removed_at is not None:
        raise NotFound(f"{ticket.key} was taken back.", remedy=f"GET /api/tickets/{ticket_id}/history tells how.")
    return ticket


def _edited(ticket: Ticket, asked: TicketChange) -> Fields:
    given: dict[str, Any] = asked.model_dump(exclude_unset=True, exclude={"version"})
    if not given:
        raise Invalid(
            "Nothing is changed by this.", remedy="Name at least one of title, content, status, assignee, due."
        )
    if asked.version not in {None, ticket.version}:
        raise Conflict(
            f"{ticket.key} is at version {ticket.version}, not {asked.version}.",
            remedy="Read it again, then decide.",
            code="stale",
        )
    return replace(ticket.fields, **given)


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/tickets", tags=["tickets"])
    _reading(router, database)
    _changing(router, database, log, feed)
    return router


def _reading(router: APIRouter, database: Database) -> None:
    @router.get("")
    async def every(
        workspace_id: CurrentWorkspace,
        status: Status | None = None,
        meeting_id: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: str | None = None,
    ) -> Page[TicketOut]:
        """The workspace's tickets, newest first. `meeting_id`: those that a meeting opened or changed."""
        below = _number(decode_cursor(cursor, 1)[0]) if cursor else None
        async with database.transaction(workspace_id) as tx:
            tickets = await read_tickets(tx, limit + 1, status=status, meeting_id=meeting_id, below=below)
        found = page(tickets, limit, lambda ticket: (str(ticket.number),))
        return Page(items=[TicketOut.of(ticket) for ticket in found.items], next_cursor=found.next_cursor)

    @router.get("/{ticket_id}")
    async def one(ticket_id: UUID, workspace_id: CurrentWorkspace) -> TicketOut:
        """One ticket."""
        async with database.transaction(workspace_id) as tx:
            return TicketOut.of(await _present(tx, ticket_id))

    @router.get("/{ticket_id}/history")
    async def history(ticket_id: UUID, workspace_id: CurrentWorkspace) -> list[ChangeOut]:
        """All that happened to a ticket, oldest first, with the words that prove it; suggestions last."""
        async with database.transaction(workspace_id) as tx:
            await read_ticket(tx, ticket_id)
            changes = await read_changes(tx, ticket_id)
            names: dict[tuple[UUID, int], str] = {}
            for meeting_id in {change.meeting_id for change in changes if change.meeting_id}:
                names |= await read_names(tx, meeting_id)
            return ChangeOut.history(with_names(changes, names))


def _changing(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    @router.post("", status_code=201)
    async def create(asked: NewTicket, workspace_id: CurrentWorkspace) -> TicketOut:
        """Open a ticket by hand."""
        change = by_hand(new_id(), "created", None, Fields(**asked.model_dump()))
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            opened = await apply(tx, log, feed, None, change)
        assert opened is not None
        return TicketOut.of(opened)

    @router.patch("/{ticket_id}")
    async def edit(ticket_id: UUID, asked: TicketChange, workspace_id: CurrentWorkspace) -> TicketOut:
        """Change a ticket by hand."""
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            ticket = await _present(tx, ticket_id)
            after = _edited(ticket, asked)
            if after == ticket.fields:
                return TicketOut.of(ticket)
            kind: ChangeKind = "moved" if after.status is not ticket.fields.status else "edited"
            changed = await apply(tx, log, feed, ticket, by_hand(ticket_id, kind, ticket.fields, after))
        assert changed is not None
        return TicketOut.of(changed)

    @router.post("/{ticket_id}/undo")
    async def take_back(ticket_id: UUID, workspace_id: CurrentWorkspace) -> TicketOut | None:
        """Undo the latest change not yet undone: what it changed is as before.

        Undoing the creation takes the ticket off the board (the answer is null); its history stays.
        """
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            ticket = await read_ticket(tx, ticket_id)
            change = undo(ticket, await read_changes(tx, ticket_id), new_id(), now())
            changed = await apply(tx, log, feed, ticket, change)
        return None if changed is None or changed.removed_at else TicketOut.of(changed)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid("This cursor is not one of ours.", remedy="Use `next_cursor` of the page before, unchanged.")
    return int(text)
