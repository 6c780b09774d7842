"""From frames to durable events: all streams share one batch after another (group commit)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import structlog

from vori.audio.model import Arrivals, AudioStream, Frame, samples_in
from vori.clock import new_id, now
from vori.errors import OurError, SupplierError, Unavailable, VoriError
from vori.eventlog import EventLog, SourcePosition
from vori.events import AudioFrame

log = structlog.get_logger()

LINGER_S = 0.05
"""How long a batch waits for company (half a frame's length): a commit of one frame costs nearly that of twenty."""
ACK_FRAMES = 32
"""Durable frames that are acknowledged at once; fewer wait for the next `beat`, and are acknowledged together."""
BATCH_BYTES = 4 << 20
BATCH_FRAMES = 1000
STREAM_BYTES = 1 << 20
"""What one stream may have on its way; beyond it, nothing more is read from its source."""
PATIENCE_S = 30.0
"""How long frames are held while the log fails, before their sources are told to come back later."""
GRACE_S = 1.0
"""How long a missing frame may take while later ones wait for it."""


class Intake:
    """One stream's way in, with one source (a socket, a file) at its other end."""

    def __init__(self, stream: AudioStream, hand_on: Callable[[Intake, Frame], None]) -> None:
        self.stream = stream
        self.source = str(stream.stream)
        self.durable = 0
        """The next frame to become durable: all before it are, or were given up."""
        self.acknowledged = 0
        """The value of `durable` that the source was told."""
        self.changed = asyncio.Event()
        """Set when there is something to tell the source: `durable`, `repeated`, `gaps`, `failure`, `done`."""
        self.repeated = False
        self.failure: VoriError | None = None
        self.done = False
        self.last_frame_at: float | None = None
        self._arrivals = Arrivals(0)
        self._held_since: float | None = None
        self._hand_on = hand_on
        self._frames = self._bytes = 0
        """On their way."""
        self._settled = asyncio.Event()
        self._settled.set()
        self._room = asyncio.Event()
        self._clock = asyncio.get_running_loop().time

    def start(self, next_seq: int) -> None:
        """Begin at the first frame that isn't durable yet."""
        self.durable = self.acknowledged = next_seq
        self._arrivals = Arrivals(next_seq)

    async def take(self, frame: Frame) -> None:
        """Take a frame in; waits while too many are on their way.

        Raises what is wrong with the frame, or the `failure` that closed this intake.
        """
        if self.failure:
            raise self.failure
        samples_in(self.stream.codec, self.stream.sample_rate, frame.data)
        self.last_frame_at = self._clock()
        expected = self._arrivals.next_seq
        self._pass(self._arrivals.take(frame))
        if frame.seq < expected:
            self.repeated = True
            self.changed.set()
        while self._bytes > STREAM_BYTES and not self.failure:
            self._room.clear()
            await self._room.wait()

    def _pass(self, frames: tuple[Frame, ...]) -> None:
        for frame in frames:
            self._frames += 1
            self._bytes += len(frame.data)
            self._settled.clear()
            self._hand_on(self, frame)
        self._held_since = (self._held_since or self._clock()) if self._arrivals.held else None
        if self._arrivals.gaps:
            self.changed.set()

    def beat(self, at: float) -> None:
        """Called a few times a second: acknowledge what became durable, go on without what is missing too long."""
        if self.durable > self.acknowledged:
            self.changed.set()
        if self._held_since is not None and at - self._held_since > GRACE_S:
            self.give_up_missing()

    def give_up_missing(self) -> None:
        """Go on without the frames that are missing before the first one held."""
        self._held_since = None
        self._pass(self._arrivals.skip())

    def tell_gaps(self) -> list[tuple[int, int]]:
        """The gaps nobody was told of yet."""
        gaps, self._arrivals.gaps = self._arrivals.gaps, []
        return gaps

    def on_durable(self, frames: list[Frame]) -> None:
        """These are kept for good."""
        self.durable = frames[-1].seq + 1
        self._frames -= len(frames)
        self._bytes -= sum(len(frame.data) for frame in frames)
        if not self._frames:
            self._settled.set()
        self._room.set()
        if self.durable - self.acknowledged >= ACK_FRAMES:
            self.changed.set()

    def fail(self, error: VoriError) -> None:
        """Take nothing more; the source is told why."""
        if self.failure is None and not self.done:
            self.failure = error
            self._arrivals.held.clear()  # a held frame must not overtake one that got lost; both will be sent again
            self.changed.set()
            self._room.set()

    def drop(self, error: VoriError) -> None:
        """What was on its way won't become durable."""
        self._frames = self._bytes = 0
        self._settled.set()
        self.fail(error)

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Something is on its way by itself, published beside the frames taken: whoever settles this waits for it."""
        if self.failure:
            raise self.failure
        self._settled.clear()
        try:
            yield
        finally:
            self._settled.set()

    async def settle(self) -> None:
        """Wait until nothing is on its way any more."""
        await self._settled.wait()

    def finish(self) -> None:
        self.done = True
        self.changed.set()


class Publisher:
    """Collects frames while a batch is being written; the next batch is what came meanwhile."""

    def __init__(self, events: EventLog) -> None:
        self._events = events
        self._waiting: list[tuple[Intake, Frame]] = []
        self._some = asyncio.Event()

    def put(self, intake: Intake, frame: Frame) -> None:
        self._waiting.append((intake, frame))
        self._some.set()

    async def run(self) -> None:
        """Write batch after batch, until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(LINGER_S)
            batch = self._next_batch()
            try:
                await self._publish(batch)
            except SupplierError as error:
                log.error("audio.frames_refused", frames=len(batch), error=str(error))
                self._drop(batch, Unavailable("VORI can't keep sound just now.", remedy="Connect again soon."))
            except Exception:
                log.exception("audio.publish_defect", frames=len(batch))
                self._drop(batch, OurError("VORI failed at keeping this sound.", remedy="Its log says why."))

    def _next_batch(self) -> list[tuple[Intake, Frame]]:
        size = count = 0
        for _, frame in self._waiting[:BATCH_FRAMES]:
            size += len(frame.data)
            if count and size > BATCH_BYTES:
                break
            count += 1
        batch, self._waiting = self._waiting[:count], self._waiting[count:]
        if not self._waiting:
            self._some.clear()
        return batch

    async def _publish(self, batch: list[tuple[Intake, Frame]]) -> None:
        """Make a batch durable, trying again while the log fails, then tell the intakes. Raises `SupplierError`."""
        arrived = now()
        events = [_event(intake.stream, frame, arrived) for intake, frame in batch]
        taken: dict[Intake, list[Frame]] = {}
        for intake, frame in batch:
            taken.setdefault(intake, []).append(frame)
        positions = [
            SourcePosition(intake.source, frames[-1].seq + 1, intake.stream.workspace_id)
            for intake, frames in taken.items()
        ]
        clock = asyncio.get_running_loop().time
        until, pause = clock() + PATIENCE_S, 0.05
        while True:
            try:
                await self._events.publish(events, positions)
                break
            except SupplierError as error:
                if clock() > until:
                    raise
                log.warning("audio.log_fails", frames=len(batch), waiting=len(self._waiting), error=str(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, 2.0)
        for intake, frames in taken.items():
            intake.on_durable(frames)

    def _drop(self, batch: list[tuple[Intake, Frame]], error: VoriError) -> None:
        """Give up the streams of a batch, with all they have waiting: a later frame must not overtake a lost one."""
        given_up = {intake for intake, _ in batch}
        self._waiting = [(intake, frame) for intake, frame in self._waiting if intake not in given_up]
        if not self._waiting:
            self._some.clear()
        for intake in given_up:
            intake.drop(error)


def _event(stream: AudioStream, frame: Frame, arrived: datetime) -> AudioFrame:
    return AudioFrame(
        event_id=new_id(),
        occurred_at=arrived,
        workspace_id=stream.workspace_id,
        meeting_id=stream.meeting_id,
        stream=stream.stream,
        seq=frame.seq,
        captured_ms=frame.captured_ms,
        codec=stream.codec,
        sample_rate=stream.sample_rate,
        data=frame.data,
    )
