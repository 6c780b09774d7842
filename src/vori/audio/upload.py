"""A whole recording in one request: kept apart until it has proved to be sound, then taken in like live sound."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from vori.audio.model import AudioStream, Frame
from vori.audio.publish import Intake
from vori.audio.pyav import SAMPLE_RATE, Caps, decode_file
from vori.audio.receive import Receiver
from vori.errors import Invalid, TooLarge

MAX_BYTES = 1 << 30
FRAME_BYTES = SAMPLE_RATE // 10 * 2
"""100 ms."""
DECODERS = 2
"""Child processes at a time."""


class BodyTooLarge(TooLarge):
    code = "body_too_large"


class Uploaded(BaseModel):
    """What became of an upload. Its words follow on the live feed and in the transcript."""

    stream_id: str
    duration_ms: int
    frames: int


class Decoder:
    """Turns files into samples, a few at a time. `folder` takes what is in work; nothing stays there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = asyncio.Semaphore(DECODERS)

    def scratch(self) -> IO[bytes]:
        """A file without a name: gone when it is closed, or when this process dies."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=self._folder)

    async def decode(self, file: IO[bytes], caps: Caps | None = None) -> IO[bytes]:
        """All of a file's sound, 16 kHz mono s16le, in a scratch file. Raises what `decode_file` raises."""
        sound = self.scratch()
        try:
            async with self._turn:
                async for block in decode_file(file, caps):
                    await asyncio.to_thread(sound.write, block)
            sound.seek(0)
        except BaseException:
            sound.close()
            raise
        return sound


async def take_upload(receiver: Receiver, stream: AudioStream, sound: IO[bytes]) -> Uploaded:
    """Send decoded sound the way live sound goes, and end the stream. Repeated after a failure, it goes on."""
    async with receiver.intake(stream) as intake:
        frames, size = await _send(intake, sound)
        await receiver.finish(intake)
    return Uploaded(stream_id=stream.stream_id, duration_ms=size // 2 * 1000 // SAMPLE_RATE, frames=frames)


async def _send(intake: Intake, sound: IO[bytes]) -> tuple[int, int]:
    seq, size = 0, 0
    while data := await asyncio.to_thread(sound.read, FRAME_BYTES):
        if seq >= intake.durable:
            await intake.take(Frame(seq, seq * 100, data))
        seq, size = seq + 1, size + len(data)
    return seq, size


async def save_body(body: AsyncIterator[bytes], content_type: str, file: IO[bytes]) -> str:
    """Write a request's body, or the `file` in its form, to `file`. Raises `BodyTooLarge`, `Invalid`.

    Returns the SHA-256 of what was written, in hex.
    """
    digest = hashlib.sha256()

    def write(data: bytes) -> None:
        file.write(data)
        digest.update(data)

    kind, options = parse_options_header(content_type)
    form = None
    if kind == b"multipart/form-data":
        form = _FileInForm(options.get(b"boundary", b""), write)
    size = 0
    async for block in body:
        size += len(block)
        if size > MAX_BYTES:
            raise BodyTooLarge(f"This upload is over the limit of {MAX_BYTES >> 20} MiB.", remedy="Send it in pieces.")
        await asyncio.to_thread(form.feed if form else write, block)
    if form:
        form.close()
    file.flush()
    return digest.hexdigest()


class _FileInForm:
    """Finds the part named `file` in a multipart form, and writes its content out as it comes."""

    def __init__(self, boundary: bytes, write: Callable[[bytes], None]) -> None:
        if not boundary:
            raise _bad_form()
        self._write = write
        self._name = self._value = b""
        self._part = b""
        self.found = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._field,
                "on_header_value": self._header,
                "on_header_end": self._end_header,
                "on_part_data": self._data,
            },
        )

    def feed(self, block: bytes) -> None:
        try:
            self._parser.write(block)
        except MultipartParseError as error:
            raise _bad_form() from error

    def close(self) -> None:
        try:
            self._parser.finalize()
        except MultipartParseError as error:
            raise _bad_form() from error
        if not self.found:
            raise _bad_form()

    def _begin(self) -> None:
        self._part = self._name = self._value = b""

    def _field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._name.lower() == b"content-disposition":
            options: dict[bytes, Any] = parse_options_header(self._value)[1]
            self._part = options.get(b"name", b"")
            self.found = self.found or self._part == b"file"
        self._name = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part == b"file":
            self._write(data[start:end])


def _bad_form() -> Invalid:
    return Invalid(
        "This form has no readable field named `file`.",
        remedy="Send multipart/form-data with the recording in the field `file`, or the recording itself as the body.",
        code="bad_form",
    )
