"""Read a past meeting: its words, the board as it found it, and what it led to."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from vori.database.connection import Transaction
from vori.meetings.store import read_meeting
from vori.tickets.model import Past
from vori.tickets.plan import as_found
from vori.tickets.settings.store import read_settings
from vori.tickets.store import (
    read_board_at,
    read_first_touch,
    read_histories,
    read_meeting_changes,
    read_some,
    read_turns,
)
from vori.transcript.naming.model import named
from vori.transcript.naming.store import read_names


async def read_past(tx: Transaction, meeting_id: UUID) -> Past:
    """Raises `NotFound` when there is no such meeting."""
    meeting = await read_meeting(tx, meeting_id)
    names = await read_names(tx, meeting_id)
    changes = await read_meeting_changes(tx, meeting_id)
    touched = {change.ticket_id for change in changes}
    then, since = await read_board_at(tx, await read_first_touch(tx, meeting_id) or meeting.started_at)
    return Past(
        meeting=meeting,
        day=(await read_settings(tx)).day(meeting.started_at),
        turns=[named(turn, names) for turn in await read_turns(tx, meeting_id)],
        found=as_found([replace(ticket, removed_at=None) for ticket in then], since),
        tickets=await read_some(tx, touched),
        changes=changes,
        histories=await read_histories(tx, touched),
    )
