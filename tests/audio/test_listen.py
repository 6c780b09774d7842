"""The audio WebSocket, as a stranger's client meets it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket as sockets
from typing import Any

import numpy as np
import pytest
from tests.audio.conftest import World, acked, closed, frame, heard, noise, until
from websockets.asyncio.client import connect

from vori.audio import listen, publish, receive
from vori.audio.model import stream_key
from vori.audio.opus import OpusDecoder
from vori.cli.stream import AudioRefused
from vori.clock import new_id
from vori.errors import Unavailable
from vori.events import AudioEnded, AudioFrame
from vori.livefeed import LiveMessage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_frames_are_acknowledged_once_they_are_in_the_log_and_bye_ends_the_stream(world: World) -> None:
    meeting = await world.meeting()
    async with world.socket(meeting) as socket:
        assert await heard(socket, "ready") == {"type": "ready", "next_seq": 0}
        for seq in range(5):
            await socket.send(frame(seq))
        await acked(socket, 4)
        assert [kept.seq for kept in await world.frames(meeting)] == [0, 1, 2, 3, 4]
        await socket.send('{"type": "bye"}')
        assert await heard(socket, "done") == {"type": "done", "next_seq": 5}
        assert await closed(socket) == 1000
    events = await world.events(meeting)
    assert [type(event) for event in events] == [AudioFrame] * 5 + [AudioEnded]
    first, last = events[0], events[-1]
    assert isinstance(first, AudioFrame)
    assert isinstance(last, AudioEnded)
    assert (first.captured_ms, first.codec, first.sample_rate) == (0, "pcm_s16le", 16000)
    assert first.data == frame(0)[12:]
    assert last.seq == 5


async def test_a_broken_stream_goes_on_where_it_was_durable(world: World) -> None:
    meeting = await world.meeting()
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        for seq in range(3):
            await socket.send(frame(seq))
        await acked(socket, 2)
        socket.transport.abort()
    async with world.socket(meeting) as socket:
        assert (await heard(socket, "ready"))["next_seq"] == 3
        for seq in (1, 2, 3, 4):
            await socket.send(frame(seq))
        await acked(socket, 4)
    assert [kept.seq for kept in await world.frames(meeting)] == [0, 1, 2, 3, 4]


async def test_a_repeated_frame_is_acknowledged_again_but_never_before_it_is_durable(world: World) -> None:
    meeting = await world.meeting()
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        for _ in range(5):
            await socket.send(frame(0))
        assert (await heard(socket, "ack"))["seq"] == 0
        await socket.send(frame(0))
        assert (await heard(socket, "ack"))["seq"] == 0
    assert len(await world.frames(meeting)) == 1


async def test_frames_out_of_order_are_put_in_order(world: World) -> None:
    meeting = await world.meeting()
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        for seq in (2, 0, 1, 4, 3):
            await socket.send(frame(seq))
        await acked(socket, 4)
    assert [kept.seq for kept in await world.frames(meeting)] == [0, 1, 2, 3, 4]


async def test_a_frame_that_stays_missing_is_reported_and_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publish, "GRACE_S", 0.1)
    meeting = await world.meeting()
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        for seq in (0, 3):
            await socket.send(frame(seq))
        assert await heard(socket, "gap") == {"type": "gap", "from_seq": 1, "to_seq": 2}
        await acked(socket, 3)
    assert [kept.seq for kept in await world.frames(meeting)] == [0, 3]


OPUS = {"codec": "opus"}
BAD_HELLOS: list[tuple[Any, str]] = [
    ({"codec": "mp3"}, "unknown_codec"),
    ({"codec": None}, "bad_hello"),
    ({"stream_id": ""}, "bad_hello"),
    ({"stream_id": "a\0b"}, "bad_hello"),
    ({"speaker": "x" * 500}, "bad_hello"),
    ({"language": "fr"}, "bad_hello"),
    ({"type": "hi"}, "bad_hello"),
    ({"sample_rate": 7999}, "wrong_sample_rate"),
    ({"sample_rate": 96000}, "wrong_sample_rate"),
    (OPUS | {"sample_rate": 44100}, "wrong_sample_rate"),
    ("{", "bad_hello"),
    ("null", "bad_hello"),
    (b"\x00\x01", "bad_hello"),
]


async def test_a_bad_hello_is_refused(world: World) -> None:
    meeting = await world.meeting()
    for hello, code in BAD_HELLOS:
        async with world.socket(meeting, hello) as socket:
            await expect_error(socket, code, 4422)
    assert (await world.client.get(f"/api/meetings/{meeting}/streams")).json() == []


async def expect_error(socket: Any, code: str, close: int) -> None:
    error = await heard(socket, "error")
    assert error["code"] == code, error
    assert error["remedy"]
    assert error["detail"]
    assert error["status"] == close - 4000
    assert await closed(socket) == close


async def test_a_late_hello_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "HELLO_S", 0.05)
    async with world.socket(await world.meeting(), False) as socket:
        await expect_error(socket, "bad_hello", 4422)


BAD_MESSAGES: list[tuple[dict[str, Any], Any, str, int]] = [
    ({}, "garbage", "unexpected_message", 4422),
    ({}, "[" * 50_000, "unexpected_message", 4422),
    ({}, '{"type": "hello"}', "unexpected_message", 4422),
    ({}, b"", "malformed_frame", 4422),
    ({}, frame(1, data=b""), "malformed_frame", 4422),
    ({}, frame(1, data=b"abc"), "malformed_frame", 4422),
    ({}, frame(1, data=bytes(64 * 1024)), "frame_too_large", 4413),
    ({}, frame(1, data=bytes(1_000_000)), "frame_too_large", 4413),
    ({}, frame(5000), "wrong_sequence", 4422),
    ({}, frame(2**32 - 1, captured_ms=100), "wrong_sequence", 4422),
    ({}, frame(1, captured_ms=1_700_000_000_000), "malformed_frame", 4422),
    (OPUS, frame(1, data=b"\xff\xff\xff"), "malformed_frame", 4422),
    (OPUS, frame(1, data=b""), "malformed_frame", 4422),
]


async def test_a_bad_message_closes_its_stream_alone_and_loses_nothing_acknowledged(world: World) -> None:
    meeting = await world.meeting()
    async with world.socket(meeting, {"stream_id": "other"}) as other:
        await heard(other, "ready")
        for number, (codec, message, code, close) in enumerate(BAD_MESSAGES):
            hello = codec | {"stream_id": f"stream {number}"}
            async with world.socket(meeting, hello) as socket:
                await heard(socket, "ready")
                await socket.send(frame(0, data=b"\x48\x00" if codec else None))
                await acked(socket, 0)
                await socket.send(message)
                await expect_error(socket, code, close)
            async with world.socket(meeting, hello) as socket:
                assert (await heard(socket, "ready"))["next_seq"] == 1
            assert [kept.seq for kept in await world.frames(meeting, f"stream {number}")] == [0]
            await other.send(frame(number))
            await acked(other, number)


async def test_a_message_far_over_the_limit_is_cut_off_by_the_protocol(world: World) -> None:
    async with world.socket(await world.meeting()) as socket:
        await heard(socket, "ready")
        await socket.send(frame(0, data=bytes(2 << 20)))
        assert await closed(socket) == 1009


async def test_an_unknown_meeting_is_refused(world: World) -> None:
    for meeting in (str(new_id()), "no-id"):
        async with world.socket(meeting) as socket:
            await expect_error(socket, "not_found", 4404)


async def test_an_ended_meeting_and_an_ended_stream_are_refused(world: World) -> None:
    meeting = await world.meeting()
    await world.send(meeting, noise(0.1))
    async with world.socket(meeting) as socket:
        await expect_error(socket, "stream_ended", 4409)
    await world.client.post(f"/api/meetings/{meeting}/end")
    async with world.socket(meeting, {"stream_id": "new"}) as socket:
        await expect_error(socket, "meeting_ended", 4409)


async def test_a_stream_keeps_its_codec_and_rate(world: World) -> None:
    meeting = await world.meeting()
    async with world.socket(meeting) as first:
        await heard(first, "ready")
        for change in (OPUS, {"sample_rate": 8000}):
            async with world.socket(meeting, change) as socket:
                await expect_error(socket, "stream_differs", 4409)
        await first.send(frame(0))
        await acked(first, 0)


async def test_the_newest_socket_of_a_stream_wins(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "LINGER_S", 0.2)
    meeting = await world.meeting()
    async with world.socket(meeting) as old:
        await heard(old, "ready")
        for seq in range(3):
            await old.send(frame(seq))
        async with world.socket(meeting) as new:
            assert (await heard(new, "ready"))["next_seq"] == 3, "what the old one sent is not thrown away"
            await expect_error(old, "replaced", 4409)
            for seq in (3, 4):
                await new.send(frame(seq))
            await acked(new, 4)
    assert [kept.seq for kept in await world.frames(meeting)] == [0, 1, 2, 3, 4]


async def test_ending_a_meeting_takes_in_the_last_words_and_ends_every_stream(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "LAST_WORDS_S", 0.2)
    meeting = await world.meeting()
    async with world.socket(meeting, {"stream_id": "gone"}) as gone:
        await heard(gone, "ready")
        await gone.send(frame(0))
        await acked(gone, 0)
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        ending = asyncio.create_task(world.client.post(f"/api/meetings/{meeting}/end"))
        await asyncio.sleep(0.1)
        await socket.send(frame(0))
        await acked(socket, 0)
        await expect_error(socket, "meeting_ended", 4409)
        assert (await ending).status_code == 200
    for stream_id in ("mic", "gone"):
        assert [type(event) for event in await world.events(meeting, stream_id)] == [AudioFrame, AudioEnded]
    again = await world.client.post(f"/api/meetings/{meeting}/end")
    assert again.status_code == 200
    assert len(await world.events(meeting)) == 2


async def test_streams_tell_what_they_hear(
    world: World, told: list[LiveMessage], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive, "NO_SIGNAL_S", 0.3)
    meeting = await world.meeting()
    key = stream_key(meeting, "mic")

    async def is_state(state: str) -> None:
        async def reached() -> bool:
            seen = [message.data for message in told if message.id == key]
            return seen[-1:] == [{"stream_id": "mic", "speaker": "민지", "state": state}]

        await until(reached)

    async with world.socket(meeting, {"speaker": "민지"}) as socket:
        await is_state("connected")
        await socket.send(frame(0))
        await is_state("listening")
        await is_state("no_signal")
    await is_state("disconnected")
    async with world.socket(meeting) as socket:
        await is_state("connected")
        await socket.send('{"type":"bye"}')
        await is_state("ended")
        await asyncio.sleep(0.1)
        await is_state("ended")


async def test_the_client_sends_opus_and_pcm_and_the_log_has_it_all(world: World) -> None:
    meeting, samples = await world.meeting(), noise(3.05)
    await world.send(meeting, samples)
    sent = b"".join(kept.data for kept in await world.frames(meeting))
    assert np.array_equal(np.frombuffer(sent, "<i2"), samples)
    await world.send(meeting, samples, "coded", codec="opus", speaker="Tom", language="en")
    packets = await world.frames(meeting, "coded")
    decoder = OpusDecoder(16000)
    assert sum(len(decoder.decode(packet.data)) for packet in packets) >= len(samples)
    streams = (await world.client.get(f"/api/meetings/{meeting}/streams")).json()
    assert [(stream["stream_id"], stream["speaker"], stream["language"]) for stream in streams] == [
        ("mic", None, None),
        ("coded", "Tom", "en"),
    ]
    assert all(stream["ended_at"] for stream in streams)


async def test_a_cut_line_loses_nothing(world: World) -> None:
    """A proxy cuts the connection again and again; the client reconnects and resends."""
    meeting, samples = await world.meeting(), noise(6)
    port = int(world.url.rsplit(":", 1)[1])
    lines: set[asyncio.StreamWriter] = set()

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(8192):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        lines.update((writer, back))
        await asyncio.gather(pipe(reader, back), pipe(there, writer))

    sender = world.sender(meeting)
    async with await asyncio.start_server(join, "127.0.0.1", 0) as proxy:
        sender.url = sender.url.replace(f":{port}/", f":{proxy.sockets[0].getsockname()[1]}/")
        async with sender:
            for number, at in enumerate(range(0, len(samples), 16000), 1):
                await sender.send_samples(samples[at : at + 16000], fast=True)
                await asyncio.sleep(0.01 * number)
                for writer in lines:
                    writer.transport.abort()
                lines.clear()

                async def back_again(number: int = number) -> bool:
                    return sender.connections > number

                await until(back_again)
            assert await sender.finish() == 60
    kept = await world.frames(meeting)
    assert [one.seq for one in kept] == list(range(60))
    assert b"".join(one.data for one in kept) == samples.tobytes()


async def test_nothing_is_read_while_the_log_is_slow(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = asyncio.Event()
    through = world.log.publish

    async def slow(*args: Any) -> None:
        await gate.wait()
        await through(*args)

    monkeypatch.setattr(world.log, "publish", slow)
    monkeypatch.setattr(publish, "STREAM_BYTES", 100_000)
    meeting = await world.meeting()
    async with connect(world.socket_url(meeting), compression=None, proxy=None, write_limit=1000) as socket:
        plain: sockets.socket = socket.transport.get_extra_info("socket")
        plain.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, 4096)
        await socket.send(json.dumps({"type": "hello", "stream_id": "mic", "codec": "pcm_s16le", "sample_rate": 16000}))
        await heard(socket, "ready")
        sent = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                while sent < 1000:
                    await socket.send(frame(sent, data=bytes(32_000)))
                    sent += 1
        assert 3 < sent < 1000
        gate.set()
        await acked(socket, sent - 1)


async def test_a_log_that_fails_is_tried_again_and_at_last_the_client_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    through, failing = world.log.publish, 3

    async def fails(*args: Any) -> None:
        nonlocal failing
        failing -= 1
        if failing >= 0:
            raise Unavailable("Gone.")
        await through(*args)

    monkeypatch.setattr(world.log, "publish", fails)
    meeting = await world.meeting()
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        await socket.send(frame(0))
        await acked(socket, 0)
        failing = 10**9
        monkeypatch.setattr(publish, "PATIENCE_S", 0.1)
        await socket.send(frame(1))
        await expect_error(socket, "unavailable", 4503)
    failing = 0
    async with world.socket(meeting) as socket:
        assert (await heard(socket, "ready"))["next_seq"] == 1
        await socket.send(frame(1))
        await acked(socket, 1)
    assert [kept.seq for kept in await world.frames(meeting)] == [0, 1]


async def test_the_client_says_why_it_was_refused(world: World) -> None:
    with pytest.raises(AudioRefused, match="no meeting") as caught:
        async with world.sender(new_id()):
            pass
    assert caught.value.code == "not_found"
