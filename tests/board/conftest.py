"""A house for every test that asks."""

from collections.abc import AsyncIterator

import pytest
from tests.board.house import House, open_house
from tests.livefeed.redis_server import RedisServer

from vori.database.connection import Database


@pytest.fixture(params=["postgres", "redis"])
def feed_url(request: pytest.FixtureRequest) -> str:
    if request.param == "postgres":
        return "postgres:"
    server: RedisServer = request.getfixturevalue("redis_server")
    server.empty()
    return server.url


@pytest.fixture
async def house(database: Database, log_database: Database, feed_url: str) -> AsyncIterator[House]:
    async with open_house(database, log_database, feed_url=feed_url) as opened:
        yield opened
