"""The live feed in PostgreSQL: NOTIFY, with a table for what is too long for it; one LISTEN for all subscribers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog
from pydantic import ValidationError

from vori.clock import new_id
from vori.database.connection import Database, Transaction
from vori.errors import Unavailable
from vori.livefeed import LiveGap, LiveMessage
from vori.livefeed.fan_out import QUEUE, FanOut

logger = structlog.get_logger()

CHANNEL = "vori_live"
LONGEST_PAYLOAD = 7999
"""Bytes that PostgreSQL lets a NOTIFY carry."""
SPILLED = "spilled:"
GAP = "gap"
"""Notified instead of a message: some may be missing."""
LONGEST_PAUSE_S = 5.0

SPILL = """
with old as (
  delete from live_message where message_id in (
    select message_id from live_message where at < now() - interval '1 minute' for update skip locked
  )
)
insert into live_message (message_id, workspace_id, body) values (%s, %s, %s)
"""


class PostgresLiveFeed:
    """`database` acts as the log's role, which may read every workspace's messages."""

    def __init__(self, database: Database, *, queue_size: int = QUEUE) -> None:
        self._database = database
        self._fan_out = FanOut(queue_size)
        self._listener: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    async def __aenter__(self) -> PostgresLiveFeed:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._listener is not None:
            self._listener.cancel()
            with suppress(asyncio.CancelledError):
                await self._listener

    @property
    def trouble(self) -> str:
        return ""

    async def recall(self) -> list[LiveMessage]:
        """Nothing: drafts come again within a second, and no table holds what passes."""
        return []

    async def publish(self, message: LiveMessage, tx: Transaction | None = None) -> None:
        if tx is not None:
            await _send(message, tx)
            return
        async with self._database.transaction() as own:
            await own.execute("set local synchronous_commit = off")
            await _send(message, own)

    async def tell_gap(self) -> None:
        """Have every subscriber begin anew once it has what was published so far."""
        async with self._database.transaction() as own:
            await own.execute("select pg_notify(%s, %s)", (CHANNEL, GAP))

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[LiveMessage | LiveGap]]:
        if self._listener is None:
            self._listener = asyncio.create_task(self._listen())
        await self._listening.wait()
        with self._fan_out.inbox() as inbox:
            yield inbox

    async def _listen(self) -> None:
        pause_s = 0.1
        while True:
            try:
                connection = await self._database.connect()
                async with connection:
                    await connection.execute("listen vori_live")
                    self._fan_out.hand_out(LiveGap())
                    self._listening.set()
                    pause_s = 0.1
                    async for notify in connection.notifies():
                        self._fan_out.hand_out(await self._message(notify.payload))
            except (psycopg.Error, Unavailable) as error:
                logger.warning("livefeed.connection_lost", retry_in_s=pause_s, reason=str(error))
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _message(self, payload: str) -> LiveMessage | LiveGap:
        if payload == GAP:
            return LiveGap()
        try:
            if payload.startswith(SPILLED):
                async with self._database.transaction() as tx:
                    row = await tx.fetch_one(
                        "select body from live_message where message_id = %s", (payload.removeprefix(SPILLED),)
                    )
                if row is None:
                    return LiveGap()
                payload = row["body"]
            return LiveMessage.model_validate_json(payload)
        except ValidationError as error:
            logger.warning("livefeed.unreadable", reason=str(error))
            return LiveGap()


async def _send(message: LiveMessage, tx: Transaction) -> None:
    payload = message.model_dump_json()
    if len(payload.encode()) > LONGEST_PAYLOAD:
        message_id = new_id()
        await tx.execute(SPILL, (message_id, message.workspace_id, payload))
        payload = f"{SPILLED}{message_id}"
    await tx.execute("select pg_notify(%s, %s)", (CHANNEL, payload))
