"""The archive worker: frames from the log become FLAC segments, and nothing is left out or kept twice."""

from __future__ import annotations

import asyncio
import base64
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
import structlog
from numpy.typing import NDArray

from vori.audio.flac import encode_flac
from vori.audio.model import Archive, MalformedFrame, Segment, Timeline, folder_of, samples_in, starts_segment
from vori.audio.opus import PRIMING, OpusDecoder
from vori.audio.store import add_segments, read_archive_state, save_archive_state
from vori.database.connection import Database
from vori.errors import SupplierError
from vori.eventlog import Batch, Consumer, EventLog, Fenced, Partition, Record
from vori.events import AudioEnded, AudioFrame, Topic

log = structlog.get_logger()

GROUP = "archive"
BATCH = 500
PACE_S = 0.5
"""Between polls: the archive is in no hurry, and few big batches cost less than many small ones."""
IDLE_S = 5.0
"""A stream that pauses this long has its unfinished segment written out."""
RETRY_S = 1.0


@dataclass(slots=True)
class _Stream:
    """A stream being archived: its timeline, and the segment that is still growing."""

    workspace_id: UUID
    meeting_id: UUID
    stream: UUID
    partition: Partition
    timeline: Timeline | None
    """None before the first frame, which tells the sample rate."""
    packets: deque[bytes]
    """The last Opus packets: each segment's decoder begins with them, so that a replay decodes the same."""
    ended: bool = False
    decoder: OpusDecoder | None = None
    first_sample: int = 0
    blocks: list[NDArray[np.int16]] = field(default_factory=list)
    first_offset: int = 0
    """Of the first record in the growing segment: where reading must begin after a restart."""
    leaving: list[tuple[int, list[NDArray[np.int16]]]] = field(default_factory=list)
    """(first sample, blocks) of segments that are written and not committed yet."""
    touched: float = 0.0

    def state(self) -> dict[str, Any]:
        """What to go on from after a restart."""
        timeline = self.timeline
        return {
            "timeline": [timeline.sample_rate, timeline.next_seq, timeline.next_sample] if timeline else None,
            "packets": [base64.b64encode(packet).decode() for packet in self.packets],
            "ended": self.ended,
        }


@dataclass(frozen=True, slots=True)
class _Cut:
    """A step of a stream to be committed: perhaps a segment, and the state after it."""

    stream: _Stream
    segment: Segment | None
    state: dict[str, Any]


class Archivist:
    """Archives all sound of the partitions it is given, as a member of the group `archive`."""

    def __init__(
        self,
        database: Database,
        events: EventLog,
        archive: Archive,
        *,
        pace_s: float = PACE_S,
        idle_s: float = IDLE_S,
    ) -> None:
        self._database = database
        self._events = events
        self.archive = archive
        self._pace_s = pace_s
        self._idle_s = idle_s
        self._streams: dict[UUID, _Stream] = {}
        self._read: dict[Partition, int] = {}
        """Per partition: the next record to come."""
        self._kept: dict[Partition, int] = {}
        """Per partition: the progress last committed."""

    async def run(self) -> None:
        """Work until cancelled. What fails is done again from the last commit, with the same result."""
        while True:
            try:
                async with self._events.consumer(GROUP, (Topic.AUDIO,)) as consumer:
                    while True:
                        await self._step(consumer)
            except (SupplierError, Fenced, OSError) as error:
                log.warning("archive.starts_over", error=str(error))
            finally:
                self._streams.clear()
                self._read.clear()
                self._kept.clear()
            await asyncio.sleep(RETRY_S)

    def growing(self, stream: UUID) -> list[tuple[int, NDArray[np.int16]]]:
        """(first sample, samples) of a stream's newest stretches, those in no segment that can be read yet.

        None at all if another archivist has this stream.
        """
        known = self._streams.get(stream)
        if known is None:
            return []
        first, blocks = known.first_sample, list(known.blocks)
        stretches = list(known.leaving)
        if blocks and known.first_sample == first:  # else the archiving thread was quicker
            stretches.append((first, blocks))
        return [(at, np.concatenate(parts)) for at, parts in stretches]

    async def _step(self, consumer: Consumer) -> None:
        batch = await consumer.poll(limit=BATCH, wait_s=min(1.0, self._idle_s))
        self._reassign(batch)
        for record in batch.records:
            await self._know(record)
        cuts = await asyncio.to_thread(self._archive_all, batch.records)
        await self._commit(consumer, cuts)
        if len(batch.records) < BATCH:
            await asyncio.sleep(self._pace_s)

    def _reassign(self, batch: Batch) -> None:
        changed = batch.assigned | batch.revoked
        self._streams = {key: stream for key, stream in self._streams.items() if stream.partition not in changed}
        for partition in changed:
            self._read.pop(partition, None)
            self._kept.pop(partition, None)

    async def _know(self, record: Record) -> None:
        """Load what is known of a record's stream."""
        event = record.event
        if not isinstance(event, AudioFrame | AudioEnded) or event.stream in self._streams:
            return
        async with self._database.transaction(event.workspace_id) as tx:
            state = await read_archive_state(tx, event.stream) or {}
        timeline, packets = state.get("timeline"), state.get("packets", ())
        self._streams[event.stream] = _Stream(
            workspace_id=event.workspace_id,
            meeting_id=event.meeting_id,
            stream=event.stream,
            partition=record.partition,
            timeline=Timeline(*timeline) if timeline else None,
            packets=deque((base64.b64decode(packet) for packet in packets), PRIMING),
            ended=state.get("ended", False),
        )

    def _archive_all(self, records: Sequence[Record]) -> list[_Cut]:
        """Place the frames, and write the segments that are complete. Blocks."""
        cuts: list[_Cut] = []
        at = time.monotonic()
        for record in records:
            self._read[record.partition] = record.offset + 1
            event = record.event
            if isinstance(event, AudioFrame):
                cuts += self._place(self._streams[event.stream], event, record.offset, at)
            elif isinstance(event, AudioEnded):
                cuts += self._end(self._streams[event.stream])
        for stream in self._streams.values():
            if stream.blocks and at - stream.touched > self._idle_s:
                cuts.append(self._cut(stream))
        return cuts

    def _place(self, stream: _Stream, frame: AudioFrame, offset: int, at: float) -> Iterable[_Cut]:
        """A frame that comes after the stream's end was acknowledged like any other: it is kept."""
        timeline = stream.timeline = stream.timeline or Timeline(frame.sample_rate)
        try:
            samples = samples_in(frame.codec, frame.sample_rate, frame.data)
        except MalformedFrame:
            return
        placed = timeline.place(frame.seq, frame.captured_ms, samples)
        if placed is None:
            return
        first, after = placed
        if stream.blocks and starts_segment(first, stream.first_sample, timeline.next_sample, timeline.sample_rate):
            yield self._cut(stream)
        if not stream.blocks:
            stream.first_sample, stream.first_offset = first, offset
            opus = frame.codec == "opus"
            stream.decoder = OpusDecoder(frame.sample_rate, stream.packets) if opus else None
        if stream.decoder:
            stream.blocks.append(stream.decoder.decode(frame.data))
            stream.packets.append(frame.data)
        else:
            stream.blocks.append(np.frombuffer(frame.data, "<i2"))
        stream.timeline, stream.touched = after, at

    def _end(self, stream: _Stream) -> Iterable[_Cut]:
        if stream.ended:
            return
        stream.ended = True
        self.archive.write(f"{folder_of(stream.meeting_id, stream.stream)}/end.txt", b"Recording Finished")
        yield self._cut(stream)

    def _cut(self, stream: _Stream) -> _Cut:
        """Write the growing segment to the archive; what there is to commit."""
        segment = None
        if stream.blocks:
            assert stream.timeline is not None
            samples, rate = np.concatenate(stream.blocks), stream.timeline.sample_rate
            path = f"{folder_of(stream.meeting_id, stream.stream)}/{stream.first_sample}.flac"
            self.archive.write(path, encode_flac(samples, rate))
            segment = Segment(stream.stream, stream.meeting_id, stream.first_sample, len(samples), rate, path)
            stream.leaving.append((stream.first_sample, stream.blocks))
            stream.blocks = []
        return _Cut(stream, segment, stream.state())

    async def _commit(self, consumer: Consumer, cuts: Sequence[_Cut]) -> None:
        """Segments, states and progress: a transaction per partition and workspace, the last one with the progress."""
        for partition, progress in self._low_watermarks().items():
            here = [cut for cut in cuts if cut.stream.partition == partition]
            workspaces = sorted({cut.stream.workspace_id for cut in here})
            if not here and self._kept.get(partition) == progress:
                continue
            for number, workspace_id in enumerate(workspaces or (None,), 1):
                last = number >= len(workspaces)
                async with self._database.transaction(workspace_id) as tx:
                    mine = [cut for cut in here if cut.stream.workspace_id == workspace_id]
                    await add_segments(tx, (cut.segment for cut in mine if cut.segment))
                    for stream, state in {cut.stream.stream: cut.state for cut in mine}.items():
                        await save_archive_state(tx, stream, state)
                    await consumer.commit(tx, {partition: progress if last else self._kept.get(partition, 0)})
            self._kept[partition] = progress
        for cut in cuts:
            cut.stream.leaving.clear()
        self._streams = {key: stream for key, stream in self._streams.items() if stream.blocks}

    def _low_watermarks(self) -> dict[Partition, int]:
        """Per partition: the first record that a restart must read again."""
        marks = dict(self._read)
        for stream in self._streams.values():
            if stream.blocks:
                marks[stream.partition] = min(marks[stream.partition], stream.first_offset)
        return marks
