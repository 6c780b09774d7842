"""The event log as a stream: every event once, no topic ahead of another, and no more than a trigger may take."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from vori.analytics.engine.postgres import Lane, LogTables, Span
from vori.clock import new_id
from vori.database.connection import LOG_ROLE, Database
from vori.eventlog import partition_of, relay
from vori.eventlog.broker import Broker
from vori.eventlog.kafka import KafkaEventLog
from vori.eventlog.postgres import PostgresEventLog
from vori.events import PARTITIONS, Event, MeetingEnded, MeetingStarted, Topic, UtteranceFinal, encode

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WORKSPACE = UUID(int=7)
MEETINGS = [UUID(int=number) for number in range(1, 9)]
WORDS, STARTS = Topic.TRANSCRIPTION, Topic.MEETING_STARTED
BOTH: dict[Lane, int] = {(topic, number): 0 for topic in (WORDS, STARTS) for number in range(PARTITIONS)}


def started(meeting_id: UUID) -> MeetingStarted:
    return MeetingStarted(workspace_id=WORKSPACE, meeting_id=meeting_id, title="Daily", language="en")


def said(meeting_id: UUID, text: str = "Hello.") -> UtteranceFinal:
    return UtteranceFinal(
        workspace_id=WORKSPACE,
        meeting_id=meeting_id,
        utterance_id=new_id(),
        stream=meeting_id,
        speaker="Jun",
        start_ms=0,
        end_ms=900,
        language="en",
        text=text,
    )


async def publish(url: str, *batches: list[Event]) -> None:
    async with Database(url, role=LOG_ROLE) as database, PostgresEventLog(database) as log:
        for batch in batches:
            await log.publish(batch)


async def test_what_is_oldest_is_read_first_whatever_its_topic(database_url: str) -> None:
    old, new = [said(MEETINGS[n % 8]) for n in range(40)], [started(meeting) for meeting in MEETINGS]
    await publish(database_url, list(old), list(new))
    tables = LogTables(database_url)
    halfway = tables.ahead(BOTH, 40)
    assert sum(at for (topic, _), at in halfway.items() if topic == WORDS) == 40
    assert sum(at for (topic, _), at in halfway.items() if topic == STARTS) == 0
    assert sum(tables.ahead(halfway, 40).values()) == 48
    assert sum(tables.ahead(BOTH, 48).values()) == 48


async def test_pruned_events_are_gone_and_the_rest_is_read(database_url: str) -> None:
    await publish(database_url, [said(MEETINGS[0], f"{n}") for n in range(5)])
    lane = (str(WORDS), partition_of(str(MEETINGS[0])))
    async with Database(database_url, role=LOG_ROLE) as database:
        async with database.transaction() as tx:
            await tx.execute("delete from log_event where log_offset < 3")
        tables = LogTables(database_url)
        assert tables.oldest([WORDS]) == {lane: 3}
        assert [offset for *_, offset in tables.read([Span(*lane, 0, 5)])] == [3, 4]
        assert tables.ahead({lane: 0}, 1) == {lane: 4}
        async with database.transaction() as tx:
            await tx.execute("delete from log_event")
        assert tables.oldest([WORDS]) == {lane: 5}


@pytest.mark.parametrize("engine", ["postgres", "kafka"])
async def test_a_stream_reads_every_event_in_bounded_batches(
    engine: str, spark: SparkSession, database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    from vori.analytics.engine.source import streams

    sent: list[Event] = [said(MEETINGS[n % 8], f"{n}, 네?") for n in range(30)]
    sent += [started(meeting) for meeting in MEETINGS]
    sent += [MeetingEnded(workspace_id=WORKSPACE, meeting_id=MEETINGS[0], reason="asked")]
    url = "postgres:"
    if engine == "postgres":
        await publish(database_url, sent[:20], sent[20:])
    else:
        broker: Broker = request.getfixturevalue("kafka_broker")
        url = f"{broker.url}?topic.prefix={new_id()}."
        await _relay(url, database_url, sent)
    found: list[tuple[str, str]] = []
    sizes: list[int] = []
    for number, stream in enumerate(streams(spark, url, database_url, limit=20)):

        def take(batch: object, _: int) -> None:
            rows = batch.collect()  # type: ignore[attr-defined]
            sizes.append(len(rows))
            found.extend((row.topic, row.value) for row in rows)

        query = stream.writeStream.foreachBatch(take).option("checkpointLocation", str(tmp_path / f"{number}")).start()
        await asyncio.to_thread(query.processAllAvailable)
        query.stop()
    assert Counter(found) == Counter((event.topic, encode(event).decode().rstrip("\n")) for event in sent)
    assert max(sizes) <= 20 + PARTITIONS  # Kafka's connector rounds each lane up


async def _relay(url: str, database_url: str, events: list[Event]) -> None:
    """Through the outbox to Kafka, where `vori` has them."""
    async with Database(database_url, role=LOG_ROLE) as database, KafkaEventLog(url, database) as log:
        await log.outbox.publish(events)
        relaying = asyncio.create_task(relay.run(log, database))
        for topic, key in {(event.topic, event.key) for event in events}:
            assert [record async for record in log.read(topic, key)]
        relaying.cancel()
        await asyncio.wait([relaying])
