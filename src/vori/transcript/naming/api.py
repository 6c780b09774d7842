"""The voices of a meeting over HTTP: who was told apart, and their names."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid5

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, StringConstraints

from vori.audio.store import read_streams
from vori.database.connection import Database, Transaction
from vori.database.text import Line
from vori.errors import NotFound
from vori.eventlog import EventLog
from vori.events import SpeakerNamed
from vori.livefeed import LiveFeed, LiveMessage
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace
from vori.transcript.naming.model import Voice, as_known
from vori.transcript.naming.store import SAMPLE_MS, read_voices, set_name


class Name(BaseModel):
    """Who a voice is; null takes the name back."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)] | None


class Sample(BaseModel):
    """Where a voice can be heard, ms since the meeting began."""

    start_ms: int
    end_ms: int


class SpeakerOut(BaseModel):
    """A voice of a shared microphone, or whoever speaks alone on one. Voices with one name are one person."""

    stream: UUID
    voice: int | None
    name: str | None
    talk_ms: int
    utterances: int
    sample: Sample

    @classmethod
    def of(cls, heard: Voice) -> SpeakerOut:
        return cls(
            stream=heard.stream,
            voice=heard.voice,
            name=heard.name,
            talk_ms=heard.talk_ms,
            utterances=heard.utterances,
            sample=Sample(
                start_ms=heard.sample_start_ms,
                end_ms=min(heard.sample_end_ms, heard.sample_start_ms + SAMPLE_MS),
            ),
        )


class VoiceName(BaseModel):
    """Who a voice is, for all that it said and will say; null: nobody knows, its name was taken back."""

    stream: UUID
    voice: int | None
    name: str | None


def speaker_message(named: SpeakerNamed, name: str | None) -> LiveMessage:
    """The live feed's news of a voice's name: it holds for all that this voice said and will say."""
    return LiveMessage(
        workspace_id=named.workspace_id,
        meeting_id=named.meeting_id,
        kind="speaker",
        id=uuid5(named.stream, f"voice:{named.voice}"),
        data=VoiceName(stream=named.stream, voice=named.voice, name=name).model_dump(mode="json"),
        version=named.version,
    )


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting_id}/speakers", tags=["speakers"])

    @router.get("")
    async def every(meeting_id: UUID, workspace_id: CurrentWorkspace) -> list[SpeakerOut]:
        """Who spoke, in the order of their first words; on shared microphones the voices that were told apart."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            return [SpeakerOut.of(heard) for heard in await read_voices(tx, meeting_id)]

    @router.put("/{stream}/{voice}")
    async def name(
        meeting_id: UUID,
        stream: UUID,
        voice: Annotated[int, Path(ge=0, lt=2**31)],
        asked: Name,
        workspace_id: CurrentWorkspace,
    ) -> SpeakerOut:
        """Say who a voice is. It holds at once for all that was said: transcript, quotes, and minutes, written anew.

        The name of another voice or participant makes the two one person; naming the voice otherwise parts them again.
        """
        return await _name(workspace_id, meeting_id, (stream, voice), asked.name)

    @router.put("/{stream}")
    async def rename(meeting_id: UUID, stream: UUID, asked: Name, workspace_id: CurrentWorkspace) -> SpeakerOut:
        """The same for whoever speaks alone on a stream; null: by the name that it was begun under."""
        return await _name(workspace_id, meeting_id, (stream, None), asked.name)

    async def _name(
        workspace_id: UUID, meeting_id: UUID, heard: tuple[UUID, int | None], asked: str | None
    ) -> SpeakerOut:
        stream, voice = heard
        async with database.transaction(workspace_id) as tx:
            known = await _everyone(tx, meeting_id)
            wanted = as_known(asked, known) if asked else None
            await _voice(tx, meeting_id, stream, voice)
            version = await set_name(tx, meeting_id, stream, voice, wanted)
            now = await _voice(tx, meeting_id, stream, voice)
            if version is not None:
                told = SpeakerNamed(
                    workspace_id=workspace_id,
                    meeting_id=meeting_id,
                    stream=stream,
                    voice=voice,
                    version=version,
                    name=wanted,
                )
                await log.append(tx, told)
                await feed.publish(speaker_message(told, now.name), tx)
            return SpeakerOut.of(now)

    return router


async def _voice(tx: Transaction, meeting_id: UUID, stream: UUID, voice: int | None) -> Voice:
    for heard in await read_voices(tx, meeting_id):
        if (heard.stream, heard.voice) == (stream, voice):
            return heard
    who = "Nobody was heard alone" if voice is None else f"There is no voice {voice}"
    raise NotFound(
        f"{who} on stream {stream} in this meeting.",
        remedy=f"`GET /api/meetings/{meeting_id}/speakers` lists who spoke.",
    )


async def _everyone(tx: Transaction, meeting_id: UUID) -> list[str]:
    """All names in a meeting."""
    meeting = await read_meeting(tx, meeting_id)
    alone = [stream.speaker for stream in await read_streams(tx, meeting_id) if stream.speaker]
    return [*meeting.participants, *alone, *(heard.name for heard in await read_voices(tx, meeting_id) if heard.name)]
