"""What every engine of the event log promises."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from uuid import UUID

import pytest
from tests.eventlog.engines import (
    GROUP,
    MEETINGS,
    WORDS,
    WORKSPACE,
    Engine,
    Member,
    append,
    commit,
    frame,
    gather,
    lane,
    meeting_in,
    position,
    said,
    texts,
)

from vori.database.connection import Database
from vori.eventlog import EventLog, Partition, Record, partition_of
from vori.events import PARTITIONS, AudioFrame, Event, Topic, UnknownEvent, UtteranceFinal

MEETING = MEETINGS[0]
WRITERS = 4


async def test_events_with_one_key_stay_in_order_with_offsets_that_count_up(database: Database, log: EventLog) -> None:
    wanted = [said(MEETING, str(i)) for i in range(20)]
    await log.publish(wanted[:7])
    await append(database, log, *wanted[7:15])
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
        records = await gather(consumer, 1)
        records += await gather(consumer, 1, polls=3)
    assert texts(records) == ["once"]
    assert records[0].offset == 0


async def _fail() -> None:
    raise ZeroDivisionError


class _Writer:
    """Writes to all meetings at random: the last one publishes, the others append, dawdle, and sometimes roll back."""

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
            if self.name == WRITERS - 1:
                await asyncio.sleep(self.chance.random() * 0.01)
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
    database: Database, eventlog_engine: Engine, log: EventLog
) -> None:
    seen: list[Record] = []

    async def read() -> None:
        async with log.consumer(GROUP, WORDS) as consumer:
            while True:
                seen.extend((await consumer.poll(limit=7, wait_s=0.05)).records)

    reader = asyncio.create_task(read())
    writers = [_Writer(name, database, log) for name in range(WRITERS)]
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
    offsets: defaultdict[Partition, list[int]] = defaultdict(list)
    for record in seen:
        offsets[record.partition].append(record.offset)
    read_ids = {record.event.event_id for record in seen}
    missed = [event for event in committed if event.event_id not in read_ids]
    lies = [
        (record.partition.number, record.offset)
        for event in missed
        async for record in log.read(event.topic, event.key)
        if record.event.event_id == event.event_id
    ]
    assert not missed, f"missed {len(missed)}, which lie at {lies} in the log; read were {dict(offsets)}"
    assert sorted(record.event.event_id for record in seen) == sorted(event.event_id for event in committed)
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
    await append(database, log, *(said(meeting_in(0), str(i)) for i in range(300)), said(meeting_in(3), "small"))
    assert len([record async for record in log.read(Topic.TRANSCRIPTION, str(meeting_in(0)))]) == 300
    read: list[Record] = []
    async with log.consumer(GROUP, WORDS) as consumer:
        for _ in range(500):
            records = list((await consumer.poll(limit=5, wait_s=0.1)).records)
            assert len(records) <= 5
            read += records
            if len(read) == 301:
                break
    assert texts(read).index("small") < 200
    assert [text for text in texts(read) if text != "small"] == [str(i) for i in range(300)]


async def test_a_waiting_reader_is_woken_by_an_append(database: Database, log: EventLog) -> None:
    async with log.consumer(GROUP, WORDS) as consumer:
        await Member(consumer).settle(PARTITIONS)
        polling = asyncio.create_task(consumer.poll(wait_s=20))
        await asyncio.sleep(0.15)
        assert not polling.done()
        await append(database, log, said(MEETING, "wake up"))
        async with asyncio.timeout(2):
            assert texts(list((await polling).records)) == ["wake up"]


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
    assert await log.prune(Topic.AUDIO, groups=[], keep_s=3600) == 0
    assert await log.prune(Topic.AUDIO, groups=groups) == 5
    left = [record.offset async for record in log.read(Topic.AUDIO, str(MEETING))]
    assert left == [5, 6, 7, 8, 9]
    await log.publish([frame(MEETING, 10)])
    async with log.consumer("late", [Topic.AUDIO]) as consumer:
        assert [record.offset for record in await gather(consumer, 6)] == [5, 6, 7, 8, 9, 10]
    assert await log.prune(Topic.AUDIO, groups=[]) == 6, "without groups age alone decides"


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
