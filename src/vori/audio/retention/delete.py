"""Deletes, once an hour, the sound of meetings that ended longer ago than it is to be kept.

First the meeting is marked, so that nobody asks for its sound any more; then its folder goes. Whoever is killed in
between, or finds a file of a marked meeting later, does the second step again. Several processes may do so at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import structlog

from vori.audio.model import Archive
from vori.audio.retention.model import ended_before
from vori.audio.retention.store import lock_meeting, note_deleted, read_all_deleted, read_due, read_keep_days
from vori.audio.store import read_archived, read_streams
from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.errors import SupplierError
from vori.people.store import read_workspaces

logger = structlog.get_logger()

EVERY_S = 3600.0

Needed = Callable[[Transaction, UUID], Awaitable[bool]]
"""Whether somebody still has to hear a meeting's sound."""


async def run(database: Database, log_database: Database, archive: Archive, needed: Needed) -> None:
    """Until cancelled."""
    while True:
        try:
            for workspace_id in await read_workspaces(log_database):
                await look(database, workspace_id, archive, needed)
        except SupplierError as error:
            logger.warning("retention.not_looked_at", reason=str(error))
        await asyncio.sleep(EVERY_S)


async def look(database: Database, workspace_id: UUID, archive: Archive, needed: Needed) -> None:
    """Delete what is due in a workspace, and what is left of what was due before."""
    async with database.transaction(workspace_id) as tx:
        keep_days = await read_keep_days(tx)
        due = await read_due(tx, ended_before(keep_days, now())) if keep_days else []
    for meeting_id in due:
        async with database.transaction(workspace_id) as tx:
            await _mark(tx, meeting_id, needed)
    async with database.transaction(workspace_id) as tx:
        marked = await read_all_deleted(tx)
    for meeting_id in marked:
        try:
            if await asyncio.to_thread(archive.remove, str(meeting_id)):
                logger.info("retention.sound_deleted", meeting=str(meeting_id))
        except OSError as error:
            logger.error("retention.not_deleted", meeting=str(meeting_id), reason=str(error))


async def _mark(tx: Transaction, meeting_id: UUID, needed: Needed) -> None:
    """Mark a meeting, if it is due by what holds now and nobody needs its sound."""
    await lock_meeting(tx, meeting_id)
    keep_days = await read_keep_days(tx)
    if keep_days is None or meeting_id not in await read_due(tx, ended_before(keep_days, now())):
        return
    streams = {stream.stream for stream in await read_streams(tx, meeting_id)}
    if streams == await read_archived(tx, list(streams)) and not await needed(tx, meeting_id):
        await note_deleted(tx, meeting_id, keep_days)
