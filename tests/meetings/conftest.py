"""The meetings slice behind its HTTP door, on the real database and log."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.gateway import build_app
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings import api
from vori.meetings.model import Meeting
from vori.meetings.planning import api as planning
from vori.people.store import ensure_local_workspace


class World:
    """The meetings slice behind its HTTP door, and what it told the audio slice to end."""

    def __init__(self, client: httpx.AsyncClient, log: PostgresEventLog, told: list[Meeting]) -> None:
        self.client = client
        self.log = log
        self.told = told


@pytest.fixture
async def world(database: Database, log_database: Database) -> AsyncIterator[World]:
    await ensure_local_workspace(database)
    told: list[Meeting] = []

    async def end_streams(meeting: Meeting) -> None:
        told.append(meeting)

    async with PostgresEventLog(log_database) as log, PostgresLiveFeed(log_database) as feed:
        app = build_app([api.routes(database, log, feed, end_streams), planning.routes(database, log, feed)])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            yield World(client, log, told)
