"""The transcriber: frames from the log become utterances, each committed once, with the progress that led to it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

import structlog

from vori.audio.model import AudioStream
from vori.audio.store import read_stream
from vori.database.connection import Database, Transaction
from vori.errors import SupplierError
from vori.eventlog import Batch, Consumer, EventLog, Fenced, Partition, Record
from vori.events import AudioEnded, AudioFrame, Topic, TranscriptClosed, UnknownEvent, UtteranceFinal
from vori.livefeed import LiveFeed
from vori.meetings.store import read_meeting
from vori.transcript.context import after, keep, recall
from vori.transcript.ear import Ear, Heard
from vori.transcript.model import SAMPLE_RATE, Recogniser, Recognition, Said, utterance_id
from vori.transcript.scripted import Scripted
from vori.transcript.show import draft_message, utterance_message
from vori.transcript.silero import Silero
from vori.transcript.store import add_unheard, add_utterance, read_checkpoint, save_checkpoint

log = structlog.get_logger()

GROUP = "transcript"
BATCH = 200
MOST_WAITING = 16
"""Utterances waiting for words before no more sound is taken from the log."""
ATTEMPTS = 3
"""At a stretch that the recogniser fails on."""
RETRY_S = 1.0
IDLE_S = 10.0
"""After so long without sound a stream's state is kept: it may never come back, and must not hold up the log."""
PROGRESS_S = 5.0
"""How often progress is committed that nothing else came with."""


async def run(database: Database, events: EventLog, feed: LiveFeed, recogniser: Recogniser) -> None:
    """Until cancelled. What fails is done again from the last commit, with the same result."""
    silero = Silero()
    while True:
        try:
            async with events.consumer(GROUP, (Topic.AUDIO,)) as consumer:
                session = Session(
                    database=database, events=events, feed=feed, recogniser=recogniser, silero=silero, consumer=consumer
                )
                await session.run()
        except UnknownEvent as error:
            log.error("transcript.stopped", reason=error.message, remedy=error.remedy)
            raise
        except (SupplierError, Fenced) as error:
            log.warning("transcript.starts_over", reason=str(error), retry_in_s=RETRY_S)
            await asyncio.sleep(RETRY_S)


@dataclass(slots=True)
class Voice:
    """A stream being transcribed."""

    partition: Partition
    stream: AudioStream
    ear: Ear
    recogniser: Recogniser
    passed: int
    """The last record that its state covers already."""
    before: tuple[Said, ...] = ()
    """What it said last."""
    early: tuple[Heard, tuple[Said, ...], Recognition] | None = None
    """An utterance that seemed to be over, what was said before it, and its final words, found ahead of time."""
    drafted_at: float = 0.0
    """When it last had a draft, so that streams take turns."""
    shown: UUID | None = None
    """The utterance of which a draft is showing."""
    offsets: deque[int] = field(default_factory=deque)
    """Of the records that no committed checkpoint covers."""
    touched: float = 0.0
    """When its last record came."""


@dataclass(frozen=True, slots=True)
class Job:
    """A step of a stream to be committed: an utterance to be given words, a checkpoint, the stream's end."""

    voice: Voice
    heard: Heard | None = None
    state: bytes | None = None
    """The ear's state after it; None when another job of the same record follows."""
    offset: int = 0
    closes: bool = False


class Session:
    """A member of the group, for as long as nothing fails. Two loops: one listens, one finds words."""

    def __init__(
        self,
        *,
        database: Database,
        events: EventLog,
        feed: LiveFeed,
        recogniser: Recogniser,
        silero: Silero,
        consumer: Consumer,
    ) -> None:
        self._database = database
        self._events = events
        self._feed = feed
        self._recogniser = recogniser
        self._silero = silero
        self._consumer = consumer
        self._voices: dict[UUID, Voice] = {}
        self._read: dict[Partition, int] = {}
        """Per partition: the next record to come."""
        self._committed: dict[Partition, int] = {}
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._room = asyncio.Event()

    async def run(self) -> None:
        """Both loops, until one fails."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._work())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _listen(self) -> None:
        """Take records from the log, and find out where speech begins and ends."""
        noted_at = 0.0
        while True:
            batch = await self._consumer.poll(limit=BATCH, wait_s=1.0)
            self._reassign(batch)
            known = [(record, voice) for record in batch.records if (voice := await self._know(record))]
            now = asyncio.get_running_loop().time()
            for record, voice in known:
                voice.offsets.append(record.offset)
                voice.touched = now
            self._jobs.extend(await asyncio.to_thread(_hear, known))
            self._jobs.extend(self._idle(now))
            for record in batch.records:
                self._read[record.partition] = record.offset + 1
            self._forget_closed()
            self._wake.set()
            if now - noted_at > PROGRESS_S:
                noted_at = now
                await self._note_progress()
            while len(self._jobs) > MOST_WAITING:
                self._room.clear()
                await self._room.wait()

    async def _work(self) -> None:
        """Find words: those that become final first, then the drafts, the one that waits longest first."""
        while True:
            self._wake.clear()
            if self._jobs:
                await self._finish(self._jobs.popleft())
                self._room.set()
            elif wishes := [voice for voice in self._voices.values() if voice.ear.draft]:
                await self._draft(min(wishes, key=lambda voice: voice.drafted_at))
            else:
                await self._wake.wait()

    def _idle(self, now: float) -> list[Job]:
        """Checkpoints of streams that fell silent without an end."""
        idle = [voice for voice in self._voices.values() if voice.offsets and now - voice.touched > IDLE_S]
        for voice in idle:
            voice.touched = now
        return [Job(voice, state=voice.ear.state(), offset=voice.offsets[-1]) for voice in idle]

    def _forget_closed(self) -> None:
        """Only here, where nothing is being heard: a late frame may follow the end of its stream."""
        for stream in [key for key, voice in self._voices.items() if voice.ear.closed and not voice.offsets]:
            del self._voices[stream]

    def _reassign(self, batch: Batch) -> None:
        changed = batch.assigned | batch.revoked
        if changed:
            self._voices = {key: voice for key, voice in self._voices.items() if voice.partition not in changed}
            self._jobs = deque(job for job in self._jobs if job.voice.partition not in changed)
            self._read = {partition: at for partition, at in self._read.items() if partition not in changed}

    async def _know(self, record: Record) -> Voice | None:
        """The stream of a record, loaded if need be; None when the record means nothing to it any more."""
        event = record.event
        if not isinstance(event, AudioFrame | AudioEnded):
            return None
        voice = self._voices.get(event.stream) or await self._load(event, record.partition)
        return voice if voice and record.offset > voice.passed else None

    async def _load(self, event: AudioFrame | AudioEnded, partition: Partition) -> Voice | None:
        async with self._database.transaction(event.workspace_id) as tx:
            stream = await read_stream(tx, event.stream)
            if stream is None:
                return None
            meeting = await read_meeting(tx, event.meeting_id)
            kept = await read_checkpoint(tx, event.stream) or b'{"passed":-1,"before":[]}\n'
        line, _, kept = kept.partition(b"\n")
        head = json.loads(line)
        before, state = recall(head["before"], kept)
        pinned = stream.language or (None if meeting.language == "auto" else meeting.language)
        lines = [said for said in meeting.script if said.stream_id == stream.stream_id]
        ear = Ear(self._silero, codec=stream.codec, sample_rate=stream.sample_rate, language=pinned, kept=state)
        self._voices[event.stream] = voice = Voice(
            partition=partition,
            stream=stream,
            ear=ear,
            recogniser=Scripted(lines) if meeting.rehearsal else self._recogniser,
            passed=head["passed"],
            before=before,
        )
        return voice

    async def _draft(self, voice: Voice) -> None:
        """Show what is being said; in its final words already if it seems to be over."""
        draft, voice.ear.draft = voice.ear.draft, None
        voice.drafted_at = asyncio.get_running_loop().time()
        if draft is None:
            return
        before = voice.before
        found = await asyncio.to_thread(_recognise, voice, draft)
        if found is None or self._voices.get(voice.stream.stream) is not voice:
            return
        if draft.over:
            voice.early = (draft, before, found)
        if not found.text or voice.ear.speaking != draft.first:
            return
        stream = voice.stream
        voice.shown = utterance_id(stream.stream, draft.first)
        data: dict[str, object] = {
            "stream": str(stream.stream),
            "speaker": stream.speaker,
            "start_ms": stream.origin_ms + draft.stretch.start_ms,
            "text": found.text,
        }
        await self._feed.publish(draft_message(stream.workspace_id, stream.meeting_id, voice.shown, data))

    async def _finish(self, job: Job) -> None:
        """Do a job, and commit all that it leads to."""
        voice, heard, found = job.voice, job.heard, None
        if heard:
            found = await self._final(voice, heard)
        if self._voices.get(voice.stream.stream) is not voice:
            return
        said = _utterance(voice.stream, heard, found) if heard and found and found.text else None
        before = after(voice.before, heard.stretch, found) if heard and found else voice.before
        covered = sum(offset <= job.offset for offset in voice.offsets) if job.state is not None else 0
        async with self._database.transaction(voice.stream.workspace_id) as tx:
            if heard:
                await self._take_back_draft(tx, voice, heard)
            if heard and found is None:
                span = (heard.stretch.start_ms, heard.end * 1000 // SAMPLE_RATE)
                await add_unheard(tx, voice.stream.meeting_id, voice.stream.stream, span)
            if said and await add_utterance(tx, said, voice.recogniser.name):
                await self._events.append(tx, said)
                await self._feed.publish(utterance_message(said), tx)
            if job.state is not None:
                await self._checkpoint(tx, job, before)
                await self._consumer.commit(tx, {voice.partition: self._needed(voice.partition, voice, covered)})
        voice.before = before
        for _ in range(covered):
            voice.offsets.popleft()

    async def _final(self, voice: Voice, heard: Heard) -> Recognition | None:
        """Its final words; None when the recogniser fails at it time and again."""
        early, voice.early = voice.early, None
        if early and (early[0].first, early[0].end) == (heard.first, heard.end) and early[1] is voice.before:
            return early[2]
        for _ in range(ATTEMPTS):
            found = await asyncio.to_thread(_recognise, voice, heard)
            if found is not None:
                return found
        return None

    async def _take_back_draft(self, tx: Transaction, voice: Voice, heard: Heard) -> None:
        stream, utterance = voice.stream, utterance_id(voice.stream.stream, heard.first)
        if voice.shown == utterance:
            voice.shown = None
            await self._feed.publish(draft_message(stream.workspace_id, stream.meeting_id, utterance, None), tx)

    async def _checkpoint(self, tx: Transaction, job: Job, before: tuple[Said, ...]) -> None:
        stream = job.voice.stream
        notes, sound = keep(before)
        head = json.dumps({"passed": job.offset, "before": notes}).encode()
        kept = head + b"\n" + sound + (job.state or b"")
        await save_checkpoint(tx, stream.meeting_id, stream.stream, kept, job.closes)
        if job.closes:
            closed = TranscriptClosed(
                event_id=uuid5(stream.stream, f"closed:{job.offset}"),
                workspace_id=stream.workspace_id,
                meeting_id=stream.meeting_id,
                stream=stream.stream,
            )
            await self._events.append(tx, closed)

    async def _note_progress(self) -> None:
        """Commit how far the log is not needed any more, also where nothing came of it."""
        moved = {partition: self._needed(partition) for partition in self._read}
        moved = {partition: at for partition, at in moved.items() if at > self._committed.get(partition, 0)}
        if moved:
            async with self._database.transaction() as tx:
                await self._consumer.commit(tx, moved)
            self._committed |= moved

    def _needed(self, partition: Partition, voice: Voice | None = None, covered: int = 0) -> int:
        """The first record of a partition that is still needed, once `covered` records of `voice` are not."""
        waiting = (
            other.offsets[covered if other is voice else 0]
            for other in self._voices.values()
            if other.partition == partition and len(other.offsets) > (covered if other is voice else 0)
        )
        return min(waiting, default=self._read.get(partition, 0))


def _recognise(voice: Voice, heard: Heard) -> Recognition | None:
    """Blocks. None when the recogniser fails."""
    stretch = replace(heard.stretch, before=voice.before)
    try:
        return voice.recogniser.final(stretch) if heard.over else voice.recogniser.draft(stretch)
    except Exception:
        log.exception("speech.failed", stream=str(voice.stream.stream), at_ms=stretch.start_ms)
        return None


def _hear(records: Sequence[tuple[Record, Voice]]) -> list[Job]:
    """Blocks. A record that the ear fails at is left out."""
    jobs: list[Job] = []
    for record, voice in records:
        event, heard, closes = record.event, list[Heard](), False
        try:
            if isinstance(event, AudioFrame):
                heard = voice.ear.take(event)
            elif not voice.ear.closed:
                heard, closes = voice.ear.end(), True
        except Exception:
            log.exception("sound.failed", stream=str(voice.stream.stream), offset=record.offset)
        if heard or closes or voice.ear.quiet_for_long():
            jobs += [Job(voice, utterance) for utterance in heard[:-1]]
            last = heard[-1] if heard else None
            voice.ear.settle()
            jobs.append(Job(voice, last, voice.ear.state(), record.offset, closes))
    return jobs


def _utterance(stream: AudioStream, heard: Heard, found: Recognition) -> UtteranceFinal:
    """The utterance as a fact, from its first word to its last, in the meeting's time."""
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
