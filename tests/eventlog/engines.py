"""The engines that the contract of the event log is run against, and what a test does with one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, islice
from uuid import UUID, uuid5

import psycopg
from psycopg.conninfo import make_conninfo

from vori.clock import new_id
from vori.database.connection import LOG_ROLE, Database
from vori.database.embedded import SUPERUSER
from vori.eventlog import Consumer, EventLog, Partition, Record, SourcePosition, partition_of, relay
from vori.eventlog.kafka import KafkaEventLog
from vori.eventlog.postgres import PostgresEventLog
from vori.events import PARTITIONS, AudioFrame, Event, Topic, UtteranceFinal

WORKSPACE = UUID(int=7)
GROUP = "test"
WORDS = [Topic.TRANSCRIPTION]


@dataclass(frozen=True)
class PostgresEngine:
    """An empty log of its own per test. `open` may be used in any process."""

    database_url: str

    @asynccontextmanager
    async def open(self) -> AsyncIterator[EventLog]:
        """A client of the log, with connections that nobody shares."""
        async with (
            Database(self.database_url, role=LOG_ROLE) as database,
            PostgresEventLog(database, rebalance_s=0.05) as log,
        ):
            yield log

    def expel(self) -> None:
        """Cut every connection of the log's clients: they hold nothing any more, and don't know it yet."""
        _cut(self.database_url)


@dataclass(frozen=True)
class KafkaEngine:
    """Topics and a database of its own per test; each client relays too, as far as the others leave it something."""

    database_url: str
    kafka_url: str

    @asynccontextmanager
    async def open(self) -> AsyncIterator[EventLog]:
        async with (
            Database(self.database_url, role=LOG_ROLE) as database,
            KafkaEventLog(self.kafka_url, database, rebalance_s=0.05) as log,
        ):
            relaying = asyncio.create_task(relay.run(log, database))
            try:
                yield log
            finally:
                relaying.cancel()
                await asyncio.wait([relaying])

    def expel(self) -> None:
        _cut(self.database_url)


Engine = PostgresEngine | KafkaEngine


def _cut(database_url: str) -> None:
    with psycopg.connect(make_conninfo(database_url, user=SUPERUSER), autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
            "where datname = current_database() and usename = %s",
            (LOG_ROLE,),
        )


def meeting_in(number: int, nth: int = 0) -> UUID:
    """A meeting whose events lie in partition `number`."""
    tries = (uuid5(WORKSPACE, f"meeting {i}") for i in count())
    return next(islice((meeting for meeting in tries if partition_of(str(meeting)) == number), nth, None))


MEETINGS = [meeting_in(number, nth) for nth in range(2) for number in range(PARTITIONS)]


def said(meeting_id: UUID, text: str) -> UtteranceFinal:
    return UtteranceFinal(
        workspace_id=WORKSPACE,
        meeting_id=meeting_id,
        utterance_id=new_id(),
        stream=UUID(int=1),
        speaker=None,
        start_ms=0,
        end_ms=1000,
        language="en",
        text=text,
    )


def frame(meeting_id: UUID, seq: int, data: bytes = b"\1\2\3\4") -> AudioFrame:
    return AudioFrame(
        workspace_id=WORKSPACE,
        meeting_id=meeting_id,
        stream=uuid5(meeting_id, "stream"),
        seq=seq,
        captured_ms=100 * seq,
        codec="pcm_s16le",
        sample_rate=16000,
        data=data,
    )


def position(source: str, next_seq: int) -> SourcePosition:
    return SourcePosition(source, next_seq, WORKSPACE)


async def gather(consumer: Consumer, wanted: int, *, polls: int = 100) -> list[Record]:
    """Poll until that many records have come (or `polls` polls have been made)."""
    records: list[Record] = []
    for _ in range(polls):
        if len(records) >= wanted:
            break
        records += (await consumer.poll(wait_s=0.1)).records
    return records


class Member:
    """A consumer that keeps account of what it holds."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer
        self.held: set[Partition] = set()

    async def settle(self, *shares: int) -> set[Partition]:
        """Poll until so many partition numbers are held, and a little longer; returns the partitions."""
        still = 0
        for _ in range(100):
            batch = await self.consumer.poll(wait_s=0.05)
            assert not batch.assigned & self.held
            assert not batch.records
            self.held = (self.held - batch.revoked) | batch.assigned
            still = still + 1 if len({partition.number for partition in self.held}) in shares else 0
            if still == 5:
                return self.held
        raise AssertionError(f"the member holds {sorted(self.held)}")


def lane(meeting_id: UUID, topic: Topic = Topic.TRANSCRIPTION) -> Partition:
    return Partition(topic, partition_of(str(meeting_id)))


def texts(records: list[Record]) -> list[str]:
    return [record.event.text for record in records if isinstance(record.event, UtteranceFinal)]


async def append(database: Database, log: EventLog, *events: Event) -> None:
    async with database.transaction(WORKSPACE) as tx:
        for event in events:
            await log.append(tx, event)


async def commit(database: Database, consumer: Consumer, records: list[Record]) -> None:
    async with database.transaction() as tx:
        await consumer.commit(tx, {record.partition: record.offset + 1 for record in records})
