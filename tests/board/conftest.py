"""A house for every test that asks."""

from collections.abc import AsyncIterator

import pytest
from tests.board.house import House, open_house

from vori.database.connection import Database


@pytest.fixture
async def house(database: Database, log_database: Database) -> AsyncIterator[House]:
    async with open_house(database, log_database) as opened:
        yield opened
