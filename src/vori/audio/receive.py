"""Which streams of sound are coming in here: they open, fall silent, break off, and end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

import structlog
from pydantic import BaseModel

from vori.audio.model import RATES, AudioStream, Codec, StreamClosed, stream_key
from vori.audio.publish import Intake, Publisher
from vori.audio.store import create_stream, end_stream, meeting_is_live, read_stream, read_streams
from vori.clock import now
from vori.database.connection import Database
from vori.errors import Conflict, Invalid, SupplierError, Unavailable
from vori.eventlog import EventLog
from vori.events import AudioEnded, Language
from vori.livefeed import LiveFeed, LiveMessage
from vori.meetings.model import Meeting
from vori.meetings.store import read_meeting

log = structlog.get_logger()

State = Literal["connected", "listening", "no_signal", "disconnected", "ended"]
TICK_S = 0.25
NO_SIGNAL_S = 5.0
RETELL_S = 20.0
"""How often a stream's state is told although it is the same: who hears nothing of it forgets it."""
LAST_WORDS_S = 0.3
"""After a meeting is ended, what was said just before may still be on the wire."""


class StreamNow(BaseModel):
    """How a stream is doing; `no_signal` when nothing came for 5 s."""

    stream_id: str
    speaker: str | None
    state: State


def stream_message(stream: AudioStream, state: State) -> LiveMessage:
    """The live feed's news of a stream."""
    shown = StreamNow(stream_id=stream.stream_id, speaker=stream.speaker, state=state)
    return LiveMessage(
        workspace_id=stream.workspace_id,
        meeting_id=stream.meeting_id,
        kind="stream",
        id=stream.stream,
        data=shown.model_dump(),
    )


class Receiver:
    """Takes sound in, one per gateway process. Enter it to start its two tasks."""

    def __init__(self, database: Database, events: EventLog, feed: LiveFeed) -> None:
        self._database = database
        self._events = events
        self._feed = feed
        self._publisher = Publisher(events)
        self._intakes: dict[UUID, Intake] = {}
        self._ended: set[UUID] = set()
        """Streams that ended since `_tell` last looked."""
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Receiver:
        self._tasks = [asyncio.create_task(job) for job in (self._publisher.run(), self._watch(), self._tell())]
        return self

    async def __aexit__(self, *_: object) -> None:
        intakes = list(self._intakes.values())
        for intake in intakes:
            intake.fail(Unavailable("VORI is stopping.", remedy="Connect again soon.", code="stopping"))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2.0):
                await asyncio.gather(*(intake.settle() for intake in intakes))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def open_stream(
        self,
        workspace_id: UUID,
        meeting_id: UUID,
        stream_id: str,
        *,
        codec: Codec = "pcm_s16le",
        sample_rate: int = 16_000,
        language: Language | None = None,
        speaker: str | None = None,
        origin_ms: int | None = None,
        recording: str | None = None,
    ) -> AudioStream:
        """The stream of this name, noted if it is new; it begins now, or at `origin_ms` of the meeting.

        `recording` is the SHA-256 of the only recording that may be sent on it; None is for live sound.

        Raises `NotFound`, `StreamClosed` (the meeting has ended), `Invalid` (rate), `Conflict` (not as it was before).
        """
        _refuse_rate(codec, sample_rate)
        key = stream_key(meeting_id, stream_id)
        async with self._database.transaction(workspace_id) as tx:
            meeting = await read_meeting(tx, meeting_id)
            if not await meeting_is_live(tx, meeting_id):
                raise meeting_ended(meeting_id)
            at = now()
            if origin_ms is None:
                origin_ms = max(0, round((at - meeting.started_at).total_seconds() * 1000))
            form, place = (codec, sample_rate, language, speaker), (origin_ms, at, recording)
            stream = await create_stream(tx, AudioStream(key, workspace_id, meeting_id, stream_id, *form, *place))
        if (stream.codec, stream.sample_rate) != (codec, sample_rate):
            raise Conflict(
                f"The stream {stream_id!r} has {stream.codec} at {stream.sample_rate} Hz.",
                remedy="Go on in that form, or choose another stream_id.",
                code="stream_differs",
            )
        if stream.recording != recording:
            raise Conflict(
                f"The stream {stream_id!r} has other sound than this.",
                remedy="Choose another stream_id; for a recording, leave it out.",
                code="stream_differs",
            )
        return stream

    @contextlib.asynccontextmanager
    async def intake(self, stream: AudioStream) -> AsyncIterator[Intake]:
        """The way in for a stream, for one source at a time: a new one takes it over from an old one.

        Starts at the first frame that isn't durable. Raises `StreamClosed` if the stream has ended.
        """
        mine = Intake(stream, self._publisher.put)
        old = self._intakes.get(stream.stream)
        self._intakes[stream.stream] = mine
        try:
            if old is not None:
                old.fail(_replaced(stream))
                await old.settle()
            async with self._database.transaction(stream.workspace_id) as tx:
                fresh = await read_stream(tx, stream.stream)
            if fresh is None or fresh.ended_at is not None:
                raise _stream_ended(stream)
            mine.start(await self._events.source_position(mine.source))
            if mine.failure:
                raise mine.failure
            yield mine
        finally:
            await mine.settle()
            if self._intakes.get(stream.stream) is mine:
                del self._intakes[stream.stream]

    async def finish(self, intake: Intake) -> int:
        """The source has sent everything: end the stream. The number of frames, lost ones included."""
        intake.give_up_missing()
        await intake.settle()
        if intake.failure:
            raise intake.failure
        await self._end(intake.stream, intake.durable, by=intake)
        intake.finish()
        return intake.durable

    def busy(self, stream: AudioStream) -> bool:
        """Whether a source is sending on this stream now."""
        return stream.stream in self._intakes

    async def end_streams(self, meeting: Meeting) -> None:
        """Take in what is still on its way, then end every stream of an ended meeting. Repeating it does no harm."""
        mine = [intake for intake in self._intakes.values() if intake.stream.meeting_id == meeting.meeting_id]
        if mine:
            await asyncio.sleep(LAST_WORDS_S)
        for intake in mine:
            intake.give_up_missing()
            intake.fail(meeting_ended(meeting.meeting_id))
        await asyncio.gather(*(intake.settle() for intake in mine))
        async with self._database.transaction(meeting.workspace_id) as tx:
            streams = await read_streams(tx, meeting.meeting_id)
        for stream in streams:
            if stream.ended_at is None:
                await self.end(stream)

    async def end(self, stream: AudioStream) -> None:
        """End a stream that nobody sends on."""
        await self._end(stream, await self._events.source_position(str(stream.stream)))

    async def _end(self, stream: AudioStream, next_seq: int, *, by: Intake | None = None) -> None:
        async with self._database.transaction(stream.workspace_id) as tx:
            if await end_stream(tx, stream.stream):
                ended = AudioEnded(
                    workspace_id=stream.workspace_id, meeting_id=stream.meeting_id, stream=stream.stream, seq=next_seq
                )
                await self._events.append(tx, ended)
                await self._feed.publish(stream_message(stream, "ended"), tx)
        self._ended.add(stream.stream)
        late = self._intakes.get(stream.stream)
        if late is not None and late is not by:
            late.fail(_stream_ended(stream))

    async def _watch(self) -> None:
        """Give every intake its beat."""
        while True:
            await asyncio.sleep(TICK_S)
            at = asyncio.get_running_loop().time()
            for intake in list(self._intakes.values()):
                intake.beat(at)

    async def _tell(self) -> None:
        """Keep the live feed's word on each stream up to date."""
        told: dict[UUID, tuple[AudioStream, State, float]] = {}
        while True:
            await asyncio.sleep(TICK_S)
            at = asyncio.get_running_loop().time()
            states: dict[UUID, tuple[AudioStream, State]]
            states = {key: (stream, "disconnected") for key, (stream, _, _) in told.items()}
            states |= {key: (intake.stream, _state(intake, at)) for key, intake in self._intakes.items()}
            for key in self._ended:
                states.pop(key, None)
                told.pop(key, None)
            self._ended &= self._intakes.keys()
            for key, (stream, state) in states.items():
                if key in told and told[key][1] == state and at - told[key][2] < RETELL_S:
                    continue
                try:
                    await self._feed.publish(stream_message(stream, state))
                except SupplierError as error:
                    log.warning("audio.state_untold", stream=key, state=state, error=str(error))
                    continue
                told[key] = (stream, state, at)
                if state == "disconnected":
                    del told[key]


def _state(intake: Intake, at: float) -> State:
    if intake.last_frame_at is None:
        return "connected"
    return "no_signal" if at - intake.last_frame_at > NO_SIGNAL_S else "listening"


def _refuse_rate(codec: Codec, sample_rate: int) -> None:
    if sample_rate in RATES[codec]:
        return
    rates = RATES[codec]
    known = f"{rates[0]} to {rates[-1]}" if isinstance(rates, range) else ", ".join(str(rate) for rate in rates)
    raise Invalid(
        f"VORI doesn't take {codec} at {sample_rate} Hz.", remedy=f"Use {known} Hz.", code="wrong_sample_rate"
    )


def meeting_ended(meeting_id: UUID) -> StreamClosed:
    return StreamClosed(f"The meeting {meeting_id} has ended.", remedy="Start a new one.", code="meeting_ended")


def _stream_ended(stream: AudioStream) -> StreamClosed:
    return StreamClosed(
        f"The stream {stream.stream_id!r} has ended.", remedy="For more sound choose another stream_id."
    )


def _replaced(stream: AudioStream) -> StreamClosed:
    return StreamClosed(
        f"Another connection has taken the stream {stream.stream_id!r} over.",
        remedy="One source per stream: give each its own stream_id.",
        code="replaced",
    )
