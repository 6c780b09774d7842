"""What was recorded, played back: archived segments and silence between them, as one WAV file, any part of it."""

from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import structlog
from numpy.typing import NDArray

from vori.audio.flac import decode_flac
from vori.audio.model import Archive, AudioStream, Segment
from vori.errors import BadAnswer, Invalid, NotFound

log = structlog.get_logger()

WAV = struct.Struct("<4sI4s4sIHHIIHH4sI")
MAX_WAV = 2**32 - 1
BLOCK = 64 * 1024
"""Samples put together at a time."""
RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Track:
    """A stream's sound: archived segments in order, and what is too new to be archived."""

    stream: AudioStream
    segments: Sequence[Segment]
    newest: Sequence[tuple[int, NDArray[np.int16]]] = ()
    """Stretches of it: (first sample, samples)."""

    @property
    def end_ms(self) -> int:
        """Where its last sample lies in the meeting, rounded up."""
        ends = [segment.first_sample + segment.samples for segment in self.segments[-1:]]
        ends += [first + len(samples) for first, samples in self.newest[-1:]]
        return self.stream.origin_ms - (-max(ends, default=0) * 1000 // self.stream.sample_rate)


class Recording:
    """The sound of some tracks between two times of the meeting, mixed; 16-bit mono WAV, read in any part.

    Its rate is the highest of the tracks'; lower ones are interpolated. What lies in `quiet` stretches (from and to,
    ms since the meeting began) is silence.
    """

    def __init__(
        self,
        archive: Archive,
        tracks: Sequence[Track],
        from_ms: int,
        to_ms: int | None,
        quiet: Sequence[tuple[int, int]] = (),
    ) -> None:
        if not tracks or all(not track.segments and not track.newest for track in tracks):
            raise NotFound("Nothing is recorded here yet.", remedy="Sound can be played seconds after it arrived.")
        to_ms = max(track.end_ms for track in tracks) if to_ms is None else to_ms
        self._tracks = tracks
        self._quiet = quiet
        self.sample_rate = max(track.stream.sample_rate for track in tracks)
        self._first = from_ms * self.sample_rate // 1000
        self.samples = to_ms * self.sample_rate // 1000 - self._first
        self.size = WAV.size + 2 * self.samples
        if self.samples <= 0 or self.size > MAX_WAV:
            raise Invalid(
                f"There is no WAV file from {from_ms} ms to {to_ms} ms.",
                remedy="Choose to_ms after from_ms, and less than a day after it.",
            )
        self._segment = lru_cache(2 * len(tracks))(lambda path: _read(archive, path))

    def header(self) -> bytes:
        data, rate = 2 * self.samples, self.sample_rate
        return WAV.pack(b"RIFF", self.size - 8, b"WAVE", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16, b"data", data)

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """The file's bytes [start, end), in blocks. Blocks of time are read from the archive as they are needed."""
        if start < WAV.size:
            yield self.header()[start:end]
            start = WAV.size
        while start < end:
            first, skip = divmod(start - WAV.size, 2)
            count = min(BLOCK, self.samples - first)
            block = self._mix(self._first + first, count).tobytes()[skip : skip + end - start]
            start += len(block)
            yield block

    def _mix(self, first: int, count: int) -> NDArray[np.int16]:
        """Samples [first, first + count) of the meeting's time."""
        mixed = self._sum(first, count)
        for start_ms, end_ms in self._quiet:
            begin, end = (at * self.sample_rate // 1000 - first for at in (start_ms, end_ms))
            mixed[max(0, begin) : max(0, end)] = 0
        return mixed

    def _sum(self, first: int, count: int) -> NDArray[np.int16]:
        if len(self._tracks) == 1:
            return self._track(self._tracks[0], first, count)
        total = np.zeros(count, np.int32)
        for track in self._tracks:
            total += self._track(track, first, count)
        return np.clip(total, -32768, 32767).astype("<i2")

    def _track(self, track: Track, first: int, count: int) -> NDArray[np.int16]:
        rate, origin_ms = track.stream.sample_rate, track.stream.origin_ms
        if rate == self.sample_rate:
            return self._samples(track, first - origin_ms * rate // 1000, count)
        at = (np.arange(first, first + count) / self.sample_rate - origin_ms / 1000) * rate
        low = int(np.floor(at[0]))
        known = self._samples(track, low, int(at[-1]) + 2 - low)
        return np.rint(np.interp(at - low, np.arange(len(known)), known)).astype("<i2")

    def _samples(self, track: Track, first: int, count: int) -> NDArray[np.int16]:
        """A stretch of a track in its own time; silence where nothing was captured."""
        out = np.zeros(count, "<i2")
        starts = [segment.first_sample for segment in track.segments]
        for segment in track.segments[max(0, bisect_right(starts, first) - 1) :]:
            if segment.first_sample >= first + count:
                break
            if segment.first_sample + segment.samples > first:
                _lay(out, first, segment.first_sample, self._segment(segment.path))
        for at, samples in track.newest:
            _lay(out, first, at, samples)
        return out


def _lay(out: NDArray[np.int16], first: int, at: int, samples: NDArray[np.int16]) -> None:
    """Copy what of `samples`, which begin at `at`, falls into `out`, which begins at `first`."""
    begin, end = max(first, at), min(first + len(out), at + len(samples))
    if begin < end:
        out[begin - first : end - first] = samples[begin - at : end - at]


def _read(archive: Archive, path: str) -> NDArray[np.int16]:
    """A segment's samples; none, and a line in the log, if its file is gone or damaged: the rest can still be heard."""
    try:
        return decode_flac(archive.read(path))
    except (NotFound, BadAnswer) as error:
        log.error("archive.segment_lost", path=path, error=str(error))
        return np.zeros(0, np.int16)


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes [start, end) that an HTTP Range header asks for; None for all of them.

    Raises `ValueError` if they lie outside. A header in another form is as good as none (RFC 9110, section 14.2).
    """
    match = RANGE.fullmatch(header.strip()) if header else None
    if match is None or match[0] == "bytes=-":
        return None
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < start:
            return None
    if start >= end:
        raise ValueError(header)
    return start, end
