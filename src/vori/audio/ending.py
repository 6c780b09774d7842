"""Ends the streams of meetings that ended while no gateway could: one was killed between the two."""

from __future__ import annotations

from contextlib import suppress

from vori.audio.receive import Receiver
from vori.database.connection import Database
from vori.errors import NotFound
from vori.eventlog import EventLog
from vori.eventlog.consume import Effect, consume
from vori.events import Event, MeetingEnded, Topic
from vori.meetings.store import read_meeting

GROUP = "streams"


async def run(database: Database, log: EventLog, receiver: Receiver) -> None:
    """Until cancelled. Whoever ends a meeting ends its streams too, at once; doing it again does no harm."""

    async def handle(event: Event) -> Effect | None:
        if isinstance(event, MeetingEnded):
            with suppress(NotFound):  # a meeting deleted since has no streams
                async with database.transaction(event.workspace_id) as tx:
                    meeting = await read_meeting(tx, event.meeting_id)
                await receiver.end_streams(meeting)
        return None

    await consume(log, database, GROUP, [Topic.MEETING_ENDED], handle)
