"""Ends the meetings that nobody ends: their streams were closed, or nothing was said, for long."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog

from vori.database.connection import Database
from vori.errors import SupplierError
from vori.eventlog import EventLog, Partition
from vori.livefeed import LiveFeed
from vori.meetings.api import close_meeting
from vori.people.store import read_workspaces
from vori.transcript.store import read_quiet
from vori.transcript.worker import GROUP

logger = structlog.get_logger()

EVERY_S = 30.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until a meeting is over by itself; 0: never."""

    closed_s: float
    """With all of its streams closed."""
    silence_s: float
    """With nothing said."""


class Ender:
    """Looks now and then; several may do so at once. Who hears of an end (`audio/ending.py`) ends the streams."""

    def __init__(
        self, database: Database, log_database: Database, events: EventLog, feed: LiveFeed, patience: Patience
    ) -> None:
        self._database = database
        self._log_database = log_database
        self._events = events
        self._feed = feed
        self._patience = patience
        self._ends: Mapping[Partition, int] = {}
        """Of the log's audio, as they were at the last look."""

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except SupplierError as error:
                logger.warning("meetings.not_looked_at", reason=str(error))

    async def look(self) -> None:
        """End what is over. Silence counts only once all sound up to the last look was transcribed."""
        progress = await self._events.progress(GROUP)
        heard = bool(self._ends) and all(progress.get(lane, (0, 0))[0] >= end for lane, end in self._ends.items())
        self._ends = {lane: end for lane, (_, end) in progress.items()}
        patience = self._patience if heard else Patience(self._patience.closed_s, 0)
        for workspace_id in await read_workspaces(self._log_database):
            async with self._database.transaction(workspace_id) as tx:
                quiet = await read_quiet(tx, patience.closed_s, patience.silence_s)
            for meeting_id in quiet:
                await self._end(workspace_id, meeting_id, patience)

    async def _end(self, workspace_id: UUID, meeting_id: UUID, patience: Patience) -> None:
        async with self._database.transaction(workspace_id) as tx:
            reasons = await read_quiet(tx, patience.closed_s, patience.silence_s, meeting_id)
            if reason := reasons.get(meeting_id):
                await close_meeting(tx, self._events, self._feed, meeting_id, reason)
                logger.info("meeting.ended_by_itself", meeting=str(meeting_id), reason=reason)
