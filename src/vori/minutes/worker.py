"""The minutes worker: when a meeting is reported, its minutes are written; told again, they stay as they are."""

from __future__ import annotations

from datetime import tzinfo

from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.eventlog import EventLog
from vori.eventlog.consume import Effect, consume
from vori.events import Event, MeetingReported, Topic
from vori.livefeed import LiveFeed
from vori.meetings.store import read_meeting
from vori.minutes.api import minutes_message
from vori.minutes.model import compose
from vori.minutes.store import save_minutes
from vori.minutes.write import to_markdown
from vori.transcript.store import read_transcript, read_unheard_ms

GROUP = "minutes"


async def run(*, database: Database, log: EventLog, feed: LiveFeed, zone: tzinfo | None = None) -> None:
    """Until cancelled. `zone` is the one minutes tell their date in; None is the machine's own."""

    async def handle(event: Event) -> Effect | None:
        if not isinstance(event, MeetingReported):
            return None
        async with database.transaction(event.workspace_id) as tx:
            meeting = await read_meeting(tx, event.meeting_id)
            said = await read_transcript(tx, event.meeting_id)
            unheard_ms = await read_unheard_ms(tx, event.meeting_id)
        minutes = compose(meeting, said, event, unheard_ms)
        markdown = to_markdown(minutes, zone)

        async def keep(tx: Transaction) -> None:
            written = await save_minutes(tx, minutes, markdown, now())
            if written:
                await feed.publish(minutes_message(event.workspace_id, written), tx)

        return keep

    await consume(log, database, GROUP, [Topic.MEETING_REPORTED], handle)
