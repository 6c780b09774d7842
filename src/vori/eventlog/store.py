"""Consumer groups: who reads which partition, and how far. Kept in PostgreSQL whatever engine holds the events."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg.rows import DictRow

from vori.clock import new_id
from vori.database.connection import Database, Transaction
from vori.errors import Unavailable
from vori.eventlog import Fenced, Partition
from vori.events import PARTITIONS, Topic

logger = structlog.get_logger()

REBALANCE_S = 1.0
LONGEST_PAUSE_S = 5.0
MEMBERS = 1_000_000
"""Beside the locks 0 … PARTITIONS - 1 of a group: the one that all its members share, to be counted by."""

ASSIGN = """
insert into log_progress (consumer_group, topic, partition, owner)
select %s, topic, %s, %s from unnest(%s::text[]) as t (topic) order by topic
on conflict (consumer_group, topic, partition) do update set owner = excluded.owner
returning topic, next_offset, outbox
"""

COMMIT = """
update log_progress set next_offset = greatest(next_offset, %s), outbox = greatest(outbox, %s)
where consumer_group = %s and topic = %s and partition = %s and owner = %s
"""

COUNT_MEMBERS = """
select count(*) as members, count(*) filter (where pid < pg_backend_pid()) as before_me from pg_locks
where locktype = 'advisory' and classid = %s::oid and objid = %s::oid and objsubid = 2
  and database = (select oid from pg_database where datname = current_database())
"""

PASSED = """
select topic, partition, next_offset from log_progress where consumer_group = %s
"""

T = TypeVar("T")
Read = Callable[[AsyncConnection[DictRow], float], Awaitable[list[T]]]
"""Reads on in the partitions held, waiting up to so many seconds for the first record."""
Polled = tuple[list[T], frozenset[Partition], frozenset[Partition]]
"""What was read, what was assigned, what was revoked."""


class Membership:
    """One member of a group. Its connection is its membership: who loses it holds nothing any more.

    A group's members share partition *numbers*, the same ones of each topic, by advisory locks.
    """

    def __init__(
        self,
        database: Database,
        group: str,
        topics: Sequence[Topic],
        *,
        rebalance_s: float = REBALANCE_S,
        listens: bool = False,
    ) -> None:
        """With `listens` its connection is notified of what is appended to the topics."""
        self.held: dict[Partition, int] = {}
        """Where to read on. A number that is being given up is still held until the next poll."""
        self.outbox: dict[Partition, int] = {}
        """Per partition held: the last outbox offset that its committed records came from; -1 before the first."""
        self._database = database
        self._group = group
        self._topics = sorted(set(topics))
        self._rebalance_s = rebalance_s
        self._listens = listens
        self._lock = lock_of(group)
        self._owner = new_id()
        self._connection: AsyncConnection[DictRow] | None = None
        self._leaving: set[int] = set()
        self._rebalance_at = 0.0
        self._pause_s = 0.0

    async def poll(self, read: Read[T], wait_s: float) -> Polled[T]:
        """What `Consumer.poll` promises, whatever `read` reads from."""
        try:
            polled = await self._poll(read, time.monotonic() + wait_s)
        except (psycopg.OperationalError, Unavailable) as error:
            self._pause_s = min(max(0.1, 2 * self._pause_s), LONGEST_PAUSE_S)
            logger.warning("eventlog.connection_lost", group=self._group, reason=str(error), retry_in_s=self._pause_s)
            lost = await self._lose()
            if not lost:
                await asyncio.sleep(self._pause_s)
            return [], frozenset(), lost
        self._pause_s = 0.0
        return polled

    async def commit(
        self, tx: Transaction, progress: Mapping[Partition, int], outbox: Mapping[Partition, int] | None = None
    ) -> None:
        """What `Consumer.commit` promises. `outbox` is how far the records before that came from there."""
        for partition, next_offset in sorted(progress.items()):
            if next_offset <= self.held.get(partition, -1):
                relayed = (outbox or {}).get(partition, -1)
                done = await tx.execute(COMMIT, (next_offset, relayed, self._group, *partition, self._owner))
                if done.rowcount == 1:
                    continue
            raise Fenced(f"{partition.topic}, partition {partition.number} is no longer this member's.")

    async def leave(self) -> None:
        """Give everything back, also when told to stop meanwhile. A dead connection has done so already."""
        try:
            if self._connection is not None:
                with suppress(psycopg.OperationalError):
                    await self._connection.execute("select pg_advisory_unlock_all()")
        finally:
            await self._lose()

    async def _lose(self) -> frozenset[Partition]:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
        revoked = frozenset(self.held)
        self.held.clear()
        self._leaving.clear()
        return revoked

    async def _poll(self, read: Read[T], deadline: float) -> Polled[T]:
        connection = self._connection or await self._join()
        await self._release(connection)
        while True:
            if time.monotonic() >= self._rebalance_at:
                self._rebalance_at = time.monotonic() + self._rebalance_s
                assigned, revoked = await self._rebalance(connection)
                if assigned or revoked:
                    return [], assigned, revoked
            if self._listens:
                await notified(connection, 0)
            left = deadline - time.monotonic()
            records = await read(connection, max(0.0, min(left, self._rebalance_at - time.monotonic())))
            if records or left <= 0:
                return records, frozenset(), frozenset()

    async def _join(self) -> AsyncConnection[DictRow]:
        self._owner, self._rebalance_at = new_id(), 0.0
        self._connection = connection = await self._database.connect()
        await connection.execute(
            "select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), "
            "set_config('tcp_keepalives_count', '3', false), pg_advisory_lock_shared(%s, %s)",
            (self._lock, MEMBERS),
        )
        for topic in self._topics if self._listens else ():
            await connection.execute(psycopg.sql.SQL("listen {}").format(psycopg.sql.Identifier(topic)))
        return connection

    async def _release(self, connection: AsyncConnection[DictRow]) -> None:
        for number in sorted(self._leaving):
            await connection.execute("select pg_advisory_unlock(%s, %s)", (self._lock, number))
            self.held = {partition: next_ for partition, next_ in self.held.items() if partition.number != number}
        self._leaving.clear()

    async def _rebalance(
        self, connection: AsyncConnection[DictRow]
    ) -> tuple[frozenset[Partition], frozenset[Partition]]:
        """Take up to this member's fair share of what is free, or mark what is above it to be given up."""
        group = await (await connection.execute(COUNT_MEMBERS, (self._lock, MEMBERS))).fetchone()
        assert group is not None
        share = PARTITIONS // group["members"] + (group["before_me"] < PARTITIONS % group["members"])
        numbers = sorted({partition.number for partition in self.held})
        self._leaving = set(numbers[share:])
        revoked = frozenset(partition for partition in self.held if partition.number in self._leaving)
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
        rows = await cursor.fetchall()
        taken = {Partition(Topic(row["topic"]), number): row["next_offset"] for row in rows}
        self.held |= taken
        self.outbox |= {Partition(Topic(row["topic"]), number): row["outbox"] for row in rows}
        return set(taken)


async def read_passed(tx: Transaction, group: str) -> dict[Partition, int]:
    """Per partition of a group: the next offset that it will read after a restart."""
    rows = await tx.fetch_all(PASSED, (group,))
    return {Partition(Topic(row["topic"]), row["partition"]): row["next_offset"] for row in rows}


async def read_members(tx: Transaction, group: str) -> int:
    """How many members a group has now."""
    row = await tx.fetch_one(COUNT_MEMBERS, (lock_of(group), MEMBERS))
    return int(row["members"]) if row else 0


def lock_of(group: str) -> int:
    """The number under which a group's locks are."""
    return zlib.crc32(f"vori.eventlog:{group}".encode()) & 0x7FFFFFFF


async def notified(connection: AsyncConnection[DictRow], timeout_s: float) -> None:
    """Until a notification comes, or the time is over. Raises when the connection turns out to be lost."""
    async for _ in connection.notifies(timeout=timeout_s, stop_after=1):
        pass
