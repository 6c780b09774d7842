"""The relay: ships the outbox to Kafka, in order, and again from where it stood when it was stopped."""

from __future__ import annotations

import asyncio

import structlog

from vori.database.connection import Database
from vori.errors import SupplierError
from vori.eventlog import Fenced
from vori.eventlog.kafka import RELAY, KafkaEventLog

logger = structlog.get_logger()

BATCH = 500
RETRY_S = 0.5


async def run(log: KafkaEventLog, database: Database) -> None:
    """Until cancelled. An event shipped twice, because its progress was not committed, is read once: see `outbox`."""
    while True:
        try:
            async with log.outbox.unopened(RELAY) as outbox:
                while True:
                    if rows := await outbox.poll(limit=BATCH):
                        await log.ship(rows)
                        async with database.transaction() as tx:
                            await outbox.commit(tx, rows)
        except (SupplierError, Fenced) as error:
            logger.warning("relay.starts_over", reason=str(error), retry_in_s=RETRY_S)
            await asyncio.sleep(RETRY_S)
