"""Sound over HTTP and WebSocket: the audio socket, uploads, chunks, playback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path as Folder
from typing import IO, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response, WebSocket
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, ValidationError

from vori.audio.chunk import MAX_BODY, Chunk, ChunkTaken, ChunkTaker
from vori.audio.listen import listen
from vori.audio.model import MAX_CAPTURED_MS, AudioStream, Codec, StreamClosed
from vori.audio.play import Recording, Track, byte_range
from vori.audio.receive import Receiver, meeting_ended
from vori.audio.resume import KEY, Received, Unfinished, digest_of
from vori.audio.retention import api as retention
from vori.audio.retention.model import sound_deleted
from vori.audio.retention.store import read_deletion
from vori.audio.store import read_segments, read_streams
from vori.audio.upload import BodyTooLarge, Decoder, Uploaded, save_body, take_upload
from vori.audio.worker import Archivist
from vori.database.connection import Database, Transaction
from vori.database.text import LINE
from vori.errors import CallerError, Invalid, NotFound
from vori.eventlog import EventLog
from vori.events import Language
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace

StruckOf = Callable[[Transaction, UUID], Awaitable[Mapping[UUID, tuple[int, int]]]]
"""A meeting's struck stretches by id: from and to, ms since it began."""
Key = Annotated[str, Path(pattern=KEY)]
Name = Annotated[str, Query(min_length=1, max_length=100, pattern=LINE)]
AUDIO_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "audio/*": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {"type": "object", "properties": {"file": {"type": "string", "format": "binary"}}}
            },
        },
    }
}
PIECE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
CHUNK_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": Chunk.model_json_schema()}}}
}


class UnsatisfiableRange(CallerError):
    status = 416
    code = "unsatisfiable_range"


class StreamOut(BaseModel):
    """A source of sound in a meeting."""

    stream: UUID
    stream_id: str
    codec: Codec
    sample_rate: int
    language: Language | None
    speaker: str | None
    origin_ms: int
    """Where its time 0 lies: ms since the meeting began."""
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, stream: AudioStream) -> StreamOut:
        return cls.model_validate(stream, from_attributes=True)


async def nothing_struck(_: Transaction, __: UUID) -> Mapping[UUID, tuple[int, int]]:
    return {}


def routes(
    database: Database,
    log: EventLog,
    receiver: Receiver,
    archivist: Archivist,
    home: Folder,
    *,
    struck: StruckOf = nothing_struck,
) -> APIRouter:
    """Uploads are unpacked in a folder of `home`; nothing stays there. What was `struck` isn't played."""
    router = APIRouter(prefix="/api/meetings/{meeting_id}", tags=["audio"])
    decoder = Decoder(home / "incoming")
    recordings = Recordings(database, receiver, decoder)
    _add_sound_in(router, receiver, recordings, ChunkTaker(receiver, log, decoder))
    _add_playback(router, database, archivist, struck)
    both = APIRouter()
    both.include_router(router)
    both.include_router(retention.routes(database))
    both.include_router(pieces(recordings, Unfinished(home / "incoming" / "pieces")))
    return both


@dataclass(frozen=True, slots=True)
class Place:
    """Where a recording goes in a meeting."""

    stream_id: Name | None = None
    speaker: Annotated[str, Query(min_length=1, max_length=80, pattern=LINE)] | None = None
    language: Language | None = None
    origin_ms: Annotated[int, Query(ge=0, le=MAX_CAPTURED_MS)] = 0


class Recordings:
    """Takes in whole recordings."""

    def __init__(self, database: Database, receiver: Receiver, decoder: Decoder) -> None:
        self.database = database
        self.receiver = receiver
        self.decoder = decoder

    async def expect(self, workspace_id: UUID, meeting_id: UUID) -> None:
        """Raises `StreamClosed` when the meeting has ended, `NotFound`."""
        async with self.database.transaction(workspace_id) as tx:
            if (await read_meeting(tx, meeting_id)).status == "ended":
                raise meeting_ended(meeting_id)

    async def take(self, meeting: tuple[UUID, UUID], file: IO[bytes], digest: str, place: Place) -> Uploaded:
        """Take a recording in. `meeting` is (workspace, meeting); `digest` the file's SHA-256, in hex."""
        with await self.decoder.decode(file) as sound:
            stream = await self.receiver.open_stream(
                *meeting,
                place.stream_id or f"upload-{digest[:16]}",
                language=place.language,
                speaker=place.speaker,
                origin_ms=place.origin_ms,
                recording=digest,
            )
            try:
                return await take_upload(self.receiver, stream, sound)
            except StreamClosed as error:
                named = place.stream_id or error.code != StreamClosed.code
                raise error if named else _taken_in_before(stream) from error


def _add_sound_in(router: APIRouter, receiver: Receiver, recordings: Recordings, chunks: ChunkTaker) -> None:

    @router.websocket("/audio")
    async def audio_socket(socket: WebSocket, meeting_id: str, workspace_id: CurrentWorkspace) -> None:
        await listen(socket, receiver, workspace_id, meeting_id)

    @router.post("/audio", status_code=202, openapi_extra=AUDIO_BODY)
    async def upload(
        *,
        request: Request,
        meeting_id: UUID,
        workspace_id: CurrentWorkspace,
        place: Annotated[Place, Depends()],
    ) -> Uploaded:
        """Take in a whole recording (wav, mp3, m4a, webm, ogg, flac): as the body, or as `file` in a form.

        It begins at `origin_ms` of the meeting.
        """
        await recordings.expect(workspace_id, meeting_id)
        with recordings.decoder.scratch() as file:
            digest = await save_body(request.stream(), request.headers.get("content-type", ""), file)
            return await recordings.take((workspace_id, meeting_id), file, digest, place)

    @router.post("/chunks", openapi_extra=CHUNK_BODY)
    async def chunk(request: Request, meeting_id: UUID, workspace_id: CurrentWorkspace) -> ChunkTaken:
        """Take in one chunk of a recording, for clients that can't hold a socket."""
        return await chunks.take(workspace_id, meeting_id, await _chunk(request))


def pieces(recordings: Recordings, unfinished: Unfinished) -> APIRouter:
    """Recordings that arrive piece by piece, before it is said which meeting they are of."""
    router = APIRouter(prefix="/api/uploads/{key}", tags=["audio"])

    @router.get("")
    async def arrived(key: Key, workspace_id: CurrentWorkspace) -> Received:
        """How much of a recording has arrived. The key is your own name for it, such as a digest of the file."""
        return unfinished.received(workspace_id, key)

    @router.patch("", openapi_extra=PIECE_BODY)
    async def add(
        request: Request, key: Key, workspace_id: CurrentWorkspace, offset: Annotated[int, Query(ge=0)]
    ) -> Received:
        """Add a piece, which begins at `offset`. What came of one that was cut off stays."""
        return await unfinished.append(workspace_id, key, offset, request.stream())

    @router.delete("", status_code=204)
    async def drop(key: Key, workspace_id: CurrentWorkspace) -> None:
        """Forget what has arrived; after a week without a piece it is forgotten by itself."""
        unfinished.drop(workspace_id, key)

    @router.post("/finish", status_code=202)
    async def finish(
        key: Key, meeting_id: UUID, workspace_id: CurrentWorkspace, place: Annotated[Place, Depends()]
    ) -> Uploaded:
        """Take what has arrived in as a whole recording of a meeting, which begins at `origin_ms` of it."""
        await recordings.expect(workspace_id, meeting_id)
        with unfinished.whole(workspace_id, key) as file:
            digest = await asyncio.to_thread(digest_of, file)
            return await recordings.take((workspace_id, meeting_id), file, digest, place)

    return router


def _taken_in_before(stream: AudioStream) -> StreamClosed:
    return StreamClosed(
        f"This recording is in the meeting already, as the stream {stream.stream_id!r}.",
        remedy="Nothing is left to do; to take it in once more, give it a stream_id of its own.",
    )


async def _chunk(request: Request) -> Chunk:
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > MAX_BODY:
            raise BodyTooLarge(f"A chunk's body may have {MAX_BODY} bytes.", remedy="Send smaller chunks.")
    try:
        return Chunk.model_validate_json(bytes(body))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or "body"
        raise Invalid(
            f"This chunk isn't right: {where}: {fault['msg']}.", remedy="/docs shows what is expected."
        ) from None


def _add_playback(router: APIRouter, database: Database, archivist: Archivist, struck: StruckOf) -> None:
    @router.get("/streams")
    async def streams(meeting_id: UUID, workspace_id: CurrentWorkspace) -> list[StreamOut]:
        """The meeting's sources of sound, oldest first."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            return [StreamOut.of(stream) for stream in await read_streams(tx, meeting_id)]

    @router.get(
        "/audio", response_class=Response, responses={200: {"content": {"audio/wav": {}}}, 206: {}, 410: {}, 416: {}}
    )
    async def play(
        *,
        request: Request,
        meeting_id: UUID,
        workspace_id: CurrentWorkspace,
        stream_id: Name | None = None,
        from_ms: Annotated[int, Query(ge=0, le=2 * MAX_CAPTURED_MS)] = 0,
        to_ms: Annotated[int, Query(ge=0, le=2 * MAX_CAPTURED_MS)] | None = None,
    ) -> Response:
        """What was recorded between two times of the meeting: one stream, or all mixed. WAV; ranges if asked."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            if deletion := await read_deletion(tx, meeting_id):
                raise sound_deleted(deletion)
            chosen = [s for s in await read_streams(tx, meeting_id) if stream_id in (None, s.stream_id)]
            if stream_id is not None and not chosen:
                raise NotFound(
                    f"This meeting has no stream {stream_id!r}.", remedy=f"See {request.url.path[:-5]}streams."
                )
            newest = {stream.stream: archivist.growing(stream.stream) for stream in chosen}
            segments = await read_segments(tx, [stream.stream for stream in chosen])
            quiet = await struck(tx, meeting_id)
        tracks = [
            Track(stream, [segment for segment in segments if segment.stream == stream.stream], newest[stream.stream])
            for stream in chosen
        ]
        return _answer(Recording(archivist.archive, tracks, from_ms, to_ms, list(quiet.values())), request)

    router.add_api_route("/audio", play, methods=["HEAD"], include_in_schema=False)


def _answer(recording: Recording, request: Request) -> Response:
    headers = {"accept-ranges": "bytes", "cache-control": "no-cache"}
    try:
        part = byte_range(request.headers.get("range"), recording.size)
    except ValueError:
        error = UnsatisfiableRange(f"The file has {recording.size} bytes.", remedy="Ask for bytes within it.")
        headers["content-range"] = f"bytes */{recording.size}"
        return JSONResponse(error.problem(), 416, headers, "application/problem+json")
    start, end = part or (0, recording.size)
    headers["content-length"] = str(end - start)
    if part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{recording.size}"
    if request.method == "HEAD":
        return Response(None, 206 if part else 200, headers, "audio/wav")
    return StreamingResponse(recording.read(start, end), 206 if part else 200, headers, "audio/wav")
