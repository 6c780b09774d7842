"""Facts into cold storage: a consumer of the event log that writes what it read as files, then notes its progress."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from vori.analytics.cold.place import Cold
from vori.clock import now
from vori.database.connection import Database
from vori.errors import SupplierError, Unavailable
from vori.eventlog import Consumer, EventLog, Fenced, Record
from vori.events import (
    PARTITIONS,
    Event,
    MeetingReported,
    TicketCreated,
    TicketUpdated,
    Topic,
    UnknownEvent,
    encode,
)

logger = structlog.get_logger()

GROUP = "cold"
TOPICS = (
    Topic.MEETING_STARTED,
    Topic.TRANSCRIPTION,
    Topic.MEETING_ENDED,
    Topic.MEETING_REPORTED,
    Topic.TICKET_CREATED,
    Topic.TICKET_UPDATED,
)
"""All that results are reckoned from."""
FLUSH_S, FLUSH_EVENTS = 60.0, 20_000
"""What was read is written after so long at the latest, or when it is so much, or with a meeting's report."""
LONGEST_PAUSE_S = 60.0
LOOK_EVERY_S = 0.1
PATIENCE_S = 25.0
"""So long somebody who asked waits."""


class FactArchive:
    """Facts into `cold`. Killed between a file and its progress, it writes the same file again."""

    def __init__(self, database: Database, log: EventLog, cold: Cold, *, flush_s: float = FLUSH_S) -> None:
        self._database = database
        self._log = log
        self.cold = cold
        self._flush_s = flush_s
        self._asked = False
        self._pause_s = 0.0

    async def run(self) -> None:
        """Until cancelled. What can't be written now (a full disk, a database that is away) waits in the log."""
        while True:
            try:
                async with self._log.consumer(GROUP, TOPICS) as consumer:
                    await self._consume(consumer)
            except Fenced:
                logger.warning("consumer.fenced", group=GROUP)
            except UnknownEvent as error:
                logger.error("consumer.stopped", group=GROUP, reason=error.message, remedy=error.remedy)
                raise
            except (SupplierError, OSError) as error:
                self._pause_s = min(max(0.2, 2 * self._pause_s), LONGEST_PAUSE_S)
                logger.warning("cold.not_written", reason=str(error), retry_in_s=self._pause_s)
                await asyncio.sleep(self._pause_s)

    async def flush(self) -> None:
        """Until all facts that are in the log now are cold. Raises `Unavailable` when that takes too long."""
        await settled(self._log, self._ask, patience_s=PATIENCE_S)

    def _ask(self) -> None:
        self._asked = True

    async def _consume(self, consumer: Consumer) -> None:
        pending: list[Record] = []
        due = 0.0
        while True:
            batch = await consumer.poll(limit=2000, wait_s=0.5)
            if batch.revoked:
                pending = [record for record in pending if record.partition not in batch.revoked]
            if batch.records and not pending:
                due = time.monotonic() + self._flush_s
            pending += batch.records
            reported = any(isinstance(record.event, MeetingReported) for record in batch.records)
            if pending and (reported or self._asked or len(pending) >= FLUSH_EVENTS or time.monotonic() >= due):
                await self._flush(consumer, pending)
                pending = []
            self._asked = False

    async def _flush(self, consumer: Consumer, records: Sequence[Record]) -> None:
        files = await asyncio.to_thread(sort_rows, self.cold, records, now())
        async with self._database.transaction() as tx:
            # Progress first: while its row is locked nobody else gets these partitions and writes files of their names.
            await consumer.commit(tx, {record.partition: record.offset + 1 for record in records})
            await asyncio.to_thread(write_files, files)
        self._pause_s = 0.0
        logger.debug("cold.written", events=len(records), files=len(files))


def sort_rows(cold: Cold, records: Sequence[Record], at: datetime) -> dict[Path, list[dict[str, Any]]]:
    """Rows by their file, which is named by the first one in it: what is read again goes into the same file."""
    lanes: defaultdict[tuple[Path, str], list[dict[str, Any]]] = defaultdict(list)
    for (topic, number), offset, event in records:
        row = {
            "event_id": str(event.event_id),
            "workspace_id": str(event.workspace_id),
            "meeting_id": str(event.meeting_id),
            "ticket_id": _ticket(event),
            "type": type(event).__name__,
            "occurred_at": event.occurred_at,
            "archived_at": at,
            "value": encode(event).decode().rstrip("\n"),
            "topic": topic.value,
            "partition": number,
            "offset": offset,
        }
        month = cold.month("events", event.workspace_id, event.occurred_at)
        lanes[month, f"{topic}-{number}"].append(row)
    return {month / f"{lane}-{_named(rows[0])}.parquet": rows for (month, lane), rows in lanes.items()}


def _ticket(event: Event) -> str | None:
    """The ticket that it is about."""
    match event:
        case TicketCreated():
            return str(event.ticket.ticket_id)
        case TicketUpdated():
            return str(event.before.ticket_id)
        case _:
            return None


def _named(row: dict[str, Any]) -> str:
    return f"{row['offset']:012}-{row['event_id']}"


async def settled(log: EventLog, ask: Callable[[], None] = lambda: None, *, patience_s: float = 2 * FLUSH_S) -> None:
    """Until all facts that are in the log now are cold; whoever can have them written is asked meanwhile.

    Raises `Unavailable` when that takes too long.
    """
    deadline, ends = time.monotonic() + patience_s, None
    while time.monotonic() < deadline:
        progress = await log.progress(GROUP)
        if len(progress) == len(TOPICS) * PARTITIONS:
            ends = ends or {lane: end for lane, (_, end) in progress.items()}
            if all(progress[lane][0] >= end for lane, end in ends.items()):
                return
        ask()
        await asyncio.sleep(LOOK_EVERY_S)
    raise Unavailable("Cold storage is behind the event log.", remedy="The gateway's log says what it waits for.")


def write_files(files: dict[Path, list[dict[str, Any]]]) -> None:
    from vori.analytics.cold.parquet import write_rows

    for path, rows in files.items():
        write_rows(path, "events", rows)
