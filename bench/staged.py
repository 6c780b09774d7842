"""Two meetings of the demo's people in a running VORI, for pages to show: made within seconds, the same each time."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from vori.cli.demo.play import have_tickets
from vori.cli.listen import samples_of
from vori.cli.server import Server
from vori.cli.stream import AudioSender
from vori.errors import VoriError
from vori.sample.script import FOLDER, asked, read_script

Language = Literal["en", "ko"]
RATE = 16_000
PATIENCE_S = 90.0


@dataclass(frozen=True)
class Stage:
    """A meeting that has ended, with its minutes and a link to them, and one in the middle of a sentence."""

    ended: str
    live: str
    shared: str
    """The link's token."""


@contextmanager
def staged(url: str, key: str, language: Language) -> Iterator[Stage]:
    """Have the meetings. In a thread of its own, since a browser that is driven synchronously allows no other loop."""
    there, leave = threading.Event(), threading.Event()
    made: list[Stage] = []
    wrong: list[BaseException] = []

    async def hold() -> None:
        async with rehearsed(url, key, language) as stage:
            made.append(stage)
            there.set()
            await asyncio.to_thread(leave.wait)

    def run() -> None:
        try:
            asyncio.run(hold())
        except BaseException as error:
            wrong.append(error)
        there.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    there.wait()
    try:
        if wrong:
            raise wrong[0]
        yield made[0]
    finally:
        leave.set()
        thread.join()


@asynccontextmanager
async def rehearsed(url: str, key: str, language: Language) -> AsyncIterator[Stage]:
    """Have the demo's people rehearse: the sound of their recordings, the words of the script, all else as ever.

    The second meeting is held open in the middle of its last sentence until this ends.
    """
    script = read_script(language)
    async with Server(url, key) as server:
        ended, lines = await _begin(server, script), len(script["lines"])
        await asyncio.gather(*(_say(server, ended, script, name) for name in script["voices"]))
        await _until(
            server, f"/api/meetings/{ended}/transcript", lambda said: len(said["items"]) >= len(script["lines"])
        )
        await server.post(f"/api/meetings/{ended}/end")
        await _until(server, f"/api/meetings/{ended}/minutes", lambda minutes: minutes["state"] == "final")
        shared = str((await server.post(f"/api/meetings/{ended}/minutes/shares", {"days": 1}))["token"])
        live = await _begin(server, script)
        last = script["lines"][-1]
        others = [name for name in script["voices"] if name != last["voice"]]
        await asyncio.gather(*(_say(server, live, script, name) for name in others))
        until_ms = (last["start_ms"] + 4 * last["end_ms"]) // 5
        async with _speaker(server, live, script, last["voice"]) as (sender, sound):
            await sender.send_samples(sound[: until_ms * RATE // 1000], fast=True)
            await _until(server, f"/api/meetings/{live}/transcript", lambda said: len(said["items"]) >= lines - 1)
            yield Stage(ended, live, shared)


async def _begin(server: Server, script: dict[str, Any]) -> str:
    await have_tickets(server, script["tickets"])
    rehearsal = asked(script | {"rehearsal": True})
    return str((await server.post("/api/meetings", rehearsal))["meeting_id"])


@asynccontextmanager
async def _speaker(
    server: Server, meeting_id: str, script: dict[str, Any], name: str
) -> AsyncIterator[tuple[AudioSender, NDArray[np.int16]]]:
    address = server.socket_url(f"/api/meetings/{meeting_id}/audio")
    with TemporaryFile() as scratch:
        sound = np.array(await samples_of(FOLDER / script["voices"][name]["file"], scratch))
    async with AudioSender(address, name, language=script["language"], speaker=name, headers=server.headers) as sender:
        yield sender, sound


async def _say(server: Server, meeting_id: str, script: dict[str, Any], name: str) -> None:
    async with _speaker(server, meeting_id, script, name) as (sender, sound):
        await sender.send_samples(sound, fast=True)
        await sender.finish()


async def _until(server: Server, path: str, there: Callable[[Any], bool]) -> None:
    """Ask until the answer has what is waited for."""
    began = time.monotonic()
    while True:
        try:
            if there(await server.get(path)):
                return
        except VoriError as error:
            if time.monotonic() - began > PATIENCE_S:
                raise TimeoutError(path) from error
        if time.monotonic() - began > PATIENCE_S:
            raise TimeoutError(path)
        await asyncio.sleep(0.2)
