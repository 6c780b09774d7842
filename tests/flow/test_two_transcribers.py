"""Two transcribers share ten streams; one is killed, and the other goes on with its streams."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from tests.flow.conftest import Profile

from stack import Stack
from vori.cli.stream import AudioSender

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

STREAMS = 10
KILL_AT_S = 12.0
JFK = Path(__file__).parents[1] / "clips" / "jfk.flac"

Samples = NDArray[np.int16]
Said = list[tuple[int, int, str]]


def sound() -> Samples:
    """Half a minute with an utterance every few seconds."""
    return np.tile(np.asarray(soundfile.read(JFK, dtype="int16")[0]), 3)


def script(stream: int) -> list[dict[str, Any]]:
    """A line for each second, so that a lost, doubled or foreign stretch shows."""
    return [
        {"stream_id": "voice", "start_ms": at, "end_ms": at + 1000, "text": f"stream {stream} second {at // 1000}"}
        for at in range(0, 33_000, 1000)
    ]


@contextmanager
def another_transcriber(stack: Stack) -> Iterator[subprocess.Popen[bytes]]:
    """Beside the one that `vori up` supervises; nobody starts it again."""
    raw = Path(f"/proc/{stack.pids()['transcriber']}/environ").read_bytes()
    given = dict(line.split("=", 1) for line in raw.decode().split("\0") if line.startswith("VORI_"))
    given.pop("VORI_READY_FD")
    with (stack.home / "second.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "vori", "run", "transcriber"], env=os.environ | given, stdout=log, stderr=log
        )
    try:
        while "role.started" not in (stack.home / "second.log").read_text():
            assert process.poll() is None
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()


async def transcript(client: httpx.AsyncClient, meeting_id: str) -> Said:
    page = (await client.get(f"/api/meetings/{meeting_id}/transcript", params={"limit": 200})).json()
    streams = (await client.get(f"/api/meetings/{meeting_id}/streams")).json()
    origin = streams[0]["origin_ms"] if streams else 0
    return [(said["start_ms"] - origin, said["end_ms"] - origin, said["text"]) for said in page["items"]]


async def speak(stack: Stack, meeting_id: str) -> None:
    url = f"ws://127.0.0.1:{stack.port}/api/meetings/{meeting_id}/audio"
    async with AudioSender(url, "voice", language="en", headers=stack.headers, patience_s=60) as sender:
        await sender.send_samples(sound())
        await sender.finish()


async def resumed(client: httpx.AsyncClient, meetings: list[str], process: subprocess.Popen[bytes]) -> None:
    """Kill a transcriber, and wait until every stream has new words."""
    await asyncio.sleep(KILL_AT_S)
    before = [len(await transcript(client, meeting)) for meeting in meetings]
    assert all(before)
    process.send_signal(signal.SIGKILL)
    async with asyncio.timeout(60):
        for meeting, count in zip(meetings, before, strict=True):
            while len(await transcript(client, meeting)) <= count:  # noqa: ASYNC110
                await asyncio.sleep(0.1)


async def run(environment: dict[str, str], *, kill: bool) -> list[Said]:
    with Stack(**environment) as stack, another_transcriber(stack) as second:
        async with httpx.AsyncClient(base_url=stack.url, timeout=20, headers=stack.headers) as client:
            meetings = []
            for stream in range(STREAMS):
                asked = {"language": "en", "script": script(stream)}
                meetings.append((await client.post("/api/meetings", json=asked)).json()["meeting_id"])
            watching = asyncio.create_task(resumed(client, meetings, second)) if kill else None
            await asyncio.gather(*(speak(stack, meeting) for meeting in meetings))
            if watching:
                await watching
            for meeting in meetings:
                await client.post(f"/api/meetings/{meeting}/end")
                async with asyncio.timeout(60):
                    while (await client.get(f"/api/meetings/{meeting}/minutes")).status_code != 200:  # noqa: ASYNC110
                        await asyncio.sleep(0.2)
            return [await transcript(client, meeting) for meeting in meetings]


@pytest.fixture(scope="session")
def undisturbed() -> list[Said]:
    """Of the embedded profile; the other one comes to the same."""
    found = asyncio.run(run({}, kill=False))
    assert all(f"stream {stream} second 31" in str(said) for stream, said in enumerate(found))
    return found


async def test_the_streams_of_a_killed_transcriber_go_on_at_the_other(
    profile: Profile, undisturbed: list[Said]
) -> None:
    assert await run(profile(), kill=True) == undisturbed
