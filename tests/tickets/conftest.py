"""The extractor, loaded once for all tests of this folder, and a meeting for it to read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from tests.tickets.scene import Scene

from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.livefeed.postgres import PostgresLiveFeed
from vori.tickets.offline import OfflineExtractor


@pytest.fixture(scope="session")
def extractor() -> OfflineExtractor:
    return OfflineExtractor()


@pytest.fixture
async def log(log_database: Database) -> AsyncIterator[PostgresEventLog]:
    async with PostgresEventLog(log_database, rebalance_s=0.05) as opened:
        yield opened


@pytest.fixture
async def scene(
    database: Database, log_database: Database, log: PostgresEventLog, extractor: OfflineExtractor
) -> AsyncIterator[Scene]:
    async with PostgresLiveFeed(log_database) as feed:
        made = Scene(database, log, feed, extractor, new_id(), new_id())
        await made.begin()
        yield made
