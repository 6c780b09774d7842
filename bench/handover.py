"""How soon the streams of a killed transcriber go on at another one, beside the same streams left alone.

    python bench/handover.py [--runs 3]

Ten streams with a line of script each second, two transcribers; one is killed in the middle, with about half of the
streams. Their next words wait until the other has taken the streams and has heard again what was under way.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import soundfile
from numpy.typing import NDArray

from stack import Stack
from vori.cli.stream import AudioSender
from vori.eventlog.broker import Broker

STREAMS = 10
KILL_AT_S = 12.0
PATIENCE_S = 60.0
LOOK_S = 0.1
"""Between two looks at a transcript."""
JFK = Path(__file__).parents[1] / "tests" / "clips" / "jfk.flac"

Samples = NDArray[np.int16]
Said = list[tuple[int, int, str]]
"""Start and end in ms of the stream, and text."""


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


async def begin(client: httpx.AsyncClient) -> list[str]:
    """The ids of a meeting per stream."""
    asked = [{"language": "en", "script": script(stream)} for stream in range(STREAMS)]
    return [(await client.post("/api/meetings", json=one)).json()["meeting_id"] for one in asked]


async def speak(stack: Stack, meeting_id: str) -> None:
    url = f"ws://127.0.0.1:{stack.port}/api/meetings/{meeting_id}/audio"
    async with AudioSender(url, "voice", language="en", headers=stack.headers, patience_s=PATIENCE_S) as sender:
        await sender.send_samples(sound())
        await sender.finish()


async def transcript(client: httpx.AsyncClient, meeting_id: str) -> Said:
    page = (await client.get(f"/api/meetings/{meeting_id}/transcript", params={"limit": 200})).json()
    streams = (await client.get(f"/api/meetings/{meeting_id}/streams")).json()
    origin = streams[0]["origin_ms"] if streams else 0
    return [(said["start_ms"] - origin, said["end_ms"] - origin, said["text"]) for said in page["items"]]


async def until_resumed(
    client: httpx.AsyncClient, meetings: Sequence[str], killed: subprocess.Popen[bytes], at_s: float = KILL_AT_S
) -> None:
    """Kill a transcriber in the middle of the talk, and wait until every stream has new words."""
    await asyncio.sleep(at_s)
    before = [len(await transcript(client, meeting)) for meeting in meetings]
    assert all(before)
    killed.send_signal(signal.SIGKILL)
    async with asyncio.timeout(PATIENCE_S):
        for meeting, count in zip(meetings, before, strict=True):
            while len(await transcript(client, meeting)) <= count:  # noqa: ASYNC110
                await asyncio.sleep(LOOK_S)


async def longest_wait(stack: Stack, client: httpx.AsyncClient, meeting: str, after_s: float) -> float:
    """Speak, and return the longest time in s from the end of a line's sound to its words, which came after that."""
    began = time.monotonic()
    speaking = asyncio.create_task(speak(stack, meeting))
    longest, seen = 0.0, 0
    while not speaking.done():
        said = await transcript(client, meeting)
        now_s = time.monotonic() - began
        waits = [now_s - end_ms / 1000 for _, end_ms, _ in said[seen:] if now_s > after_s]
        longest, seen = max([longest, *waits]), len(said)
        await asyncio.sleep(LOOK_S)
    await speaking
    if not longest:
        raise RuntimeError(f"No words of {meeting} came between {after_s} s and the end of its sound.")
    return longest


async def run(environment: dict[str, str], at_s: float, *, kill: bool) -> list[float]:
    with Stack(**environment) as stack, another_transcriber(stack) as second:
        async with httpx.AsyncClient(base_url=stack.url, timeout=20, headers=stack.headers) as client:
            meetings = await begin(client)
            killing = asyncio.create_task(until_resumed(client, meetings, second, at_s)) if kill else None
            waits = await asyncio.gather(*(longest_wait(stack, client, meeting, at_s) for meeting in meetings))
            if killing:
                await killing
    return waits


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=3, help="of each kind, each killed 1.5 s later in the talk")
    runs = asked.parse_args().runs
    print(f"| event log | streams, {runs} runs | left alone, median / longest wait | one killed | ratio |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="vori-handover-", dir="/tmp") as place, Broker(Path(place)) as broker:
        for name, url in (("PostgreSQL", None), ("Kafka", broker.url)):
            told: dict[bool, list[float]] = {False: [], True: []}
            for nth in range(runs):
                for kill in told:
                    environment = {"VORI_EVENTLOG_URL": f"{url}?topic.prefix=h{nth}{kill:d}."} if url else {}
                    told[kill] += asyncio.run(run(environment, KILL_AT_S + 1.5 * nth, kill=kill))
            alone, killed = ([statistics.median(found), max(found)] for found in told.values())
            median, longest = (there / here for there, here in zip(killed, alone, strict=True))
            print(
                f"| {name} | {STREAMS * runs} | {alone[0]:.1f} / {alone[1]:.1f} s | {killed[0]:.1f} / {killed[1]:.1f} s"
                f" | {median:.1f} / {longest:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
