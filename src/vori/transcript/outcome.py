"""How well a meeting was captured: what is missing, where, and why. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vori.audio.model import AudioStream, Segment
from vori.meetings.model import Meeting

Verdict = Literal["complete", "silent", "capture_failed", "recognition_failed"]
Cause = Literal["not_captured", "disconnected", "not_recognised"]

TOLERATED_MS = 500
"""What may be missing in a meeting, over all its streams, without its being told as failed."""
BROKEN_OFF_MS = 5_000
"""A stream whose sound ends this long before the meeting did, and that nobody ended, has broken off."""

Span = tuple[int, int]
"""From and to, in ms; where it says so, since the stream began."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Gap(_Frozen):
    """Sound that is missing from the record: ms since the meeting began."""

    from_ms: int
    to_ms: int
    cause: Cause


class StreamOutcome(_Frozen):
    """What became of one source of sound, between where it began and where it should have ended."""

    stream: UUID
    stream_id: str
    speaker: str | None
    from_ms: int
    to_ms: int
    captured_ms: int
    gaps: tuple[Gap, ...]
    """In order of their time."""

    def missing_ms(self, *causes: Cause) -> int:
        return sum(gap.to_ms - gap.from_ms for gap in self.gaps if gap.cause in causes)


class Outcome(_Frozen):
    """How well a meeting was captured."""

    outcome: Verdict
    final: bool
    """False: so it would be if it ended now, by what is archived and transcribed so far."""
    expected_ms: int
    """Of sound, over all streams."""
    covered_share: float
    """Of what was expected: captured, and brought to a recogniser that did not fail; from 0 to 1, rounded down."""
    streams: tuple[StreamOutcome, ...]

    @property
    def captured_ms(self) -> int:
        return sum(stream.captured_ms for stream in self.streams)

    @property
    def uncaptured_ms(self) -> int:
        return sum(stream.missing_ms("not_captured", "disconnected") for stream in self.streams)

    @property
    def unrecognised_ms(self) -> int:
        return sum(stream.missing_ms("not_recognised") for stream in self.streams)


@dataclass(frozen=True, slots=True)
class Capture:
    """What is known of a stream's sound."""

    stream: AudioStream
    segments: Sequence[Segment]
    """In order."""
    unheard: Sequence[Span] = ()
    """Speech at which recognition failed, since the stream began."""
    settled: bool = True
    """All that was captured is archived and transcribed."""


def judge(meeting: Meeting, captures: Sequence[Capture], said: bool) -> Outcome:
    """The outcome, worst first: capture failed, recognition failed, silent, complete.

    Without a single sample, or with more than `TOLERATED_MS` of sound missing, capture failed; else recognition failed
    if it did so at more than `TOLERATED_MS` of speech; else the meeting is silent if nothing was said (`said`).
    """
    until_ms = _until(meeting, captures)
    streams = tuple(_look(capture, _cut_off(meeting, capture.stream), until_ms) for capture in captures)
    expected_ms = sum(stream.to_ms - stream.from_ms for stream in streams)
    missing_ms = sum(gap.to_ms - gap.from_ms for stream in streams for gap in stream.gaps)
    found = Outcome(
        outcome="complete",
        final=meeting.status == "ended" and all(capture.settled for capture in captures),
        expected_ms=expected_ms,
        covered_share=floor((1 - missing_ms / expected_ms) * 10_000) / 10_000 if expected_ms else 0.0,
        streams=streams,
    )
    return found.model_copy(update={"outcome": _verdict(found, said)})


def _verdict(found: Outcome, said: bool) -> Verdict:
    if not found.captured_ms or found.uncaptured_ms > TOLERATED_MS:
        return "capture_failed"
    if found.unrecognised_ms > TOLERATED_MS:
        return "recognition_failed"
    return "complete" if said else "silent"


def _until(meeting: Meeting, captures: Sequence[Capture]) -> int:
    """Until when a stream that nobody ended should have gone on: ms since the meeting began.

    Who asked for the end was there. A meeting that ended by its silence was left at some time before: nothing is
    expected after the last sample of any stream.
    """
    if meeting.ended_at and meeting.end_reason == "asked":
        return round((meeting.ended_at - meeting.started_at).total_seconds() * 1000)
    return max((capture.stream.origin_ms + _end_ms(capture) for capture in captures), default=0)


def _cut_off(meeting: Meeting, stream: AudioStream) -> bool:
    """Whether it was the meeting's end that ended this stream. A recording's end has nothing to do with the clock."""
    ends = meeting.ended_at, stream.ended_at
    return bool(ends[0] and ends[1] and ends[1] >= ends[0] and stream.recording is None)


def _look(capture: Capture, cut_off: bool, until_ms: int) -> StreamOutcome:
    stream, origin_ms, end_ms = capture.stream, capture.stream.origin_ms, _end_ms(capture)
    to_ms = origin_ms + end_ms
    gaps = [
        Gap(from_ms=origin_ms + begin, to_ms=origin_ms + end, cause="not_captured") for begin, end in _holes(capture)
    ]
    gaps += [
        Gap(from_ms=origin_ms + begin, to_ms=origin_ms + min(end, end_ms), cause="not_recognised")
        for begin, end in _joined(capture.unheard)
        if begin < end_ms
    ]
    if cut_off and until_ms - to_ms > BROKEN_OFF_MS:
        gaps.append(Gap(from_ms=to_ms, to_ms=until_ms, cause="disconnected" if capture.segments else "not_captured"))
        to_ms = until_ms
    rate = stream.sample_rate
    return StreamOutcome(
        stream=stream.stream,
        stream_id=stream.stream_id,
        speaker=stream.speaker,
        from_ms=origin_ms,
        to_ms=to_ms,
        captured_ms=sum(segment.samples for segment in capture.segments) * 1000 // rate,
        gaps=tuple(sorted(gaps, key=lambda gap: (gap.from_ms, gap.to_ms))),
    )


def _end_ms(capture: Capture) -> int:
    """Where its last sample ends, since the stream began."""
    last = capture.segments[-1] if capture.segments else None
    return (last.first_sample + last.samples) * 1000 // capture.stream.sample_rate if last else 0


def _holes(capture: Capture) -> Iterator[Span]:
    """What is missing before and between the segments."""
    at, rate = 0, capture.stream.sample_rate
    for segment in capture.segments:
        if segment.first_sample > at:
            yield at * 1000 // rate, segment.first_sample * 1000 // rate
        at = segment.first_sample + segment.samples


def _joined(spans: Sequence[Span]) -> list[Span]:
    """In order, and none overlapping another."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
