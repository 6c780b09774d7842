"""What is particular to the event log in PostgreSQL."""

from __future__ import annotations

import asyncio
from uuid import UUID

import psycopg
import pytest
from tests.eventlog.engines import MEETINGS, WORKSPACE, PostgresEngine, frame, lane, position, said

from vori.clock import new_id
from vori.database.connection import Database
from vori.database.embedded import EmbeddedPostgres
from vori.errors import Invalid, Unavailable
from vori.eventlog import EventLog, open_eventlog
from vori.eventlog.consume import Effect, consume
from vori.eventlog.postgres import PostgresEventLog
from vori.events import AudioFrame, Event, Topic, UtteranceFinal

MEETING = MEETINGS[0]


@pytest.fixture
def eventlog_engine(database_url: str) -> PostgresEngine:
    return PostgresEngine(database_url)


class _Unstorable(AudioFrame):
    @property
    def key(self) -> str:
        return "\0"


_Unstorable.__name__ = "AudioFrame"


async def test_a_batch_that_the_database_refuses_leaves_nothing(log: EventLog) -> None:
    with pytest.raises(psycopg.DataError):
        await log.publish([frame(MEETING, 0), _Unstorable(**dict(frame(MEETING, 1)))], [position("a", 2)])
    await log.publish([frame(MEETING, 0)])
    assert [record.offset async for record in log.read(Topic.AUDIO, str(MEETING))] == [0]
    assert await log.source_position("a") == 0


async def test_a_batch_wakes_its_readers_once(log_database: Database, log: EventLog) -> None:
    async with await log_database.connect() as ear:
        await ear.execute('listen "audio.raw"')
        await log.publish([frame(meeting, seq) for meeting in MEETINGS for seq in range(5)])
        await log.publish([frame(MEETING, 9)])
        heard = [notify.channel async for notify in ear.notifies(timeout=0.3)]
    assert heard == ["audio.raw"] * 2


async def test_a_waiting_reader_is_woken_at_once(log_database: Database) -> None:
    async with (
        PostgresEventLog(log_database, rebalance_s=60) as log,
        log.consumer("test", [Topic.AUDIO]) as consumer,
    ):
        await consumer.poll(wait_s=0)
        polling = asyncio.create_task(consumer.poll(wait_s=30))
        await asyncio.sleep(0.1)
        assert not polling.done()
        await log.publish([frame(MEETING, 0)])
        async with asyncio.timeout(2):
            assert len((await polling).records) == 1


async def test_many_publish_at_once(log: EventLog) -> None:
    await asyncio.gather(*(log.publish([frame(MEETING, seq)], [position("a", seq + 1)]) for seq in range(50)))
    records = [record async for record in log.read(Topic.AUDIO, str(MEETING))]
    assert [record.offset for record in records] == list(range(50))
    assert await log.source_position("a") == 50


async def test_publish_says_when_the_database_went_away_and_works_again(
    eventlog_engine: PostgresEngine, log: EventLog
) -> None:
    await log.publish([frame(MEETING, 0)])
    eventlog_engine.expel()
    with pytest.raises(Unavailable):
        await log.publish([frame(MEETING, 1)])
    await log.publish([frame(MEETING, 1)])
    assert len([record async for record in log.read(Topic.AUDIO, str(MEETING))]) == 2


async def test_a_workspace_can_t_read_or_append_another_s_events(database: Database, log: EventLog) -> None:
    stranger = new_id()
    await log.publish([said(MEETING, "secret")], [position("a", 1)])
    async with database.transaction(WORKSPACE) as tx:
        assert len(await tx.fetch_all("select * from log_event")) == 1
    async with database.transaction(stranger) as tx:
        assert await tx.fetch_all("select * from log_event") == []
        assert await tx.fetch_all("select * from log_source") == []
        assert (await tx.execute("delete from log_event")).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.transaction(stranger) as tx:
            await log.append(tx, said(MEETING, "forged"))
    assert len([record async for record in log.read(Topic.TRANSCRIPTION, str(MEETING))]) == 1


async def test_a_worker_outlives_a_restart_of_the_database(
    postgres: EmbeddedPostgres, database: Database, log_database: Database
) -> None:
    seen: list[str] = []

    async def handle(event: Event) -> Effect | None:
        assert isinstance(event, UtteranceFinal)
        seen.append(event.text)
        return None

    async def passed(count: int) -> None:
        for _ in range(400):
            if (await log.progress("worker")).get(lane(MEETING), (0, 0))[0] >= count:
                break
            await asyncio.sleep(0.02)

    async with PostgresEventLog(log_database, rebalance_s=0.1) as log:
        worker = asyncio.create_task(consume(log, database, "worker", [Topic.TRANSCRIPTION], handle))
        await log.publish([said(MEETING, "before")])
        await passed(1)
        postgres.stop()
        await asyncio.sleep(0.3)
        assert not worker.done()
        postgres.start()
        with pytest.raises(Unavailable):
            await log.publish([said(MEETING, "lost")])
        await log.publish([said(MEETING, "after")])
        await passed(2)
        worker.cancel()
        await asyncio.wait([worker])
    assert seen == ["before", "after"]


@pytest.mark.parametrize("url", ["kafka://user:secret@broker:9092", "", "postgres://elsewhere"])
async def test_an_unknown_engine_is_a_clear_error(log_database: Database, url: str) -> None:
    with pytest.raises(Invalid, match="VORI_EVENTLOG_URL") as caught:
        async with open_eventlog(url, log_database):
            pass
    assert "secret" not in str(caught.value)


async def test_the_engine_in_the_database_is_named_postgres(log_database: Database) -> None:
    async with open_eventlog("postgres:", log_database) as log:
        assert await log.source_position(str(UUID(int=0))) == 0
