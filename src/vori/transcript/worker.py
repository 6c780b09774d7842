"""The transcriber: frames from the log become utterances, each committed once, with the progress that led to it."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import structlog

from vori.audio.store import read_stream
from vori.clock import now
from vori.database.connection import Database
from vori.errors import SupplierError
from vori.eventlog import Batch, Consumer, EventLog, Fenced, Partition, Record
from vori.events import AudioEnded, AudioFrame, Topic, UnknownEvent
from vori.livefeed import LiveFeed
from vori.meetings.store import read_meeting
from vori.transcript.agree import begin
from vori.transcript.context import after, recall
from vori.transcript.ear import Ear, Heard
from vori.transcript.lag import Lags, is_full, let_in
from vori.transcript.model import Recogniser, Recognition, utterance_id
from vori.transcript.schedule import Schedule, Turn
from vori.transcript.scripted import Scripted
from vori.transcript.shelf import Shelf
from vori.transcript.show import draft_message
from vori.transcript.silero import Silero
from vori.transcript.speaker_encoder import SpeakerEncoder
from vori.transcript.speakers import Speakers
from vori.transcript.store import add_unheard, read_begun, read_checkpoint, save_begun, save_checkpoint
from vori.transcript.striking.strike import keep
from vori.transcript.vocabulary.terms import TermsOf, no_terms
from vori.transcript.voice import Job, Voice, Wish, hear, recognise

log = structlog.get_logger()

GROUP = "transcript"
BATCH = 200
AT_ONCE = os.cpu_count() or 1
"""Turns taken at the same time: one per core."""
ATTEMPTS = 3
"""At a stretch that the recogniser fails on."""
RETRY_S = 1.0
IDLE_S = 10.0
"""After so long without sound a stream's state is kept: it may never come back, and must not hold up the log."""
PROGRESS_S = 5.0
"""How often progress is committed that nothing else came with."""
LAG_EVERY_S = 1.0


async def run(
    database: Database,
    events: EventLog,
    feed: LiveFeed,
    recogniser: Recogniser,
    folder: Path,
    *,
    terms: TermsOf = no_terms,
) -> None:
    """Until cancelled. What fails is done again from the last commit, with the same result while `terms` are the same.

    `folder` takes sound that must wait; nothing stays there.
    """
    silero, encoder = Silero(), SpeakerEncoder()
    while True:
        try:
            async with events.consumer(GROUP, (Topic.AUDIO,)) as consumer:
                session = Session(
                    database=database,
                    events=events,
                    feed=feed,
                    consumer=consumer,
                    recogniser=recogniser,
                    terms=terms,
                    silero=silero,
                    encoder=encoder,
                    shelf=Shelf(folder),
                )
                await session.run()
        except UnknownEvent as error:
            log.error("transcript.stopped", reason=error.message, remedy=error.remedy)
            raise
        except (SupplierError, Fenced) as error:
            log.warning("transcript.starts_over", reason=str(error), retry_in_s=RETRY_S)
            await asyncio.sleep(RETRY_S)


class Session:
    """A member of the group, for as long as nothing fails: it listens, and takes turns at finding words."""

    def __init__(
        self,
        *,
        database: Database,
        events: EventLog,
        feed: LiveFeed,
        consumer: Consumer,
        recogniser: Recogniser,
        terms: TermsOf,
        silero: Silero,
        encoder: SpeakerEncoder,
        shelf: Shelf,
    ) -> None:
        self._database = database
        self._events = events
        self._feed = feed
        self._consumer = consumer
        self.recogniser = recogniser
        self._terms = terms
        self._silero = silero
        self._encoder = encoder
        self._shelf = shelf
        self._voices: dict[UUID, Voice] = {}
        self._read: dict[Partition, int] = {}
        """Per partition: the next record to come."""
        self._committed: dict[Partition, int] = {}
        self._schedule: Schedule[Voice] = Schedule()
        self._wake = asyncio.Event()
        self._done = asyncio.Event()
        """Set when a job is done."""

    async def run(self) -> None:
        """Everything, until something fails."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self._tell_lags())
                for _ in range(AT_ONCE):
                    group.create_task(self._work())
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            self._shelf.close()

    async def _listen(self) -> None:
        """Take records from the log, and find out where speech begins and ends."""
        noted_at = 0.0
        while True:
            batch = await self._consumer.poll(limit=BATCH, wait_s=1.0)
            self._reassign(batch)
            known = [(record, voice) for record in batch.records if (voice := await self._know(record))]
            at, clock = asyncio.get_running_loop().time(), now()
            for record, voice in known:
                voice.offsets.append(record.offset)
                voice.touched = at
                voice.read = (clock, record.event.occurred_at)
            await asyncio.to_thread(hear, known, self._shelf)
            self._keep_idle(at)
            for record in batch.records:
                self._read[record.partition] = record.offset + 1
            self._forget_closed()
            self._wake.set()
            if at - noted_at > PROGRESS_S:
                noted_at = at
                await self._note_progress()

    async def _work(self) -> None:
        """Take one turn after the other."""
        while True:
            turn = self._schedule.next(self._voices.values())
            if turn is None:
                self._wake.clear()
                await self._wake.wait()
                continue
            await self._take(turn)
            self._wake.set()

    async def _take(self, turn: Turn[Voice]) -> None:
        if voice := turn.finish:
            voice.finishing = True
            try:
                await self._finish(voice, voice.jobs[0])
            finally:
                voice.finishing = False
                self._done.set()
                voice.served_at = asyncio.get_running_loop().time()
            return
        for voice in turn.drafts:
            voice.drafting, voice.ahead = True, voice.wish is True
        try:
            await self._draft(turn.drafts)
        finally:
            for voice in turn.drafts:
                voice.drafting = voice.ahead = False

    async def _tell_lags(self) -> None:
        """Tell pages when words come late, and let streams in that had to wait."""
        lags = Lags()
        while True:
            await asyncio.sleep(LAG_EVERY_S)
            clock = now()
            if let_in(self._voices.values(), clock):
                self._wake.set()
            for message in lags.news(self._voices.values(), clock):
                await self._feed.publish(message)

    def _keep_idle(self, at: float) -> None:
        """Checkpoints of streams that fell silent without an end."""
        for voice in self._voices.values():
            if voice.offsets and not voice.jobs and at - voice.touched > IDLE_S:
                voice.touched = at
                voice.jobs.append(Job(now(), state=voice.ear.state(), offset=voice.offsets[-1]))

    def _forget_closed(self) -> None:
        """Only here, where nothing is being heard: a late frame may follow the end of its stream.

        Not while another stream of the meeting has sound to be told: that may be this one's voice from a loudspeaker.
        """
        busy = {voice.stream.meeting_id for voice in self._voices.values() if voice.offsets}
        kept = (it for it in self._voices.values() if not it.ear.closed or it.stream.meeting_id in busy)
        self._voices = {voice.stream.stream: voice for voice in kept}

    def _reassign(self, batch: Batch) -> None:
        changed = batch.assigned | batch.revoked
        if changed:
            for voice in self._voices.values():
                if voice.partition in changed:
                    voice.give_back(self._shelf)
            self._voices = {key: voice for key, voice in self._voices.items() if voice.partition not in changed}
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
            begun = await read_begun(tx, event.stream)
        line, _, kept = kept.partition(b"\n")
        head = json.loads(line)
        before, state = recall(head["before"], kept)
        pinned = stream.language or (None if meeting.language == "auto" else meeting.language)
        lines = [said for said in meeting.script if said.stream_id == stream.stream_id]
        recogniser: Recogniser = Scripted(lines) if meeting.rehearsal else self.recogniser
        ear = Ear(
            self._silero,
            codec=stream.codec,
            sample_rate=stream.sample_rate,
            language=pinned,
            parts=recogniser.continues and not stream.recording,
            kept=state,
        )
        self._voices[event.stream] = voice = Voice(
            partition=partition,
            stream=stream,
            ear=ear,
            recogniser=recogniser,
            passed=head["passed"],
            before=before,
            begun=begun,
            speakers=None if stream.speaker else Speakers.recall(head.get("speakers", [])),
            queued=head["passed"] < 0 and is_full(self._voices.values(), now()),
        )
        return voice

    async def _draft(self, voices: Sequence[Voice]) -> None:
        """Show what is being said; in its final words already if it seems to be over."""
        await self._learn(voices)
        at = asyncio.get_running_loop().time()
        wishes, drafts = list[Wish](), list[Heard]()
        for voice in voices:
            draft, voice.ear.draft, voice.drafted_at = voice.ear.draft, None, at
            if draft is not None:
                drafts.append(draft)
                wishes.append(Wish(voice, voice.stretch(draft), draft.over))
        found = await asyncio.to_thread(recognise, wishes)
        for (voice, stretch, _), draft, recognition in zip(wishes, drafts, found, strict=True):
            if recognition is None or self._voices.get(voice.stream.stream) is not voice:
                continue
            if draft.over:
                voice.early = (draft, stretch, recognition)
            if recognition.text and voice.ear.speaking == draft.first and not voice.has_begun(draft):
                await self._show(voice, draft, recognition.text)

    async def _show(self, voice: Voice, draft: Heard, text: str) -> None:
        voice.shown = utterance_id(voice.stream.stream, draft.first)
        await self._feed.publish(draft_message(voice.stream, voice.shown, voice.draft(draft, text)))

    async def _finish(self, voice: Voice, waiting: Job) -> None:
        """Do the first job of a stream, and commit all that it leads to."""
        job = await asyncio.to_thread(waiting.taken_out, self._shelf)
        part, found = job.heard if job.heard and not job.heard.over else None, None
        if job.heard and not (part and voice.has_begun(part)):
            found = await self._final(voice, job.heard)
        if job.heard and not part:
            await self._in_order(voice)
        if self._voices.get(voice.stream.stream) is voice:
            if part:
                await self._begin(voice, part, found)
            if not part or job.state is not None:
                await self._commit(voice, job, found)
            voice.jobs.popleft()
        if waiting.slot:
            self._shelf.clear_one()

    async def _begin(self, voice: Voice, part: Heard, found: Recognition | None) -> None:
        """The older words of an utterance that goes on are final from here on, also after a crash."""
        before = voice.begun_of(part)
        begun = begin(found, part.first, part.end, before) if found else None
        if not found or not begun or begun is before or self._is_echo(voice, part):
            return
        async with self._database.transaction(voice.stream.workspace_id) as tx:
            await save_begun(tx, voice.stream.meeting_id, voice.stream.stream, begun)
            await self._consumer.commit(tx, {voice.partition: self._needed(voice.partition)})
        voice.begun = begun
        await self._show(voice, part, found.text)

    async def _commit(self, voice: Voice, job: Job, found: Recognition | None) -> None:
        stream, heard = voice.stream, job.heard if job.heard and job.heard.over else None
        begun, failed = voice.begun_of(heard) if heard else None, heard and found is None
        if begun and failed:
            found = Recognition(begun.text, begun.language, begun.words)
        said = voice.utterance(heard, found) if heard and found and found.text else None
        if said and heard and not begun and self._is_echo(voice, heard):
            log.info("transcript.echo_left_out", stream=str(stream.stream), at_ms=said.start_ms)
            found, said = Recognition("", said.language), None
        if said and heard and voice.speakers:
            number = await asyncio.to_thread(voice.whose, heard, self._encoder)
            said = said.model_copy(update={"voice": number})
        before = after(voice.before, heard.stretch, found) if heard and found else voice.before
        covered = sum(offset <= job.offset for offset in voice.offsets) if job.state is not None else 0
        async with self._database.transaction(stream.workspace_id) as tx:
            if heard and failed:
                await add_unheard(tx, stream.meeting_id, stream.stream, heard.after(begun))
            kept = said and await keep(tx, self._events, self._feed, said, voice.recogniser.name)
            if not kept and heard and voice.shown == utterance_id(stream.stream, heard.first):
                await self._feed.publish(draft_message(stream, voice.shown, None), tx)
            if job.state is not None:
                await save_checkpoint(tx, stream.meeting_id, stream.stream, voice.checkpoint(job, before), job.closes)
                if job.closes:
                    await self._events.append(tx, voice.closed(job.offset))
                await self._consumer.commit(tx, {voice.partition: self._needed(voice.partition, voice, covered)})
        voice.before = before
        for _ in range(covered):
            voice.offsets.popleft()

    async def _in_order(self, voice: Voice) -> None:
        """Let what ended earlier in this meeting be finished before: an answer comes after its question."""
        mine = voice.ends_at() or 0
        while earlier := [it for it in self._meeting_of(voice) if (ends := it.ends_at()) is not None and ends < mine]:
            waiting = [it for it in earlier if not (it.finishing or it.ahead)]
            if waiting:  # perhaps for this very turn
                await self._take(Turn(finish=waiting[0]))
            else:
                self._done.clear()
                await self._done.wait()

    def _meeting_of(self, voice: Voice) -> list[Voice]:
        return [other for other in self._voices.values() if other.stream.meeting_id == voice.stream.meeting_id]

    def _is_echo(self, voice: Voice, heard: Heard) -> bool:
        others = ((it.ear, it.stream.origin_ms) for it in self._meeting_of(voice))
        return voice.ear.echoes(heard, voice.stream.origin_ms, others)

    async def _final(self, voice: Voice, heard: Heard) -> Recognition | None:
        """Its final words; None when the recogniser fails at it time and again."""
        if early := voice.found_early(heard):
            return early
        await self._learn([voice])
        for _ in range(ATTEMPTS):
            [found] = await asyncio.to_thread(recognise, [Wish(voice, voice.stretch(heard), final=True)])
            if found is not None:
                return found
        return None

    async def _learn(self, voices: Sequence[Voice]) -> None:
        for voice in voices:
            voice.vocabulary = await self._terms(voice.stream.workspace_id, voice.stream.meeting_id)

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
