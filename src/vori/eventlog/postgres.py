"""The event log in PostgreSQL: counter rows make offsets gapless, advisory locks share the partitions out."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import DictRow

from vori.clock import new_id
from vori.database.connection import Database, Transaction
from vori.errors import Unavailable
from vori.eventlog import Batch, Consumer, Fenced, Partition, Record, SourcePosition, partition_of
from vori.events import PARTITIONS, Event, Topic, UnknownEvent, decode, encode

logger = structlog.get_logger()

REBALANCE_S = 1.0
LONGEST_PAUSE_S = 5.0
MEMBERS = 1_000_000
"""Beside the locks 0 … PARTITIONS - 1 of a group: the one that all its members share, to be counted by."""

WRITE = """
with event as (
  select topic, partition, workspace_id, key, place
  from json_to_recordset(%s) as (topic text, partition int, workspace_id uuid, key text, places int[])
  cross join unnest(places) as place
), lane as (
  insert into log_partition (topic, partition, next_offset)
  select topic, partition, count(*) from event group by topic, partition order by topic, partition
  on conflict (topic, partition) do update set next_offset = log_partition.next_offset + excluded.next_offset
  returning topic, partition, next_offset
), written as (
  insert into log_event (topic, partition, log_offset, workspace_id, key, value)
  select topic, partition, next_offset - back, workspace_id, key, value
  from (select *, row_number() over (partition by topic, partition order by place desc) as back from event) as e
  join lane using (topic, partition)
  join unnest(%b::bytea[]) with ordinality as v (value, nth) on nth = place
), source as (
  insert into log_source (source, workspace_id, next_seq)
  select source, workspace_id, max(next_seq)
  from json_to_recordset(%s) as (source text, workspace_id uuid, next_seq bigint)
  group by source, workspace_id order by source
  on conflict (source) do update set next_seq = greatest(log_source.next_seq, excluded.next_seq)
)
select set_config('synchronous_commit', 'on', true), pg_notify(topic, '') from (select distinct topic from event) t
"""
"""Counters first and in sorted order, so that writers wait for each other but never in a circle."""

READ = """
select e.*
from unnest(%s::text[], %s::int[], %s::bigint[]) as p (topic, partition, position)
cross join lateral (
  select topic, partition, log_offset, value, row_number() over (order by log_offset) as pace
  from log_event where topic = p.topic and partition = p.partition and log_offset >= p.position
  order by log_offset limit %s
) e order by e.pace limit %s
"""
"""All partitions at the same pace: one with a backlog doesn't hold up the others."""

ASSIGN = """
insert into log_progress (consumer_group, topic, partition, owner)
select %s, topic, %s, %s from unnest(%s::text[]) as t (topic) order by topic
on conflict (consumer_group, topic, partition) do update set owner = excluded.owner
returning topic, next_offset
"""

COMMIT = """
update log_progress set next_offset = greatest(next_offset, %s)
where consumer_group = %s and topic = %s and partition = %s and owner = %s
"""

COUNT_MEMBERS = """
select count(*) as members, count(*) filter (where pid < pg_backend_pid()) as before_me from pg_locks
where locktype = 'advisory' and classid = %s::oid and objid = %s::oid and objsubid = 2
  and database = (select oid from pg_database where datname = current_database())
"""

PROGRESS = """
select p.topic, p.partition, p.next_offset, coalesce(l.next_offset, 0) as end_offset
from log_progress p left join log_partition l using (topic, partition) where consumer_group = %s
"""

PRUNE = """
delete from log_event e using (
  select partition, min(next_offset) as passed from log_progress
  where topic = %(topic)s and consumer_group = any (%(groups)s)
  group by partition having count(*) = cardinality(%(groups)s)
) p
where e.topic = %(topic)s and e.partition = p.partition and e.log_offset < p.passed
  and e.at <= now() - make_interval(secs => %(keep_s)s)
"""


class PostgresEventLog:
    """`database` acts as the log's role; `append` and `commit` use the caller's own transaction."""

    def __init__(self, database: Database, *, rebalance_s: float = REBALANCE_S) -> None:
        self._database = database
        self._rebalance_s = rebalance_s
        self._appended: WeakKeyDictionary[Transaction, list[Event]] = WeakKeyDictionary()
        self._publishing = asyncio.Lock()
        self._connection: AsyncConnection[DictRow] | None = None

    async def __aenter__(self) -> PostgresEventLog:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._disconnect()

    async def append(self, tx: Transaction, event: Event) -> None:
        if tx in self._appended:
            self._appended[tx].append(event)
            return
        events = self._appended[tx] = [event]

        async def write() -> None:
            del self._appended[tx]
            await tx.execute(WRITE, _write_params(events))

        tx.before_commit(write)

    async def publish(self, events: Sequence[Event], positions: Sequence[SourcePosition] = ()) -> None:
        params = _write_params(events, positions)
        async with self._publishing:
            try:
                if self._connection is None:
                    self._connection = await self._database.connect()
                await self._connection.execute(WRITE, params)
            except psycopg.OperationalError as error:
                await self._disconnect()
                raise Unavailable(
                    "PostgreSQL went away while events were being published.", remedy="Publish them again."
                ) from error

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def source_position(self, source: str) -> int:
        async with self._database.transaction() as tx:
            row = await tx.fetch_one("select next_seq from log_source where source = %s", (source,))
        return row["next_seq"] if row else 0

    @asynccontextmanager
    async def consumer(self, group: str, topics: Sequence[Topic]) -> AsyncIterator[Consumer]:
        consumer = _PostgresConsumer(self._database, group, topics, self._rebalance_s)
        try:
            yield consumer
        finally:
            await consumer.leave()

    async def read(self, topic: Topic, key: str) -> AsyncIterator[Record]:
        partition, offset = Partition(topic, partition_of(key)), -1
        while True:
            async with self._database.transaction() as tx:
                rows = await tx.fetch_all(
                    "select log_offset, value from log_event where topic = %s and partition = %s and key = %s "
                    "and log_offset > %s order by log_offset limit 500",
                    (*partition, key, offset),
                )
            if not rows:
                return
            for row in rows:
                offset = row["log_offset"]
                yield _record(partition, offset, row["value"])

    async def progress(self, group: str) -> dict[Partition, tuple[int, int]]:
        async with self._database.transaction() as tx:
            rows = await tx.fetch_all(PROGRESS, (group,))
        return {
            Partition(Topic(row["topic"]), row["partition"]): (row["next_offset"], row["end_offset"]) for row in rows
        }

    async def prune(self, topic: Topic, *, groups: Sequence[str], keep_s: float = 0.0) -> int:
        async with self._database.transaction() as tx:
            done = await tx.execute(PRUNE, {"topic": topic, "groups": sorted(set(groups)), "keep_s": keep_s})
        return done.rowcount


class _PostgresConsumer:
    """One member of a group. Its connection is its membership: who loses it holds nothing any more."""

    def __init__(self, database: Database, group: str, topics: Sequence[Topic], rebalance_s: float) -> None:
        self._database = database
        self._group = group
        self._topics = sorted(set(topics))
        self._rebalance_s = rebalance_s
        self._lock = zlib.crc32(f"vori.eventlog:{group}".encode()) & 0x7FFFFFFF
        self._owner = new_id()
        self._connection: AsyncConnection[DictRow] | None = None
        self._held: dict[Partition, int] = {}
        """Where to read on. A number that is being given up is still held until the next poll."""
        self._leaving: set[int] = set()
        self._rebalance_at = 0.0
        self._pause_s = 0.0

    async def poll(self, *, limit: int = 500, wait_s: float = 1.0) -> Batch:
        try:
            batch = await self._poll(limit, time.monotonic() + wait_s)
        except (psycopg.OperationalError, Unavailable) as error:
            self._pause_s = min(max(0.1, 2 * self._pause_s), LONGEST_PAUSE_S)
            logger.warning("eventlog.connection_lost", group=self._group, reason=str(error), retry_in_s=self._pause_s)
            lost = await self._lose()
            if not lost.revoked:
                await asyncio.sleep(self._pause_s)
            return lost
        self._pause_s = 0.0
        return batch

    async def commit(self, tx: Transaction, progress: Mapping[Partition, int]) -> None:
        for partition, next_offset in sorted(progress.items()):
            if next_offset <= self._held.get(partition, -1):
                done = await tx.execute(COMMIT, (next_offset, self._group, *partition, self._owner))
                if done.rowcount == 1:
                    continue
            raise Fenced(f"{partition.topic}, partition {partition.number} is no longer this member's.")

    async def leave(self) -> None:
        """Give everything back. A dead connection has done so already."""
        if self._connection is not None:
            with suppress(psycopg.OperationalError):
                await self._connection.execute("select pg_advisory_unlock_all()")
        await self._lose()

    async def _lose(self) -> Batch:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
        revoked = frozenset(self._held)
        self._held.clear()
        self._leaving.clear()
        return Batch((), revoked=revoked)

    async def _poll(self, limit: int, deadline: float) -> Batch:
        connection = self._connection or await self._join()
        await self._release(connection)
        while True:
            if time.monotonic() >= self._rebalance_at:
                self._rebalance_at = time.monotonic() + self._rebalance_s
                assigned, revoked = await self._rebalance(connection)
                if assigned or revoked:
                    return Batch((), assigned, revoked)
            await _wait(connection, 0)
            records = await self._read(connection, limit)
            left = deadline - time.monotonic()
            if records or left <= 0:
                return Batch(records)
            await _wait(connection, min(left, max(0.0, self._rebalance_at - time.monotonic())))

    async def _join(self) -> AsyncConnection[DictRow]:
        self._owner, self._rebalance_at = new_id(), 0.0
        self._connection = connection = await self._database.connect()
        await connection.execute(
            "select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), "
            "set_config('tcp_keepalives_count', '3', false), pg_advisory_lock_shared(%s, %s)",
            (self._lock, MEMBERS),
        )
        for topic in self._topics:
            await connection.execute(psycopg.sql.SQL("listen {}").format(psycopg.sql.Identifier(topic)))
        return connection

    async def _release(self, connection: AsyncConnection[DictRow]) -> None:
        for number in sorted(self._leaving):
            await connection.execute("select pg_advisory_unlock(%s, %s)", (self._lock, number))
            self._held = {partition: next_ for partition, next_ in self._held.items() if partition.number != number}
        self._leaving.clear()

    async def _rebalance(
        self, connection: AsyncConnection[DictRow]
    ) -> tuple[frozenset[Partition], frozenset[Partition]]:
        """Take up to this member's fair share of what is free, or mark what is above it to be given up."""
        group = await (await connection.execute(COUNT_MEMBERS, (self._lock, MEMBERS))).fetchone()
        assert group is not None
        share = PARTITIONS // group["members"] + (group["before_me"] < PARTITIONS % group["members"])
        numbers = sorted({partition.number for partition in self._held})
        self._leaving = set(numbers[share:])
        revoked = frozenset(partition for partition in self._held if partition.number in self._leaving)
        assigned: set[Partition] = set()
        for number in set(range(PARTITIONS)) - set(numbers):
            if len(assigned) // len(self._topics) + len(numbers) >= share:
                break
            assigned |= await self._take(connection, number)
        return frozenset(assigned), revoked

    async def _take(self, connection: AsyncConnection[DictRow], number: int) -> set[Partition]:
        """The partitions of this number, when nobody else has them; whoever had them is fenced off from now on."""
        cursor = await connection.execute("select pg_try_advisory_lock(%s, %s) as got", (self._lock, number))
        row = await cursor.fetchone()
        if not (row and row["got"]):
            return set()
        cursor = await connection.execute(ASSIGN, (self._group, number, self._owner, self._topics))
        taken = {Partition(Topic(row["topic"]), number): row["next_offset"] for row in await cursor.fetchall()}
        self._held |= taken
        return set(taken)

    async def _read(self, connection: AsyncConnection[DictRow], limit: int) -> list[Record]:
        if not self._held:
            return []
        topics, numbers = [partition.topic for partition in self._held], [partition.number for partition in self._held]
        params = (topics, numbers, list(self._held.values()), limit, limit)
        rows = await (await connection.execute(READ, params, binary=True)).fetchall()
        records: list[Record] = []
        for row in rows:
            partition = Partition(Topic(row["topic"]), row["partition"])
            try:
                records.append(_record(partition, row["log_offset"], row["value"]))
            except UnknownEvent:
                if row["pace"] == 1:
                    raise
                break
        self._held |= {record.partition: record.offset + 1 for record in records}
        return records


def _write_params(events: Sequence[Event], positions: Sequence[SourcePosition] = ()) -> tuple[str, list[bytes], str]:
    """What is the same for many events is told once, with their places among the values: this is the way of sound."""
    places: defaultdict[tuple[Topic, str, UUID], list[int]] = defaultdict(list)
    for place, event in enumerate(events, start=1):
        places[event.topic, event.key, event.workspace_id].append(place)
    lanes = [
        {
            "topic": topic,
            "partition": partition_of(key),
            "workspace_id": str(workspace_id),
            "key": key,
            "places": of_key,
        }
        for (topic, key, workspace_id), of_key in places.items()
    ]
    sources = [
        {"source": position.source, "workspace_id": str(position.workspace_id), "next_seq": position.next_seq}
        for position in positions
    ]
    return json.dumps(lanes), [encode(event) for event in events], json.dumps(sources)


def _record(partition: Partition, offset: int, value: bytes) -> Record:
    try:
        return Record(partition, offset, decode(value))
    except UnknownEvent as error:
        raise UnknownEvent(
            f"{partition.topic}, partition {partition.number}, offset {offset}: {error.message}", remedy=error.remedy
        ) from error


async def _wait(connection: AsyncConnection[DictRow], timeout_s: float) -> None:
    """Until another transaction has appended to one of the topics, or the time is over."""
    async for _ in connection.notifies(timeout=timeout_s, stop_after=1):
        pass
