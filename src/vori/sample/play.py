"""VORI plays a sample meeting to itself, each voice on a stream of its own, at the speed of real talk."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import IO, Any

import structlog

from vori.audio.model import Frame
from vori.audio.pyav import SAMPLE_RATE, decode_file
from vori.audio.receive import Receiver
from vori.database.connection import Database
from vori.errors import VoriError
from vori.eventlog import EventLog
from vori.livefeed import LiveFeed
from vori.meetings.api import close_meeting
from vori.meetings.model import Meeting
from vori.sample.script import FOLDER

log = structlog.get_logger()

FRAME_BYTES = SAMPLE_RATE // 10 * 2
"""100 ms."""


class Player:
    """Plays samples, each in a task of its own. One that is cut off is ended like any meeting that fell silent."""

    def __init__(self, database: Database, events: EventLog, feed: LiveFeed, receiver: Receiver) -> None:
        self._database = database
        self._events = events
        self._feed = feed
        self._receiver = receiver
        self._playing: set[asyncio.Task[None]] = set()

    def begin(self, meeting: Meeting, script: dict[str, Any]) -> None:
        """Play a meeting that has begun, and end it afterwards."""
        task = asyncio.create_task(self._play(meeting, script))
        self._playing.add(task)
        task.add_done_callback(self._playing.discard)

    async def _play(self, meeting: Meeting, script: dict[str, Any]) -> None:
        try:
            voices = {name: await _decoded(FOLDER / voice["file"]) for name, voice in script["voices"].items()}
            async with asyncio.TaskGroup() as group:
                for name, sound in voices.items():
                    group.create_task(self._speak(meeting, name, script["language"], sound))
            async with self._database.transaction(meeting.workspace_id) as tx:
                ended, _ = await close_meeting(tx, self._events, self._feed, meeting.meeting_id, "asked")
            await self._receiver.end_streams(ended)
        except* VoriError as errors:  # somebody ended the meeting, say
            log.info("sample.stopped", meeting_id=meeting.meeting_id, reason=str(errors.exceptions[0]))
        except* Exception:
            log.exception("sample.defect", meeting_id=meeting.meeting_id)

    async def _speak(self, meeting: Meeting, name: str, language: Any, sound: bytes) -> None:
        stream = await self._receiver.open_stream(
            meeting.workspace_id, meeting.meeting_id, name, language=language, speaker=name
        )
        clock = asyncio.get_running_loop().time
        async with self._receiver.intake(stream) as intake:
            began = clock()
            for seq, at in enumerate(range(0, len(sound), FRAME_BYTES)):
                await asyncio.sleep(began + (seq + 1) * 0.1 - clock())
                await intake.take(Frame(seq, seq * 100, sound[at : at + FRAME_BYTES]))
            await self._receiver.finish(intake)


async def _decoded(file: Path) -> bytes:
    opened: IO[bytes]
    with file.open("rb") as opened:
        return b"".join([block async for block in decode_file(opened)])
