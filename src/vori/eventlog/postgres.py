"""The event log in PostgreSQL: counter rows make offsets gapless, advisory locks share the partitions out."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import DictRow

from vori.database.connection import Database, Transaction
from vori.errors import Unavailable
from vori.eventlog import Batch, Consumer, Partition, Record, SourcePosition, partition_of
from vori.eventlog.store import REBALANCE_S, Membership, notified, read_members
from vori.events import Event, Topic, UnknownEvent, decode, encode

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
  select topic, partition, log_offset, key, value, row_number() over (order by log_offset) as pace
  from log_event where topic = p.topic and partition = p.partition and log_offset >= p.position
  order by log_offset limit %s
) e order by e.pace limit %s
"""
"""All partitions at the same pace: one with a backlog doesn't hold up the others."""

PROGRESS = """
select p.topic, p.partition, p.next_offset, coalesce(l.next_offset, 0) as end_offset
from log_progress p left join log_partition l using (topic, partition) where consumer_group = %s
"""

PRUNE = """
delete from log_event e using (
  select p.partition, min(g.next_offset) as passed
  from log_partition p left join log_progress g
    on g.topic = p.topic and g.partition = p.partition and g.consumer_group = any (%(groups)s)
  where p.topic = %(topic)s
  group by p.partition having count(g.consumer_group) = cardinality(%(groups)s)
) p
where e.topic = %(topic)s and e.partition = p.partition and e.log_offset < coalesce(p.passed, e.log_offset + 1)
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
        membership = Membership(self._database, group, topics, rebalance_s=self._rebalance_s, listens=True)
        try:
            yield _PostgresConsumer(membership)
        finally:
            await membership.leave()

    @asynccontextmanager
    async def unopened(self, group: str) -> AsyncIterator[Unopened]:
        """Join a group that hands on all topics' events as they lie there, whatever their version."""
        membership = Membership(self._database, group, tuple(Topic), rebalance_s=self._rebalance_s, listens=True)
        try:
            yield Unopened(membership)
        finally:
            await membership.leave()

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
                yield read_record(partition, offset, row["value"])

    async def progress(self, group: str) -> dict[Partition, tuple[int, int]]:
        async with self._database.transaction() as tx:
            rows = await tx.fetch_all(PROGRESS, (group,))
        return {
            Partition(Topic(row["topic"]), row["partition"]): (row["next_offset"], row["end_offset"]) for row in rows
        }

    async def members(self, group: str) -> int:
        async with self._database.transaction() as tx:
            return await read_members(tx, group)

    async def end_of(self, partition: Partition) -> int:
        """The next offset to be written."""
        async with self._database.transaction() as tx:
            row = await tx.fetch_one(
                "select next_offset from log_partition where topic = %s and partition = %s", tuple(partition)
            )
        return row["next_offset"] if row else 0

    async def prune(self, topic: Topic, *, groups: Sequence[str], keep_s: float = 0.0) -> int:
        async with self._database.transaction() as tx:
            done = await tx.execute(PRUNE, {"topic": topic, "groups": sorted(set(groups)), "keep_s": keep_s})
        return done.rowcount


class _PostgresConsumer:
    """One member of a group."""

    def __init__(self, membership: Membership) -> None:
        self._membership = membership

    async def poll(self, *, limit: int = 500, wait_s: float = 1.0) -> Batch:
        async def read(connection: AsyncConnection[DictRow], pause_s: float) -> list[Record]:
            rows = await _rows(self._membership, connection, limit, pause_s)
            records: list[Record] = []
            for row in rows:
                try:
                    records.append(read_record(row.partition, row.offset, row.value))
                except UnknownEvent:
                    if row.pace == 1:
                        raise
                    break
            self._membership.held |= {record.partition: record.offset + 1 for record in records}
            return records

        return Batch(*await self._membership.poll(read, wait_s))

    async def commit(self, tx: Transaction, progress: Mapping[Partition, int]) -> None:
        await self._membership.commit(tx, progress)


class Row(NamedTuple):
    """An event as it lies in the table, unopened; `pace` is its place among those of its partition that were read."""

    partition: Partition
    offset: int
    key: str
    value: bytes
    pace: int


class Unopened:
    """A member of a group that doesn't look into what it hands on."""

    def __init__(self, membership: Membership) -> None:
        self._membership = membership

    async def poll(self, *, limit: int, wait_s: float = 1.0) -> list[Row]:
        async def read(connection: AsyncConnection[DictRow], pause_s: float) -> list[Row]:
            rows = await _rows(self._membership, connection, limit, pause_s)
            self._membership.held |= {row.partition: row.offset + 1 for row in rows}
            return rows

        rows, _, _ = await self._membership.poll(read, wait_s)
        return rows

    async def commit(self, tx: Transaction, rows: Sequence[Row]) -> None:
        """These were handed on. Raises `Fenced`."""
        await self._membership.commit(tx, {row.partition: row.offset + 1 for row in rows})


async def _rows(membership: Membership, connection: AsyncConnection[DictRow], limit: int, pause_s: float) -> list[Row]:
    """The next ones in the partitions held, waiting for the first if need be."""
    held = membership.held
    if not held:
        await notified(connection, pause_s)
        return []
    topics, numbers = [partition.topic for partition in held], [partition.number for partition in held]
    params = (topics, numbers, list(held.values()), limit, limit)
    found = await (await connection.execute(READ, params, binary=True)).fetchall()
    if not found and pause_s > 0:
        await notified(connection, pause_s)
        found = await (await connection.execute(READ, params, binary=True)).fetchall()
    return [
        Row(Partition(Topic(row["topic"]), row["partition"]), row["log_offset"], row["key"], row["value"], row["pace"])
        for row in found
    ]


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


def read_record(partition: Partition, offset: int, value: bytes) -> Record:
    """Raises `UnknownEvent` with the place."""
    try:
        return Record(partition, offset, decode(value))
    except UnknownEvent as error:
        raise UnknownEvent(
            f"{partition.topic}, partition {partition.number}, offset {offset}: {error.message}", remedy=error.remedy
        ) from error
