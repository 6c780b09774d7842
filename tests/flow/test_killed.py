"""Whole meetings through running processes, killed at random: the result is that of an undisturbed run.

Two meetings run at once, at the speed of talk: a real recording through Whisper, and our demo, whose three voices
open and move tickets. Kills are seeded, so a failure can be run again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import random
import shutil
import tempfile
import time
import wave
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from tests.flow.conftest import Profile
from tests.livefeed.redis_server import RedisServer

from stack import Stack
from vori.audio.pyav import decode_file
from vori.cli.stream import AudioSender
from vori.database.embedded import EmbeddedPostgres
from vori.eventlog.broker import Broker
from vori.sample.script import FOLDER, asked

pytestmark = [pytest.mark.flow, pytest.mark.timeout(600)]

Samples = NDArray[np.int16]
Disturbance = Callable[[Stack, float], Coroutine[Any, Any, int]]
"""What is done to a VORI during meetings of so many seconds; how many processes were killed."""
RATE = 16_000
SHARED = Path(__file__).parents[3] / "shared" / "eval" / "audio" / "stream_dev_en.flac"
OURS = Path(__file__).parents[1] / "clips"
RECORDING_S = 45
SEED = 20261122
AWAY_S = 20


def recording() -> Samples:
    """A real recording: the evaluation stream where it is at hand, else the clips in this repository, joined."""
    if SHARED.exists():
        samples, rate = soundfile.read(SHARED, stop=RECORDING_S * RATE, dtype="int16")
        assert rate == RATE
        return np.asarray(samples)
    pause = np.zeros(RATE, np.int16)
    parts = [part for clip in sorted(OURS.glob("*.flac")) for part in (soundfile.read(clip, dtype="int16")[0], pause)]
    return np.concatenate(parts)


@dataclass
class Outcome:
    """What came of one run, in a form that two runs can be compared by (ids and dates differ)."""

    utterances: list[tuple[Any, ...]]
    tickets: list[tuple[Any, ...]]
    changes: list[tuple[Any, ...]]
    sent_but_not_archived: int
    frames: dict[str, int]
    kills: int


async def samples_of(file: Path) -> Samples:
    with file.open("rb") as opened:
        return np.frombuffer(b"".join([block async for block in decode_file(opened)]), "<i2")


async def ask(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> httpx.Response:
    """As a patient client does: try again while the gateway is being started."""
    for attempt in range(60):
        with contextlib.suppress(httpx.TransportError):
            answer = await client.request(method, path, **options)
            if answer.status_code < 500:
                answer.raise_for_status()
                return answer
        await asyncio.sleep(0.5)
        assert attempt < 59, f"{method} {path} got no answer"
    raise AssertionError


async def speak(stack: Stack, meeting_id: str, name: str, samples: Samples, language: str) -> int:
    url = f"ws://127.0.0.1:{stack.port}/api/meetings/{meeting_id}/audio"
    sender = AudioSender(url, name, speaker=name, language=language, headers=stack.headers, patience_s=90)
    async with sender:
        await sender.send_samples(samples)
        return await sender.finish()


async def kill_at_random(stack: Stack, seconds: float) -> int:
    """Kill a role every few seconds, each that runs at least once, and once everything, PostgreSQL included."""
    chance = random.Random(SEED)
    victims = [
        "gateway",
        "transcriber",
        "scribe",
        "relay",
        "everything",
        *chance.choices(["gateway", "transcriber", "scribe"], k=3),
    ]
    chance.shuffle(victims)
    pause = seconds / (len(victims) + 1)
    kills = 0
    for victim in victims:
        await asyncio.sleep(pause * chance.uniform(0.6, 1.3))
        if victim == "everything":
            stack.kill()
            await asyncio.to_thread(stack.start)
            kills += 1
        else:
            kills += stack.kill_role(victim)
    return kills


async def run(environment: dict[str, str], disturb: Disturbance | None = None) -> Outcome:
    script = json.loads((FOLDER / "en.json").read_text())
    voices = {name: await samples_of(FOLDER / voice["file"]) for name, voice in script["voices"].items()}
    sounds = {"recording": {"reader": recording()}, "demo": voices}
    with Stack(**environment) as stack:
        async with httpx.AsyncClient(base_url=stack.url, timeout=20, headers=stack.headers) as client:
            for ticket in script["tickets"]:
                await ask(client, "POST", "/api/tickets", json=ticket)
            meetings = {
                name: (await ask(client, "POST", "/api/meetings", json=body)).json()["meeting_id"]
                for name, body in (("recording", {"language": "en"}), ("demo", asked(script)))
            }
            streams = [(name, voice, samples) for name, each in sounds.items() for voice, samples in each.items()]
            longest = max(len(samples) for *_, samples in streams) / RATE
            killing = asyncio.ensure_future(disturb(stack, longest)) if disturb else None
            frames = await asyncio.gather(
                *(speak(stack, meetings[name], voice, samples, "en") for name, voice, samples in streams)
            )
            kills = await killing if killing else 0
            for meeting_id in meetings.values():
                await ask(client, "POST", f"/api/meetings/{meeting_id}/end")
                await minutes_of(client, meeting_id)
            taken = dict(zip((f"{name}/{voice}" for name, voice, _ in streams), frames, strict=True))
            return await outcome(client, meetings, sounds, taken, kills)


async def minutes_of(client: httpx.AsyncClient, meeting_id: str) -> dict[str, Any]:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        answer = await client.get(f"/api/meetings/{meeting_id}/minutes")
        if answer.status_code == 200:
            body: dict[str, Any] = answer.json()
            return body
        await asyncio.sleep(0.3)
    raise AssertionError("the minutes were not written")


async def outcome(
    client: httpx.AsyncClient,
    meetings: dict[str, str],
    sounds: dict[str, dict[str, Samples]],
    frames: dict[str, int],
    kills: int,
) -> Outcome:
    utterances: list[tuple[Any, ...]] = []
    missing = 0
    for name, meeting_id in meetings.items():
        streams = {s["stream"]: s for s in (await ask(client, "GET", f"/api/meetings/{meeting_id}/streams")).json()}
        page = (await ask(client, "GET", f"/api/meetings/{meeting_id}/transcript", params={"limit": 200})).json()
        for said in page["items"]:
            origin = streams[said["stream"]]["origin_ms"]
            times = (said["start_ms"] - origin, said["end_ms"] - origin)
            utterances.append((name, said["speaker"], *times, said["language"], said["text"]))
        for stream in streams.values():
            sent = sounds[name][stream["stream_id"]]
            query = {
                "stream_id": stream["stream_id"],
                "from_ms": stream["origin_ms"],
                "to_ms": stream["origin_ms"] + math.ceil(len(sent) * 1000 / RATE),
            }
            kept = read_wave((await ask(client, "GET", f"/api/meetings/{meeting_id}/audio", params=query)).content)
            assert len(kept) >= len(sent)
            missing += int(np.count_nonzero(kept[: len(sent)] != sent))
    tickets = (await ask(client, "GET", "/api/tickets")).json()["items"]
    changes = []
    for ticket in tickets:
        history = (await ask(client, "GET", f"/api/tickets/{ticket['ticket_id']}/history")).json()
        for change in history["items"] if isinstance(history, dict) else history:
            changes.append((ticket["title"], change["kind"], change["lane"], change["reason"]))
    fields = ("title", "status", "assignee", "due", "version")
    facts = [tuple(ticket[field] for field in fields) for ticket in tickets]
    return Outcome(
        sorted(utterances, key=str), sorted(facts, key=str), sorted(changes, key=str), missing, frames, kills
    )


def read_wave(body: bytes) -> Samples:
    with wave.open(BytesIO(body)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


@pytest.fixture(scope="session")
def undisturbed() -> Outcome:
    """Of the embedded profile; what is killed in the other one comes to the same."""
    found = asyncio.run(run({}))
    assert len(found.utterances) > 10
    assert len(found.tickets) > 2
    assert any(change[1] == "moved" for change in found.changes)
    assert found.sent_but_not_archived == 0
    return found


async def test_killing_every_process_at_random_changes_nothing(profile: Profile, undisturbed: Outcome) -> None:
    disturbed = await run(profile(), kill_at_random)
    assert disturbed.kills >= 5
    assert replace(disturbed, kills=0) == undisturbed


@pytest.mark.parametrize("profile", ["embedded"], indirect=True)
async def test_a_database_that_is_away_for_20_seconds_changes_nothing(profile: Profile, undisturbed: Outcome) -> None:
    home = Path(tempfile.mkdtemp(prefix="vori-away-", dir="/tmp"))
    home.chmod(0o711)
    server = EmbeddedPostgres(home)

    async def stop_database(_stack: Stack, seconds: float) -> int:
        await asyncio.sleep(seconds / 4)
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(AWAY_S)
        await asyncio.to_thread(server.start)
        return 1

    try:
        disturbed = await run(profile() | {"VORI_DATABASE_URL": server.start()}, stop_database)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    assert replace(disturbed, kills=0) == undisturbed


@pytest.mark.parametrize("profile", ["kafka and redis"], indirect=True)
async def test_a_redis_then_a_kafka_that_are_away_for_20_seconds_change_nothing(
    profile: Profile, redis_server: RedisServer, kafka_broker: Broker, undisturbed: Outcome
) -> None:
    async def stop_both(_stack: Stack, seconds: float) -> int:
        await asyncio.sleep(seconds / 8)
        for server in (redis_server, kafka_broker):
            await asyncio.to_thread(server.kill)
            await asyncio.sleep(AWAY_S)
            server.start()  # in this thread: Redis ends with the thread that started it
            await asyncio.sleep(2)
        return 2

    try:
        disturbed = await run(profile(), stop_both)
    finally:
        redis_server.start()
        await asyncio.to_thread(kafka_broker.start)
    assert replace(disturbed, kills=0) == undisturbed
