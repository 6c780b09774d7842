"""Recordings that arrive piece by piece: a cut line costs what was on it, and nothing that had arrived."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.audio.conftest import World, noise
from tests.audio.test_upload import made

from vori.audio import resume
from vori.audio.resume import Unfinished
from vori.audio.upload import BodyTooLarge
from vori.errors import Conflict
from vori.people.model import LOCAL_WORKSPACE

pytestmark = pytest.mark.asyncio(loop_scope="module")


def key_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def add(world: World, key: str, offset: int, content: bytes) -> httpx.Response:
    return await world.client.patch(f"/api/uploads/{key}", params={"offset": offset}, content=content)


async def arrived(world: World, key: str) -> int:
    return int((await world.client.get(f"/api/uploads/{key}")).json()["bytes"])


async def finish(world: World, key: str, meeting: object, **place: object) -> httpx.Response:
    asked = {"meeting_id": str(meeting)} | {name: str(value) for name, value in place.items()}
    return await world.client.post(f"/api/uploads/{key}/finish", params=asked)


async def test_what_was_cut_off_goes_on_where_it_stopped_and_is_the_whole_recording(world: World) -> None:
    samples = noise(3)
    recording = made("flac", "flac", samples, 16000)
    key, half = key_of(recording), len(recording) // 2
    assert await arrived(world, key) == 0
    await cut_off(world, key, recording[:half])
    there = await arrived(world, key)
    assert 0 < there <= half
    assert (await add(world, key, there, recording[there:])).json() == {"bytes": len(recording)}
    meeting = await world.meeting()
    answer = await finish(world, key, meeting, speaker="Maya", origin_ms=1000)
    assert (answer.status_code, answer.json()["duration_ms"]) == (202, 3000)
    frames = await world.frames(meeting, answer.json()["stream_id"])
    assert b"".join(frame.data for frame in frames) == samples.tobytes()
    assert await arrived(world, key) == 0, "a recording that was taken in takes no more room"


async def cut_off(world: World, key: str, content: bytes) -> None:
    """Promise more than is sent, then hang up."""
    address = httpx.URL(world.url)
    _reader, writer = await asyncio.open_connection(address.host, address.port)
    head = f"PATCH /api/uploads/{key}?offset=0 HTTP/1.1\r\nhost: {address.host}:{address.port}\r\n"
    writer.write(f"{head}content-length: {10 * len(content)}\r\n\r\n".encode() + content)
    await writer.drain()
    async with asyncio.timeout(10):
        while await arrived(world, key) < len(content):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    writer.close()
    async with asyncio.timeout(10):
        while (await add(world, key, len(content), b"")).status_code != 200:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_piece_from_elsewhere_is_refused_and_changes_nothing(world: World) -> None:
    key = key_of(b"here and there")
    await add(world, key, 0, b"here")
    for offset in (0, 3, 5):
        refused = await add(world, key, offset, b"x")
        assert (refused.status_code, refused.json()["code"]) == (409, "other_offset")
    assert await arrived(world, key) == 4
    assert (await world.client.delete(f"/api/uploads/{key}")).status_code == 204
    assert await arrived(world, key) == 0


async def test_what_is_no_recording_or_has_no_meeting_is_refused(world: World) -> None:
    key = key_of(b"no sound")
    assert (await finish(world, key, await world.meeting())).status_code == 404
    await add(world, key, 0, b"no sound")
    assert (await finish(world, key, uuid4())).status_code == 404
    assert (await finish(world, key, await world.meeting())).status_code == 422
    assert (await world.client.get("/api/uploads/..%2f..%2fetc")).status_code in {404, 422}
    assert (await world.client.get("/api/uploads/" + "G" * 64)).status_code == 422


async def chunks(*blocks: bytes) -> AsyncIterator[bytes]:
    for block in blocks:
        yield block


async def test_two_at_once_too_much_and_what_was_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unfinished, key = Unfinished(tmp_path), key_of(b"a")
    hold = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"one"
        await hold.wait()

    first = asyncio.create_task(unfinished.append(LOCAL_WORKSPACE, key, 0, slow()))
    await asyncio.sleep(0)
    with pytest.raises(Conflict):
        await unfinished.append(LOCAL_WORKSPACE, key, 0, chunks(b"two"))
    hold.set()
    assert (await first).bytes == 3
    monkeypatch.setattr(resume, "MAX_BYTES", 4)
    with pytest.raises(BodyTooLarge):
        await unfinished.append(LOCAL_WORKSPACE, key, 3, chunks(b"two"))
    [left] = tmp_path.iterdir()
    os.utime(left, (0, time.time() - resume.KEPT_S - 1))
    await unfinished.append(LOCAL_WORKSPACE, key_of(b"b"), 0, chunks(b"new"))
    assert not left.exists()
