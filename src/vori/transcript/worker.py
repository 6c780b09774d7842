"""The transcriber: frames from the log become utterances, each committed once, with the progress that led to it."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid5

import structlog

from vori.audio.model import AudioStream
from vori.audio.store import read_stream
from vori.database.connection import Database, Transaction
from vori.errors import SupplierError
from vori.eventlog import Batch, Consumer, EventLog, Fenced, Partition, Record
from vori.events import AudioEnded, AudioFrame, Topic, TranscriptClosed, UtteranceFinal, Word
from vori.livefeed import LiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import read_meeting
from vori.transcript.ear import Ear, Heard
from vori.transcript.model import SAMPLE_RATE, Recogniser, Recognition, Stretch, utterance_id
from vori.transcript.scripted import Scripted
from vori.transcript.show import draft_message, utterance_message
from vori.transcript.silero import Silero
from vori.transcript.store import add_utterance, read_checkpoints, save_checkpoint

log = structlog.get_logger()

GROUP = "transcript"
BATCH = 200
MOST_WAITING = 16
"""Utterances waiting for words before no more sound is taken from the log."""
RETRY_S = 1.0


async def run(database: Database, events: EventLog, feed: LiveFeed, recogniser: Recogniser) -> None:
    """Until cancelled. What fails is done again from the last commit, with the same result."""
    silero = Silero()
    while True:
        try:
            async with events.consumer(GROUP, (Topic.AUDIO,)) as consumer, asyncio.TaskGroup() as group:
                session = Session(
                    database=database, events=events, feed=feed, recogniser=recogniser, silero=silero, consumer=consumer
                )
                group.create_task(session.listen())
                group.create_task(session.work())
        except* (SupplierError, Fenced) as errors:
            log.warning("transcript.starts_over", reason=str(errors.exceptions[0]))
        await asyncio.sleep(RETRY_S)


@dataclass(slots=True)
class Voice:
    """A stream being transcribed."""

    partition: Partition
    stream: AudioStream
    meeting: Meeting
    ear: Ear
    recogniser: Recogniser
    before: Recognition | None = None
    """What it said last."""
    drafted_at: float = 0.0
    """When it last had a draft, so that streams take turns."""
    shown: UUID | None = None
    """The utterance of which a draft is showing."""
    offsets: deque[int] = field(default_factory=deque)
    """Of the records that no committed checkpoint covers."""


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
        self._jobs: deque[Job] = deque()
        self._wake = asyncio.Event()
        self._room = asyncio.Event()

    async def listen(self) -> None:
        """Take records from the log, and find out where speech begins and ends."""
        while True:
            batch = await self._consumer.poll(limit=BATCH, wait_s=1.0)
            self._reassign(batch)
            for record in batch.records:
                await self._know(record)
            known = [(record, voice) for record in batch.records if (voice := self._voice_of(record))]
            self._jobs.extend(await asyncio.to_thread(_hear, known))
            for record in batch.records:
                self._read[record.partition] = record.offset + 1
            self._forget_closed()
            self._wake.set()
            while len(self._jobs) > MOST_WAITING:
                self._room.clear()
                await self._room.wait()

    async def work(self) -> None:
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

    def _voice_of(self, record: Record) -> Voice | None:
        event = record.event
        return self._voices.get(event.stream) if isinstance(event, AudioFrame | AudioEnded) else None

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

    async def _know(self, record: Record) -> None:
        """Load what is known of a record's stream."""
        event = record.event
        if not isinstance(event, AudioFrame | AudioEnded) or event.stream in self._voices:
            return
        async with self._database.transaction(event.workspace_id) as tx:
            stream = await read_stream(tx, event.stream)
            if stream is None:
                return
            meeting = await read_meeting(tx, event.meeting_id)
            kept = (await read_checkpoints(tx, [event.stream])).get(event.stream)
        head, _, state = (kept[0] if kept else b"{}\n").partition(b"\n")
        pinned = stream.language or (None if meeting.language == "auto" else meeting.language)
        lines = [line for line in meeting.script if line.stream_id == stream.stream_id]
        self._voices[event.stream] = Voice(
            partition=record.partition,
            stream=stream,
            meeting=meeting,
            ear=Ear(stream, pinned, self._silero, state),
            recogniser=Scripted(lines, pinned or "ko") if meeting.rehearsal else self._recogniser,
            before=_remembered(head),
        )

    async def _draft(self, voice: Voice) -> None:
        draft, voice.ear.draft = voice.ear.draft, None
        voice.drafted_at = asyncio.get_running_loop().time()
        if draft is None:
            return
        first, stretch = draft
        recognition = await asyncio.to_thread(self._recognise, voice, stretch, False)
        if not recognition.text or voice.ear.speaking != first or self._voices.get(voice.stream.stream) is not voice:
            return
        voice.shown = utterance_id(voice.stream.stream, first)
        data: dict[str, object] = {
            "stream": str(voice.stream.stream),
            "speaker": voice.stream.speaker,
            "start_ms": voice.stream.origin_ms + stretch.start_ms,
            "text": recognition.text,
        }
        stream = voice.stream
        await self._feed.publish(draft_message(stream.workspace_id, stream.meeting_id, voice.shown, data))

    async def _finish(self, job: Job) -> None:
        voice, said = job.voice, None
        recognition = None
        if job.heard:
            recognition = await asyncio.to_thread(self._recognise, voice, job.heard.stretch, True)
            said = _utterance(voice.stream, job.heard, recognition) if recognition.text else None
        if self._voices.get(voice.stream.stream) is not voice:
            return
        before = Recognition(recognition.text, recognition.language) if recognition else voice.before
        covered = [offset for offset in voice.offsets if job.state is not None and offset <= job.offset]
        async with self._database.transaction(voice.stream.workspace_id) as tx:
            if job.heard:
                await self._take_back_draft(tx, voice, job.heard)
            if said and await add_utterance(tx, said, voice.recogniser.name):
                await self._events.append(tx, said)
                await self._feed.publish(utterance_message(said), tx)
            if job.state is not None:
                await self._checkpoint(tx, job, before)
                await self._consumer.commit(tx, {voice.partition: self._low_watermark(voice, len(covered))})
        voice.before = before
        for _ in covered:
            voice.offsets.popleft()

    async def _take_back_draft(self, tx: Transaction, voice: Voice, heard: Heard) -> None:
        stream, utterance = voice.stream, utterance_id(voice.stream.stream, heard.first_sample)
        if voice.shown == utterance:
            voice.shown = None
            await self._feed.publish(draft_message(stream.workspace_id, stream.meeting_id, utterance, None), tx)

    async def _checkpoint(self, tx: Transaction, job: Job, before: Recognition | None) -> None:
        stream = job.voice.stream
        said = {"text": before.text, "language": before.language} if before else None
        kept = json.dumps({"before": said}).encode() + b"\n" + (job.state or b"")
        await save_checkpoint(tx, stream.meeting_id, stream.stream, kept, job.closes)
        if job.closes:
            closed = TranscriptClosed(
                event_id=uuid5(stream.stream, f"closed:{job.offset}"),
                workspace_id=stream.workspace_id,
                meeting_id=stream.meeting_id,
                stream=stream.stream,
            )
            await self._events.append(tx, closed)

    def _low_watermark(self, voice: Voice, covered: int) -> int:
        """The first record of the voice's partition still needed once `covered` of its own are not."""
        needed = [self._read.get(voice.partition, 0), *list(voice.offsets)[covered : covered + 1]]
        others = (other for other in self._voices.values() if other is not voice and other.offsets)
        return min([*needed, *(other.offsets[0] for other in others if other.partition == voice.partition)])

    def _recognise(self, voice: Voice, stretch: Stretch, final: bool) -> Recognition:
        """Blocks. A stretch that the recogniser fails at stays without words; it can be heard in the archive."""
        asked = replace(stretch, before=voice.before)
        for attempt in (1, 2):
            try:
                return voice.recogniser.final(asked) if final else voice.recogniser.draft(asked)
            except Exception:
                log.exception("speech.failed", stream=str(voice.stream.stream), at_ms=asked.start_ms, attempt=attempt)
        return Recognition("", stretch.language or "en")


def _remembered(head: bytes) -> Recognition | None:
    before = json.loads(head).get("before")
    return Recognition(**before) if before else None


def _hear(records: Sequence[tuple[Record, Voice]]) -> list[Job]:
    """Blocks."""
    jobs: list[Job] = []
    for record, voice in records:
        event, closes, heard = record.event, False, list[Heard]()
        repeated = voice.ear.closed
        if isinstance(event, AudioFrame):
            heard = voice.ear.take(event)
        elif not voice.ear.closed:
            heard, closes = voice.ear.end(), True
        if repeated and voice.ear.closed:
            continue
        voice.offsets.append(record.offset)
        if heard or closes or voice.ear.quiet_for_long():
            jobs += [Job(voice, utterance) for utterance in heard]
            jobs.append(Job(voice, state=voice.ear.state(), offset=record.offset, closes=closes))
    return jobs


def _utterance(stream: AudioStream, heard: Heard, recognition: Recognition) -> UtteranceFinal:
    utterance = utterance_id(stream.stream, heard.first_sample)
    start_ms = stream.origin_ms + heard.stretch.start_ms
    return UtteranceFinal(
        event_id=utterance,
        workspace_id=stream.workspace_id,
        meeting_id=stream.meeting_id,
        utterance_id=utterance,
        stream=stream.stream,
        speaker=stream.speaker,
        start_ms=start_ms,
        end_ms=start_ms + len(heard.stretch.samples) * 1000 // SAMPLE_RATE,
        language=recognition.language,
        text=recognition.text,
        words=tuple(_words(recognition, start_ms)),
    )


def _words(recognition: Recognition, start_ms: int) -> Iterable[Word]:
    for word in recognition.words:
        yield Word(
            text=word.text,
            start_ms=start_ms + round(word.start * 1000),
            end_ms=start_ms + round(word.end * 1000),
        )
