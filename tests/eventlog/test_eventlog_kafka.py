"""What is particular to the event log in Kafka: the outbox and its relay, and a broker that goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from tests.eventlog.engines import (
    GROUP,
    MEETINGS,
    WORDS,
    KafkaEngine,
    append,
    commit,
    frame,
    gather,
    lane,
    position,
    said,
    texts,
)

from vori.database.connection import Database
from vori.errors import Invalid, Unavailable
from vori.eventlog import EventLog, open_eventlog
from vori.eventlog.broker import Broker
from vori.eventlog.kafka import PRODUCER, RELAY, KafkaEventLog
from vori.eventlog.postgres import Row
from vori.events import AudioFrame, Topic

MEETING = MEETINGS[0]


@pytest.fixture
def broker(kafka_broker: Broker) -> Iterator[Broker]:
    yield kafka_broker
    kafka_broker.start()


@pytest.fixture
def url(broker: Broker) -> str:
    return f"{broker.url}?topic.prefix=k{uuid4().hex[:8]}."


@pytest.fixture
def eventlog_engine(database_url: str, url: str) -> KafkaEngine:
    return KafkaEngine(database_url, url)


@pytest.mark.parametrize("in_flight", [1, 5])
async def test_what_was_acknowledged_while_partitions_had_just_been_made_is_there(
    log_database: Database, broker: Broker, monkeypatch: pytest.MonkeyPatch, in_flight: int
) -> None:
    assert PRODUCER["max.in.flight.requests.per.connection"] == 1
    monkeypatch.setitem(PRODUCER, "max.in.flight.requests.per.connection", in_flight)
    monkeypatch.setitem(PRODUCER, "linger.ms", 0)  # many requests, some of them before there is a leader
    for _ in range(20):
        async with KafkaEventLog(f"{broker.url}?topic.prefix=k{uuid4().hex[:8]}.", log_database) as log:
            sending = []
            for number in range(60):
                event = said(MEETINGS[number % len(MEETINGS)], str(number))
                sending.append(asyncio.create_task(log.publish([event])))
                await asyncio.sleep(0.0005)
            failed = [bool(error) for error in await asyncio.gather(*sending, return_exceptions=True)]
            there = [record for meeting in MEETINGS async for record in log.read(Topic.TRANSCRIPTION, str(meeting))]
        assert {number for number in range(60) if not failed[number]} <= {int(text) for text in texts(there)}
        assert in_flight > 1 or not any(failed)


async def test_what_a_relay_that_was_killed_ships_again_is_read_once(
    database: Database, log_database: Database, url: str
) -> None:
    async with KafkaEventLog(url, log_database, rebalance_s=0.05) as log:
        await append(database, log, *(said(MEETING, str(i)) for i in range(5)))
        for count in (3, 5):  # shipped, and killed before its progress was committed: the next one begins anew
            async with log.outbox.unopened(RELAY) as outbox:
                rows: list[Row] = []
                while len(rows) < 5:
                    rows += await outbox.poll(limit=10)
                await log.ship(rows[:count])
        async with log.consumer(GROUP, WORDS) as consumer:
            records = await gather(consumer, 5)
            assert texts(records) == ["0", "1", "2", "3", "4"]
            await commit(database, consumer, records[:4])
        async with log.outbox.unopened(RELAY) as outbox:
            while not (rows := await outbox.poll(limit=10)):
                pass
            await log.ship(rows)
        async with log.consumer(GROUP, WORDS) as consumer:
            records = await gather(consumer, 1)
            records += await gather(consumer, 1, polls=5)
            assert texts(records) == ["4"]
        assert (await log.progress(GROUP))[lane(MEETING)][1] == 13


async def test_the_outbox_is_emptied_once_it_was_relayed(database: Database, log: EventLog) -> None:
    await append(database, log, said(MEETING, "x"))
    assert len([record async for record in log.read(Topic.TRANSCRIPTION, str(MEETING))]) == 1
    async with database.transaction(said(MEETING, "").workspace_id) as tx:
        assert len(await tx.fetch_all("select 1 from log_event")) == 1
    await log.prune(Topic.TRANSCRIPTION, groups=[GROUP])
    async with database.transaction(said(MEETING, "").workspace_id) as tx:
        assert await tx.fetch_all("select 1 from log_event") == []
    async with log.consumer(GROUP, WORDS) as consumer:
        assert texts(await gather(consumer, 1)) == ["x"]


@pytest.mark.parametrize("patience_ms", [30_000, 1_000], ids=["within the client's patience", "beyond it"])
async def test_a_broker_that_is_killed_and_comes_back_costs_time_and_nothing_else(
    database: Database,
    broker: Broker,
    eventlog_engine: KafkaEngine,
    monkeypatch: pytest.MonkeyPatch,
    patience_ms: int,
) -> None:
    monkeypatch.setitem(PRODUCER, "delivery.timeout.ms", patience_ms)
    async with eventlog_engine.open() as log:
        await publish_while_the_broker_is_killed(database, broker, log)


async def publish_while_the_broker_is_killed(database: Database, broker: Broker, log: EventLog) -> None:
    async def publish() -> None:
        for seq in range(60):
            while True:
                try:
                    await log.publish([frame(MEETING, seq)], [position("stream", seq + 1)])
                    break
                except Unavailable:
                    await asyncio.sleep(0.1)
            if seq % 20 == 0:
                await append(database, log, said(MEETING, str(seq)))
            await asyncio.sleep(0.02)

    async with log.consumer(GROUP, [Topic.AUDIO, Topic.TRANSCRIPTION]) as consumer:
        publishing = asyncio.create_task(publish())
        records = await gather(consumer, 10)
        await asyncio.to_thread(broker.kill)
        await asyncio.sleep(3)
        assert not publishing.done()
        await asyncio.to_thread(broker.start)
        async with asyncio.timeout(60):
            await publishing
            while len({record.event.event_id for record in records}) < 63:
                records += (await consumer.poll(wait_s=0.5)).records
    frames = list(dict.fromkeys(r.event.seq for r in records if isinstance(r.event, AudioFrame)))
    assert frames == list(range(60))
    assert texts(records) == ["0", "20", "40"]
    assert await log.source_position("stream") == 60


async def test_a_topic_of_another_shape_is_refused(
    log_database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with KafkaEventLog(url, log_database):
        pass
    monkeypatch.setattr("vori.eventlog.kafka.PARTITIONS", 6)
    with pytest.raises(Invalid, match=r"has 5 partitions; VORI needs 6"):
        async with KafkaEventLog(url, log_database):
            pass


@pytest.mark.parametrize(
    ("tail", "said_so"),
    [
        ("?no.such.option=1", "`no.such.option`"),
        ("?acks=secret&sasl.password=secret", "an option"),
        ("/path", "isn't an address"),
    ],
)
async def test_an_address_that_can_t_be_right_is_one_sentence(
    log_database: Database, broker: Broker, tail: str, said_so: str
) -> None:
    with pytest.raises(Invalid, match=said_so) as caught:
        async with open_eventlog(broker.url + tail, log_database):
            pass
    assert "VORI_EVENTLOG_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_a_broker_that_isn_t_there_is_a_supplier_s_fault(
    log_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vori.eventlog.kafka.ANSWER_S", 0.5)
    with pytest.raises(Unavailable, match="Kafka doesn't do its part"):
        async with open_eventlog("kafka://127.0.0.1:1", log_database):
            pass
