"""The conversation on an audio WebSocket: hello, ready, frames and their acks, bye. Words never come back on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Literal
from uuid import UUID

from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError
from starlette.types import Message

from vori.audio.model import Codec, MalformedFrame, parse_frame
from vori.audio.publish import Intake
from vori.audio.receive import Receiver
from vori.database.text import LINE
from vori.errors import Invalid, NotFound, VoriError
from vori.events import Language

HELLO_S = 10.0


class Hello(BaseModel):
    """How a client introduces a stream."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["hello"]
    stream_id: str = Field(min_length=1, max_length=100, pattern=LINE)
    codec: Codec
    sample_rate: int
    language: Language | None = None
    speaker: str | None = Field(default=None, min_length=1, max_length=80, pattern=LINE)


class _Told(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Ready(_Told):
    """Every frame before `next_seq` is durable: send from there on."""

    type: Literal["ready"] = "ready"
    next_seq: int


class Ack(_Told):
    """Every frame up to `seq` is durable, or was told as a gap."""

    type: Literal["ack"] = "ack"
    seq: int


class Lost(_Told):
    """These frames never came."""

    type: Literal["gap"] = "gap"
    from_seq: int
    to_seq: int


class Done(_Told):
    """The stream has ended, and all of it is durable."""

    type: Literal["done"] = "done"
    next_seq: int


class AudioTold(RootModel[Ready | Ack | Lost | Done]):
    """A message to who sends sound, apart from errors: those are problems whose `type` is `error`."""


class BadHello(Invalid):
    code = "bad_hello"


async def listen(socket: WebSocket, receiver: Receiver, workspace_id: UUID, meeting_id: str) -> None:
    """Serve one client until its stream ends or it breaks off. Every error is told before the socket closes."""
    await socket.accept()
    with contextlib.suppress(WebSocketDisconnect):
        try:
            hello = await _hello(socket)
            stream = await receiver.open_stream(
                workspace_id, _meeting(meeting_id), **hello.model_dump(exclude={"type"})
            )
            async with receiver.intake(stream) as intake:
                await socket.send_text(Ready(next_seq=intake.durable).model_dump_json())
                await _converse(socket, receiver, intake)
        except VoriError as error:
            await _refuse(socket, error)


def _meeting(meeting_id: str) -> UUID:
    try:
        return UUID(meeting_id)
    except ValueError:
        raise NotFound(f"There is no meeting {meeting_id}.", remedy="`GET /api/meetings` lists them.") from None


async def _hello(socket: WebSocket) -> Hello:
    try:
        async with asyncio.timeout(HELLO_S):
            message = await _receive(socket)
    except TimeoutError:
        raise BadHello(f"No hello came within {HELLO_S:.0f} s.", remedy="Send it as the first message.") from None
    text = message.get("text")
    if text is None:
        raise BadHello("The first message has to be a hello.", remedy="Send the JSON object as text, then frames.")
    try:
        return Hello.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        code = "unknown_codec" if where == "codec" and fault["type"] == "literal_error" else "bad_hello"
        raise BadHello(
            f"This hello isn't right: {where or 'it'}: {fault['msg']}.",
            remedy='Send {"type": "hello", "stream_id": …, "codec": "pcm_s16le" or "opus", "sample_rate": …}.',
            code=code,
        ) from None


async def _converse(socket: WebSocket, receiver: Receiver, intake: Intake) -> None:
    """Hear and tell at once. Only `_tell` speaks, so that what was acknowledged is said before an error is."""
    telling = asyncio.create_task(_tell(socket, intake))
    try:
        try:
            await _hear(socket, receiver, intake)
        except VoriError as error:
            intake.fail(error)
        await telling
    finally:
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)


async def _hear(socket: WebSocket, receiver: Receiver, intake: Intake) -> None:
    """Take frames in until bye. Raises `WebSocketDisconnect`, or what is wrong with a message."""
    while True:
        message = await _receive(socket)
        data = message.get("bytes")
        if data is not None:
            await intake.take(parse_frame(data))
            continue
        if not _is_bye(message.get("text") or ""):
            raise MalformedFrame(
                "This is neither a frame nor a bye.",
                remedy='Send frames as binary messages; {"type": "bye"} ends the stream.',
                code="unexpected_message",
            )
        await receiver.finish(intake)
        return


def _is_bye(text: str) -> bool:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(message, dict) and message.get("type") == "bye"


async def _tell(socket: WebSocket, intake: Intake) -> None:
    """Send acks and gaps as they come, and how it ended."""
    while True:
        await intake.changed.wait()
        intake.changed.clear()
        failure, done = intake.failure, intake.done
        for first, last in intake.tell_gaps():
            await socket.send_text(Lost(from_seq=first, to_seq=last).model_dump_json())
        if intake.durable > intake.acknowledged or (intake.repeated and intake.durable > 0):
            intake.acknowledged, intake.repeated = intake.durable, False
            await socket.send_text(Ack(seq=intake.acknowledged - 1).model_dump_json())
        if failure:
            await _refuse(socket, failure)
            return
        if done:
            await socket.send_text(Done(next_seq=intake.acknowledged).model_dump_json())
            await socket.close(1000)
            return


async def _receive(socket: WebSocket) -> Message:
    """The next message. Raises `WebSocketDisconnect`."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code") or 1005, message.get("reason"))
    return message


async def _refuse(socket: WebSocket, error: VoriError) -> None:
    """Say what is wrong and close. The close code is 4000 + the error's HTTP status."""
    await socket.send_text(json.dumps(error.problem() | {"type": "error"}))
    await socket.close(4000 + error.status, error.code)
