"""A meeting that nobody ends is over by itself: everybody left, or nobody spoke. Never while somebody may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from vori.audio.model import AudioStream, stream_key
from vori.audio.store import create_stream, end_stream
from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import AudioFrame, MeetingEnded, Topic, UtteranceFinal, Word
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting, read_meeting
from vori.transcript.quiet import Ender, Patience
from vori.transcript.store import add_utterance

MINUTE = 60.0


class Room:
    """Meetings whose past is written by the test, and somebody who looks at them."""

    def __init__(
        self, database: Database, log_database: Database, log: PostgresEventLog, feed: PostgresLiveFeed, workspace: UUID
    ) -> None:
        self.database = database
        self.log = log
        self.workspace = workspace
        self.ender = Ender(database, log_database, log, feed, Patience(5 * MINUTE, 30 * MINUTE))

    async def meeting(self, minutes_ago: float) -> UUID:
        began = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        meeting = Meeting(new_id(), self.workspace, "Planning", "auto", "live", began)
        async with self.database.transaction(self.workspace) as tx:
            await create_meeting(tx, meeting)
        return meeting.meeting_id

    async def stream(self, meeting_id: UUID, opened: float, closed: float | None = None) -> UUID:
        """A stream opened, and perhaps closed, so many minutes ago."""
        name = str(new_id())
        key, at = stream_key(meeting_id, name), datetime.now(UTC) - timedelta(minutes=opened)
        stream = AudioStream(key, self.workspace, meeting_id, name, "pcm_s16le", 16_000, None, "Maya", 0, at)
        async with self.database.transaction(self.workspace) as tx:
            await create_stream(tx, stream)
            if closed is not None:
                await end_stream(tx, key)
                ended = datetime.now(UTC) - timedelta(minutes=closed)
                await tx.execute("update audio_stream set ended_at = %s where stream = %s", (ended, key))
        return key

    async def said(self, meeting_id: UUID, minutes_ago: float) -> None:
        at, key = datetime.now(UTC) - timedelta(minutes=minutes_ago), new_id()
        said: dict[str, Any] = {"workspace_id": self.workspace, "meeting_id": meeting_id, "occurred_at": at}
        word = Word(text="Yes.", start_ms=0, end_ms=400)
        said |= {"event_id": key, "utterance_id": key, "stream": new_id(), "speaker": None, "language": "en"}
        said |= {"start_ms": 0, "end_ms": 400, "text": "Yes.", "words": (word,)}
        async with self.database.transaction(self.workspace) as tx:
            await add_utterance(tx, UtteranceFinal(**said), "test")

    async def frame(self, meeting_id: UUID) -> None:
        frame = AudioFrame(
            workspace_id=self.workspace,
            meeting_id=meeting_id,
            stream=new_id(),
            seq=0,
            captured_ms=0,
            codec="pcm_s16le",
            sample_rate=16_000,
            data=bytes(3200),
        )
        await self.log.publish([frame])

    async def transcribe(self) -> None:
        """All sound so far is passed by the transcriber's group."""
        async with self.log.consumer("transcript", [Topic.AUDIO]) as consumer:
            while (batch := await consumer.poll(wait_s=0.2)).assigned or batch.records:
                async with self.database.transaction() as tx:
                    await consumer.commit(tx, {record.partition: record.offset + 1 for record in batch.records})

    async def reason(self, meeting_id: UUID) -> str | None:
        async with self.database.transaction(self.workspace) as tx:
            return (await read_meeting(tx, meeting_id)).end_reason


@pytest.fixture
async def room(database: Database, log_database: Database, workspace: UUID) -> AsyncIterator[Room]:
    async with PostgresEventLog(log_database, rebalance_s=0.1) as log, PostgresLiveFeed(log_database) as feed:
        yield Room(database, log_database, log, feed, workspace)


async def test_a_meeting_is_over_a_while_after_its_last_stream_was_closed(room: Room) -> None:
    left, open_still, just_left, empty = [await room.meeting(20) for _ in range(4)]
    for meeting in (left, open_still):
        await room.stream(meeting, 19, closed=18)
        await room.stream(meeting, 15, closed=6)
    await room.stream(open_still, 15)
    await room.stream(just_left, 19, closed=4)
    await room.ender.look()
    await room.ender.look()
    assert [await room.reason(meeting) for meeting in (left, open_still, just_left, empty)] == [
        "streams_closed",
        None,
        None,
        None,
    ]
    ended = [record.event async for record in room.log.read(Topic.MEETING_ENDED, str(left))]
    assert [event.reason for event in ended if isinstance(event, MeetingEnded)] == ["streams_closed"]


async def test_a_meeting_is_over_after_a_long_silence(room: Room) -> None:
    empty, spoke_long_ago, spoke_lately, joined_lately, young = [
        await room.meeting(minutes) for minutes in (31, 90, 90, 90, 29)
    ]
    for meeting in (spoke_long_ago, spoke_lately):
        await room.stream(meeting, 89)
        await room.said(meeting, 80)
    await room.said(spoke_long_ago, 31)
    await room.said(spoke_lately, 29)
    await room.stream(joined_lately, 2)
    await room.transcribe()
    await room.ender.look()
    assert await room.reason(empty) is None, "the first look only notes how far the sound has come"
    await room.ender.look()
    assert [await room.reason(meeting) for meeting in (empty, spoke_long_ago)] == ["silence"] * 2
    assert [await room.reason(meeting) for meeting in (spoke_lately, joined_lately, young)] == [None] * 3


async def test_sound_that_is_not_transcribed_yet_is_no_silence(room: Room) -> None:
    meeting = await room.meeting(90)
    await room.stream(meeting, 89)
    await room.transcribe()
    await room.frame(meeting)
    for _ in range(3):
        await room.ender.look()
    assert await room.reason(meeting) is None
    await room.transcribe()
    await room.ender.look()
    assert await room.reason(meeting) == "silence"


async def test_a_transcriber_that_never_came_is_no_silence(room: Room) -> None:
    meeting = await room.meeting(90)
    await room.frame(meeting)
    for _ in range(3):
        await room.ender.look()
    assert await room.reason(meeting) is None


async def test_several_that_look_end_it_once(room: Room) -> None:
    meeting = await room.meeting(20)
    await room.stream(meeting, 19, closed=6)
    await asyncio.gather(*(room.ender.look() for _ in range(4)))
    assert len([record async for record in room.log.read(Topic.MEETING_ENDED, str(meeting))]) == 1


async def test_it_may_be_turned_off(room: Room) -> None:
    room.ender._patience = Patience(0, 0)
    meeting = await room.meeting(9000)
    await room.stream(meeting, 8000, closed=7000)
    await room.transcribe()
    await room.ender.look()
    await room.ender.look()
    assert await room.reason(meeting) is None
