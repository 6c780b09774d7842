"""An ended meeting is heard again from its recording, as it was heard live; nothing changes until that is accepted."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.transcript.desk import SCRIPT, Desk, Silent, told
from tests.transcript.test_echo import Hears
from tests.transcript.test_echo import room as from_a_loudspeaker

from vori.audio.files import FileArchive
from vori.audio.flac import encode_flac
from vori.audio.store import read_segments
from vori.clock import new_id
from vori.database.connection import Database
from vori.events import AudioFrame
from vori.gateway import build_app
from vori.people.api import current_workspace
from vori.transcript import api as transcript
from vori.transcript.model import Recogniser, Recognition, Stretch
from vori.transcript.retranscription import api, hear, work
from vori.transcript.retranscription.hear import Sound
from vori.transcript.retranscription.model import Reheard
from vori.transcript.silero import Silero
from vori.transcript.whisper import Whisper

RATE = 16_000


class Faulty(Silent):
    """Hears nothing of what begins after three seconds; live, that is noted as speech without words."""

    def final(self, stretch: Stretch) -> Recognition:
        if stretch.start_ms > 3_000:
            raise RuntimeError("out of memory")
        return Recognition("heard", "en")

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [Recognition("", "en") for _ in stretches]


async def again(desk: Desk, recogniser: Recogniser, silero: Silero) -> list[Reheard]:
    """What the child would find."""
    stream = desk.stream
    async with desk.database.transaction(desk.meeting.workspace_id) as tx:
        segments = await read_segments(tx, [stream.stream])
    archive = FileArchive(desk.folder / "archive")
    lines = [*hear.hear([Sound.of(stream, segments, None)], archive, recogniser, silero)]
    assert sum(line.passed_ms or 0 for line in lines) == sum(s.samples * 1000 // s.sample_rate for s in segments)
    return [line.reheard for line in lines if line.reheard]


async def test_streams_are_heard_together_and_an_echo_has_no_words_then_as_now(
    jfk: NDArray[np.int16], silero: Silero, tmp_path: Path
) -> None:
    archive = FileArchive(tmp_path / "archive")
    pause = np.zeros(3 * RATE, np.int16)
    said = np.concatenate((pause, jfk, pause, jfk))
    echoed = from_a_loudspeaker(said, late_ms=200, gain=0.4)

    def archived(samples: NDArray[np.int16], origin_ms: int) -> Sound:
        sound = Sound(stream=new_id(), origin_ms=origin_ms, sample_rate=RATE, language=None, segments=[])
        for at in range(0, len(samples), 10 * RATE):
            sound.segments.append((at, f"{sound.stream}/{at}.flac"))
            archive.write(sound.segments[-1][1], encode_flac(samples[at : at + 10 * RATE], RATE))
        return sound

    def utterances(*sounds: Sound) -> list[int]:
        found = [line.reheard for line in hear.hear(sounds, archive, Hears(), silero) if line.reheard]
        return [sum(it.stream == sound.stream for it in found) for sound in sounds]

    speaker, listener = archived(said[2 * RATE :], 2_000), archived(echoed, 0)
    [alone] = utterances(listener)
    assert alone >= 3
    assert utterances(listener, speaker)[0] == 0
    assert utterances(speaker, listener)[1] == 0
    assert utterances(speaker, archived(echoed, 40_000))[1] == alone, "the same at another time is no echo"


def rows(found: Sequence[Reheard]) -> list[tuple[Any, ...]]:
    return [(it.words[0].start_ms, it.words[-1].end_ms, it.language, it.text, it.words) for it in found]


async def test_the_same_model_hears_the_same_again_across_segments_and_gaps(
    desks: Any, jfk: NDArray[np.int16], whisper: Whisper, silero: Silero
) -> None:
    desk: Desk = await desks(script=())
    seq = await desk.say(jfk)
    form: dict[str, Any] = {"codec": "pcm_s16le", "sample_rate": RATE} | desk.ids
    began = 11_777  # a gap of less than a second, at a time between two samples' milliseconds
    pieces = [jfk[at : at + 1_600].tobytes() for at in range(0, 80_000, 1_600)]
    await desk.log.publish(
        [AudioFrame(seq=seq + 1 + n, captured_ms=began + n * 100, data=piece, **form) for n, piece in enumerate(pieces)]
    )
    outcome = await desk.settle(whisper, seq + 1 + len(pieces))
    assert outcome.streams[0].gaps[0].cause == "not_captured"
    live = told(await desk.utterances())
    assert len(live) >= 5
    found = await again(desk, whisper, silero)
    assert rows(found) == live
    assert all(it.from_ms <= it.words[0].start_ms and it.words[-1].end_ms <= it.to_ms + 100 for it in found)


@pytest.fixture
async def room(desks: Any, modern: NDArray[np.int16]) -> Desk:
    """A meeting that has ended, with a short recording that a script gave words to."""
    desk: Desk = await desks(script=SCRIPT[:1])
    await desk.settle(Silent(), await desk.say(modern))
    assert [said.text for said in await desk.utterances()] == ["Good morning."]
    return desk


@contextlib.asynccontextmanager
async def asking(desk: Desk, workspace_id: UUID | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """Calls of this meeting's API."""
    routers = [make(desk.database, desk.log, desk.feed) for make in (transcript.routes, api.routes)]
    app = build_app(routers)
    app.dependency_overrides[current_workspace] = lambda: workspace_id or desk.meeting.workspace_id
    base_url = f"http://127.0.0.1/api/meetings/{desk.meeting.meeting_id}"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url) as client:
        yield client


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "EVERY_S", 0.1)


@contextlib.asynccontextmanager
async def working(database: Database, log_database: Database, home: Path) -> AsyncIterator[None]:
    task = asyncio.create_task(work.run(database, log_database, home))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def asked(client: httpx.AsyncClient, model: str | None = "base") -> str:
    answer = await client.post("/retranscriptions", json={"model": model})
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "queued"
    return f"/retranscriptions/{answer.json()['retranscription_id']}"


async def settled(client: httpx.AsyncClient, path: str, *states: str) -> dict[str, Any]:
    async with asyncio.timeout(240):  # at the lowest priority on a busy machine
        while True:
            job: dict[str, Any] = (await client.get(path)).json()
            if job["state"] in (states or ("ready", "failed")):
                return job
            await asyncio.sleep(0.05)


@pytest.fixture
def linked_home(home: Path, room: Desk, whisper: Whisper) -> Path:
    """The room's home, with the models of this run."""
    assert whisper
    (room.folder / "models").symlink_to(home / "models")
    return room.folder


async def test_whisper_hears_a_recording_again_in_a_child_and_the_difference_can_be_accepted(
    room: Desk, linked_home: Path, log_database: Database
) -> None:
    before = await room.utterances()
    async with asking(room) as client, working(room.database, log_database, linked_home):
        path = await asked(client)
        job = await settled(client, path)
        assert (job["state"], job["progress"], job["recogniser"]) == ("ready", 1.0, "whisper base int8"), job
        [stream] = job["difference"]
        [change] = stream["changes"]
        assert (stream["stream_id"], stream["speaker"]) == ("mic", "Maya")
        assert (change["kind"], change["before"]) == ("corrected", "Good morning.")
        assert "modern" in change["after"].lower()
        assert {word["kind"] for word in change["words"]} == {"removed", "added"}
        assert await room.utterances() == before, "until it is accepted"
        accepted = (await client.post(f"{path}/accept")).json()
        assert (accepted["state"], accepted["difference"]) == ("accepted", None)
    [said] = await room.utterances()
    assert (said.text, said.original, said.version) == (change["after"], "Good morning.", 1)  # type: ignore[attr-defined]
    assert said.reheard_by == "whisper base int8"  # type: ignore[attr-defined]


async def test_a_model_that_is_not_there_fails_with_a_sentence_and_holds_up_nothing(
    room: Desk, linked_home: Path, log_database: Database
) -> None:
    async with asking(room) as client, working(room.database, log_database, linked_home):
        job = await settled(client, await asked(client, "/nowhere"))
        assert (job["state"], job["difference"]) == ("failed", None)
        assert job["reason"].startswith("There is no speech model '/nowhere' that works here: name base, ")
        [file] = (linked_home / "archive").rglob("*.flac")
        sound = file.read_bytes()
        file.write_bytes(b"not this")
        job = await settled(client, await asked(client))
        assert job["state"] == "failed"
        assert "A recording can't be read" in job["reason"]
        file.write_bytes(sound)
        job = await settled(client, await asked(client, None))
        assert (job["state"], job["recogniser"]) == ("ready", "whisper base int8"), "VORI_SPEECH_MODEL's"
    assert [said.text for said in await room.utterances()] == ["Good morning."]


def children() -> set[int]:
    """Processes that hear a meeting again, started by this one."""
    found = set()
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            mine = int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()
            if mine and hear.__name__ in (entry / "cmdline").read_text():
                found.add(int(entry.name))
    return found


def priority(process: int) -> int | None:
    with contextlib.suppress(ProcessLookupError):
        return os.getpriority(os.PRIO_PROCESS, process)
    return None


async def test_it_runs_at_the_lowest_priority_ends_with_the_transcriber_and_starts_over(
    room: Desk, linked_home: Path, log_database: Database
) -> None:
    async with asking(room) as client:
        path = await asked(client)
        async with working(room.database, log_database, linked_home):
            await settled(client, path, "running")
            async with asyncio.timeout(20):
                while 19 not in map(priority, children()):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        assert children() == set()
        assert (await client.get(path)).json()["state"] == "running", "nobody said that it is not wanted"
        async with working(room.database, log_database, linked_home):
            assert (await settled(client, path))["state"] == "ready"


async def test_two_transcribers_hear_it_once(room: Desk, linked_home: Path, log_database: Database) -> None:
    most = 0
    async with asking(room) as client:
        path = await asked(client)
        async with working(room.database, log_database, linked_home), working(room.database, log_database, linked_home):
            while (job := (await client.get(path)).json())["state"] in {"queued", "running"}:
                most = max(most, len(children()))
                await asyncio.sleep(0.05)
    assert (job["state"], most) == ("ready", 1)


async def test_a_discarded_one_is_heard_no_further(room: Desk, linked_home: Path, log_database: Database) -> None:
    async with asking(room) as client:
        waiting = await asked(client)
        assert (await client.post(f"{waiting}/discard")).json()["state"] == "discarded"
        path = await asked(client)
        async with working(room.database, log_database, linked_home):
            await settled(client, path, "running")
            assert (await client.post(f"{path}/discard")).json()["state"] == "discarded"
            async with asyncio.timeout(20):
                while children():  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await asyncio.sleep(0.1)
        assert (await client.get(path)).json()["state"] == "discarded"
        refused = await client.post(f"{path}/accept")
        assert (refused.status_code, refused.json()["code"]) == (409, "retranscription_not_ready")
        assert [job["state"] for job in (await client.get("/retranscriptions")).json()] == ["discarded"] * 2
