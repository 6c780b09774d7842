"""Sound is kept for ever, or for so many days after a meeting's end; then all of it goes, whoever is killed."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import pytest_asyncio
from tests.audio.conftest import World, noise
from tests.audio.test_play import read_wav

from vori.audio.files import FileArchive
from vori.audio.model import stream_key
from vori.audio.retention import delete
from vori.audio.retention.store import read_deletion, save_keep_days
from vori.audio.store import read_archive_state, read_segments
from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.events import AudioEnded, Topic
from vori.people.model import LOCAL_WORKSPACE
from vori.wiring import RETENTION

pytestmark = pytest.mark.asyncio(loop_scope="module")

URL = "/api/settings/retention"
SPAWN = multiprocessing.get_context("spawn")


async def unneeded(_tx: Transaction, _meeting_id: UUID) -> bool:
    return False


async def needed(_tx: Transaction, _meeting_id: UUID) -> bool:
    return True


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def kept_for_ever(world: World) -> AsyncIterator[None]:
    """The setting as it is at first, before and after."""
    yield
    async with world.database.transaction(LOCAL_WORKSPACE) as tx:
        await save_keep_days(tx, None)


async def held(world: World, days_ago: float | None, seconds: float = 12) -> UUID:
    """A meeting with archived sound, which ended so many days ago; None: it goes on."""
    meeting = await world.meeting()
    await world.send(meeting, noise(seconds))
    async with world.archiving():
        await world.archived(meeting)
    if days_ago is not None:
        await over(world, meeting, days_ago)
    return meeting


async def over(world: World, meeting: UUID, days_ago: float) -> None:
    (await world.client.post(f"/api/meetings/{meeting}/end")).raise_for_status()
    async with world.database.transaction(LOCAL_WORKSPACE) as tx:
        ended = now() - timedelta(days=days_ago)
        await tx.execute("update meeting set ended_at = %s where meeting_id = %s", (ended, meeting))


def files(world: World, meeting: UUID) -> list[str]:
    return sorted(path.name for path in (world.home / "archive" / str(meeting)).rglob("*") if path.is_file())


async def keep(world: World, days: int | None) -> None:
    answer = await world.client.put(URL, json={"keep_days": days})
    assert (answer.status_code, answer.json()) == (200, {"keep_days": days})


async def look(world: World, needed: delete.Needed = unneeded) -> None:
    await delete.look(world.database, LOCAL_WORKSPACE, world.archivist.archive, needed)


async def is_gone(world: World, meeting: UUID) -> bool:
    """Whether all ways to the sound say that it was deleted; else all have it."""
    answer = await world.play(meeting)
    head = await world.client.head(f"/api/meetings/{meeting}/audio")
    assert answer.status_code == head.status_code
    if answer.status_code == 410:
        assert answer.json()["code"] == "sound_deleted"
        return True
    assert answer.status_code == 200
    return False


async def test_by_itself_nothing_is_deleted(world: World) -> None:
    meeting = await held(world, days_ago=4000)
    assert (await world.client.get(URL)).json() == {"keep_days": None}
    before = files(world, meeting)
    await look(world)
    assert files(world, meeting) == before == ["0.flac", "160000.flac", "end.txt"]
    assert not await is_gone(world, meeting)


@pytest.mark.parametrize(
    "body", [{}, {"keep_days": 0}, {"keep_days": -1}, {"keep_days": 1.5}, {"keep_days": 36_501}, {"keep_days": "soon"}]
)
async def test_what_is_no_number_of_days_is_refused_and_changes_nothing(world: World, body: object) -> None:
    await keep(world, 30)
    answer = await world.client.put(URL, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (await world.client.get(URL)).json() == {"keep_days": 30}


async def test_the_sound_of_meetings_that_ended_too_long_ago_goes_and_no_other(world: World) -> None:
    old, young, live = await held(world, 2.01), await held(world, 1.99), await held(world, None)
    segments = await rows(world, old)
    await keep(world, 2)
    asked = (await world.client.get(f"{URL}/effect", params={"keep_days": 2})).json()
    assert asked["meetings"] >= 1
    assert abs(datetime.fromisoformat(asked["before"]) - (now() - timedelta(days=2))) < timedelta(minutes=1)
    await look(world)
    assert files(world, old) == []
    assert not (world.home / "archive" / str(old)).exists()
    answer = await world.play(old, from_ms=0, to_ms=1000)
    assert (answer.status_code, answer.json()["code"]) == (410, "sound_deleted")
    assert answer.json()["detail"] == (
        "The sound of this meeting was deleted: by the retention setting it was kept for 2 days after the end."
    )
    assert await is_gone(world, old)
    for meeting in (young, live):
        assert not await is_gone(world, meeting)
        streams = (await world.client.get(f"/api/meetings/{meeting}/streams")).json()
        _, samples = read_wav(await world.play(meeting, from_ms=streams[0]["origin_ms"]))
        assert np.array_equal(samples[: 12 * 16_000], noise(12))
    assert await rows(world, old) == segments, "what was captured is still known, for how well the meeting was heard"
    after = (await world.client.get(f"{URL}/effect", params={"keep_days": 2})).json()
    assert after["meetings"] == 0
    await keep(world, None)
    assert await is_gone(world, old), "and stays gone"


async def rows(world: World, meeting: UUID) -> object:
    async with world.database.transaction(LOCAL_WORKSPACE) as tx:
        return await read_segments(tx, [stream_key(meeting, "mic")])


async def test_no_packet_of_the_sound_is_kept_to_go_on_from(world: World) -> None:
    meeting = await held(world, 3)
    stream = stream_key(meeting, "mic")
    async with world.database.transaction(LOCAL_WORKSPACE) as tx:
        await tx.execute(
            'update audio_archive set timeline = timeline || \'{"packets": ["c291bmQ="]}\' where stream = %s', (stream,)
        )
    await keep(world, 2)
    await look(world)
    async with world.database.transaction(LOCAL_WORKSPACE) as tx:
        state = await read_archive_state(tx, stream)
    assert state is not None
    assert (state["packets"], state["ended"]) == ([], True)


async def test_sound_that_is_needed_or_not_all_archived_is_left_alone(world: World) -> None:
    being_heard = await held(world, 9)
    unarchived = await world.meeting()
    await world.send(unarchived, noise(12))
    async with world.archiving():
        await world.archived(unarchived)
    async with world.sender(unarchived, "second") as sender:  # its end is not archived
        await sender.send_samples(noise(1), fast=True)
    await over(world, unarchived, 9)
    await keep(world, 1)
    await look(world, needed)
    assert not await is_gone(world, being_heard)
    await look(world)
    assert await is_gone(world, being_heard)
    assert not await is_gone(world, unarchived)
    assert "0.flac" in files(world, unarchived)
    async with world.archiving():
        await world.archived(unarchived, streams=2)
    await look(world)
    assert await is_gone(world, unarchived)
    assert files(world, unarchived) == []


async def test_a_file_that_turns_up_later_is_found_again(world: World) -> None:
    meeting = await held(world, 2)
    await keep(world, 1)
    await look(world)
    world.archivist.archive.write(f"{meeting}/{stream_key(meeting, 'mic')}/320000.flac", b"late")
    await keep(world, None)
    await look(world)
    assert files(world, meeting) == []


async def test_a_folder_that_can_t_be_deleted_keeps_no_other_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = await held(world, 3), await held(world, 2)
    await keep(world, 1)
    remove = FileArchive.remove

    def fails(self: FileArchive, folder: str) -> bool:
        if folder == str(stuck):
            raise PermissionError(13, "Permission denied")
        return remove(self, folder)

    with monkeypatch.context() as broken:
        broken.setattr(FileArchive, "remove", fails)
        await look(world)
    assert files(world, other) == []
    assert files(world, stuck) != []
    assert await is_gone(world, stuck), "it can't be played already"
    await look(world)
    assert files(world, stuck) == []


def looks_and_dies(database_url: str, home: str, where: str) -> None:
    """In a process of its own: what `look` does, until it is killed there."""

    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    async def dies(_tx: Transaction, _meeting_id: UUID) -> bool:
        die()
        return False

    unlink = os.unlink
    deleted: list[object] = []

    def dies_amid(path: str, **options: int) -> None:
        if deleted:
            die()
        deleted.append(path)
        unlink(path, **options)

    async def run() -> None:
        archive = FileArchive(Path(home) / "archive")
        if where == "marked":
            FileArchive.remove = die  # type: ignore[method-assign, assignment]
        if where == "amid the files":
            os.unlink = dies_amid  # type: ignore[assignment]
        async with Database(database_url) as database:
            await delete.look(database, LOCAL_WORKSPACE, archive, dies if where == "marking" else unneeded)

    asyncio.run(run())


@pytest.mark.flow
@pytest.mark.parametrize(
    ("where", "marked", "left"), [("marking", False, 3), ("marked", True, 3), ("amid the files", True, 2)]
)
async def test_killed_at_any_point_it_is_done_again(
    world: World, database_url: str, where: str, marked: bool, left: int
) -> None:
    meeting = await held(world, 2)
    await keep(world, 1)
    process = SPAWN.Process(target=looks_and_dies, args=(database_url, str(world.home), where))
    process.start()
    await asyncio.to_thread(process.join, 30)
    assert process.exitcode == -signal.SIGKILL
    assert len(files(world, meeting)) == left
    assert await is_gone(world, meeting) == marked
    await look(world)
    assert await is_gone(world, meeting)
    assert files(world, meeting) == []


async def test_a_folder_that_another_deletes_meanwhile_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, remove = FileArchive(tmp_path / "archive"), shutil.rmtree
    archive.write("a/b/0.flac", b"sound")

    def outrun(folder: Path) -> None:
        monkeypatch.undo()
        remove(folder / "b")
        raise FileNotFoundError(folder / "b")

    monkeypatch.setattr(shutil, "rmtree", outrun)
    assert archive.remove("a")
    assert list(archive.folder.iterdir()) == []
    assert not archive.remove("a")


async def test_several_may_do_so_at_once(world: World) -> None:
    meetings = [await held(world, 2, seconds=1) for _ in range(4)]
    await keep(world, 1)
    await asyncio.gather(*(look(world) for _ in range(5)))
    assert [files(world, meeting) for meeting in meetings] == [[]] * 4
    async with world.database.transaction(LOCAL_WORKSPACE) as tx:
        assert all([await read_deletion(tx, meeting) for meeting in meetings])


async def test_the_loop_looks_at_every_workspace_by_itself(
    world: World, log_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = await held(world, 2)
    await keep(world, 1)
    task = asyncio.create_task(delete.run(world.database, log_database, world.archivist.archive, unneeded))
    async with asyncio.timeout(10):
        while files(world, meeting):  # noqa: ASYNC110 - files have no event to wait for
            await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.wait({task})


async def test_raw_sound_leaves_the_event_log_once_it_is_archived_and_transcribed(world: World) -> None:
    meeting = await held(world, None)
    groups = RETENTION[Topic.AUDIO].groups
    assert await world.frames(meeting)
    await world.log.prune(Topic.AUDIO, groups=groups, keep_s=0)
    assert await world.frames(meeting), "the transcriber hasn't heard it"
    async with world.log.consumer("transcript", (Topic.AUDIO,)) as consumer, asyncio.timeout(10):
        heard = False
        while not heard:
            batch = await consumer.poll(limit=500, wait_s=0.2)
            heard = any(isinstance(one.event, AudioEnded) and one.event.meeting_id == meeting for one in batch.records)
            async with world.database.transaction() as tx:
                await consumer.commit(tx, {one.partition: one.offset + 1 for one in batch.records})
    await world.log.prune(Topic.AUDIO, groups=groups, keep_s=0)
    assert await world.frames(meeting) == []
