"""Sound in chunks, for clients that can't hold a socket."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from tests.audio.conftest import Pcm, World, heard, noise
from tests.audio.test_archive import kept
from tests.audio.test_upload import made

from vori.audio.model import stream_key
from vori.events import AudioEnded

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def post(world: World, meeting: UUID, seq: int, audio: Pcm | bytes | str, **more: Any) -> tuple[int, Any]:
    if isinstance(audio, np.ndarray):
        audio = audio.tobytes()
    if isinstance(audio, bytes):
        audio = base64.b64encode(audio).decode()
    answer = await world.client.post(f"/api/meetings/{meeting}/chunks", json={"seq": seq, "audio": audio} | more)
    return answer.status_code, answer.json()


async def test_a_recording_comes_in_chunks_and_ends_with_a_dash(world: World) -> None:
    meeting, samples = await world.meeting(), noise(9.3)
    for seq, at in enumerate(range(0, len(samples), 50_000)):
        block = samples[at : at + 50_000]
        status, answer = await post(world, meeting, seq, block)
        assert (status, answer["next_seq"], answer["duplicate"]) == (200, seq + 1, False)
        assert answer["duration_ms"] == len(block) // 16
    status, answer = await post(world, meeting, 3, "-")
    assert (status, answer["ended"]) == (200, True)
    assert (await post(world, meeting, 3, "-"))[1]["ended"] is True
    assert (await post(world, meeting, 4, samples[:10]))[1]["code"] == "stream_ended"
    events = await world.events(meeting, "chunks")
    assert [type(event) for event in events].count(AudioEnded) == 1
    async with world.archiving():
        await world.archived(meeting)
    assert np.array_equal(await kept(world, meeting, "chunks"), samples)
    folder = world.home / "archive" / str(meeting) / str(stream_key(meeting, "chunks"))
    assert (folder / "end.txt").read_text() == "Recording Finished"


async def test_a_chunk_sent_again_is_taken_once(world: World) -> None:
    meeting, samples = await world.meeting(), noise(2)
    answers = await asyncio.gather(*(post(world, meeting, 0, samples) for _ in range(4)))
    assert sorted(answer["duplicate"] for _, answer in answers) == [False, True, True, True]
    await post(world, meeting, 1, samples)
    assert (await post(world, meeting, 0, samples))[1]["duplicate"] is True
    frames = await world.frames(meeting, "chunks")
    assert [frame.seq for frame in frames] == list(range(8))
    assert b"".join(frame.data for frame in frames) == np.concatenate([samples, samples]).tobytes()


async def test_a_missing_chunk_is_asked_for_and_may_be_given_up(world: World) -> None:
    meeting, samples = await world.meeting(), noise(1)
    await post(world, meeting, 0, samples, captured_ms=0)
    status, problem = await post(world, meeting, 2, samples, captured_ms=2000)
    assert (status, problem["code"]) == (409, "chunk_missing")
    assert "chunk 1" in problem["remedy"]
    assert (await post(world, meeting, 2, "-"))[1]["code"] == "chunk_missing"
    assert (await post(world, meeting, 1, ""))[1]["next_seq"] == 2
    assert (await post(world, meeting, 2, samples, captured_ms=2000))[0] == 200
    await post(world, meeting, 3, "-")
    async with world.archiving():
        await world.archived(meeting)
    silence = np.zeros(16000, np.int16)
    assert np.array_equal(await kept(world, meeting, "chunks"), np.concatenate([samples, silence, samples]))


async def test_a_chunk_may_be_a_file_or_of_another_rate(world: World) -> None:
    meeting, samples = await world.meeting(), noise(1.5)
    status, answer = await post(world, meeting, 0, made("flac", "flac", samples, 16000), codec="file", stream_id="f")
    assert (status, answer["duration_ms"]) == (200, 1500)
    sent = await world.frames(meeting, "f")
    assert b"".join(frame.data for frame in sent) == samples.tobytes()
    status, answer = await post(world, meeting, 0, samples[:12000], sample_rate=8000, stream_id="slow")
    assert (status, answer["duration_ms"]) == (200, 1500)
    assert (await post(world, meeting, 1, samples, stream_id="slow"))[1]["code"] == "stream_differs"


async def test_a_refused_first_chunk_leaves_no_stream(world: World) -> None:
    meeting = await world.meeting()
    for bad in ({"audio": b"odd", "sample_rate": 8000}, {"audio": b"nonsense", "codec": "file"}):
        assert (await post(world, meeting, 0, **bad))[0] == 422
    assert (await world.client.get(f"/api/meetings/{meeting}/streams")).json() == []
    assert (await post(world, meeting, 0, noise(1), sample_rate=48000))[0] == 200


async def test_a_bad_chunk_is_refused(world: World) -> None:
    meeting = await world.meeting()
    bad: list[tuple[dict[str, Any], int, str]] = [
        ({"audio": "not base64!"}, 422, "malformed_frame"),
        ({"audio": base64.b64encode(b"odd").decode()}, 422, "malformed_frame"),
        ({"audio": base64.b64encode(b"nonsense").decode(), "codec": "file"}, 422, "unreadable_audio"),
        ({"audio": "", "seq": -1}, 422, "invalid"),
        ({"audio": "", "codec": "mp3"}, 422, "invalid"),
        ({"audio": "", "sample_rate": 1}, 422, "wrong_sample_rate"),
        ({"audio": "", "extra": 1}, 422, "invalid"),
        ({"audio": "A" * (12 << 20)}, 413, "body_too_large"),
    ]
    for change, status, code in bad:
        answer = await world.client.post(f"/api/meetings/{meeting}/chunks", json={"seq": 0} | change)
        assert (answer.status_code, answer.json()["code"]) == (status, code), change.keys()
    assert (await world.client.post(f"/api/meetings/{meeting}/chunks", content=b"{")).status_code == 422
    assert await world.frames(meeting, "chunks") == []


async def test_a_socket_and_chunks_do_not_share_a_stream(world: World) -> None:
    meeting = await world.meeting()
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        status, problem = await post(world, meeting, 0, noise(1), stream_id="mic")
        assert (status, problem["code"]) == (409, "stream_in_use")


async def test_a_chunk_that_is_decoded_while_its_meeting_ends_is_kept_or_refused(world: World) -> None:
    meeting, samples = await world.meeting(), noise(280) // 256
    file = made("flac", "flac", samples, 16000)
    posting = asyncio.create_task(post(world, meeting, 0, file, codec="file", stream_id="f"))
    await asyncio.sleep(0.1)
    assert (await world.client.post(f"/api/meetings/{meeting}/end")).status_code == 200
    status, _ = await posting
    assert status in {200, 409}
    events = await world.events(meeting, "f")
    assert not events or isinstance(events[-1], AudioEnded), "nothing comes after the end"
    sent = await world.frames(meeting, "f")
    assert b"".join(frame.data for frame in sent) == (samples.tobytes() if status == 200 else b"")


async def test_a_socket_that_opens_while_a_chunk_is_decoded_keeps_the_stream_to_itself(world: World) -> None:
    meeting, samples = await world.meeting(), noise(280) // 256
    file = made("flac", "flac", samples, 16000)
    posting = asyncio.create_task(post(world, meeting, 0, file, codec="file", stream_id="mic"))
    await asyncio.sleep(0.1)
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        opened_first = not posting.done()
        status, _ = await posting
    assert status == (409 if opened_first else 200)
    sent = await world.frames(meeting, "mic")
    assert b"".join(frame.data for frame in sent) == (b"" if opened_first else samples.tobytes())
