"""Sound in chunks, for clients that can't hold a socket: base64 audio and a number in JSON; `-` ends the recording."""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import Literal
from uuid import UUID
from weakref import WeakValueDictionary

from pydantic import BaseModel, ConfigDict, Field

from vori.audio.model import MAX_CAPTURED_MS, AudioStream, MalformedFrame, StreamClosed, stream_key
from vori.audio.pyav import SAMPLE_RATE, Caps
from vori.audio.receive import Receiver
from vori.audio.upload import BodyTooLarge, Decoder
from vori.clock import new_id, now
from vori.database.text import LINE
from vori.errors import Conflict
from vori.eventlog import EventLog, SourcePosition
from vori.events import AudioFrame, Language

END = "-"
MAX_CHUNK = 8 << 20
"""Bytes of one chunk's audio, decoded from base64."""
MAX_BODY = MAX_CHUNK * 4 // 3 + 4096
MAX_CHUNK_S = 300
"""Of sound in a chunk that is a file."""
FRAMES_PER_S = 2


class Chunk(BaseModel):
    """One request of a recording."""

    model_config = ConfigDict(extra="forbid")
    stream_id: str = Field(default="chunks", min_length=1, max_length=100, pattern=LINE)
    seq: int = Field(ge=0, lt=2**31, description="0, 1, 2 … without a hole. A chunk sent again is taken once.")
    audio: str = Field(description="Base64. `-` ends the recording; empty says that this chunk is lost.")
    codec: Literal["pcm_s16le", "file"] = Field(
        default="pcm_s16le", description="Bare samples, or a whole audio file in each chunk."
    )
    sample_rate: int = Field(default=SAMPLE_RATE, description="Of bare samples, Hz.")
    captured_ms: int | None = Field(
        default=None,
        ge=0,
        le=MAX_CAPTURED_MS,
        description="When it begins, ms since the recording began; left out, it follows the chunk before.",
    )
    language: Language | None = None
    speaker: str | None = Field(default=None, min_length=1, max_length=80, pattern=LINE)


class ChunkTaken(BaseModel):
    """The chunk is durable."""

    stream_id: str
    next_seq: int = Field(description="The chunk to send next.")
    duplicate: bool = Field(description="It had been taken before.")
    ended: bool
    duration_ms: int = Field(description="Of the sound in it.")


class ChunkTaker:
    """Takes chunks in, one at a time per stream. A chunk is durable, with its number, before it is answered."""

    def __init__(self, receiver: Receiver, events: EventLog, decoder: Decoder) -> None:
        self._receiver = receiver
        self._events = events
        self._decoder = decoder
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def take(self, workspace_id: UUID, meeting_id: UUID, chunk: Chunk) -> ChunkTaken:
        """Raises `Conflict` for a chunk out of turn, `Invalid` and `TooLarge` for what is wrong with its audio."""
        sound = None if chunk.audio == END else await self._samples(chunk)
        turn = self._turns.setdefault(stream_key(meeting_id, chunk.stream_id), asyncio.Lock())
        async with turn:
            stream = await self._receiver.open_stream(
                workspace_id,
                meeting_id,
                chunk.stream_id,
                sample_rate=chunk.sample_rate if chunk.codec == "pcm_s16le" else SAMPLE_RATE,
                language=chunk.language,
                speaker=chunk.speaker,
            )
            return await self._take(stream, chunk, sound)

    async def _take(self, stream: AudioStream, chunk: Chunk, sound: bytes | None) -> ChunkTaken:
        """`sound` is None for the chunk that ends the recording."""
        next_chunk = await self._events.source_position(_chunks_of(stream))
        ended = stream.ended_at is not None
        answer = ChunkTaken(
            stream_id=stream.stream_id,
            next_seq=next_chunk,
            duplicate=chunk.seq < next_chunk,
            ended=ended,
            duration_ms=0,
        )
        taken_before = ended if sound is None else answer.duplicate
        if taken_before:
            return answer
        self._refuse_out_of_turn(stream, chunk, next_chunk)
        if sound is None:
            await self._receiver.end(stream)
            return answer.model_copy(update={"ended": True})
        async with self._receiver.intake(stream) as intake:
            with intake.hold():  # so that the stream's end, or a socket that takes it over, comes after it
                await self._publish(stream, chunk, sound)
        taken = {"next_seq": chunk.seq + 1, "duration_ms": len(sound) // 2 * 1000 // stream.sample_rate}
        return answer.model_copy(update=taken)

    def _refuse_out_of_turn(self, stream: AudioStream, chunk: Chunk, next_chunk: int) -> None:
        if stream.ended_at is not None:
            raise StreamClosed(f"The recording {stream.stream_id!r} has ended.", remedy="Choose another stream_id.")
        if self._receiver.busy(stream):
            raise Conflict(
                f"A socket is sending on {stream.stream_id!r}.",
                remedy="Choose another stream_id.",
                code="stream_in_use",
            )
        if chunk.seq > next_chunk:
            raise Conflict(
                f"Chunk {next_chunk} comes before chunk {chunk.seq}.",
                remedy=f"Send chunk {next_chunk} first; if it is lost, send it with empty audio.",
                code="chunk_missing",
            )

    async def _samples(self, chunk: Chunk) -> bytes:
        try:
            data = base64.b64decode(chunk.audio, validate=True)
        except binascii.Error as error:
            raise MalformedFrame(
                f"The audio of chunk {chunk.seq} is not base64: {error}.", remedy="Encode it with the usual alphabet."
            ) from error
        if len(data) > MAX_CHUNK:
            raise BodyTooLarge(f"A chunk of {len(data)} bytes is over {MAX_CHUNK}.", remedy="Send smaller chunks.")
        if chunk.codec == "file" and data:
            with self._decoder.scratch() as file:
                file.write(data)
                file.flush()
                with await self._decoder.decode(file, Caps(seconds=MAX_CHUNK_S, cpu_s=60, wall_s=120)) as sound:
                    return sound.read()
        if len(data) % 2:
            raise MalformedFrame(
                f"Chunk {chunk.seq} has {len(data)} bytes, which can't be 16-bit samples.",
                remedy="Cut chunks between samples, two bytes each.",
            )
        return data

    async def _publish(self, stream: AudioStream, chunk: Chunk, sound: bytes) -> None:
        """Frames and both numbers become durable together, so that a chunk sent again finds its number taken."""
        step, first = stream.sample_rate // FRAMES_PER_S * 2, await self._events.source_position(str(stream.stream))
        arrived = now()
        frames = [
            AudioFrame(
                event_id=new_id(),
                occurred_at=arrived,
                workspace_id=stream.workspace_id,
                meeting_id=stream.meeting_id,
                stream=stream.stream,
                seq=first + number,
                captured_ms=0 if chunk.captured_ms is None else chunk.captured_ms + number * 1000 // FRAMES_PER_S,
                codec="pcm_s16le",
                sample_rate=stream.sample_rate,
                data=sound[at : at + step],
            )
            for number, at in enumerate(range(0, len(sound), step))
        ]
        await self._events.publish(
            frames,
            [
                SourcePosition(str(stream.stream), first + len(frames), stream.workspace_id),
                SourcePosition(_chunks_of(stream), chunk.seq + 1, stream.workspace_id),
            ],
        )


def _chunks_of(stream: AudioStream) -> str:
    """The source whose position is the next chunk, beside the stream's own, whose position is the next frame."""
    return f"{stream.stream}:chunks"
