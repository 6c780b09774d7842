"""Sound on its way in: the frame on the wire, its order, and where its samples lie in time. Pure: no I/O."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID, uuid5

from vori.audio.packet import opus_duration
from vori.errors import Conflict, Invalid, TooLarge
from vori.events import Language

Codec = Literal["pcm_s16le", "opus"]

HEADER = struct.Struct(">IQ")
"""Every binary frame begins with: sequence number (uint32), capture time in ms since the stream began (uint64)."""
MAX_FRAME = 64 * 1024
"""Bytes of one frame, header included."""
MAX_CAPTURED_MS = 24 * 3600 * 1000
"""A stream holds at most a day."""
MAX_JUMP = 1000
"""A sequence number this far from the one expected is a mistake, not a lost or repeated frame."""
REORDER_WINDOW = 32
"""Frames held back at most while an earlier one is missing."""
JUMP_MS = 400
"""A capture time this far from where the samples end means sound is missing: the timeline jumps."""
SEGMENT_S = 10
"""Length of an archived segment, in seconds of its stream's time."""

RATES = {"pcm_s16le": range(8_000, 48_001), "opus": (8_000, 12_000, 16_000, 24_000, 48_000)}
"""Sample rates taken, in Hz."""


class MalformedFrame(Invalid):
    code = "malformed_frame"


class FrameTooLarge(TooLarge):
    code = "frame_too_large"


class WrongSequence(Invalid):
    code = "wrong_sequence"


class StreamClosed(Conflict):
    """The stream takes no more sound; `code` says why (stream_ended, meeting_ended, replaced …)."""

    code = "stream_ended"


@dataclass(frozen=True, slots=True)
class Frame:
    seq: int
    captured_ms: int
    data: bytes


@dataclass(frozen=True, slots=True)
class AudioStream:
    """One source of sound in a meeting: a microphone, a file, a recorder that sends chunks."""

    stream: UUID
    workspace_id: UUID
    meeting_id: UUID
    stream_id: str
    """The client's own name for it, unique in the meeting."""
    codec: Codec
    sample_rate: int
    language: Language | None
    speaker: str | None
    origin_ms: int
    """Where the stream's time 0 lies: ms since the meeting began."""
    created_at: datetime
    recording: str | None = None
    """SHA-256 of the recording that this stream is, in hex; None for live sound, and for chunks."""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """An archived stretch of a stream: `samples` from `first_sample` on, under `path` in the archive."""

    stream: UUID
    meeting_id: UUID
    first_sample: int
    samples: int
    sample_rate: int
    path: str


class Archive(Protocol):
    """Where recordings are kept. Calls block; run them in a thread."""

    def write(self, path: str, data: bytes) -> None:
        """Keep `data` under `path`, replacing what was there; all of it or nothing, and durable on return."""
        ...

    def read(self, path: str) -> bytes:
        """What was written. Raises `NotFound`."""
        ...

    def remove(self, folder: str) -> bool:
        """Delete all that is kept under `folder/`, for good; False if there was nothing. Raises `OSError`."""
        ...


def stream_key(meeting_id: UUID, stream_id: str) -> UUID:
    """VORI's own id for a client's stream."""
    return uuid5(meeting_id, f"stream:{stream_id}")


def folder_of(meeting_id: UUID, stream: UUID) -> str:
    """A stream's folder in the archive."""
    return f"{meeting_id}/{stream}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where a stream stands: which frame comes next, and at which sample. The same frames give the same timeline."""

    sample_rate: int
    next_seq: int = 0
    next_sample: int = 0

    def place(self, seq: int, captured_ms: int, samples: int) -> tuple[int, Timeline] | None:
        """(first sample of this frame, the timeline after it); None for a frame that was already placed.

        Samples follow each other without a seam unless frames are missing or the capture time jumps by `JUMP_MS`.
        """
        if seq < self.next_seq:
            return None
        captured = captured_ms * self.sample_rate // 1000
        off = captured - self.next_sample
        first = self.next_sample
        if off > JUMP_MS * self.sample_rate // 1000 or (seq > self.next_seq and off > 0):
            first = captured
        return first, Timeline(self.sample_rate, seq + 1, first + samples)


def starts_segment(first_sample: int, segment_first: int, segment_end: int, sample_rate: int) -> bool:
    """Whether a frame opens a new archive segment after one that covers [segment_first, segment_end).

    A segment holds frames without a gap whose first samples lie in the same 10 s of the stream's time.
    """
    window = SEGMENT_S * sample_rate
    return first_sample != segment_end or first_sample // window != segment_first // window


def parse_frame(message: bytes) -> Frame:
    """A binary WebSocket message as a frame. Raises `MalformedFrame`, `FrameTooLarge`."""
    if len(message) <= HEADER.size:
        raise MalformedFrame(
            f"A frame of {len(message)} bytes has no sound in it.",
            remedy=f"Send {HEADER.size} bytes of header (uint32 sequence, uint64 capture ms, big-endian), then audio.",
        )
    if len(message) > MAX_FRAME:
        raise FrameTooLarge(
            f"A frame of {len(message)} bytes is over the limit of {MAX_FRAME}.",
            remedy="Send about 100 ms of sound per frame.",
        )
    seq, captured_ms = HEADER.unpack_from(message)
    if captured_ms > MAX_CAPTURED_MS:
        raise MalformedFrame(
            f"A capture time of {captured_ms} ms is more than a day after the stream began.",
            remedy="Count milliseconds from the stream's first sample, not from a calendar date.",
        )
    return Frame(seq, captured_ms, message[HEADER.size :])


def samples_in(codec: Codec, sample_rate: int, data: bytes) -> int:
    """How many samples at `sample_rate` a frame's sound holds. Raises `MalformedFrame` if it can't be decoded."""
    if codec == "opus":
        milliseconds = opus_duration(data)
        if not milliseconds:
            raise MalformedFrame(
                f"A frame's {len(data)} bytes are not an Opus packet.",
                remedy="Send one Opus packet (RFC 6716) per frame, without a container.",
            )
        return int(milliseconds * sample_rate / 1000)
    if len(data) % 2 or not data:
        raise MalformedFrame(
            f"A frame of {len(data)} bytes can't hold 16-bit samples.", remedy="Send whole samples, two bytes each."
        )
    return len(data) // 2


@dataclass(slots=True)
class Arrivals:
    """Puts the frames of one stream in order, as they arrive."""

    next_seq: int
    """The frame to hand on next; everything before it was handed on, or given up."""
    held: dict[int, Frame] = field(default_factory=dict)
    """Frames that came before one that is still missing."""
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """Frames given up since somebody last looked: (first, last)."""

    def take(self, frame: Frame) -> tuple[Frame, ...]:
        """The frames that are now in order: none for a repeated one, or one that must wait for another.

        Raises `WrongSequence` when the number is far from the one expected.
        """
        seq = frame.seq
        if seq == self.next_seq and not self.held:
            self.next_seq = seq + 1
            return (frame,)
        self._refuse_far(seq)
        if seq < self.next_seq:
            return ()
        self.held[seq] = frame
        return self._in_order() if len(self.held) <= REORDER_WINDOW else self.skip()

    def skip(self) -> tuple[Frame, ...]:
        """Give up on what is missing before the first frame held; the frames that are now in order."""
        if not self.held:
            return ()
        first = min(self.held)
        if first > self.next_seq:
            self.gaps.append((self.next_seq, first - 1))
            self.next_seq = first
        return self._in_order()

    def _in_order(self) -> tuple[Frame, ...]:
        ready = []
        while (frame := self.held.pop(self.next_seq, None)) is not None:
            ready.append(frame)
            self.next_seq += 1
        return tuple(ready)

    def _refuse_far(self, seq: int) -> None:
        if abs(seq - self.next_seq) > MAX_JUMP:
            raise WrongSequence(
                f"Frame {seq} is far from {self.next_seq}, the one expected next.",
                remedy=f"Go on at {self.next_seq} (`ready` says where); for other sound choose another stream_id.",
            )
