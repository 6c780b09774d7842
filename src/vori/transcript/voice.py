"""A stream being transcribed: what it has said, and what waits for words."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

import numpy as np
import structlog

from vori.audio.model import AudioStream
from vori.eventlog import Partition, Record
from vori.events import AudioFrame, TranscriptClosed, UtteranceFinal
from vori.transcript.agree import Agreement, go_on, keep_to
from vori.transcript.context import keep
from vori.transcript.ear import Ear, Heard
from vori.transcript.model import SAMPLE_RATE, Begun, Recogniser, Recognition, Said, Stretch, utterance_id
from vori.transcript.schedule import is_behind
from vori.transcript.shelf import Shelf, Slot
from vori.transcript.speaker_encoder import SpeakerEncoder
from vori.transcript.speakers import Speakers

log = structlog.get_logger()

STILL_READING = timedelta(seconds=2)
"""A record read so lately says how late the reading is."""
WORTH_TELLING_S = 3
IN_MEMORY = 4
"""Jobs of one stream that wait in memory; the sound of more lies on the shelf."""


class Lag(NamedTuple):
    """How a stream's words come late."""

    behind_s: int
    """Whole seconds; 0 when it is not worth telling."""
    queued: bool
    """It waits until others have what they need."""


@dataclass(frozen=True, slots=True)
class Job:
    """A step of a stream to be committed: an utterance, or the beginning of one, to be given words, a checkpoint, the
    stream's end.
    """

    arrived: datetime
    """When the sound that led to it came in."""
    heard: Heard | None = None
    state: bytes | None = None
    """The ear's state after it; None when it isn't worth keeping, or another job of the same record follows."""
    offset: int = 0
    closes: bool = False
    slot: Slot | None = None
    """Where the sound and the state lie, if they were put away."""

    def put_away(self, shelf: Shelf) -> Job:
        heard, sound = self.heard, b""
        if heard:
            sound = heard.samples.tobytes()
            heard = replace(heard, samples=heard.samples[:0])
        return replace(self, heard=heard, state=self.state and b"", slot=shelf.put(sound + (self.state or b"")))

    def taken_out(self, shelf: Shelf) -> Job:
        """Whole again. Blocks."""
        if self.slot is None:
            return self
        data, heard, size = shelf.get(self.slot), self.heard, 0
        if heard:
            size = (heard.end - heard.first) * 2
            heard = replace(heard, samples=np.frombuffer(data[:size], np.int16))
        return replace(self, heard=heard, state=None if self.state is None else data[size:])


@dataclass(slots=True, eq=False)
class Voice:
    """One stream. What the schedule asks for is here too."""

    partition: Partition
    stream: AudioStream
    ear: Ear
    recogniser: Recogniser
    passed: int
    """The last record that its state covers already."""
    before: tuple[Said, ...] = ()
    """What it said last."""
    vocabulary: tuple[str, ...] = ()
    """Terms that its final words are compared with."""
    speakers: Speakers | None = None
    """Those who share this microphone; None: it is one person's, whose name is known."""
    begun: Begun | None = None
    """The latest words that were final before their utterance was over."""
    early: tuple[Heard, Stretch, Recognition] | None = None
    """An utterance that seemed to be over, what was known of it, and its final words, found ahead of time."""
    shown: UUID | None = None
    """The utterance of which a draft is showing."""
    agreement: tuple[int, Agreement] = field(default_factory=lambda: (-1, Agreement()))
    """Of the drafts of the utterance that begins at this sample."""
    offsets: deque[int] = field(default_factory=deque)
    """Of the records that no committed checkpoint covers."""
    jobs: deque[Job] = field(default_factory=deque)
    finishing: bool = False
    drafting: bool = False
    ahead: bool = False
    queued: bool = False
    served_at: float = 0.0
    drafted_at: float = 0.0
    touched: float = 0.0
    """When its last record came."""
    read: tuple[datetime, datetime] | None = None
    """When its last record was read, and when that had come into the log."""

    @property
    def utterances(self) -> int:
        waiting = sum(job.heard is not None for job in self.jobs)
        return waiting - (self.finishing and self.jobs[0].heard is not None)

    @property
    def waiting_since(self) -> float:
        return self.jobs[0].arrived.timestamp() if self.jobs else 0.0

    @property
    def wish(self) -> bool | None:
        draft = self.ear.draft
        return draft.over if draft else None

    def behind_s(self, now: datetime) -> float:
        """How late its words are: seconds that the oldest speech without final words has waited."""
        since = [job.arrived for job in self.jobs if job.heard][:1]
        if self.read and now - self.read[0] < STILL_READING:
            since.append(self.read[1])
        return (now - min(since)).total_seconds() if since else 0.0

    def ends_at(self) -> int | None:
        """Where in the meeting the first utterance without final words ends that is over, in ms; None: there is none.

        One that only waits doesn't count when its stream is behind.
        """
        waiting = self.jobs if not is_behind(self) else [*self.jobs][: self.finishing]
        ends = (job.heard.end for job in waiting if job.heard and job.heard.over)
        first = next(ends, None)
        return None if first is None else self.stream.origin_ms + first * 1000 // SAMPLE_RATE

    def lag(self, now: datetime) -> Lag:
        """As people are told of it."""
        behind_s = int(self.behind_s(now))
        return Lag(behind_s if behind_s >= WORTH_TELLING_S else 0, self.queued)

    def begun_of(self, heard: Heard) -> Begun | None:
        """What of this utterance is final already."""
        return self.begun if self.begun and self.begun.first == heard.first else None

    def has_begun(self, heard: Heard) -> bool:
        """Whether this, or more of its utterance, was heard already to find words that are final."""
        begun = self.begun_of(heard)
        return begun is not None and heard.end <= begun.end

    def stretch(self, heard: Heard) -> Stretch:
        """With all that is known about it by now."""
        begun = self.begun_of(heard)
        return replace(heard.stretch, before=self.before, vocabulary=self.vocabulary, begun=begun)

    def found_early(self, heard: Heard) -> Recognition | None:
        """Its final words, if they were found ahead of time and nothing was learnt since; they are given out once."""
        early, self.early = self.early, None
        if early is None or not heard.is_just(early[0]):
            return None
        same = early[1].before is self.before and early[1].begun is self.begun_of(heard)
        return early[2] if same else None

    def utterance(self, heard: Heard, found: Recognition) -> UtteranceFinal:
        """The utterance as a fact, from its first word to its last, in the meeting's time."""
        stream = self.stream
        utterance = utterance_id(stream.stream, heard.first)
        placed = heard.words(found, stream.origin_ms)
        return UtteranceFinal(
            event_id=utterance,
            workspace_id=stream.workspace_id,
            meeting_id=stream.meeting_id,
            utterance_id=utterance,
            stream=stream.stream,
            speaker=stream.speaker,
            start_ms=placed[0].start_ms,
            end_ms=placed[-1].end_ms,
            language=found.language,
            text=found.text,
            words=placed,
        )

    def whose(self, heard: Heard, encoder: SpeakerEncoder) -> int | None:
        """Which of those who share the microphone says this; None: unknown. Ask once, in order. Blocks."""
        try:
            return self.speakers.take(encoder.hear(heard.spoken)) if self.speakers else None
        except Exception:
            log.exception("speaker.failed", stream=str(self.stream.stream), at_ms=heard.start_ms)
            return None

    def give_back(self, shelf: Shelf) -> None:
        """It is dropped: what it has on the shelf goes. Whoever is finishing its first job gives that back."""
        for job in list(self.jobs)[self.finishing :]:
            if job.slot:
                shelf.clear_one()

    def draft(self, heard: Heard, text: str) -> dict[str, object]:
        """A draft as pages show it, with its stable and its final beginning."""
        if self.agreement[0] != heard.first:
            self.agreement = (heard.first, Agreement())
        final = begun.text if (begun := self.begun_of(heard)) else ""
        text = go_on(final, text)
        return {
            "stream": str(self.stream.stream),
            "speaker": self.stream.speaker,
            "start_ms": self.stream.origin_ms + heard.start_ms,
            "final": final,
            "stable": self.agreement[1].take(text, final=final, over=heard.over),
            "text": text,
        }

    def closed(self, offset: int) -> TranscriptClosed:
        """That all of it has its final words, as a fact."""
        stream = self.stream
        return TranscriptClosed(
            event_id=uuid5(stream.stream, f"closed:{offset}"),
            workspace_id=stream.workspace_id,
            meeting_id=stream.meeting_id,
            stream=stream.stream,
        )

    def checkpoint(self, job: Job, before: tuple[Said, ...]) -> bytes:
        """All that is needed to go on after a job that has a state."""
        notes, sound = keep(before)
        speakers = self.speakers.keep() if self.speakers else []
        head = json.dumps({"passed": job.offset, "before": notes, "speakers": speakers}).encode()
        return head + b"\n" + sound + (job.state or b"")


def hear(records: Sequence[tuple[Record, Voice]], shelf: Shelf) -> None:
    """Find out where speech begins and ends, and give the streams their jobs. Blocks.

    A record that the ear fails at is left out.
    """
    for record, voice in records:
        event, heard, closes = record.event, list[Heard](), False
        try:
            if isinstance(event, AudioFrame):
                heard = voice.ear.take(event)
            elif not voice.ear.closed:
                heard, closes = voice.ear.end(), True
        except Exception:
            log.exception("sound.failed", stream=str(voice.stream.stream), offset=record.offset)
        jobs = [Job(event.occurred_at, one) for one in heard]
        if closes or voice.ear.quiet_for_long() or any(one.over for one in heard):
            voice.ear.settle()
            last = jobs.pop() if jobs else Job(event.occurred_at)
            jobs.append(replace(last, state=voice.ear.state(), offset=record.offset, closes=closes))
        for job in jobs:
            voice.jobs.append(job if len(voice.jobs) < IN_MEMORY else job.put_away(shelf))


class Wish(NamedTuple):
    """Something to be put into words: final ones, or a draft."""

    voice: Voice
    stretch: Stretch
    final: bool


def recognise(wishes: Sequence[Wish]) -> list[Recognition | None]:
    """Words for each. Blocks. None where the recogniser fails."""
    found: list[Recognition | None] = [None] * len(wishes)
    together: dict[Recogniser, list[int]] = {}
    for number, (voice, stretch, final) in enumerate(wishes):
        if not final:
            together.setdefault(voice.recogniser, []).append(number)
            continue
        try:
            words = voice.recogniser.final(stretch)
            continued = voice.recogniser.continues or not stretch.begun
            found[number] = words if continued else keep_to(stretch, words)
        except Exception:
            log.exception("speech.failed", stream=str(voice.stream.stream), at_ms=stretch.start_ms)
    for recogniser, numbers in together.items():
        try:
            drafts = recogniser.drafts([wishes[number].stretch for number in numbers])
            for number, draft in zip(numbers, drafts, strict=True):
                found[number] = draft
        except Exception:
            log.exception("speech.draft_failed", streams=len(numbers))
    return found
