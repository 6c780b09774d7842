"""Playback: any stretch of a meeting as WAV, whole or by ranges."""

from __future__ import annotations

import io
import wave
from typing import Any

import httpx
import numpy as np
import pytest
from tests.audio.conftest import Pcm, World, noise, until

from vori.audio.play import byte_range

pytestmark = pytest.mark.asyncio(loop_scope="module")


def read_wav(answer: httpx.Response) -> tuple[int, Pcm]:
    with wave.open(io.BytesIO(answer.content)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2")


async def origin(world: World, meeting: Any, stream_id: str = "mic") -> int:
    streams = (await world.client.get(f"/api/meetings/{meeting}/streams")).json()
    return next(int(stream["origin_ms"]) for stream in streams if stream["stream_id"] == stream_id)


async def test_a_stretch_is_played_with_silence_around_it(world: World) -> None:
    meeting, samples = await world.meeting(), noise(12)
    await world.send(meeting, samples)
    async with world.archiving():
        await world.archived(meeting)
    at = await origin(world, meeting)
    answer = await world.play(meeting, stream_id="mic", from_ms=at + 9900, to_ms=at + 10_100)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/wav")
    assert answer.headers["accept-ranges"] == "bytes"
    rate, played = read_wav(answer)
    assert rate == 16000
    assert np.array_equal(played, samples[158_400:161_600])
    _, beyond = read_wav(await world.play(meeting, stream_id="mic", from_ms=at + 11_900, to_ms=at + 12_200))
    assert np.array_equal(beyond, np.concatenate([samples[-1600:], np.zeros(3200, np.int16)]))
    _, whole = read_wav(await world.play(meeting))
    assert np.array_equal(whole[at * 16 :], samples)
    assert not whole[: at * 16].any()


async def test_ranges_are_served_as_http_says(world: World) -> None:
    meeting, samples = await world.meeting(), noise(11)
    await world.send(meeting, samples)
    async with world.archiving():
        await world.archived(meeting)
    whole = (await world.play(meeting)).content
    url, size = f"/api/meetings/{meeting}/audio", len(whole)
    for asked, start, end in [
        ("bytes=0-", 0, size),
        ("bytes=0-1", 0, 2),
        ("bytes=10-99", 10, 100),
        ("bytes=45-300001", 45, 300_002),
        ("bytes=-7", size - 7, size),
        (f"bytes={size - 1}-{size + 50}", size - 1, size),
    ]:
        answer = await world.client.get(url, headers={"range": asked})
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert answer.headers["content-length"] == str(end - start)
        assert answer.content == whole[start:end], asked
    for headers, status, length in (({}, 200, size), ({"range": "bytes=10-19"}, 206, 10)):
        told = await world.client.head(url, headers=headers)
        assert (told.status_code, told.headers["content-length"], told.content) == (status, str(length), b"")
        assert told.headers["content-type"] == "audio/wav"
    beyond = await world.client.get(url, headers={"range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert beyond.json()["code"] == "unsatisfiable_range"
    for ignored in ("bytes=5-2", "bytes=0-1,5-6", "lines=1-2", "bytes=-"):
        assert (await world.client.get(url, headers={"range": ignored})).status_code == 200


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, None), ("bytes=2-5", (2, 6)), ("bytes= 2-5", None), ("bytes=-500", (0, 100)), ("bytes=99-99", (99, 100))],
)
async def test_a_range_header_is_read(header: str | None, expected: tuple[int, int] | None) -> None:
    assert byte_range(header, 100) == expected


async def test_streams_are_mixed_at_their_own_times_and_rates(world: World) -> None:
    meeting = await world.meeting()
    loud = np.full(16_000, 20_000, np.int16)
    async with world.archiving():
        await world.send(meeting, loud, "a")
        await world.send(meeting, loud, "b")
        await world.send(meeting, np.full(8000, -5000, np.int16), "c", sample_rate=8000)
        await world.archived(meeting, 3)
    a, b, c = [await origin(world, meeting, name) for name in "abc"]
    rate, mixed = read_wav(await world.play(meeting))
    expected = np.zeros(len(mixed), np.int32)
    for value, at in ((20_000, a), (20_000, b), (-5000, c)):
        expected[at * 16 : at * 16 + 16_000] += value
    assert rate == 16_000
    off = np.abs(np.clip(expected, -32768, 32767) - mixed) > 1
    assert off.sum() <= 4, "only the interpolated edges may differ"
    _, slow = read_wav(await world.play(meeting, stream_id="c", from_ms=c, to_ms=c + 1000))
    assert np.array_equal(slow, np.full(8000, -5000))


async def test_what_was_just_said_can_be_played_before_it_is_archived(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting, samples = await world.meeting(), noise(2)
    monkeypatch.setattr(world.archivist, "_idle_s", 60)
    async with world.archiving(), world.sender(meeting) as sender:
        await sender.send_samples(samples, fast=True)

        async def audible() -> bool:
            answer = await world.play(meeting, stream_id="mic")
            return answer.status_code == 200 and np.array_equal(read_wav(answer)[1][-32_000:], samples)

        await until(audible)
        assert not list((world.home / "archive" / str(meeting)).rglob("*.flac"))


async def test_a_lost_file_is_silence(world: World) -> None:
    meeting, samples = await world.meeting(), noise(12)
    await world.send(meeting, samples)
    async with world.archiving():
        await world.archived(meeting)
    next((world.home / "archive" / str(meeting)).rglob("160000.flac")).write_bytes(b"damaged")
    at = await origin(world, meeting)
    _, played = read_wav(await world.play(meeting, from_ms=at))
    assert np.array_equal(played, np.concatenate([samples[:160_000], np.zeros(32_000, np.int16)]))


async def test_what_cannot_be_played_is_said(world: World) -> None:
    meeting = await world.meeting()
    assert (await world.play(meeting)).json()["code"] == "not_found"
    assert (await world.play(meeting, stream_id="x")).json()["code"] == "not_found"
    async with world.archiving():
        await world.send(meeting, noise(1))
        await world.archived(meeting)
    assert (await world.play(meeting, from_ms=500, to_ms=400)).status_code == 422
    assert (await world.play(meeting, from_ms=-1)).status_code == 422
    assert (await world.client.get(f"/api/meetings/{meeting}x/audio")).status_code == 422
