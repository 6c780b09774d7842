"""What every engine of the event log promises to those who read it together."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest
from tests.eventlog.engines import (
    GROUP,
    MEETINGS,
    WORDS,
    Engine,
    Member,
    append,
    commit,
    gather,
    said,
    texts,
)

from vori.database.connection import Database
from vori.eventlog import EventLog, Fenced, Partition, Record
from vori.events import PARTITIONS, Topic

MEETING = MEETINGS[0]


async def test_groups_read_for_themselves_and_a_late_one_gets_everything(database: Database, log: EventLog) -> None:
    await append(database, log, said(MEETING, "early"))
    async with log.consumer("first", WORDS) as first:
        await commit(database, first, await gather(first, 1))
        await append(database, log, said(MEETING, "later"))
        async with log.consumer("second", WORDS) as second:
            assert texts(await gather(second, 2)) == ["early", "later"]
        assert texts(await gather(first, 1)) == ["later"]


async def test_members_share_the_partitions_evenly_and_by_number(eventlog_engine: Engine) -> None:
    topics = [Topic.MEETING_ENDED, Topic.TRANSCRIPTION]
    async with eventlog_engine.open() as one, eventlog_engine.open() as two, one.consumer(GROUP, topics) as consumer:
        first = Member(consumer)
        await first.settle(PARTITIONS)
        async with two.consumer(GROUP, topics) as newcomer:
            second = Member(newcomer)
            await newcomer.poll(wait_s=0)
            mine, theirs = await asyncio.gather(first.settle(2, 3), second.settle(2, 3))
            assert not mine & theirs
            assert mine | theirs == {Partition(topic, n) for topic in topics for n in range(PARTITIONS)}
            assert all(Partition(topic, held.number) in mine for held in mine for topic in topics)
        await first.settle(PARTITIONS)


async def test_a_partition_is_given_up_only_after_its_reader_was_told(eventlog_engine: Engine) -> None:
    async with (
        eventlog_engine.open() as one,
        eventlog_engine.open() as two,
        one.consumer(GROUP, WORDS) as first,
        two.consumer(GROUP, WORDS) as second,
    ):
        await Member(first).settle(PARTITIONS)
        assert not (await second.poll(wait_s=0.15)).assigned
        revoked = (await first.poll(wait_s=0.15)).revoked
        assert len(revoked) in (2, 3)
        await one.publish([said(meeting, "x") for meeting in MEETINGS])
        assert not (await second.poll(wait_s=0.15)).assigned
        kept = await gather(first, 2 * (PARTITIONS - len(revoked)))
        assert len(kept) == 2 * (PARTITIONS - len(revoked))
        assert not {record.partition for record in kept} & revoked
        assert (await second.poll(wait_s=0.15)).assigned == revoked
        assert {record.partition for record in await gather(second, 2 * len(revoked))} == revoked


async def test_who_is_stopped_while_leaving_holds_nothing(log: EventLog) -> None:
    joined = asyncio.Event()

    async def come_and_go() -> None:
        async with log.consumer(GROUP, WORDS) as consumer:
            await Member(consumer).settle(PARTITIONS)
            joined.set()

    task = asyncio.create_task(come_and_go())
    await joined.wait()
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    for _ in range(100):
        if not await log.members(GROUP):
            return
        await asyncio.sleep(0.05)
    pytest.fail("its session lives on")


async def test_members_come_and_go_and_every_event_has_its_effect_once(
    database: Database, eventlog_engine: Engine, log: EventLog
) -> None:
    done: list[Record] = []
    everything = asyncio.Event()

    async def work(polls: int | None) -> None:
        async with eventlog_engine.open() as own, own.consumer(GROUP, WORDS) as consumer:
            while polls is None or polls > 0:
                batch = await consumer.poll(limit=5, wait_s=0.05)
                await asyncio.sleep(0.005)
                for record in batch.records:
                    with suppress(Fenced):
                        await commit(database, consumer, [record])
                        done.append(record)
                polls = polls and polls - 1
                if len(done) == 300:
                    everything.set()

    async def write() -> None:
        for i in range(300):
            await log.publish([said(MEETINGS[i % len(MEETINGS)], str(i))])
            await asyncio.sleep(0.002)

    tasks = [asyncio.create_task(work(None)), asyncio.create_task(write())]
    await asyncio.sleep(0.2)
    tasks += [asyncio.create_task(work(12)), asyncio.create_task(work(25))]
    async with asyncio.timeout(15):
        await everything.wait()
    await asyncio.sleep(0.1)
    tasks[0].cancel()
    await asyncio.wait(tasks)
    assert sorted(int(text) for text in texts(done)) == list(range(300))
    for meeting in MEETINGS:
        order = [int(text) for text in texts([record for record in done if record.event.meeting_id == meeting])]
        assert order == sorted(order)


async def test_who_has_lost_a_partition_is_fenced_off(database: Database, eventlog_engine: Engine) -> None:
    async with eventlog_engine.open() as log, eventlog_engine.open() as other:
        await log.publish([said(meeting, "x") for meeting in MEETINGS])
        async with log.consumer(GROUP, WORDS) as slow:
            records = await gather(slow, len(MEETINGS))
            eventlog_engine.expel()
            async with other.consumer(GROUP, WORDS) as heir:
                again = await gather(heir, len(MEETINGS))
                assert sorted(record.event.event_id for record in again) == sorted(r.event.event_id for r in records)
                with pytest.raises(Fenced):
                    await commit(database, slow, records)
                await commit(database, heir, again)
                assert len((await slow.poll(wait_s=0)).revoked) == PARTITIONS
    async with eventlog_engine.open() as log:
        assert {read for read, _ in (await log.progress(GROUP)).values()} == {2}


async def test_a_lost_connection_revokes_all_and_mends_itself(
    database: Database, eventlog_engine: Engine, log: EventLog
) -> None:
    await log.publish([said(MEETING, "before"), said(MEETING, "not committed")])
    async with log.consumer(GROUP, WORDS) as consumer:
        records = await gather(consumer, 2)
        await commit(database, consumer, records[:1])
        eventlog_engine.expel()
        batch = await consumer.poll(wait_s=0)
        assert len(batch.revoked) == PARTITIONS
        assert not batch.records
        async with asyncio.timeout(5):
            while not (await consumer.poll(wait_s=0)).assigned:
                pass
        with pytest.raises(Fenced):
            await commit(database, consumer, records)
        async with eventlog_engine.open() as other:
            await other.publish([said(MEETING, "after")])
        assert texts(await gather(consumer, 2)) == ["not committed", "after"]
