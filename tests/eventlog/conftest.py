"""Every test of the contract runs once per engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from tests.eventlog.engines import Engine, KafkaEngine, PostgresEngine

from vori.eventlog import EventLog
from vori.eventlog.broker import Broker


@pytest.fixture(params=["postgres", "kafka"])
def eventlog_engine(request: pytest.FixtureRequest, database_url: str) -> Engine:
    if request.param == "postgres":
        return PostgresEngine(database_url)
    broker: Broker = request.getfixturevalue("kafka_broker")
    return KafkaEngine(database_url, f"{broker.url}?topic.prefix=t{uuid4().hex[:8]}.")


@pytest.fixture
async def log(eventlog_engine: Engine) -> AsyncIterator[EventLog]:
    async with eventlog_engine.open() as opened:
        yield opened
