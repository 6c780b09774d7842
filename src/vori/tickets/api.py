"""Tickets over HTTP: list, create, change, look back, undo."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from vori.clock import new_id, now
from vori.database.connection import Database
from vori.database.paging import Page, decode_cursor, page
from vori.errors import Invalid
from vori.eventlog import EventLog
from vori.events import Status
from vori.livefeed import LiveFeed
from vori.people.api import CurrentWorkspace
from vori.tickets.apply import apply
from vori.tickets.edit import NewTicket, TicketChange, create, edit, present
from vori.tickets.model import with_names
from vori.tickets.reconcile import undo
from vori.tickets.show import ChangeOut, TicketOut
from vori.tickets.store import lock_board, read_changes, read_ticket, read_tickets
from vori.transcript.naming.store import read_names


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
