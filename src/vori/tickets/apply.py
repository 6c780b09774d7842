"""A change becomes true: rows, history, event and live message, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import structlog

from vori.clock import new_id
from vori.database.connection import Transaction
from vori.errors import CallerError
from vori.eventlog import EventLog
from vori.events import TicketCreated, TicketUpdated
from vori.livefeed import LiveFeed
from vori.tickets.model import Change, Ticket, same_title
from vori.tickets.plan import Board, Occasion, Plan
from vori.tickets.rank import rank_between
from vori.tickets.show import suggestion_message, ticket_message
from vori.tickets.store import (
    change_ticket,
    link_meeting,
    open_ticket,
    read_board,
    read_handled,
    read_meeting_changes,
    read_next_rank,
    read_titles,
    save_change,
    withdraw,
)

logger = structlog.get_logger()


async def apply(tx: Transaction, log: EventLog, feed: LiveFeed, ticket: Ticket | None, change: Change) -> Ticket | None:
    """Apply a change to its ticket (None: it opens one), or only note it when it is a suggestion.

    Returns the ticket as it now stands. Call `lock_board` first. Raises `Conflict` when the ticket is not as it was.
    """
    assert tx.workspace_id is not None
    if change.meeting_id is not None:
        await link_meeting(tx, change.ticket_id, change.meeting_id, change.at)
    if change.lane != "applied":
        await save_change(tx, change)
        await tell_suggestion(tx, feed, change)
        return ticket
    if change.decided_at is not None:
        await tell_suggestion(tx, feed, change)
    change = await _placed(tx, ticket, change)
    changed, change = await (open_ticket(tx, change) if ticket is None else change_ticket(tx, ticket, change))
    # Nothing but a meeting's own words is kept in its order; what a person does has an order of its own.
    key = change.meeting_id or changed.meeting_id or changed.ticket_id
    if ticket is None:
        await log.append(
            tx,
            TicketCreated(
                event_id=change.change_id,
                workspace_id=tx.workspace_id,
                meeting_id=key,
                ticket=changed.facts,
                evidence=change.evidence,
            ),
        )
    else:
        await log.append(
            tx,
            TicketUpdated(
                event_id=new_id(),
                workspace_id=tx.workspace_id,
                meeting_id=key,
                change_id=change.change_id,
                before=ticket.facts,
                after=None if change.after is None else changed.facts,
                evidence=change.evidence,
            ),
        )
    await feed.publish(ticket_message(tx.workspace_id, changed, gone=change.after is None), tx)
    return changed


async def board_of(tx: Transaction, meeting_id: UUID) -> Board:
    """What a meeting's changes are decided against. Call `lock_board` first."""
    opened, refused = await read_titles(tx)
    return Board(
        tickets=await read_board(tx, meeting_id),
        changes=await read_meeting_changes(tx, meeting_id),
        handled=await read_handled(tx, meeting_id),
        titles=opened,
        refused=frozenset(map(same_title, refused)),
    )


async def carry_out(
    tx: Transaction, log: EventLog, feed: LiveFeed, plan: Plan, *, board: Board, occasion: Occasion
) -> None:
    """Do what a plan says, each change upon the one before; one that is refused is left out and holds up nothing."""
    await withdraw(tx, plan.withdrawn)
    for change in board.changes:
        if change.change_id in plan.withdrawn:
            await tell_suggestion(tx, feed, change, withdrawn=True)
    for ticket_id in plan.discussed:
        await link_meeting(tx, ticket_id, occasion.meeting_id, occasion.at)
    standing = dict(board.tickets)
    for change in plan.changes:
        told = logger.bind(kind=change.kind, lane=change.lane, ticket_id=str(change.ticket_id))
        try:
            async with tx.connection.transaction():
                ticket = await apply(tx, log, feed, standing.get(change.ticket_id), change)
        except CallerError as error:
            told.error("ticket.left_out", change_id=str(change.change_id), reason=str(error))
            continue
        if ticket is not None:
            standing[change.ticket_id] = ticket
        told.info("ticket.proposed")


async def tell_suggestion(tx: Transaction, feed: LiveFeed, change: Change, withdrawn: bool = False) -> None:
    """Show a suggestion to whoever looks, or take it away once it is decided or withdrawn."""
    assert tx.workspace_id is not None
    waits = change.decided_at is None and not withdrawn
    await feed.publish(suggestion_message(tx.workspace_id, change, waits=waits), tx)


async def _placed(tx: Transaction, ticket: Ticket | None, change: Change) -> Change:
    """The change as it is applied to the ticket as it stands; one without a rank goes on top of its new column."""
    before, after = ticket.fields if ticket else None, change.after
    if after is not None and not after.rank:
        stays = before is not None and before.status is after.status
        rank = before.rank if before and stays else rank_between(None, await read_next_rank(tx, after.status))
        after = replace(after, rank=rank)
    return replace(change, before=before, after=after)
