"""The loop of a worker without state: effects exactly once, failures mended, nothing skipped in silence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from structlog.testing import capture_logs
from tests.eventlog.engines import MEETINGS, WORKSPACE, Engine, gather, lane, said

from vori.database.connection import Database, Transaction
from vori.errors import Unavailable
from vori.eventlog import EventLog
from vori.eventlog.consume import Effect, consume
from vori.events import Event, Topic, TranscriptClosed, UnknownEvent, UtteranceFinal

GROUP = "worker"
MEETING = MEETINGS[0]
TOPICS = [Topic.TRANSCRIPTION]


class Worker:
    """Writes what it is told into the workspaces table of the event's workspace; `before` may spoil a run."""

    def __init__(self, database: Database, log: EventLog) -> None:
        self.database, self.log = database, log
        self.before: Callable[[str], Awaitable[None]] | None = None
        self.in_effect: Callable[[str], Awaitable[None]] | None = None
        self.handled: list[str] = []
        self.task: asyncio.Task[None] | None = None

    async def handle(self, event: Event) -> Effect | None:
        if not isinstance(event, UtteranceFinal):
            return None
        text = event.text
        self.handled.append(text)
        if self.before:
            await self.before(text)

        async def effect(tx: Transaction) -> None:
            await tx.execute(
                "insert into workspace (workspace_id, name) values (%s, '') on conflict do nothing", [WORKSPACE]
            )
            await tx.execute("update workspace set name = name || %s", (f"{text} ",))
            if self.in_effect:
                await self.in_effect(text)

        return effect

    async def written(self) -> list[str]:
        async with self.database.transaction(WORKSPACE) as tx:
            row = await tx.fetch_one("select name from workspace")
        return str(row["name"]).split() if row else []

    async def run(self) -> None:
        await consume(self.log, self.database, GROUP, TOPICS, self.handle)

    async def run_until(self, next_offset: int) -> None:
        task = asyncio.create_task(self.run())
        for _ in range(300):
            progress = {}
            with suppress(Unavailable):  # its connection may just have been cut, too
                progress = await self.log.progress(GROUP)
            if task.done() or progress.get(lane(MEETING), (0, 0))[0] >= next_offset:
                break
            await asyncio.sleep(0.02)
        if task.done():
            task.result()
        task.cancel()
        await asyncio.wait([task])


@pytest.fixture
def worker(database: Database, log: EventLog) -> Worker:
    return Worker(database, log)


def once(text: str, error: Exception) -> Callable[[str], Awaitable[None]]:
    """Fails the first time that `text` comes by."""
    left = [error]

    async def spoil(at: str) -> None:
        if at == text and left:
            raise left.pop()

    return spoil


async def test_every_event_has_its_effect_once_and_in_order(worker: Worker) -> None:
    await worker.log.publish([said(MEETING, str(i)) for i in range(5)])
    await worker.run_until(5)
    await worker.log.publish([said(MEETING, str(i)) for i in range(5, 8)])
    await worker.run_until(8)
    assert await worker.written() == worker.handled == [str(i) for i in range(8)]


async def test_events_without_an_effect_are_passed_by(worker: Worker) -> None:
    closed = TranscriptClosed(workspace_id=WORKSPACE, meeting_id=MEETING, stream=MEETING)
    await worker.log.publish([closed, said(MEETING, "x"), closed])
    await worker.run_until(3)
    assert await worker.written() == ["x"]


@pytest.mark.parametrize("place", ["before", "in_effect"])
async def test_after_a_supplier_failed_the_event_comes_again(worker: Worker, place: str) -> None:
    setattr(worker, place, once("1", Unavailable("The model sleeps.")))
    await worker.log.publish([said(MEETING, str(i)) for i in range(3)])
    with capture_logs() as lines:
        await worker.run_until(3)
    assert await worker.written() == ["0", "1", "2"]
    assert worker.handled.count("1") == 2
    assert [line["event"] for line in lines] == ["consumer.failed"]


async def test_a_fenced_worker_takes_up_again_what_is_not_committed(worker: Worker, eventlog_engine: Engine) -> None:
    async def taken_over(text: str) -> None:
        if text == "1" and worker.handled.count("1") == 1:
            eventlog_engine.expel()
            async with eventlog_engine.open() as other, other.consumer(GROUP, TOPICS) as thief:
                assert await gather(thief, 1)

    worker.before = taken_over
    await worker.log.publish([said(MEETING, str(i)) for i in range(3)])
    with capture_logs() as lines:
        await worker.run_until(3)
    assert "consumer.fenced" in [line["event"] for line in lines]
    assert await worker.written() == ["0", "1", "2"]


async def test_an_event_that_can_t_be_handled_stops_the_worker_and_is_not_skipped(worker: Worker) -> None:
    worker.before = once("1", ValueError("a defect"))
    await worker.log.publish([said(MEETING, str(i)) for i in range(3)])
    with capture_logs() as lines, pytest.raises(ValueError, match="a defect"):
        await worker.run_until(3)
    assert [(line["event"], line["topic"], line["offset"]) for line in lines] == [
        ("consumer.stopped", "transcription.completed", 1)
    ]
    assert "nothing was skipped" in lines[0]["remedy"]
    assert await worker.written() == ["0"]
    await worker.run_until(3)
    assert await worker.written() == ["0", "1", "2"]


async def test_an_event_that_can_t_be_read_stops_the_worker_and_says_what_to_do(worker: Worker) -> None:
    newer = type(
        "UtteranceFinal",
        (UtteranceFinal,),
        {"schema_version": UtteranceFinal.schema_version + 1, "__annotations__": {}},
    )
    await worker.log.publish([said(MEETING, "0"), newer(**dict(said(MEETING, "1")))])
    with capture_logs() as lines, pytest.raises(UnknownEvent):
        await worker.run_until(2)
    assert [line["event"] for line in lines] == ["consumer.stopped"]
    assert "Upgrade" in lines[0]["remedy"]
    assert await worker.written() == ["0"]
