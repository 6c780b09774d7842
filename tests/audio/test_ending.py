"""A gateway killed after a meeting was marked as ended, and before its streams were, leaves nothing open for ever."""

from __future__ import annotations

import asyncio
from uuid import UUID

import numpy as np
import pytest
from tests.audio.conftest import World, until

from vori.audio import ending
from vori.clock import new_id
from vori.events import AudioEnded, AudioFrame, MeetingEnded
from vori.meetings.api import close_meeting
from vori.people.model import LOCAL_WORKSPACE

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_streams_of_a_meeting_that_ended_without_them_are_ended_by_whoever_comes_next(world: World) -> None:
    meeting_id = await world.meeting()
    async with world.sender(meeting_id) as sender:
        await sender.send_samples(np.ones(3200, np.int16), fast=True)
        await until(lambda: _events_are(world, meeting_id, 2))
    async with world.database.transaction(LOCAL_WORKSPACE) as tx:
        await close_meeting(tx, world.log, world.feed, meeting_id, "asked")
    assert [type(event) for event in await world.events(meeting_id)] == [AudioFrame, AudioFrame]

    task = asyncio.create_task(ending.run(world.database, world.log, world.receiver))
    try:
        await until(lambda: _events_are(world, meeting_id, 3))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    ended = (await world.events(meeting_id))[-1]
    assert isinstance(ended, AudioEnded)
    assert ended.seq == 2


async def test_a_meeting_deleted_meanwhile_is_passed_over(world: World) -> None:
    await world.log.publish(
        [MeetingEnded(workspace_id=LOCAL_WORKSPACE, meeting_id=new_id(), reason="asked") for _ in range(3)]
    )
    task = asyncio.create_task(ending.run(world.database, world.log, world.receiver))

    async def caught_up() -> bool:
        if task.done():
            task.result()
        progress = await world.log.progress(ending.GROUP)
        return sum(done for done, _ in progress.values()) == sum(end for _, end in progress.values()) >= 3

    try:
        await until(caught_up)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _events_are(world: World, meeting_id: UUID, count: int) -> bool:
    return len(await world.events(meeting_id)) == count
