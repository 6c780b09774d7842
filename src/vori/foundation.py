"""What every role stands on: its settings, connections and engines, and how its jobs run side by side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from vori.database.connection import LOG_ROLE, Database
from vori.errors import Unavailable
from vori.eventlog import EventLog, open_eventlog
from vori.livefeed import LiveFeed, open_livefeed
from vori.people.store import ensure_local_workspace
from vori.settings import Settings

Ready = Callable[[str | None], None]
"""Called once when a role can work, with its URL if it serves one."""


@dataclass(frozen=True, slots=True)
class Foundation:
    """What every role stands on."""

    settings: Settings
    database: Database
    log_database: Database
    log: EventLog
    feed: LiveFeed


@asynccontextmanager
async def foundation(settings: Settings) -> AsyncIterator[Foundation]:
    """Connections for one role. Raises `Unavailable` without a database, `Invalid` for an engine that isn't known."""
    if not settings.database_url:
        raise Unavailable("There is no database to work with.", remedy="Use `vori up`, or set VORI_DATABASE_URL.")
    async with (
        Database(settings.database_url) as database,
        Database(settings.database_url, role=LOG_ROLE) as log_database,
        open_eventlog(settings.eventlog_url, log_database) as event_log,
        open_livefeed(settings.livefeed_url, log_database) as feed,
    ):
        await ensure_local_workspace(database)
        yield Foundation(settings, database, log_database, event_log, feed)


async def together(*jobs: Coroutine[Any, Any, None]) -> None:
    """Run jobs until one fails, then end the others and raise its error itself, not a group of errors."""
    try:
        async with asyncio.TaskGroup() as group:
            for job in jobs:
                group.create_task(job)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
