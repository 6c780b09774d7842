"""A consumer over Kafka: partitions and progress as PostgreSQL says, messages as Kafka brings them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

import structlog
from confluent_kafka import Consumer as Client
from confluent_kafka import KafkaException, Message, TopicPartition

from vori.database.connection import Transaction
from vori.errors import Unavailable
from vori.eventlog import Batch, Partition, Record
from vori.eventlog.postgres import read_record
from vori.eventlog.store import Membership
from vori.events import UnknownEvent

logger = structlog.get_logger()

P = ParamSpec("P")
R = TypeVar("R")

OUTBOX = "outbox"
"""Header of a relayed message: its offset in the outbox."""
BATCHES = 4
"""So many may wait here, of all partitions together; one that has as much alone is paused."""
SLICE_S = 0.2
"""Longest wait in the thread at a stretch: who leaves waits no longer."""


class KafkaConsumer:
    """One member of a group. `client` is its own and is told which partitions to fetch; `prefix` begins topics' names.

    A partition of which much is waiting is paused, so that it neither fills the memory nor holds up the others.
    """

    def __init__(self, membership: Membership, client: Client, prefix: str) -> None:
        self._membership = membership
        self._client = client
        self._prefix = prefix
        self._thread = ThreadPoolExecutor(1, "kafka-consumer")
        self._next: dict[Partition, int] = {}
        """Per partition that the client fetches: the next offset to hand on."""
        self._waiting: dict[Partition, deque[Message]] = {}
        self._lanes: dict[tuple[str | None, int | None], deque[Message]] = {}
        """The same, by Kafka's names."""
        self._seen: dict[Partition, int] = {}
        """The last outbox offset handed on."""
        self._relayed: dict[Partition, deque[tuple[int, int]]] = {}
        """(offset, outbox offset) of records handed on and not committed."""
        self._paused: set[Partition] = set()
        self._unknown: UnknownEvent | None = None

    async def poll(self, *, limit: int = 500, wait_s: float = 1.0) -> Batch:
        async def read(_connection: object, pause_s: float) -> list[Record]:
            return await self._read(limit, pause_s)

        return Batch(*await self._membership.poll(read, wait_s))

    async def commit(self, tx: Transaction, progress: Mapping[Partition, int]) -> None:
        passed: dict[Partition, int] = {}
        for partition, next_offset in progress.items():
            for offset, outbox in self._relayed.get(partition, ()):
                if offset < next_offset:
                    passed[partition] = outbox
        await self._membership.commit(tx, progress, passed)

        async def forget() -> None:
            for partition, next_offset in progress.items():
                relayed = self._relayed.get(partition)
                while relayed and relayed[0][0] < next_offset:
                    relayed.popleft()

        tx.after_commit(forget)

    async def close(self) -> None:
        """After the membership has been left."""
        await self._in_thread(self._client.close)
        self._thread.shutdown(wait=False)

    async def _read(self, limit: int, pause_s: float) -> list[Record]:
        held = self._membership.held
        if self._next.keys() != held.keys() or any(self._next[partition] != at for partition, at in held.items()):
            await self._assign()
        await self._hold_back(limit)
        if sum(map(len, self._waiting.values())) < BATCHES * limit:
            pause_s = 0.0 if any(self._waiting.values()) else min(pause_s, SLICE_S)
            for message in await self._in_thread(self._fetch, 2 * limit, pause_s):
                self._lanes[message.topic(), message.partition()].append(message)
        return self._take(limit)

    async def _hold_back(self, limit: int) -> None:
        """Pause partitions of which too much is waiting, resume those of which less than a batch is."""
        waiting = {partition: len(queue) for partition, queue in self._waiting.items()}
        full = {partition for partition, count in waiting.items() if count >= BATCHES * limit} - self._paused
        hungry = {partition for partition in self._paused if waiting.get(partition, 0) < limit}
        if full:
            await self._in_thread(self._client.pause, self._named(full))
        if hungry:
            await self._in_thread(self._client.resume, self._named(hungry))
        self._paused = (self._paused | full) - hungry

    async def _assign(self) -> None:
        """Have the client fetch what is held, from where it is held."""
        held = dict(self._membership.held)
        for partition, at in held.items():
            if self._next.get(partition) != at:
                self._seen[partition] = self._membership.outbox[partition]
                self._relayed[partition] = deque()
        if self._paused:
            await self._in_thread(self._client.resume, self._named(self._paused))
            self._paused = set()
        places = [TopicPartition(self._prefix + part.topic, part.number, at) for part, at in held.items()]
        await self._in_thread(self._client.assign, places)
        self._waiting = {partition: deque() for partition in held}
        self._lanes = {(self._prefix + part.topic, part.number): queue for part, queue in self._waiting.items()}
        self._next, self._unknown = held, None

    def _named(self, partitions: Iterable[Partition]) -> list[TopicPartition]:
        return [TopicPartition(self._prefix + partition.topic, partition.number) for partition in partitions]

    async def _in_thread(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The client is used in its own thread only. Raises `Unavailable`."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *args, **kwargs))
        except KafkaException as error:
            raise away(error) from error

    def _fetch(self, limit: int, pause_s: float) -> list[Message]:
        """In the thread: what is there, waiting for the first."""
        first = self._client.poll(pause_s)
        messages: list[Message] = []
        for message in [first, *self._client.consume(limit, 0)] if first is not None else ():
            if failure := message.error():
                logger.warning("kafka.fetch_failed", reason=failure.str())
            else:
                messages.append(message)
        return messages

    def _take(self, limit: int) -> list[Record]:
        """Up to `limit` records, a fair share of each partition. Raises `UnknownEvent` if none comes before one."""
        records: list[Record] = []
        while self._unknown is None and (full := [partition for partition, queue in self._waiting.items() if queue]):
            left = limit - len(records)
            if not left:
                break
            for partition in full[:left]:
                records += self._take_of(partition, max(1, left // len(full)))
        if self._unknown is not None and not records:
            raise self._unknown
        return records

    def _take_of(self, partition: Partition, limit: int) -> list[Record]:
        """What waits of one partition; what was relayed twice is left out."""
        queue, seen, at = self._waiting[partition], self._seen[partition], self._next[partition]
        records: list[Record] = []
        while queue and len(records) < limit:
            try:
                record = open_record(partition, queue[0])
            except UnknownEvent as error:
                self._unknown = error
                break
            outbox, at = _outbox(queue.popleft()), record.offset + 1
            if outbox is not None:
                if outbox <= seen:
                    continue
                seen = outbox
                self._relayed[partition].append((record.offset, outbox))
            records.append(record)
        self._membership.held[partition] = self._next[partition] = at
        self._seen[partition] = seen
        return records


def open_record(partition: Partition, message: Message) -> Record:
    """Raises `UnknownEvent`."""
    offset, value = message.offset(), message.value()
    assert offset is not None
    return read_record(partition, offset, bytes(value) if value is not None else b"")


def _outbox(message: Message) -> int | None:
    """Where in the outbox a relayed message lay."""
    headers = message.headers()
    found = dict(headers).get(OUTBOX) if headers else None
    return int(found) if isinstance(found, bytes) else None


def away(error: Exception) -> Unavailable:
    """What a failure of Kafka's is to VORI."""
    reason = error.args[0].str() if isinstance(error, KafkaException) else str(error)
    return Unavailable(
        f"Kafka doesn't do its part: {reason or 'no answer'}.", remedy="Is it up, and VORI_EVENTLOG_URL right?"
    )
