"""Sound that is to be deleted waits until nobody needs it for words; once it is deleted nobody is sent to hear it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests.transcript.desk import SCRIPT, Desk, Silent
from tests.transcript.test_retranscription import asked, asking

from vori.audio.files import FileArchive
from vori.audio.retention import delete
from vori.audio.retention.store import lock_meeting, note_deleted, save_keep_days
from vori.clock import now
from vori.transcript.retranscription.needed import sound_is_needed


async def test_sound_is_needed_until_all_is_heard_and_can_t_be_heard_again_once_it_is_deleted(
    desks: Any, jfk: NDArray[np.int16]
) -> None:
    desk: Desk = await desks()
    keys = desk.meeting.workspace_id, desk.meeting.meeting_id
    archive = FileArchive(desk.folder / "archive")

    async def needed() -> bool:
        async with desk.database.transaction(keys[0]) as tx:
            return await sound_is_needed(tx, keys[1])

    async def look() -> None:
        async with desk.database.transaction(keys[0]) as tx:
            await save_keep_days(tx, 1)
            ended = now() - timedelta(days=2)
            await tx.execute("update meeting set ended_at = %s where status = 'ended'", (ended,))
        await delete.look(desk.database, keys[0], archive, sound_is_needed)

    seq = await desk.say(jfk)
    assert await needed(), "the meeting goes on"
    await look()
    before = await desk.settle(Silent(), seq)
    assert not await needed()
    async with asking(desk) as client:
        path = await asked(client, "small")
        assert await needed(), "it waits to be heard again"
        await look()
        assert (archive.folder / str(keys[1])).exists()
        await client.post(f"{path}/discard")
        assert not await needed()
        await look()
        assert not (archive.folder / str(keys[1])).exists()
        answer = await client.post(path.rpartition("/")[0], json={"model": "small"})
        assert (answer.status_code, answer.json()["code"]) == (410, "sound_deleted")
        listed = (await client.get(path.rpartition("/")[0])).json()
        assert [job["state"] for job in listed] == ["discarded"]
    after = await desk.outcome()
    assert (after.outcome, after.captured_ms, after.final) == (before.outcome, before.captured_ms, True)
    assert len(await desk.utterances()) == len(SCRIPT)


async def test_a_retranscription_that_is_asked_for_while_sound_is_being_deleted_comes_too_late(
    desks: Any, jfk: NDArray[np.int16]
) -> None:
    desk: Desk = await desks()
    await desk.settle(Silent(), await desk.say(jfk))
    meeting_id = desk.meeting.meeting_id
    async with asking(desk) as client:
        async with desk.database.transaction(desk.meeting.workspace_id) as tx:
            await lock_meeting(tx, meeting_id)
            asked_for = asyncio.create_task(client.post("/retranscriptions", json={"model": "small"}))
            await asyncio.sleep(0.3)
            assert not asked_for.done()
            await note_deleted(tx, meeting_id, 1)
        assert (await asked_for).status_code == 410
