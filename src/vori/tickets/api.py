"""Tickets over HTTP: list, create, change."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from vori.database.connection import Database
from vori.database.paging import Page, decode_cursor, page
from vori.errors import Invalid
from vori.eventlog import EventLog
from vori.events import Status
from vori.livefeed import LiveFeed
from vori.people.api import CurrentWorkspace
from vori.tickets.edit import NewTicket, TicketChange, create, edit, present
from vori.tickets.show import TicketOut
from vori.tickets.store import lock_board, read_tickets


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
        """The workspace's tickets, newest first. `meeting_id`: those that came up in a meeting."""
        below = _number(decode_cursor(cursor, 1)[0]) if cursor else None
        async with database.transaction(workspace_id) as tx:
            tickets = await read_tickets(tx, limit + 1, status=status, meeting_id=meeting_id, below=below)
        found = page(tickets, limit, lambda ticket: (str(ticket.number),))
        return Page(items=[TicketOut.of(ticket) for ticket in found.items], next_cursor=found.next_cursor)

    @router.get("/{ticket_id}")
    async def one(ticket_id: UUID, workspace_id: CurrentWorkspace) -> TicketOut:
        """One ticket."""
        async with database.transaction(workspace_id) as tx:
            return TicketOut.of(await present(tx, ticket_id))


def _changing(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    @router.post("", status_code=201)
    async def open_one(asked: NewTicket, workspace_id: CurrentWorkspace) -> TicketOut:
        """Open a ticket by hand."""
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            return TicketOut.of(await create(tx, log, feed, asked))

    @router.patch("/{ticket_id}")
    async def change(ticket_id: UUID, asked: TicketChange, workspace_id: CurrentWorkspace) -> TicketOut:
        """Change a ticket by hand, its place in its column included."""
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            return TicketOut.of(await edit(tx, log, feed, await present(tx, ticket_id), asked))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise Invalid("This cursor is not one of ours.", remedy="Use `next_cursor` of the page before, unchanged.")
    return int(text)
