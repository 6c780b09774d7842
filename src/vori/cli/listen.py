"""`vori listen`: a recording or the microphone into a meeting, with what comes of it on the terminal."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import IO, Annotated, Literal
from uuid import uuid4

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console

from vori.audio.pyav import decode_file
from vori.cli.attend import attend
from vori.cli.microphone import capture
from vori.cli.server import Server
from vori.cli.stream import AudioSender
from vori.errors import Invalid, NotFound

Samples = NDArray[np.int16]


def listen(
    file: Annotated[Path | None, typer.Argument(help="A wav, mp3, m4a, webm, ogg or flac file.")] = None,
    *,
    mic: Annotated[bool, typer.Option("--mic", help="Use this machine's microphone.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Send the file as fast as it is taken.")] = False,
    language: Annotated[Literal["auto", "ko", "en"], typer.Option(help="What is spoken.")] = "auto",
    title: Annotated[str, typer.Option(help="The meeting's title.")] = "",
    speaker: Annotated[str | None, typer.Option(help="Whose voice it is.")] = None,
    meeting: Annotated[str | None, typer.Option(help="Join this meeting (its id) instead of a new one.")] = None,
) -> None:
    """Make a meeting, stream sound into it, show its words and tickets, end it."""
    if (file is None) == (not mic):
        raise Invalid("Say what to listen to: a FILE, or --mic.", remedy="For example: vori listen talk.mp3")
    if file is not None and not file.is_file():
        raise NotFound(f"There is no file {file}.")
    title = title or (file.stem if file else "")
    asyncio.run(_listen(file, fast=fast, language=language, title=title, speaker=speaker, meeting=meeting))


async def _listen(
    file: Path | None, *, fast: bool, language: str, title: str, speaker: str | None, meeting: str | None
) -> None:
    console = Console(highlight=False)
    with tempfile.TemporaryFile() as scratch:
        async with Server() as server:
            await server.health()
            sound = await samples_of(file, scratch) if file else None
            meeting_id = meeting or await _start(server, language, title, speaker)
            address = server.socket_url(f"/api/meetings/{meeting_id}/audio")
            pinned = None if language == "auto" else language
            name = f"{file.stem[:60] if file else 'microphone'}-{uuid4().hex[:8]}"
            sender = AudioSender(address, name, language=pinned, speaker=speaker, headers=server.headers)
            screen = await attend(server, meeting_id, _sending(sender, sound, fast), console, end=meeting is None)
            if screen.written.is_set():
                console.print(
                    f"\nMinutes: [bold]vori minutes {meeting_id}[/] or {server.url}/meeting/?id={meeting_id}",
                    soft_wrap=True,
                )
            elif meeting is None:
                console.print(f"\nThe minutes aren't written yet. Later: [bold]vori minutes {meeting_id}[/]")
            else:
                console.print("\nThe meeting goes on.")


async def _start(server: Server, language: str, title: str, speaker: str | None) -> str:
    asked = {"title": title[:200], "language": language, "participants": [speaker] if speaker else []}
    return str((await server.post("/api/meetings", asked))["meeting_id"])


def _sending(sender: AudioSender, sound: Samples | None, fast: bool) -> Callable[[], Awaitable[None]]:
    async def send() -> None:
        async with sender:
            try:
                if sound is None:
                    await sender.send_blocks(capture())
                else:
                    await sender.send_samples(sound, fast=fast)
            finally:
                await sender.finish()

    return send


async def samples_of(file: Path, scratch: IO[bytes]) -> Samples:
    """A file's sound, mono, 16 kHz, kept in `scratch`. Raises what `decode_file` raises."""
    with file.open("rb") as opened:
        async for block in decode_file(opened):
            scratch.write(block)
    scratch.flush()
    return np.memmap(scratch, np.dtype("<i2"), mode="r")
