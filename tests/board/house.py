"""A gateway with a board and meetings, for tests: real server, real database, real feed."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from websockets.asyncio.client import ClientConnection, connect

from vori.analytics.settings import api as analytics_settings
from vori.board import api as board
from vori.board import live
from vori.board.messages import LiveTold
from vori.clock import new_id, now
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.gateway import build_app, serve
from vori.livefeed import LiveFeed, LiveMessage, open_livefeed
from vori.meetings import api as meetings
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting
from vori.people.model import LOCAL_WORKSPACE
from vori.people.store import ensure_local_workspace


@dataclass
class House:
    """A gateway with a board and meetings."""

    url: str
    database: Database
    feed: LiveFeed
    hub: live.Hub
    sockets: AsyncExitStack

    async def page(self, meeting_id: UUID | None = None, after: str = "", **options: Any) -> ClientConnection:
        query = "&".join([*([f"meeting_id={meeting_id}"] if meeting_id else []), f"after={after}"])
        address = f"{self.url.replace('http', 'ws')}/api/live?{query}"
        return await self.sockets.enter_async_context(connect(address, proxy=None, close_timeout=0.2, **options))

    async def meeting(self) -> UUID:
        made = Meeting(new_id(), LOCAL_WORKSPACE, "Talk", "en", "live", now())
        async with self.database.transaction(LOCAL_WORKSPACE) as tx:
            await create_meeting(tx, made)
        return made.meeting_id

    async def tell(self, meeting_id: UUID, text: str, key: UUID | None = None) -> None:
        await self.feed.publish(draft(meeting_id, text, key))


def draft(meeting_id: UUID, text: str, key: UUID | None = None, workspace_id: UUID = LOCAL_WORKSPACE) -> LiveMessage:
    stream = str(meeting_id)
    data = {"stream": stream, "speaker": None, "start_ms": 0, "final": "", "stable": "", "text": text}
    return LiveMessage(workspace_id=workspace_id, meeting_id=meeting_id, kind="draft", id=key or uuid4(), data=data)


def told(text: str | bytes) -> dict[str, Any]:
    """A message of the live socket, if it has just the shape that pages know."""
    message: dict[str, Any] = json.loads(text)
    if message["type"] != "error":
        assert LiveTold.model_validate_json(text).model_dump(mode="json", exclude_unset=True) == message
    return message


async def no_streams(_meeting: Meeting) -> None:
    pass


@asynccontextmanager
async def open_house(
    database: Database, log_database: Database, port: int = 0, feed_url: str = "postgres:"
) -> AsyncIterator[House]:
    await ensure_local_workspace(database)
    async with (
        PostgresEventLog(log_database) as log,
        open_livefeed(feed_url, log_database) as feed,
        AsyncExitStack() as sockets,
    ):
        hub = live.Hub(feed)
        routers = [
            board.routes(database, log, hub, ("tickets",)),
            meetings.routes(database, log, feed, no_streams),
            analytics_settings.routes(database, feed),
        ]
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        jobs = [
            asyncio.create_task(serve(build_app(routers), host="127.0.0.1", port=port, ready=ready.set_result)),
            asyncio.create_task(hub.run()),
        ]
        try:
            url = await asyncio.wait_for(ready, 10)
            await asyncio.wait_for(hub.listening.wait(), 10)
            yield House(url, database, feed, hub, sockets)
        finally:
            await sockets.aclose()
            for job in jobs:
                job.cancel()
            await asyncio.wait(jobs, timeout=10)
