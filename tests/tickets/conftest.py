"""The extractor, loaded once for all tests of this folder, and a meeting for it to read."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.tickets.scene import Scene

from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.gateway import build_app
from vori.livefeed.postgres import PostgresLiveFeed
from vori.people.api import current_workspace
from vori.tickets import api
from vori.tickets.comments import api as comments
from vori.tickets.corrections import api as corrections
from vori.tickets.history import api as history
from vori.tickets.offline import OfflineExtractor
from vori.tickets.replay import api as replay
from vori.tickets.settings import api as settings


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


@pytest.fixture
async def client(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    """The scene's workspace over HTTP."""
    parts = (scene.database, scene.log, scene.feed)
    app = build_app(
        [
            api.routes(*parts),
            history.routes(*parts),
            settings.routes(scene.database),
            comments.routes(scene.database),
            corrections.routes(scene.database),
            replay.routes(*parts),
        ]
    )
    app.dependency_overrides[current_workspace] = lambda: scene.workspace
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as opened:
        yield opened
