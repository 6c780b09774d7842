"""What every engine of the event log promises."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from uuid import UUID

import pytest
from tests.eventlog.engines import (
    MEETINGS,
    WORKSPACE,
    Member,
    PostgresEngine,
    frame,
    gather,
    lane,
    meeting_in,
    position,
    said,
)

from vori.database.connection import Database
from vori.eventlog import Consumer, EventLog, Fenced, Partition, Record, partition_of
from vori.events import PARTITIONS, AudioFrame, Event, Topic, UnknownEvent, UtteranceFinal

MEETING = MEETINGS[0]
GROUP = "test"
WORDS = [Topic.TRANSCRIPTION]


def texts(records: list[Record]) -> list[str]:
    return [record.event.text for record in records if isinstance(record.event, UtteranceFinal)]


async def append(database: Database, log: EventLog, *events: Event) -> None:
    async with database.transaction(WORKSPACE) as tx:
        for event in events:
            await log.append(tx, event)


async def commit(database: Database, consumer: Consumer, records: list[Record]) -> None:
    async with database.transaction() as tx:
        await consumer.commit(tx, {record.partition: record.offset + 1 for record in records})


async def test_events_with_one_key_stay_in_order_with_offsets_that_count_up(database: Database, log: EventLog) -> None:
    wanted = [said(MEETING, str(i)) for i in range(20)]
    await append(database, log, *wanted[:7])
    await log.publish(wanted[7:15])
    await append(database, log, *wanted[15:])
    records = [record async for record in log.read(Topic.TRANSCRIPTION, str(MEETING))]
    assert [record.event for record in records] == wanted
    assert [record.offset for record in records] == list(range(20))
    assert {record.partition for record in records} == {lane(MEETING)}


async def test_what_was_rolled_back_was_never_there(database: Database, log: EventLog) -> None:
    with suppress(ZeroDivisionError):
        async with database.transaction(WORKSPACE) as tx:
            await log.append(tx, said(MEETING, "never"))
            tx.before_commit(_fail)
    await append(database, log, said(MEETING, "once"))
    async with log.consumer(GROUP, WORDS) as consumer:
        records = await gather(consumer, 2, polls=5)
    assert texts(records) == ["once"]
    assert records[0].offset == 0


async def _fail() -> None:
    raise ZeroDivisionError


class _Writer:
    """Appends to all meetings at random, dawdles before the commit, and sometimes rolls back."""

    def __init__(self, name: int, database: Database, log: EventLog) -> None:
        self.name, self.database, self.log = name, database, log
        self.chance = random.Random(name)
        self.committed: list[Event] = []

    async def _dawdle(self) -> None:
        await asyncio.sleep(self.chance.random() * 0.01)
        if self.chance.random() < 0.15:
            raise ZeroDivisionError

    async def run(self) -> None:
        for i in range(60):
            count = self.chance.randint(1, 3)
            events = [said(self.chance.choice(MEETINGS), f"{self.name} {i} {j}") for j in range(count)]
            if self.chance.random() < 0.2:
                await self.log.publish(events)
            else:
                try:
                    async with self.database.transaction(WORKSPACE) as tx:
                        for event in events:
                            await self.log.append(tx, event)
                        tx.before_commit(self._dawdle)
                except ZeroDivisionError:
                    continue
            self.committed += events


async def test_four_writers_that_commit_late_and_a_reader_that_misses_and_repeats_nothing(
    database: Database, eventlog_engine: PostgresEngine, log: EventLog
) -> None:
    seen: list[Record] = []

    async def read() -> None:
        async with log.consumer(GROUP, WORDS) as consumer:
            while True:
                seen.extend((await consumer.poll(limit=7, wait_s=0.05)).records)

    reader = asyncio.create_task(read())
    writers = [_Writer(name, database, log) for name in range(4)]
    await asyncio.gather(*(writer.run() for writer in writers))
    committed = [event for writer in writers for event in writer.committed]
    for _ in range(500):
        if len(seen) >= len(committed):
            break
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)
    reader.cancel()
    await asyncio.wait([reader])

    assert len(committed) > 250
    assert sorted(record.event.event_id for record in seen) == sorted(event.event_id for event in committed)
    offsets: defaultdict[Partition, list[int]] = defaultdict(list)
    for record in seen:
        offsets[record.partition].append(record.offset)
    assert len(offsets) == PARTITIONS
    for partition, read_offsets in offsets.items():
        assert read_offsets == list(range(len(read_offsets))), partition
    for writer in writers:
        for meeting in MEETINGS:
            wrote = [event.event_id for event in writer.committed if event.meeting_id == meeting]
            ids = set(wrote)
            assert [record.event.event_id for record in seen if record.event.event_id in ids] == wrote


async def test_a_batch_is_published_whole_or_not_at_all(log: EventLog) -> None:
    broken = AudioFrame.model_construct(**{**dict(frame(MEETING, 2)), "seq": object()})
    with pytest.raises(Exception, match="object"):
        await log.publish([frame(MEETING, 0), frame(MEETINGS[1], 1), broken], [position("a", 3)])
    assert [record async for record in log.read(Topic.AUDIO, str(MEETING))] == []
    assert await log.source_position("a") == 0
    await log.publish([frame(MEETING, 0), frame(MEETINGS[1], 1)], [position("a", 1), position("b", 2)])
    assert [record.event async for record in log.read(Topic.AUDIO, str(MEETING))] != []
    assert (await log.source_position("a"), await log.source_position("b")) == (1, 2)


async def test_a_source_s_position_only_moves_forward(log: EventLog) -> None:
    assert await log.source_position("stream") == 0
    await log.publish([frame(MEETING, 8)], [position("stream", 9)])
    await log.publish([frame(MEETING, 3)], [position("stream", 4)])
    assert await log.source_position("stream") == 9
    await log.publish([], [position("stream", 12), position("stream", 11)])
    assert await log.source_position("stream") == 12


async def test_reading_goes_on_where_it_was_committed(database: Database, log: EventLog) -> None:
    await append(database, log, *(said(MEETING, str(i)) for i in range(10)))
    async with log.consumer(GROUP, WORDS) as consumer:
        records = await gather(consumer, 10)
        await commit(database, consumer, records[:6])
    async with log.consumer(GROUP, WORDS) as consumer:
        assert texts(await gather(consumer, 4)) == ["6", "7", "8", "9"]
    assert (await log.progress(GROUP))[lane(MEETING)] == (6, 10)


async def test_progress_is_rolled_back_with_the_effects(database: Database, log: EventLog) -> None:
    await append(database, log, said(MEETING, "x"))
    async with log.consumer(GROUP, WORDS) as consumer:
        records = await gather(consumer, 1)
        with suppress(ZeroDivisionError):
            async with database.transaction(WORKSPACE) as tx:
                await consumer.commit(tx, {records[0].partition: 1})
                raise ZeroDivisionError
    assert (await log.progress(GROUP))[lane(MEETING)] == (0, 1)


async def test_progress_only_moves_forward(database: Database, log: EventLog) -> None:
    await append(database, log, *(said(MEETING, str(i)) for i in range(4)))
    async with log.consumer(GROUP, WORDS) as consumer:
        records = await gather(consumer, 4)
        await commit(database, consumer, records)
        await commit(database, consumer, records[:1])
    assert (await log.progress(GROUP))[lane(MEETING)] == (4, 4)


async def test_a_poll_brings_no_more_than_its_limit_and_all_partitions_move_on(
    database: Database, log: EventLog
) -> None:
    async with log.consumer(GROUP, WORDS) as consumer:
        await Member(consumer).settle(PARTITIONS)
        await append(database, log, *(said(meeting_in(0), str(i)) for i in range(30)), said(meeting_in(3), "small"))
        first = list((await consumer.poll(limit=5)).records)
        assert len(first) == 5
        assert "small" in texts(first)
        rest = await gather(consumer, 26)
    assert [text for text in texts(first + rest) if text != "small"] == [str(i) for i in range(30)]


async def test_a_waiting_reader_is_woken_by_an_append(database: Database, log: EventLog) -> None:
    async with log.consumer(GROUP, WORDS) as consumer:
        await Member(consumer).settle(PARTITIONS)
        polling = asyncio.create_task(consumer.poll(wait_s=20))
        await asyncio.sleep(0.3)
        assert not polling.done()
        await append(database, log, said(MEETING, "wake up"))
        async with asyncio.timeout(2):
            assert texts(list((await polling).records)) == ["wake up"]


async def test_groups_read_for_themselves_and_a_late_one_gets_everything(database: Database, log: EventLog) -> None:
    await append(database, log, said(MEETING, "early"))
    async with log.consumer("first", WORDS) as first:
        await commit(database, first, await gather(first, 1))
        await append(database, log, said(MEETING, "later"))
        async with log.consumer("second", WORDS) as second:
            assert texts(await gather(second, 2)) == ["early", "later"]
        assert texts(await gather(first, 1)) == ["later"]


async def test_members_share_the_partitions_evenly_and_by_number(eventlog_engine: PostgresEngine) -> None:
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


async def test_a_partition_is_given_up_only_after_its_reader_was_told(eventlog_engine: PostgresEngine) -> None:
    async with (
        eventlog_engine.open() as one,
        eventlog_engine.open() as two,
        one.consumer(GROUP, WORDS) as first,
        two.consumer(GROUP, WORDS) as second,
    ):
        await Member(first).settle(PARTITIONS)
        assert not (await second.poll(wait_s=0.3)).assigned
        revoked = (await first.poll(wait_s=0.3)).revoked
        assert len(revoked) in (2, 3)
        await one.publish([said(meeting, "x") for meeting in MEETINGS])
        assert not (await second.poll(wait_s=0.3)).assigned
        kept = await first.poll(wait_s=0.3)
        assert len(kept.records) == 2 * (PARTITIONS - len(revoked))
        assert not {record.partition for record in kept.records} & revoked
        assert (await second.poll(wait_s=0.3)).assigned == revoked
        assert {record.partition for record in (await second.poll(wait_s=0.3)).records} == revoked


async def test_members_come_and_go_and_every_event_has_its_effect_once(
    database: Database, eventlog_engine: PostgresEngine, log: EventLog
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


async def test_who_has_lost_a_partition_is_fenced_off(database: Database, eventlog_engine: PostgresEngine) -> None:
    async with eventlog_engine.open() as log, eventlog_engine.open() as other:
        await log.publish([said(meeting, "x") for meeting in MEETINGS])
        async with log.consumer(GROUP, WORDS) as slow:
            records = await gather(slow, len(MEETINGS))
            eventlog_engine.expel()
            async with other.consumer(GROUP, WORDS) as heir:
                again = await gather(heir, len(MEETINGS))
                assert [record.event for record in again] == [record.event for record in records]
                with pytest.raises(Fenced):
                    await commit(database, slow, records)
                await commit(database, heir, again)
                assert len((await slow.poll(wait_s=0)).revoked) == PARTITIONS
    async with eventlog_engine.open() as log:
        assert {read for read, _ in (await log.progress(GROUP)).values()} == {2}


async def test_a_lost_connection_revokes_all_and_mends_itself(
    database: Database, eventlog_engine: PostgresEngine, log: EventLog
) -> None:
    await log.publish([said(MEETING, "before"), said(MEETING, "not committed")])
    async with log.consumer(GROUP, WORDS) as consumer:
        records = await gather(consumer, 2)
        await commit(database, consumer, records[:1])
        eventlog_engine.expel()
        batch = await consumer.poll(wait_s=0)
        assert len(batch.revoked) == PARTITIONS
        assert not batch.records
        while not (await consumer.poll(wait_s=0)).assigned:
            pass
        with pytest.raises(Fenced):
            await commit(database, consumer, records)
        async with eventlog_engine.open() as other:
            await other.publish([said(MEETING, "after")])
        assert texts(await gather(consumer, 2)) == ["not committed", "after"]


async def test_only_what_all_groups_have_passed_is_pruned(database: Database, log: EventLog) -> None:
    await log.publish([frame(MEETING, seq) for seq in range(10)])
    groups = ["archive", "transcriber"]

    async def pass_by(group: str, count: int) -> None:
        async with log.consumer(group, [Topic.AUDIO]) as consumer:
            await commit(database, consumer, (await gather(consumer, 10 if group == "archive" else count))[:count])

    await pass_by("archive", 8)
    assert await log.prune(Topic.AUDIO, groups=groups) == 0, "the transcriber has not begun"
    await pass_by("transcriber", 5)
    assert await log.prune(Topic.AUDIO, groups=groups, keep_s=3600) == 0
    assert await log.prune(Topic.AUDIO, groups=[]) == 0
    assert await log.prune(Topic.AUDIO, groups=groups) == 5
    left = [record.offset async for record in log.read(Topic.AUDIO, str(MEETING))]
    assert left == [5, 6, 7, 8, 9]
    await log.publish([frame(MEETING, 10)])
    async with log.consumer("late", [Topic.AUDIO]) as consumer:
        assert [record.offset for record in await gather(consumer, 6)] == [5, 6, 7, 8, 9, 10]


async def test_an_event_of_a_megabyte_arrives_as_it_was(database: Database, log: EventLog) -> None:
    sound = random.Random(1).randbytes(1 << 20)
    big_frame, big_words = frame(MEETING, 0, sound), said(MEETING, "가나다라 \n\0\\" * 80_000)
    await log.publish([big_frame])
    await append(database, log, big_words)
    async with log.consumer(GROUP, [Topic.AUDIO, Topic.TRANSCRIPTION]) as consumer:
        events = {type(record.event): record.event for record in await gather(consumer, 2)}
    assert events == {AudioFrame: big_frame, UtteranceFinal: big_words}


class _Newer(UtteranceFinal):
    schema_version = 99


_Newer.__name__ = "UtteranceFinal"


async def test_an_event_from_a_newer_version_stops_the_reader_and_says_where_it_lies(
    database: Database, log: EventLog
) -> None:
    newer = _Newer(**dict(said(MEETING, "from the future")))
    await append(database, log, said(MEETING, "old"), newer, said(MEETING, "behind it"))
    async with log.consumer(GROUP, WORDS) as consumer:
        await commit(database, consumer, await gather(consumer, 1))
        for _ in range(2):
            with pytest.raises(UnknownEvent, match=r"transcription.completed, partition \d, offset 1: .*version 99"):
                await gather(consumer, 1)
    assert (await log.progress(GROUP))[lane(MEETING)] == (1, 3)


async def test_events_appended_in_any_order_never_lock_each_other_out(database: Database, log: EventLog) -> None:
    async def write(tx_events: list[Event]) -> None:
        for _ in range(20):
            async with database.transaction(WORKSPACE) as tx:
                for event in tx_events:
                    await log.append(tx, event)
                    await asyncio.sleep(0)

    there = [said(meeting, "x") for meeting in MEETINGS]
    async with asyncio.timeout(10):
        await asyncio.gather(write([*there]), write([*reversed(there)]), write([*there]), write([*reversed(there)]))
    counts = [len([r async for r in log.read(Topic.TRANSCRIPTION, str(meeting))]) for meeting in MEETINGS]
    assert counts == [80] * len(MEETINGS)


def test_the_partition_of_a_key_never_changes() -> None:
    assert [partition_of(str(UUID(int=i))) for i in range(8)] == [0, 2, 3, 2, 3, 2, 4, 0]
