"""What happened to tickets over HTTP: histories, suggestions to decide about, undo and redo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from vori.clock import new_id, now
from vori.database.connection import Database, Transaction
from vori.errors import Conflict
from vori.eventlog import EventLog
from vori.livefeed import LiveFeed
from vori.meetings.store import read_meeting
from vori.people.api import CurrentPerson, CurrentWorkspace
from vori.tickets.apply import apply, tell_suggestion
from vori.tickets.edit import IfMatch, unchanged
from vori.tickets.history.facts import Facts, facts
from vori.tickets.history.model import accept, redo, reject, undo, undo_meeting
from vori.tickets.model import Change, with_names
from vori.tickets.show import ChangeOut, TicketOut
from vori.tickets.store import (
    lock_board,
    read_change,
    read_changes,
    read_histories,
    read_meeting_changes,
    read_some,
    read_suggestions,
    read_ticket,
    save_change,
)
from vori.transcript.naming.store import read_names


class LeftOut(BaseModel):
    """A change that was not undone."""

    key: str
    why: str
    change: ChangeOut


class Undone(BaseModel):
    """What was undone, and what was left."""

    undone: list[ChangeOut]
    left: list[LeftOut]


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["tickets"])
    _reading(router, database)
    _deciding(router, database, log, feed)
    _taking_back(router, database, log, feed)
    _undoing_meetings(router, database, log, feed)
    return router


def _reading(router: APIRouter, database: Database) -> None:
    @router.get("/tickets/{ticket_id}/history")
    async def history(ticket_id: UUID, workspace_id: CurrentWorkspace) -> list[ChangeOut]:
        """All that happened to a ticket, oldest first, with the words that prove it; suggestions last."""
        async with database.transaction(workspace_id) as tx:
            await read_ticket(tx, ticket_id)
            return await _shown(tx, await read_changes(tx, ticket_id))

    @router.get("/tickets/{ticket_id}/facts")
    async def told(ticket_id: UUID, workspace_id: CurrentWorkspace) -> Facts:
        """What its history comes to: due days that moved, what blocked it and until when, each with its proof; and the
        meetings that carried it over. What was undone is left out."""
        async with database.transaction(workspace_id) as tx:
            ticket = await read_ticket(tx, ticket_id)
            return facts(ticket, await _named(tx, await read_changes(tx, ticket_id)))

    @router.get("/suggestions")
    async def suggestions(
        workspace_id: CurrentWorkspace,
        meeting_id: UUID | None = None,
        ticket_id: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> list[ChangeOut]:
        """What waits for a yes or no, the newest first: tickets to open (no ticket has their id yet) and changes.

        Lane `pending` is what VORI nearly did; `review` is listed for whoever wants to look.
        """
        async with database.transaction(workspace_id) as tx:
            return await _shown(tx, await read_suggestions(tx, limit, meeting_id=meeting_id, ticket_id=ticket_id))


def _deciding(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    @router.post("/suggestions/{change_id}/accept")
    async def yes(change_id: UUID, workspace_id: CurrentWorkspace, person: CurrentPerson) -> TicketOut:
        """Accept a suggestion: it becomes a change like any other, with its proof, and with who accepted it."""
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            suggestion = await read_change(tx, change_id)
            ticket = (await read_some(tx, [suggestion.ticket_id])).get(suggestion.ticket_id)
            accepted = replace(accept(suggestion, ticket, now()), person=person)
            changed = await apply(tx, log, feed, ticket, accepted)
        assert changed is not None
        return TicketOut.of(changed)

    @router.post("/suggestions/{change_id}/reject")
    async def no(change_id: UUID, workspace_id: CurrentWorkspace, person: CurrentPerson) -> ChangeOut:
        """Reject a suggestion: the meeting's talk never leads to it again."""
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            rejected = replace(reject(await read_change(tx, change_id), now()), person=person)
            await save_change(tx, rejected)
            await tell_suggestion(tx, feed, rejected)
            return (await _shown(tx, [rejected]))[0]


def _taking_back(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    async def take_back(
        workspace_id: UUID,
        ticket_id: UUID,
        if_match: str | None,
        *,
        person: str | None,
        which: UUID | None = None,
        again: bool = False,
    ) -> TicketOut | None:
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            ticket = await read_ticket(tx, ticket_id)
            unchanged(ticket, if_match)
            history = await read_changes(tx, ticket_id)
            change = (redo if again else undo)(ticket, history, new_id(), now(), which)
            changed = await apply(tx, log, feed, ticket, replace(change, person=person))
        return None if changed is None or changed.removed_at else TicketOut.of(changed)

    @router.post("/tickets/{ticket_id}/undo")
    async def undo_latest(
        ticket_id: UUID, workspace_id: CurrentWorkspace, person: CurrentPerson, if_match: IfMatch = None
    ) -> TicketOut | None:
        """Undo the latest change not yet undone: what it changed is as before.

        Undoing the creation takes the ticket off the board (the answer is null); its history stays.
        """
        return await take_back(workspace_id, ticket_id, if_match, person=person)

    @router.post("/tickets/{ticket_id}/changes/{change_id}/undo")
    async def undo_one(
        ticket_id: UUID,
        change_id: UUID,
        workspace_id: CurrentWorkspace,
        person: CurrentPerson,
        if_match: IfMatch = None,
    ) -> TicketOut | None:
        """Undo one change, also an older one; refused if what it changed was changed since."""
        return await take_back(workspace_id, ticket_id, if_match, person=person, which=change_id)

    @router.post("/tickets/{ticket_id}/redo")
    async def redo_latest(
        ticket_id: UUID, workspace_id: CurrentWorkspace, person: CurrentPerson, if_match: IfMatch = None
    ) -> TicketOut | None:
        """Redo what was undone last."""
        return await take_back(workspace_id, ticket_id, if_match, person=person, again=True)

    @router.post("/tickets/{ticket_id}/changes/{change_id}/redo")
    async def redo_one(
        ticket_id: UUID,
        change_id: UUID,
        workspace_id: CurrentWorkspace,
        person: CurrentPerson,
        if_match: IfMatch = None,
    ) -> TicketOut | None:
        """Redo one change that was undone; refused if what it changed was changed since."""
        return await take_back(workspace_id, ticket_id, if_match, person=person, which=change_id, again=True)


def _undoing_meetings(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    @router.post("/meetings/{meeting_id}/tickets/undo")
    async def undo_all(
        meeting_id: UUID, workspace_id: CurrentWorkspace, person: CurrentPerson, all_or_nothing: bool = False
    ) -> Undone:
        """Undo all that VORI did to tickets by itself in a meeting, as far as it can still be undone.

        What a person accepted, and what was changed since, is left and listed. With `all_or_nothing`, nothing is
        undone if anything would be left.
        """
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            await lock_board(tx)
            touched = {change.ticket_id for change in await read_meeting_changes(tx, meeting_id)}
            tickets, histories = await read_some(tx, touched), await read_histories(tx, touched)
            changes, left = undo_meeting(meeting_id, tickets, histories, new_id, now())
            if left and all_or_nothing:
                raise Conflict(
                    f"{len(left)} of {len(left) + len(changes)} changes can't be undone: {left[0].why}",
                    remedy="Leave out `all_or_nothing` to undo the others, and see which are left.",
                )
            for change in changes:
                changed = await apply(tx, log, feed, tickets[change.ticket_id], replace(change, person=person))
                assert changed is not None
                tickets[change.ticket_id] = changed
            kept = await _shown(tx, [one.change for one in left])
            return Undone(
                undone=await _shown(tx, changes),
                left=[
                    LeftOut(key=tickets[one.change.ticket_id].key, why=one.why, change=shown)
                    for one, shown in zip(left, kept, strict=True)
                ],
            )


async def _shown(tx: Transaction, changes: Sequence[Change]) -> list[ChangeOut]:
    """As clients see them, with the names that voices have now."""
    return ChangeOut.history(await _named(tx, changes))


async def _named(tx: Transaction, changes: Sequence[Change]) -> list[Change]:
    names: dict[tuple[UUID, int | None], str] = {}
    for meeting_id in {change.meeting_id for change in changes if change.meeting_id}:
        names |= await read_names(tx, meeting_id)
    return with_names(changes, names)
