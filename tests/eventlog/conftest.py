"""Every test of the contract runs once per engine."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.eventlog.engines import PostgresEngine

from vori.eventlog import EventLog


@pytest.fixture(params=["postgres"])
def eventlog_engine(database_url: str) -> PostgresEngine:
    return PostgresEngine(database_url)


@pytest.fixture
async def log(eventlog_engine: PostgresEngine) -> AsyncIterator[EventLog]:
    async with eventlog_engine.open() as opened:
        yield opened
