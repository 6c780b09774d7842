"""The archive: every sample sent is kept once, whatever happens to the worker."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from tests.audio.conftest import Pcm, World, frame, heard, noise, until

from vori.audio.files import FileArchive
from vori.audio.flac import decode_flac
from vori.audio.model import Segment, stream_key
from vori.audio.opus import PRIMING, OpusDecoder
from vori.audio.store import add_segments, read_segments
from vori.audio.worker import Archivist
from vori.clock import new_id
from vori.errors import NotFound
from vori.events import AudioFrame
from vori.people.model import LOCAL_WORKSPACE

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def segments(world: World, meeting: UUID, stream_id: str = "mic") -> list[Segment]:
    async with world.database.transaction(LOCAL_WORKSPACE) as tx:
        return await read_segments(tx, [stream_key(meeting, stream_id)])


async def kept(world: World, meeting: UUID, stream_id: str = "mic") -> Pcm:
    """All archived samples, laid where their segments say; gaps are zeros, and no two may overlap."""
    out = np.zeros(0, np.int16)
    for segment in await segments(world, meeting, stream_id):
        samples = decode_flac((world.home / "archive" / segment.path).read_bytes())
        assert len(samples) == segment.samples
        assert segment.first_sample >= len(out)
        out = np.concatenate([out, np.zeros(segment.first_sample - len(out), np.int16), samples])
    return out


async def test_what_was_sent_is_archived_in_segments_of_ten_seconds(world: World) -> None:
    meeting, samples = await world.meeting(), noise(25.03)
    await world.send(meeting, samples)
    async with world.archiving():
        await world.archived(meeting)
    assert [s.first_sample for s in await segments(world, meeting)] == [0, 160_000, 320_000]
    assert np.array_equal(await kept(world, meeting), samples)
    folder = world.home / "archive" / str(meeting) / str(stream_key(meeting, "mic"))
    assert sorted(path.name for path in folder.iterdir()) == ["0.flac", "160000.flac", "320000.flac", "end.txt"]
    assert (folder / "end.txt").read_text() == "Recording Finished"


async def test_sound_can_be_heard_while_its_segments_are_being_committed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go = asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> None:
        reached.set()
        await go.wait()
        await add_segments(*args)

    monkeypatch.setattr("vori.audio.worker.add_segments", slow)
    meeting, samples = await world.meeting(), noise(12)
    await world.send(meeting, samples)
    async with world.archiving():
        await asyncio.wait_for(reached.wait(), 8)
        early = await world.play(meeting)
        go.set()
        await world.archived(meeting)
    late = await world.play(meeting)
    assert early.content == late.content
    assert early.content.endswith(samples.tobytes())


async def test_missing_sound_is_silence_in_its_place(world: World) -> None:
    meeting = await world.meeting()
    async with world.socket(meeting) as socket:
        await heard(socket, "ready")
        for seq, captured_ms in [(0, 0), (1, 100), (2, 3000), (3, 3100)]:
            await socket.send(frame(seq, captured_ms, np.full(1600, seq + 1, "<i2").tobytes()))
        await socket.send('{"type":"bye"}')
        await heard(socket, "done")
    async with world.archiving():
        await world.archived(meeting)
    expected = np.zeros(3200 * 16, np.int16)
    for seq, at in enumerate((0, 1600, 48000, 49600)):
        expected[at : at + 1600] = seq + 1
    assert np.array_equal(await kept(world, meeting), expected)
    assert [s.first_sample for s in await segments(world, meeting)] == [0, 48000]


class Killed(BaseException):
    """Not an error that anybody handles."""


class Mortal(Archivist):
    """Dies at random: before or after a file is written, before or after a commit."""

    def __init__(self, world: World, chance: random.Random) -> None:
        super().__init__(world.database, world.log, self, pace_s=0, idle_s=60)  # type: ignore[arg-type]
        self.files = FileArchive(world.home / "archive")
        self.chance = chance

    def die(self) -> None:
        if self.chance.random() < 0.25:
            raise Killed

    def write(self, path: str, data: bytes) -> None:
        self.die()
        self.files.write(path, data)
        self.die()

    async def _commit(self, consumer: Any, cuts: Any) -> None:
        if cuts:
            self.die()
        await super()._commit(consumer, cuts)
        if cuts:
            self.die()


def decoded(frames: list[AudioFrame]) -> Pcm:
    """Opus as the archive decodes it: a decoder per ten seconds, primed with the packets before."""
    out: list[Pcm] = []
    decoder = OpusDecoder(16000)
    for number, one in enumerate(frames):
        if number % 100 == 0:
            decoder = OpusDecoder(16000, [before.data for before in frames[max(0, number - PRIMING) : number]])
        out.append(decoder.decode(one.data))
    return np.concatenate(out)


async def test_a_worker_killed_anywhere_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vori.audio.worker.BATCH", 41)
    meeting, samples = await world.meeting(), noise(31)
    coded: dict[str, Any] = {"codec": "opus"}
    await asyncio.gather(world.send(meeting, samples, "a"), world.send(meeting, samples[:340_000], "b", **coded))
    chance, deaths = random.Random(5), 0
    while True:
        try:
            async with asyncio.timeout(10):
                worker = asyncio.create_task(Mortal(world, chance).run())
                finished = asyncio.create_task(world.archived(meeting, 2))
                await asyncio.wait({worker, finished}, return_when=asyncio.FIRST_COMPLETED)
            if finished.done():
                worker.cancel()
                await asyncio.wait({worker})
                break
            finished.cancel()
            worker.result()
        except Killed:
            deaths += 1
    assert deaths >= 3
    assert np.array_equal(await kept(world, meeting, "a"), samples)
    assert np.array_equal(await kept(world, meeting, "b"), decoded(await world.frames(meeting, "b")))


async def test_a_pause_writes_the_segment_out_and_loses_nothing(world: World) -> None:
    meeting, samples = await world.meeting(), noise(5)
    async with world.archiving(), world.sender(meeting) as sender:
        await sender.send_samples(samples[:48_000], fast=True)

        async def written() -> bool:
            return len(await segments(world, meeting)) == 1

        await until(written)
        await sender.send_samples(samples[48_000:], fast=True)
        await sender.finish()
        await world.archived(meeting)
    assert [s.first_sample for s in await segments(world, meeting)] == [0, 48_000]
    assert np.array_equal(await kept(world, meeting), samples)


async def test_the_archive_goes_on_after_its_disk_failed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vori.audio.worker.RETRY_S", 0.05)
    through, full = FileArchive.write, 3

    def write(self: FileArchive, path: str, data: bytes) -> None:
        nonlocal full
        full -= 1
        if full >= 0:
            raise OSError(28, "No space left on device")
        through(self, path, data)

    monkeypatch.setattr(FileArchive, "write", write)
    meeting, samples = await world.meeting(), noise(12)
    await world.send(meeting, samples)
    async with world.archiving():
        await world.archived(meeting)
    assert np.array_equal(await kept(world, meeting), samples)


async def test_frames_repeated_in_the_log_are_kept_once(world: World) -> None:
    meeting, samples = await world.meeting(), noise(1)
    async with world.sender(meeting) as sender:
        await sender.send_samples(samples, fast=True)

        async def durable() -> bool:
            return sender.acknowledged == 10

        await until(durable)
        await world.log.publish(list(await world.frames(meeting))[3:8])
        await sender.send_samples(samples, fast=True)
        await sender.finish()
    async with world.archiving():
        await world.archived(meeting)
    assert np.array_equal(await kept(world, meeting), np.concatenate([samples, samples]))


async def test_a_file_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = FileArchive(tmp_path / "archive")
    assert (tmp_path / "archive").stat().st_mode & 0o77 == 0, "what was said is nobody else's on this machine"
    archive.write("a/b.flac", b"first")

    def fails(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", fails)
        with pytest.raises(OSError, match="space"):
            archive.write("a/b.flac", b"second")
    assert archive.read("a/b.flac") == b"first"
    assert [path.name for path in (tmp_path / "archive" / "a").iterdir()] == ["b.flac"]
    with pytest.raises(NotFound):
        archive.read("a/c.flac")


async def test_sound_acknowledged_after_its_stream_ended_is_kept(world: World) -> None:
    meeting, samples = await world.meeting(), noise(1)
    await world.send(meeting, samples)
    last = (await world.frames(meeting))[-1]
    late = last.model_copy(update={"event_id": new_id(), "seq": last.seq + 1, "captured_ms": last.captured_ms + 100})
    await world.log.publish([late])
    async with world.archiving():

        async def whole() -> bool:
            return len(await kept(world, meeting)) == len(samples) + 1600

        await until(whole)
