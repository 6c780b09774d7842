"""The event log: durable, ordered by key, replayable. One small Protocol; the engine is chosen by a URL.

Promises, the same on every engine:
- events with one key stay in the order in which they were appended, or published; a published one comes before all
  that is appended after it became durable;
- within a topic's partition offsets rise; a reader neither skips nor repeats one, however late a writer commits;
- a consumer group shares the partitions among its members; each partition has one reader at a time;
- progress is committed in the transaction that holds the effects, so each effect happens exactly once.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from vori.database.connection import Database, Transaction
from vori.errors import Invalid, OurError
from vori.events import PARTITIONS, Event, Topic

__all__ = [
    "Batch",
    "Consumer",
    "EventLog",
    "Fenced",
    "Partition",
    "Record",
    "SourcePosition",
    "open_eventlog",
    "partition_of",
]


KAFKA = "kafka://"


class Partition(NamedTuple):
    """One ordered lane of a topic."""

    topic: Topic
    number: int


class Record(NamedTuple):
    """An event where it lies in the log."""

    partition: Partition
    offset: int
    event: Event


@dataclass(frozen=True, slots=True)
class Batch:
    """What one poll brought. Forget `revoked` partitions and load the state of `assigned` ones before `records`."""

    records: Sequence[Record]
    assigned: frozenset[Partition] = frozenset()
    revoked: frozenset[Partition] = frozenset()


@dataclass(frozen=True, slots=True)
class SourcePosition:
    """How far a source (an audio stream) has been taken into the log: the next sequence number it should send."""

    source: str
    next_seq: int
    workspace_id: UUID


class Fenced(OurError):
    """Another consumer has taken this partition over; the effects must not be committed."""

    code = "fenced"


class Consumer(Protocol):
    """A member of a consumer group."""

    async def poll(self, *, limit: int = 500, wait_s: float = 1.0) -> Batch:
        """The next records of this member's partitions, at most `limit`, waiting up to `wait_s` for the first.

        Reading starts at the committed offset when a partition is assigned and goes on from there, committed or not.
        A partition that must be given up is reported in `revoked` and given up at the next call. A lost connection
        revokes all and is mended by the calls that follow. Raises `UnknownEvent` when the next record can't be read.
        Cancel it only to leave.
        """
        ...

    async def commit(self, tx: Transaction, progress: Mapping[Partition, int]) -> None:
        """Within `tx`, note for each partition the next offset to read after a restart. Forward only.

        Raises `Fenced` when a partition is no longer this member's, or is again but hasn't been read that far since.
        """
        ...


class EventLog(Protocol):
    """The log itself."""

    async def append(self, tx: Transaction, event: Event) -> None:
        """Append in the caller's transaction: the event exists if and only if the transaction commits."""
        ...

    async def publish(self, events: Sequence[Event], positions: Sequence[SourcePosition] = ()) -> None:
        """Append a batch and its sources' positions; durable when this returns. One that can't be written isn't begun.

        Raises `Unavailable` when the log can't be reached; whether the batch, or a part of it, was written is then
        unknown: publish it again (its source position tells, and readers drop what they have seen).
        """
        ...

    async def source_position(self, source: str) -> int:
        """The next sequence number expected from a source: 0 when nothing was published for it."""
        ...

    def consumer(self, group: str, topics: Sequence[Topic]) -> AbstractAsyncContextManager[Consumer]:
        """Join a group, whose members all name the same topics. Leaving the context gives the partitions back."""
        ...

    def read(self, topic: Topic, key: str) -> AsyncIterator[Record]:
        """Every retained event with one key, oldest first (for tests and inspection)."""
        ...

    async def progress(self, group: str) -> dict[Partition, tuple[int, int]]:
        """Per partition of a group: (next offset to read, next offset to be written). Their difference is the lag."""
        ...

    async def members(self, group: str) -> int:
        """How many work for a group now."""
        ...

    async def prune(self, topic: Topic, *, groups: Sequence[str], keep_s: float = 0.0) -> int:
        """Delete what all `groups` have committed past and is older than `keep_s`; returns how many events.

        A group that has not begun yet holds everything; without groups age alone decides.
        """
        ...


def partition_of(key: str) -> int:
    """The partition a key belongs to (CRC-32, stable across processes and versions)."""
    return zlib.crc32(key.encode()) % PARTITIONS


@asynccontextmanager
async def open_eventlog(url: str, database: Database) -> AsyncIterator[EventLog]:
    """The engine that `url` names; `database` acts as the log's role. Raises `Invalid` when there is no such engine."""
    if url == "postgres:":
        from vori.eventlog.postgres import PostgresEventLog

        async with PostgresEventLog(database) as log:
            yield log
    elif url.startswith(KAFKA):
        from vori.eventlog.kafka import KafkaEventLog

        async with KafkaEventLog(url, database) as in_kafka:
            yield in_kafka
    else:
        raise Invalid(
            f"VORI_EVENTLOG_URL names no event log that VORI knows: {url.partition(':')[0]!r}.",
            remedy="Set it to `postgres:`, which keeps the log in the database, or to kafka://host:port.",
        )
