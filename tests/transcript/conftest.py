"""Real models and a real voice, loaded once per run; meetings to be transcribed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from tests.transcript.desk import BEGAN, SCRIPT, Desk

from vori.audio.model import AudioStream, stream_key
from vori.audio.store import create_stream
from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting, ScriptLine
from vori.meetings.store import create_meeting
from vori.transcript.silero import Silero
from vori.transcript.whisper import Whisper, load_whisper

CLIPS = Path(__file__).parents[1] / "clips"


@pytest.fixture(scope="session")
def silero() -> Silero:
    return Silero()


@pytest.fixture(scope="session")
def whisper(home: Path) -> Whisper:
    """The packaged Whisper base, assembled in this run's home."""
    return load_whisper("base", home)


@pytest.fixture(scope="session")
def jfk() -> NDArray[np.int16]:
    """11 s of speech with pauses, 16 kHz."""
    return np.asarray(soundfile.read(CLIPS / "jfk.flac", dtype="int16")[0])


@pytest.fixture(scope="session")
def long_speech(jfk: NDArray[np.int16]) -> NDArray[np.int16]:
    """8 s of speech without pauses, and 1 s of silence; 16 kHz."""
    spoken = [
        jfk[begin:end] for begin, end in ((6_000, 36_500), (53_000, 71_000), (86_500, 122_500), (131_000, 173_000))
    ]
    return np.concatenate([*spoken, np.zeros(16_000, np.int16)])


@pytest.fixture(scope="session")
def yes() -> NDArray[np.int16]:
    """One word between half seconds of silence, 16 kHz."""
    return np.asarray(soundfile.read(CLIPS / "yes.flac", dtype="int16")[0])


@pytest.fixture(scope="session")
def kubernetes() -> NDArray[np.int16]:
    """3.3 s of speech with a word that Whisper base doesn't hear, 16 kHz."""
    return np.asarray(soundfile.read(CLIPS / "kubernetes.flac", dtype="int16")[0])


@pytest.fixture(scope="session")
def modern() -> NDArray[np.int16]:
    """1.9 s of speech, 16 kHz."""
    return np.asarray(soundfile.read(CLIPS / "modern.flac", dtype="int16")[0])


@pytest.fixture
async def desks(database: Database, log_database: Database, workspace: UUID, tmp_path: Path) -> AsyncIterator[Any]:
    async with PostgresEventLog(log_database, rebalance_s=0.1) as log, PostgresLiveFeed(log_database) as feed:

        async def desk(
            script: Sequence[ScriptLine] = SCRIPT,
            at: Meeting | None = None,
            name: str = "other",
            speaker: str | None = "Maya",
        ) -> Desk:
            """A meeting of its own, or another stream, without lines, `at` one."""
            meeting = at or Meeting(new_id(), workspace, "Planning", "auto", "live", BEGAN, script=tuple(script))
            name = name if at else "mic"
            key = stream_key(meeting.meeting_id, name)
            stream = AudioStream(
                *(key, workspace, meeting.meeting_id, name, "pcm_s16le", 16_000, None, speaker, 5_000, BEGAN)
            )
            async with database.transaction(workspace) as tx:
                if not at:
                    await create_meeting(tx, meeting)
                await create_stream(tx, stream)
            return Desk(database, log, feed, tmp_path, meeting, stream)

        yield desk
