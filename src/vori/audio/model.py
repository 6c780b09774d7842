"""Sound on its way in: the frame on the wire, and where its samples lie in time. Pure: no I/O."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid5

from vori.errors import Invalid

Codec = Literal["pcm_s16le", "opus"]

HEADER = struct.Struct(">IQ")
"""Every binary frame begins with: sequence number (uint32), capture time in ms since the stream began (uint64)."""
MAX_FRAME = 64 * 1024
"""Bytes of one frame, header included."""
MAX_SEQ = 2**32 - 1
JUMP_MS = 400
"""A capture time this far from where the samples end means sound is missing: the timeline jumps."""


class MalformedFrame(Invalid):
    code = "malformed_frame"


@dataclass(frozen=True, slots=True)
class Frame:
    seq: int
    captured_ms: int
    data: bytes


def stream_key(meeting_id: UUID, stream_id: str) -> UUID:
    """VORI's own id for a client's stream."""
    return uuid5(meeting_id, f"stream:{stream_id}")


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


def parse_frame(message: bytes) -> Frame:
    """A binary WebSocket message as a frame. Raises `MalformedFrame`."""
    if len(message) <= HEADER.size:
        raise MalformedFrame(
            f"A frame of {len(message)} bytes has no sound in it.",
            remedy=f"Send a {HEADER.size}-byte header (uint32 sequence, uint64 capture time, big-endian), then audio.",
        )
    seq, captured_ms = HEADER.unpack_from(message)
    return Frame(seq, captured_ms, message[HEADER.size :])
