"""Tickets over HTTP: list, create, change, one by one or many at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from vori.clock import new_id, now
from vori.database.connection import Database, Transaction
from vori.database.paging import Page, decode_cursor, page
from vori.database.text import Line
from vori.errors import CallerError, Invalid
from vori.eventlog import EventLog
from vori.events import Priority, Status
from vori.livefeed import LiveFeed
from vori.people.api import CurrentPerson, CurrentWorkspace
from vori.tickets.apply import apply
from vori.tickets.edit import IfMatch, NewTicket, TicketChange, create, edit, etag, present, unchanged
from vori.tickets.history.model import undo
from vori.tickets.model import Ticket
from vori.tickets.show import TicketOut
from vori.tickets.store import Wanted, lock_board, read_changes, read_ticket, read_tickets

AT_ONCE = 200
"""Operations of one bulk request."""


class Filters(BaseModel):
    """Which tickets to list; all of these must hold."""

    status: list[Status] = Field(default=[], description="In one of these columns (give it several times).")
    meeting_id: UUID | None = Field(default=None, description="Came up in this meeting.")
    assignee: Line | None = Field(default=None, description="Exactly this person's; empty: nobody's.")
    label: Line | None = None
    priority: Priority | None = None
    blocked: bool | None = None
    due_until: date | None = Field(default=None, description="Due on this day or before.")
    text: Line | None = Field(default=None, max_length=200, description="In title, content or key, in whatever case.")
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, description="`next_cursor` of the page before.")


class Create(BaseModel):
    """Open a ticket."""

    model_config = ConfigDict(extra="forbid")
    do: Literal["create"]
    ticket: NewTicket


class Edit(BaseModel):
    """Change a ticket."""

    model_config = ConfigDict(extra="forbid")
    do: Literal["change"]
    ticket_id: UUID
    change: TicketChange


class Undo(BaseModel):
    """Undo a ticket's latest change."""

    model_config = ConfigDict(extra="forbid")
    do: Literal["undo"]
    ticket_id: UUID
    version: int | None = Field(default=None, description="Refuse if the ticket is no longer at this version.")


class Bulk(BaseModel):
    """Several operations, carried out in this order."""

    model_config = ConfigDict(extra="forbid")
    operations: list[Annotated[Create | Edit | Undo, Field(discriminator="do")]] = Field(
        min_length=1, max_length=AT_ONCE
    )


class Result(BaseModel):
    """What became of one operation."""

    status: int = Field(description="As if it had been asked for by itself: 200, 201, 404, 409, 422 …")
    ticket: TicketOut | None = Field(description="As it is now; null if it failed, or is off the board now.")
    problem: dict[str, Any] | None = Field(description="Problem details, if it failed.")


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/tickets", tags=["tickets"])
    _reading(router, database)
    _changing(router, database, log, feed)
    _many(router, database, log, feed)
    return router


def _reading(router: APIRouter, database: Database) -> None:
    @router.get("")
    async def every(workspace_id: CurrentWorkspace, asked: Annotated[Filters, Query()]) -> Page[TicketOut]:
        """The workspace's tickets, newest first."""
        below = _number(decode_cursor(asked.cursor, 1)[0]) if asked.cursor else None
        wanted = Wanted(**asked.model_dump(exclude={"limit", "cursor", "status"}), status=asked.status or None)
        async with database.transaction(workspace_id) as tx:
            tickets = await read_tickets(tx, asked.limit + 1, wanted, below=below)
        found = page(tickets, asked.limit, lambda ticket: (str(ticket.number),))
        return Page(items=[TicketOut.of(ticket) for ticket in found.items], next_cursor=found.next_cursor)

    @router.get("/{ticket_id}")
    async def one(ticket_id: UUID, workspace_id: CurrentWorkspace, response: Response) -> TicketOut:
        """One ticket. Its ETag is its version."""
        async with database.transaction(workspace_id) as tx:
            return _tagged(response, await present(tx, ticket_id))


def _changing(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    @router.post("", status_code=201)
    async def open_one(
        asked: NewTicket, workspace_id: CurrentWorkspace, person: CurrentPerson, response: Response
    ) -> TicketOut:
        """Open a ticket by hand."""
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            return _tagged(response, await create(tx, log, feed, asked, person=person))

    @router.patch("/{ticket_id}")
    async def change(
        ticket_id: UUID,
        asked: TicketChange,
        *,
        workspace_id: CurrentWorkspace,
        person: CurrentPerson,
        response: Response,
        if_match: IfMatch = None,
    ) -> TicketOut:
        """Change a ticket by hand, its place in its column included.

        With `If-Match` (the ETag it was read with) a ticket that has changed since is left alone: 412.
        """
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            ticket = await present(tx, ticket_id)
            unchanged(ticket, if_match)
            return _tagged(response, await edit(tx, log, feed, ticket, asked, person=person))


def _many(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    async def carry_out(tx: Transaction, operation: Create | Edit | Undo, person: str | None) -> tuple[int, Ticket]:
        match operation:
            case Create():
                return 201, await create(tx, log, feed, operation.ticket, person=person)
            case Edit():
                ticket = await present(tx, operation.ticket_id)
                return 200, await edit(tx, log, feed, ticket, operation.change, person=person)
            case Undo():
                ticket = await read_ticket(tx, operation.ticket_id)
                unchanged(ticket, f'"{operation.version}"' if operation.version else None)
                undone = undo(ticket, await read_changes(tx, ticket.ticket_id), new_id(), now())
                changed = await apply(tx, log, feed, ticket, replace(undone, person=person))
                assert changed is not None
                return 200, changed

    @router.post("/bulk")
    async def bulk(asked: Bulk, workspace_id: CurrentWorkspace, person: CurrentPerson) -> list[Result]:
        """Open, change and undo up to 200 tickets at once; each operation has a result of its own, in order.

        One that fails leaves the others as they are. One that names a `version` is refused if there is a newer one.
        """
        results = []
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            for operation in asked.operations:
                try:
                    async with tx.connection.transaction():
                        status, ticket = await carry_out(tx, operation, person)
                except CallerError as error:
                    results.append(Result(status=error.status, ticket=None, problem=error.problem()))
                    continue
                shown = None if ticket.removed_at else TicketOut.of(ticket)
                results.append(Result(status=status, ticket=shown, problem=None))
        return results


def _tagged(response: Response, ticket: Ticket) -> TicketOut:
    response.headers["etag"] = etag(ticket)
    return TicketOut.of(ticket)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid("This cursor is not one of ours.", remedy="Use `next_cursor` of the page before, unchanged.")
    return int(text)
