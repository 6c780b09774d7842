"""A meeting with one stream of sound in the log, and a transcriber that can be started and cut off."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vori.audio.files import FileArchive
from vori.audio.model import AudioStream
from vori.audio.store import end_stream
from vori.audio.worker import Archivist
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import AudioEnded, AudioFrame, Event, Topic, TranscriptClosed, UtteranceFinal
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting, ScriptLine
from vori.meetings.store import end_meeting, read_meeting
from vori.transcript import worker
from vori.transcript.model import Recogniser, Recognition, Stretch
from vori.transcript.outcome import Outcome
from vori.transcript.store import read_outcome, read_transcript
from vori.transcript.vocabulary.terms import TermsOf, no_terms

BEGAN = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
SCRIPT = tuple(
    ScriptLine("mic", begin, end, text)
    for begin, end, text in (
        (400, 2200, "Good morning."),
        (3300, 4400, "Let's begin."),
        (5400, 7600, "The login page is done."),
        (8200, 10700, "Min writes the API docs by Friday."),
    )
)


class Silent:
    """A recogniser for rehearsals, which never ask it."""

    name = "silent"
    continues = False

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        raise AssertionError

    def final(self, stretch: Stretch) -> Recognition:
        raise AssertionError


class FailsLate(Silent):
    """Hears nothing of what begins late; live, that is noted as speech without words."""

    def __init__(self, after_ms: int) -> None:
        self._after_ms = after_ms

    def final(self, stretch: Stretch) -> Recognition:
        if stretch.start_ms > self._after_ms:
            raise RuntimeError("out of memory")
        return Recognition("heard", "en")

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [Recognition("", "en") for _ in stretches]


@dataclass
class Desk:
    """A meeting with one stream, and the log that its sound goes through."""

    database: Database
    log: PostgresEventLog
    feed: PostgresLiveFeed
    folder: Path
    meeting: Meeting
    stream: AudioStream

    @property
    def ids(self) -> dict[str, UUID]:
        return {
            "workspace_id": self.meeting.workspace_id,
            "meeting_id": self.meeting.meeting_id,
            "stream": self.stream.stream,
        }

    async def say(self, sound: NDArray[np.int16], first_seq: int = 0, step: int = 1600) -> int:
        """Put sound into the log, in frames of 100 ms; the number of the next one."""
        pieces = [sound[at : at + step].tobytes() for at in range(0, len(sound), step)]
        await self.log.publish(
            [
                AudioFrame(
                    seq=seq, captured_ms=seq * step // 16, codec="pcm_s16le", sample_rate=16_000, data=piece, **self.ids
                )
                for seq, piece in enumerate(pieces, first_seq)
            ]
        )
        return first_seq + len(pieces)

    async def end(self, seq: int) -> None:
        async with self.database.transaction(self.meeting.workspace_id) as tx:
            await self.log.append(tx, AudioEnded(seq=seq, **self.ids))

    async def utterances(self) -> Sequence[UtteranceFinal]:
        async with self.database.transaction(self.meeting.workspace_id) as tx:
            return await read_transcript(tx, self.meeting.meeting_id)

    async def facts(self) -> list[Event]:
        key = str(self.meeting.meeting_id)
        return [record.event async for record in self.log.read(Topic.TRANSCRIPTION, key)]

    async def closed(self, times: int = 1) -> None:
        while sum(isinstance(fact, TranscriptClosed) for fact in await self.facts()) < times:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def settle(self, recogniser: Recogniser, seq: int) -> Outcome:
        """End stream and meeting, and have all of it archived and transcribed."""
        async with self.database.transaction(self.meeting.workspace_id) as tx:
            await end_meeting(tx, self.meeting.meeting_id, "asked")
            await end_stream(tx, self.stream.stream)
        await self.end(seq)
        archivist = Archivist(self.database, self.log, FileArchive(self.folder / "archive"), pace_s=0.02)
        archiving = asyncio.create_task(archivist.run())
        try:
            async with self.transcriber(recogniser), asyncio.timeout(30):
                while not (outcome := await self.outcome()).final:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        finally:
            archiving.cancel()
            await asyncio.wait({archiving})
        return outcome

    async def outcome(self) -> Outcome:
        async with self.database.transaction(self.meeting.workspace_id) as tx:
            return await read_outcome(tx, await read_meeting(tx, self.meeting.meeting_id))

    async def more_than(self, known: int) -> None:
        while len(await self.utterances()) <= known:  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    @contextlib.asynccontextmanager
    async def transcriber(
        self, recogniser: Recogniser, log: Any = None, terms: TermsOf = no_terms
    ) -> AsyncIterator[asyncio.Task[None]]:
        running = worker.run(self.database, log or self.log, self.feed, recogniser, self.folder, terms=terms)
        task = asyncio.create_task(running)
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait({task})


def told(utterances: Sequence[UtteranceFinal]) -> list[tuple[Any, ...]]:
    return [(said.start_ms, said.end_ms, said.language, said.text, said.words) for said in utterances]
