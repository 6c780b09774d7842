"""The minutes worker: a reported meeting's minutes are written, and anew when words are corrected or voices named."""

from __future__ import annotations

import asyncio
from datetime import tzinfo
from uuid import UUID

from vori.audio.store import read_streams
from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.eventlog import EventLog
from vori.eventlog.consume import Effect, consume
from vori.events import Event, MeetingReported, SpeakerNamed, Topic, UtteranceCorrected
from vori.livefeed import LiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import read_meeting
from vori.minutes.api import minutes_message
from vori.minutes.model import Minutes, compose
from vori.minutes.store import read_minutes, save_minutes
from vori.minutes.write import to_markdown
from vori.transcript.naming.model import shared
from vori.transcript.naming.store import read_names
from vori.transcript.outcome import Outcome
from vori.transcript.store import read_outcome, read_transcript

GROUP = "minutes"
TOPICS = (Topic.MEETING_REPORTED, Topic.TRANSCRIPTION)
ARCHIVE_PATIENCE_S, LOOK_EVERY_S = 10.0, 0.2
"""The last sound is archived about when the last words are found: minutes wait for it, but not for ever."""


async def run(*, database: Database, log: EventLog, feed: LiveFeed, zone: tzinfo | None = None) -> None:
    """Until cancelled. `zone` is the one minutes tell their date in; None is the machine's own."""

    async def handle(event: Event) -> Effect | None:
        if not isinstance(event, MeetingReported | UtteranceCorrected | SpeakerNamed):
            return None
        if isinstance(event, UtteranceCorrected) and event.model:
            return None  # the meeting is reported anew when all of its words have been taken over
        async with database.transaction(event.workspace_id) as tx:
            report = event if isinstance(event, MeetingReported) else await _written(tx, event.meeting_id)
            if report is None:
                return None  # they will be written from the corrected words, with the names
            meeting = await read_meeting(tx, event.meeting_id)
        outcome = await _outcome(database, meeting)
        async with database.transaction(event.workspace_id) as tx:
            said = await read_transcript(tx, event.meeting_id)
            names = await read_names(tx, event.meeting_id)
            microphones = shared(await read_streams(tx, event.meeting_id))
        minutes = compose(meeting, said, report, outcome, names=names, microphones=microphones)
        markdown = to_markdown(minutes, zone)

        async def keep(tx: Transaction) -> None:
            written = await save_minutes(tx, minutes, markdown, now())
            if written:
                await feed.publish(minutes_message(event.workspace_id, written), tx)

        return keep

    await consume(log, database, GROUP, TOPICS, handle)


async def _outcome(database: Database, meeting: Meeting) -> Outcome:
    """How well the meeting was captured; not final if its sound isn't archived after a while."""
    patience = asyncio.get_running_loop().time() + ARCHIVE_PATIENCE_S
    while True:
        async with database.transaction(meeting.workspace_id) as tx:
            outcome = await read_outcome(tx, meeting)
        if outcome.final or asyncio.get_running_loop().time() > patience:
            return outcome
        await asyncio.sleep(LOOK_EVERY_S)


async def _written(tx: Transaction, meeting_id: UUID) -> Minutes | None:
    """What stays of a report once tickets and the team have moved on: the minutes that were written from it."""
    written = await read_minutes(tx, meeting_id)
    return written.minutes if written else None
