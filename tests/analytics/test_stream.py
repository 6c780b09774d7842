"""Live numbers equal what SQL counts over the same events: out of order, repeated, and across a restart."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.analytics.hearing import EQUAL, Heard, told

from happening import Meetings, differences
from vori.analytics.live.store import read_last_hour, read_numbers
from vori.analytics.live.tell import Teller
from vori.clock import new_id, now
from vori.database.connection import LOG_ROLE, Database
from vori.eventlog import relay
from vori.eventlog.broker import Broker
from vori.eventlog.kafka import KafkaEventLog
from vori.eventlog.postgres import PostgresEventLog
from vori.events import UtteranceFinal

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PATIENCE_S = 400.0


@asynccontextmanager
async def streaming(
    spark: SparkSession, url: str, home: Path, heard: Heard, kafka: str = ""
) -> AsyncIterator[PostgresEventLog]:
    """The stream at work, from the embedded log or from `kafka`; afterwards it has stopped."""
    from vori.analytics.engine.stream import run

    async with (
        Database(url) as database,
        Database(url, role=LOG_ROLE) as log_database,
        PostgresEventLog(log_database) as log,
    ):
        teller = Teller(database, log, heard)  # type: ignore[arg-type]
        task = asyncio.create_task(run(spark, (kafka or "postgres:", url), home, teller))
        yield log
        assert not task.done(), task.exception()
        task.cancel()
        await asyncio.wait([task])


async def settled(url: str, expected: dict[str, int]) -> None:
    until = time.monotonic() + PATIENCE_S
    while (found := await asyncio.to_thread(differences, url)) != expected:
        assert time.monotonic() < until, found
        await asyncio.sleep(1)


@pytest.mark.timeout(900)
async def test_live_numbers_are_what_sql_counts(spark: SparkSession, database_url: str, tmp_path: Path) -> None:
    began, chance, heard = now() - timedelta(minutes=20), random.Random(5), Heard()
    meetings = Meetings(6, seed=1)
    begin = list(meetings.begin(began))
    talk = [meetings.next(began + timedelta(seconds=2 * nth)) for nth in range(1, 400)]
    end = list(meetings.end(began + timedelta(seconds=802)))
    async with streaming(spark, database_url, tmp_path, heard) as log:
        for part in (begin + talk[:150], talk[150:300], talk[300:], end):
            shuffled = [*part, *chance.choices(part, k=len(part) // 10)]
            chance.shuffle(shuffled)
            await log.publish(shuffled)
            await asyncio.sleep(4)
        await settled(database_url, EQUAL)
    async with Database(database_url) as database, database.transaction(begin[0].workspace_id) as tx:
        last = {message.id: message for message in heard.messages}
        assert last.keys() == {event.meeting_id for event in begin}
        kept = await read_numbers(tx, begin[0].meeting_id)
        assert kept is not None
        assert kept.over
        assert last[begin[0].meeting_id].data == kept.model_dump(mode="json")
        assert heard.team[-1].data == (await read_last_hour(tx)).model_dump(mode="json")

    again = next(event for event in talk if isinstance(event, UtteranceFinal))
    late = again.model_copy(
        update={"event_id": new_id(), "meeting_id": new_id(), "occurred_at": began - timedelta(hours=3)}
    )
    more = meetings.next(began + timedelta(seconds=804))
    async with Database(database_url, role=LOG_ROLE) as database, PostgresEventLog(database) as log:
        before = await told(log, begin)
        assert len(before) == len(heard.messages) == len({event.event_id for event in before})
        await log.publish([again, more])
    assert differences(database_url) != EQUAL  # what isn't read yet is missed
    async with streaming(spark, database_url, tmp_path, heard) as log:
        await settled(database_url, EQUAL)
        assert len(await told(log, begin)) == len(before) + 1
        await log.publish([late])
        await log.publish([meetings.next(began + timedelta(seconds=806))])
        await settled(database_url, {"piece": 1, "window": 6, "meeting": 0})


@pytest.mark.timeout(900)
async def test_from_kafka_live_numbers_are_the_same(
    spark: SparkSession, kafka_broker: Broker, database_url: str, tmp_path: Path
) -> None:
    """Events go through the outbox and the relay, as they do in VORI, and SQL counts the outbox."""
    began, heard, url = now() - timedelta(minutes=9), Heard(), f"{kafka_broker.url}?topic.prefix={new_id()}."
    meetings = Meetings(3, seed=2)
    begin = list(meetings.begin(began))
    talk = [meetings.next(began + timedelta(seconds=2 * nth)) for nth in range(1, 200)]
    async with Database(database_url, role=LOG_ROLE) as database, KafkaEventLog(url, database) as kafka:
        relaying = asyncio.create_task(relay.run(kafka, database))
        async with streaming(spark, database_url, tmp_path, heard, url) as log:
            for part in (begin + talk[100:], talk[:100], talk[50:60], list(meetings.end(now()))):
                await log.publish(part)
            await settled(database_url, EQUAL)
        relaying.cancel()
        await asyncio.wait([relaying])
    assert {message.id for message in heard.messages} == {event.meeting_id for event in begin}
