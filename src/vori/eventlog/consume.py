"""The loop of a worker without state: an event in, its effects and the progress out, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from structlog.contextvars import bound_contextvars

from vori.database.connection import Database, Transaction
from vori.errors import SupplierError
from vori.eventlog import Consumer, EventLog, Fenced, Partition
from vori.events import Event, Topic, UnknownEvent

__all__ = ["Effect", "consume"]

logger = structlog.get_logger()

LONGEST_PAUSE_S = 30.0

Effect = Callable[[Transaction], Awaitable[None]]
"""What an event leads to: rows, events and live messages, written in the transaction it is given."""


async def consume(
    log: EventLog,
    database: Database,
    group: str,
    topics: Sequence[Topic],
    handle: Callable[[Event], Awaitable[Effect | None]],
) -> None:
    """Until cancelled, call `handle` with each event, in order by key; its effect happens exactly once.

    `handle` computes, with no transaction open, and may run again for the same event after a failure; the effect it
    returns (None: nothing to do) is written in one short transaction of the event's workspace, with the progress.
    After a supplier's failure all is taken up again from what is committed, with growing pauses. Any other error,
    or an event that can't be read, ends the loop: it is logged and raised, and nothing is skipped.
    """
    pause_s = 0.0
    while True:
        try:
            async with log.consumer(group, topics) as consumer:
                while True:
                    if await _take_batch(consumer, database, group, handle):
                        pause_s = 0.0
        except Fenced:
            logger.warning("consumer.fenced", group=group)
        except UnknownEvent as error:
            logger.error("consumer.stopped", group=group, reason=error.message, remedy=error.remedy)
            raise
        except SupplierError as error:
            pause_s = min(max(0.2, 2 * pause_s), LONGEST_PAUSE_S)
            logger.warning("consumer.failed", group=group, reason=str(error), retry_in_s=pause_s)
            await asyncio.sleep(pause_s)


async def _take_batch(
    consumer: Consumer, database: Database, group: str, handle: Callable[[Event], Awaitable[Effect | None]]
) -> bool:
    """One poll and what follows from it; False when it brought nothing."""
    batch = await consumer.poll()
    passed: dict[Partition, int] = {}
    for record in batch.records:
        with bound_contextvars(event_id=str(record.event.event_id), meeting_id=str(record.event.meeting_id)):
            try:
                effect = await handle(record.event)
                passed[record.partition] = record.offset + 1
                if effect is not None:
                    async with database.transaction(record.event.workspace_id) as tx:
                        await effect(tx)
                        await consumer.commit(tx, passed)
                    passed.clear()
            except (SupplierError, Fenced):
                raise
            except Exception:
                logger.exception(
                    "consumer.stopped",
                    group=group,
                    topic=record.partition.topic,
                    partition=record.partition.number,
                    offset=record.offset,
                    remedy="This event can't be handled; nothing was skipped. Mend the cause and start the role again.",
                )
                raise
    if passed:
        async with database.transaction() as tx:
            await consumer.commit(tx, passed)
    return bool(batch.records)
