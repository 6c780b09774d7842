"""A meeting begins: its row, its event and the news of it, together."""

from __future__ import annotations

from datetime import datetime

from vori.database.connection import Transaction
from vori.eventlog import EventLog
from vori.events import MeetingStarted
from vori.livefeed import LiveFeed
from vori.meetings.model import Meeting
from vori.meetings.show import meeting_message
from vori.meetings.store import create_meeting


async def begin(
    tx: Transaction,
    log: EventLog,
    feed: LiveFeed,
    meeting: Meeting,
    *,
    planned_at: datetime | None = None,
    planned_until: datetime | None = None,
) -> None:
    """Begin a meeting that nobody has heard of."""
    await create_meeting(tx, meeting)
    started = MeetingStarted(
        workspace_id=meeting.workspace_id,
        meeting_id=meeting.meeting_id,
        title=meeting.title,
        language=meeting.language,
        planned_at=planned_at,
        planned_until=planned_until,
    )
    await log.append(tx, started)
    await feed.publish(meeting_message(meeting), tx)
