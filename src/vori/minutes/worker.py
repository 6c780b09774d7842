"""The minutes worker: drafts while a meeting runs, minutes once it is reported, and anew when words change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from uuid import UUID

from vori.audio.store import read_streams
from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.errors import NotFound
from vori.eventlog import EventLog
from vori.eventlog.consume import Effect, consume
from vori.events import (
    Event,
    MeetingReported,
    SpeakerNamed,
    TicketCreated,
    TicketUpdated,
    Topic,
    UtteranceCorrected,
    UtteranceFinal,
)
from vori.livefeed import LiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import read_meeting
from vori.minutes.compose import compose
from vori.minutes.draft import Drafts, follow
from vori.minutes.edit import with_edits
from vori.minutes.model import AUTOMATIC, Edits, Minutes, Source, WrittenMinutes
from vori.minutes.show import minutes_message
from vori.minutes.store import Kept, lock_minutes, read_draft_source, save_draft_source, save_minutes
from vori.transcript.naming.model import Names, present, shared
from vori.transcript.naming.store import read_names
from vori.transcript.outcome import Outcome
from vori.transcript.store import read_outcome, read_transcript

GROUP = "minutes"
TOPICS = (Topic.MEETING_REPORTED, Topic.TRANSCRIPTION, Topic.TICKET_CREATED, Topic.TICKET_UPDATED)
ARCHIVE_PATIENCE_S, LOOK_EVERY_S = 5.0, 0.2
"""The last sound is archived about when the last words are found: minutes wait for it, but not for ever."""


async def run(*, database: Database, log: EventLog, feed: LiveFeed, zone: tzinfo | None = None) -> None:
    """Until cancelled. `zone` is the one minutes tell their date in; None is the machine's own."""
    writer = Writer(database, feed, zone)
    drafting = asyncio.create_task(writer.drafts.run())
    try:
        await consume(log, database, GROUP, TOPICS, writer.handle)
    finally:
        drafting.cancel()


class Writer:
    """Writes minutes, event by event."""

    def __init__(self, database: Database, feed: LiveFeed, zone: tzinfo | None) -> None:
        self.drafts = Drafts(database, feed, zone)
        self._database = database
        self._feed = feed
        self._zone = zone

    async def handle(self, event: Event) -> Effect | None:
        match event:
            case MeetingReported():
                source = Source(tickets=event.tickets, decisions=event.decisions, open_before=event.open_before)
                return await self._written(event, source)
            case UtteranceCorrected() if event.model:
                return None  # the meeting is reported anew when all of its words have been taken over
            case UtteranceCorrected() | SpeakerNamed():
                self.drafts.note(event.workspace_id, event.meeting_id)
                return await self._written(event, None)
            case UtteranceFinal():
                self.drafts.note(event.workspace_id, event.meeting_id)
                return None
            case TicketCreated() | TicketUpdated():
                return partial(self._follow, event=event)
            case _:
                return None

    async def _written(self, event: Event, source: Source | None) -> Effect | None:
        """The minutes, from a report or, without one, from what was reported before."""
        async with self._database.transaction(event.workspace_id) as tx:
            meeting = await read_meeting(tx, event.meeting_id)
            before = await lock_minutes(tx, event.meeting_id)
        if source is None:
            if before is None:
                return None  # they will be written from the corrected words, with the names
            source = before.source
        outcome = await _outcome(self._database, meeting)
        async with self._database.transaction(event.workspace_id) as tx:
            said = await read_transcript(tx, event.meeting_id)
            names = await read_names(tx, event.meeting_id)
            streams = await read_streams(tx, event.meeting_id)
        meeting = replace(meeting, participants=present(meeting.participants, streams, names))
        base = await asyncio.to_thread(
            compose, meeting, said, source, outcome, names=names, microphones=shared(streams)
        )
        words = {utterance.utterance_id: utterance.text for utterance in said}
        return partial(self._keep, base=base, source=source, words=words, names=names)

    async def _keep(
        self, tx: Transaction, *, base: Minutes, source: Source, words: Mapping[UUID, str], names: Names
    ) -> None:
        before = await lock_minutes(tx, base.meeting_id)
        edits = before.edits if before else Edits()
        minutes = with_edits(base, edits, words, names)
        if before and before.written.minutes == minutes:
            await save_minutes(tx, Kept(before.written, base, edits, source))
            return
        version = before.written.version + 1 if before else 1
        written = WrittenMinutes(minutes=minutes, version=version, by=AUTOMATIC, written_at=now())
        await save_minutes(tx, Kept(written, base, edits, source))
        assert tx.workspace_id is not None
        await self._feed.publish(minutes_message(tx.workspace_id, written, self._zone), tx)

    async def _follow(self, tx: Transaction, *, event: TicketCreated | TicketUpdated) -> None:
        """Note what became of a ticket, for the drafts. Most of what people do by hand belongs to no live meeting."""
        try:
            meeting = await read_meeting(tx, event.meeting_id)
        except NotFound:
            return
        source = await read_draft_source(tx, event.meeting_id)
        if source is not None and meeting.status == "live":
            await save_draft_source(tx, event.meeting_id, follow(source, event))
            self.drafts.note(event.workspace_id, event.meeting_id)


async def _outcome(database: Database, meeting: Meeting) -> Outcome:
    """How well the meeting was captured; not final if its sound isn't archived after a while."""
    patience = asyncio.get_running_loop().time() + ARCHIVE_PATIENCE_S
    while True:
        async with database.transaction(meeting.workspace_id) as tx:
            outcome = await read_outcome(tx, meeting)
        if outcome.final or asyncio.get_running_loop().time() > patience:
            return outcome
        await asyncio.sleep(LOOK_EVERY_S)
