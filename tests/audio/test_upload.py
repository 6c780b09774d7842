"""Whole recordings in one request: six formats, and everything that is not one."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import io
import os
from typing import Any
from uuid import UUID

import av
import httpx
import numpy as np
import pytest
from tests.audio.conftest import Pcm, World, heard, noise

from vori.audio import upload
from vori.audio.model import Frame
from vori.audio.pyav import AudioTooLong, Caps, UnreadableAudio, decode_file
from vori.events import AudioEnded
from vori.people.model import LOCAL_WORKSPACE

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORMATS = {
    "wav": "pcm_s16le",
    "mp3": "libmp3lame",
    "ipod": "aac",
    "webm": "libopus",
    "ogg": "libopus",
    "flac": "flac",
}


def tone(seconds: float, rate: int = 48000, hertz: float = 440) -> Pcm:
    return (8000 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)).astype(np.int16)


def made(container: str, codec: str, samples: Pcm, rate: int = 48000) -> bytes:
    """An audio file."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        track: Any = out.add_stream(codec, rate=rate)
        track.layout = "mono"
        whole = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        whole.sample_rate = rate
        size = track.codec_context.frame_size or 1024
        split = av.AudioResampler(format=track.format.name, layout="mono", rate=rate, frame_size=size)
        for part in [*split.resample(whole), *split.resample(None), None]:
            out.mux(track.encode(part))
    return file.getvalue()


async def post(world: World, meeting: Any, content: Any, **params: Any) -> httpx.Response:
    return await world.client.post(f"/api/meetings/{meeting}/audio", content=content, params=params)


async def test_six_formats_are_taken_in_like_live_sound(world: World) -> None:
    meeting, sound = await world.meeting(), tone(2)
    uploads = [
        post(world, meeting, made(container, codec, sound), stream_id=container, speaker="민지")
        for container, codec in FORMATS.items()
    ]
    for container, answer in zip(FORMATS, await asyncio.gather(*uploads), strict=True):
        assert answer.status_code == 202, answer.text
        body = answer.json()
        assert body["stream_id"] == container
        assert body["duration_ms"] == pytest.approx(2000, abs=60)
        events = await world.events(meeting, container)
        assert isinstance(events[-1], AudioEnded)
        assert len(events) - 1 == body["frames"] == events[-1].seq
        frames = await world.frames(meeting, container)
        assert [frame.captured_ms for frame in frames[:3]] == [0, 100, 200]
        heard = np.frombuffer(b"".join(frame.data for frame in frames), "<i2")[1600:30000].astype(float)
        spectrum = np.abs(np.fft.rfft(heard))
        assert np.argmax(spectrum) * 16000 / len(heard) == pytest.approx(440, abs=3)
        assert np.abs(heard).max() == pytest.approx(8000, rel=0.15)
    streams = (await world.client.get(f"/api/meetings/{meeting}/streams")).json()
    assert {(stream["speaker"], stream["origin_ms"]) for stream in streams} == {("민지", 0)}


async def test_a_lossless_upload_keeps_every_sample(world: World) -> None:
    meeting, samples = await world.meeting(), noise(3.21)
    answer = await post(world, meeting, made("flac", "flac", samples, 16000), origin_ms=5000)
    assert answer.json()["duration_ms"] == 3210
    frames = await world.frames(meeting, answer.json()["stream_id"])
    assert b"".join(frame.data for frame in frames) == samples.tobytes()
    streams = (await world.client.get(f"/api/meetings/{meeting}/streams")).json()
    assert streams[0]["origin_ms"] == 5000


async def test_a_form_is_taken_too(world: World) -> None:
    meeting, samples = await world.meeting(), noise(1)
    files = {"note": b"hello", "file": made("wav", "pcm_s16le", samples, 16000)}
    answer = await world.client.post(f"/api/meetings/{meeting}/audio", files=files)
    assert (answer.status_code, answer.json()["frames"]) == (202, 10)
    other = await world.client.post(f"/api/meetings/{meeting}/audio", files={"sound": ("a.wav", b"x")})
    assert (other.status_code, other.json()["code"]) == (422, "bad_form")
    broken = await world.client.post(
        f"/api/meetings/{meeting}/audio",
        content=b"nothing",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert (broken.status_code, broken.json()["code"]) == (422, "bad_form")


def silent_video() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="matroska") as out:
        track: Any = out.add_stream("mpeg4", rate=5)
        track.width = track.height = 32
        track.pix_fmt = "yuv420p"
        out.mux(track.encode(av.VideoFrame(32, 32, "yuv420p")))
        out.mux(track.encode(None))
    return file.getvalue()


async def test_what_is_no_sound_is_refused_and_leaves_nothing(world: World, tmp_path: Any) -> None:
    meeting = await world.meeting()
    secret = tmp_path / "secret.wav"
    secret.write_bytes(made("wav", "pcm_s16le", noise(1), 16000))
    bad = {
        "empty": b"",
        "text": b"hello " * 1000,
        "garbage": np.random.default_rng(3).bytes(200_000),
        "a header alone": made("wav", "pcm_s16le", noise(1), 16000)[:44],
        "no audio track": silent_video(),
        "a playlist": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode(),
        "a list of files": f"ffconcat version 1.0\nfile {secret}\n".encode(),
    }
    answers = await asyncio.gather(*(post(world, meeting, content) for content in bad.values()))
    for name, answer in zip(bad, answers, strict=True):
        assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_audio"), name
        assert answer.json()["remedy"]
    assert (await world.client.get(f"/api/meetings/{meeting}/streams")).json() == []
    assert list((world.home / "incoming").iterdir()) == []


async def test_a_file_that_breaks_off_is_kept_as_far_as_it_goes(world: World) -> None:
    content = made("mp3", "libmp3lame", tone(4))
    answer = await post(world, await world.meeting(), content[: len(content) // 2])
    assert answer.json()["duration_ms"] == pytest.approx(2000, abs=200)


async def test_too_much_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "MAX_BYTES", 100_000)
    meeting = await world.meeting()

    answer = await post(world, meeting, bytes(100_001))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    reader, writer = await asyncio.open_connection("127.0.0.1", world.client.base_url.port)
    head = f"POST /api/meetings/{meeting}/audio HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9999999999\r\n\r\n"
    writer.write(head.encode() + bytes(200_000))
    assert b" 413 " in await asyncio.wait_for(reader.readline(), 5), "it doesn't wait for the rest"
    writer.close()
    await writer.wait_closed()


async def test_a_bomb_is_defused_by_time_length_and_memory(tmp_path: Any) -> None:
    path = tmp_path / "bomb.flac"
    path.write_bytes(made("flac", "flac", np.zeros(16000 * 600, np.int16), 16000))
    assert path.stat().st_size < 200_000

    async def decode(caps: Caps) -> int:
        with path.open("rb") as file:
            return sum([len(block) async for block in decode_file(file, caps)])

    assert await decode(Caps()) == 600 * 32000
    for caps in (Caps(seconds=599), Caps(wall_s=0.05), Caps(memory_bytes=60 << 20), Caps(cpu_s=0)):
        with pytest.raises((AudioTooLong, UnreadableAudio)) as caught:
            await decode(caps)
        assert caught.type is AudioTooLong, caps


async def test_a_decoder_whose_sound_nobody_wants_any_more_is_ended(tmp_path: Any) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(made("wav", "pcm_s16le", noise(300), 16000))
    with path.open("rb") as file:
        async with asyncio.timeout(30):
            async with contextlib.aclosing(decode_file(file)) as blocks:
                async for _ in blocks:
                    await asyncio.sleep(1)  # meanwhile the pipe and what is read ahead of it fill up
                    break


async def test_an_upload_to_an_ended_or_unknown_meeting_is_refused(world: World) -> None:
    meeting = await world.meeting()
    await world.client.post(f"/api/meetings/{meeting}/end")
    content = made("wav", "pcm_s16le", noise(0.5), 16000)
    assert (await post(world, meeting, content)).json()["code"] == "meeting_ended"
    assert (await post(world, os.urandom(16).hex(), content)).json()["code"] == "not_found"


async def cut_off(world: World, meeting: UUID, name: str, content: bytes, samples: Pcm) -> None:
    """What is left of an upload when its gateway is killed after nine frames."""
    digest = hashlib.sha256(content).hexdigest()
    stream = await world.receiver.open_stream(LOCAL_WORKSPACE, meeting, name, recording=digest)
    async with world.receiver.intake(stream) as intake:
        for seq in range(9):
            await intake.take(Frame(seq, seq * 100, samples[seq * 1600 : (seq + 1) * 1600].tobytes()))


async def test_a_stream_is_one_recording_or_live_sound(world: World) -> None:
    meeting, samples = await world.meeting(), noise(2)
    content, other = (made("wav", "pcm_s16le", noise(2, seed=seed), 16000) for seed in (1, 2))
    await cut_off(world, meeting, "file", content, samples)
    async with world.sender(meeting, "desk") as sender:
        await sender.send_samples(samples[:16000], fast=True)
        await sender._until(lambda: sender.acknowledged == 10)
    before = await world.events(meeting, "file"), await world.events(meeting, "desk")

    for stream, sound in (("file", other), ("desk", content)):
        refused = await post(world, meeting, sound, stream_id=stream)
        assert (refused.status_code, refused.json()["code"]) == (409, "stream_differs")
    chunk = {"stream_id": "file", "seq": 0, "audio": "AAA="}
    assert (await world.client.post(f"/api/meetings/{meeting}/chunks", json=chunk)).json()["code"] == "stream_differs"
    async with world.socket(meeting, {"stream_id": "file"}) as socket:
        assert (await heard(socket, "error"))["code"] == "stream_differs"
    assert (await world.events(meeting, "file"), await world.events(meeting, "desk")) == before

    assert (await post(world, meeting, content, stream_id="file")).json()["frames"] == 20
    assert (await post(world, meeting, content)).json()["frames"] == 20


async def test_an_upload_without_a_name_is_known_by_its_content(world: World) -> None:
    meeting, samples = await world.meeting(), noise(2)
    content = made("wav", "pcm_s16le", samples, 16000)
    name = f"upload-{hashlib.sha256(content).hexdigest()[:16]}"
    await cut_off(world, meeting, name, content, samples)
    form = await world.client.post(f"/api/meetings/{meeting}/audio", files={"note": b"hello", "file": content})
    assert (form.status_code, form.json()["stream_id"]) == (202, name)
    assert b"".join(frame.data for frame in await world.frames(meeting, name)) == samples.tobytes()

    again = await post(world, meeting, content)
    assert (again.status_code, again.json()["code"]) == (409, "stream_ended")
    assert "already" in again.json()["detail"]
    assert "stream_id" in again.json()["remedy"]
    assert len((await world.client.get(f"/api/meetings/{meeting}/streams")).json()) == 1
    other = await post(world, meeting, made("wav", "pcm_s16le", noise(1, seed=2), 16000))
    assert (other.status_code, other.json()["frames"]) == (202, 10)


async def test_an_upload_repeated_is_refused_and_one_cut_off_goes_on(world: World) -> None:
    meeting, samples = await world.meeting(), noise(2)
    content = made("wav", "pcm_s16le", samples, 16000)
    await cut_off(world, meeting, "file", content, samples)
    assert (await post(world, meeting, content, stream_id="file")).json()["frames"] == 20
    frames = await world.frames(meeting, "file")
    assert b"".join(frame.data for frame in frames) == samples.tobytes()
    again = await post(world, meeting, content, stream_id="file")
    assert (again.status_code, again.json()["code"]) == (409, "stream_ended")
