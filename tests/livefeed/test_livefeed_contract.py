"""What every engine of the live feed promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.livefeed.redis_server import RedisServer

from vori.clock import new_id
from vori.database.connection import LOG_ROLE, Database
from vori.database.embedded import SUPERUSER
from vori.livefeed import LiveFeed, LiveGap, LiveMessage
from vori.livefeed.postgres import PostgresLiveFeed
from vori.livefeed.redis import RedisLiveFeed

Messages = AsyncIterator[LiveMessage | LiveGap]


@dataclass(frozen=True)
class PostgresEngine:
    database_url: str

    @asynccontextmanager
    async def open(self, *, queue_size: int = 1000) -> AsyncIterator[LiveFeed]:
        """A client of the feed, as another process would have."""
        async with (
            Database(self.database_url, role=LOG_ROLE) as database,
            PostgresLiveFeed(database, queue_size=queue_size) as feed,
        ):
            yield feed

    def cut(self) -> None:
        """Cut every connection of the feed's clients."""
        with psycopg.connect(make_conninfo(self.database_url, user=SUPERUSER), autocommit=True) as admin:
            admin.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                "where datname = current_database() and usename = %s",
                (LOG_ROLE,),
            )


@dataclass(frozen=True)
class RedisEngine:
    database_url: str
    server: RedisServer

    @asynccontextmanager
    async def open(self, *, queue_size: int = 1000) -> AsyncIterator[LiveFeed]:
        async with (
            Database(self.database_url, role=LOG_ROLE) as database,
            PostgresLiveFeed(database) as fallback,
            RedisLiveFeed(self.server.url, fallback, queue_size=queue_size) as feed,
        ):
            yield feed

    def cut(self) -> None:
        self.server.cut()


Engine = PostgresEngine | RedisEngine


@pytest.fixture(params=["postgres", "redis"])
def engine(request: pytest.FixtureRequest, database_url: str) -> Engine:
    if request.param == "postgres":
        return PostgresEngine(database_url)
    server: RedisServer = request.getfixturevalue("redis_server")
    server.empty()
    return RedisEngine(database_url, server)


@pytest.fixture
async def feed(engine: Engine) -> AsyncIterator[LiveFeed]:
    async with engine.open() as opened:
        yield opened


def message(text: str, workspace_id: UUID | None = None) -> LiveMessage:
    return LiveMessage(
        workspace_id=workspace_id or new_id(), meeting_id=new_id(), kind="draft", id=new_id(), data={"text": text}
    )


async def take(messages: Messages, count: int) -> list[LiveMessage | LiveGap]:
    taken = []
    async with asyncio.timeout(5):
        for _ in range(count):
            taken.append(await anext(messages))
    return taken


async def nothing_comes(messages: Messages) -> bool:
    try:
        async with asyncio.timeout(0.1):
            await anext(messages)
    except TimeoutError:
        return True
    return False


async def test_messages_of_all_workspaces_reach_every_subscriber_in_order(engine: Engine) -> None:
    sent = [message(str(i)) for i in range(20)]
    async with (
        engine.open() as here,
        engine.open() as there,
        here.subscribe() as one,
        here.subscribe() as two,
        there.subscribe() as three,
    ):
        for each in sent:
            await here.publish(each)
        for messages in (one, two, three):
            assert await take(messages, 20) == sent


async def test_only_what_comes_after_entering_is_seen(feed: LiveFeed) -> None:
    await feed.publish(message("early"))
    async with feed.subscribe() as messages:
        await feed.publish(late := message("late"))
        assert await take(messages, 1) == [late]
    async with feed.subscribe() as messages:
        await feed.publish(again := message("again"))
        assert await take(messages, 1) == [again]


@pytest.mark.parametrize("length", [10, 100_000], ids=["short", "long"])
async def test_with_a_transaction_a_message_is_sent_if_and_when_it_commits(
    database: Database, workspace: UUID, feed: LiveFeed, length: int
) -> None:
    async with feed.subscribe() as messages:
        with suppress(ZeroDivisionError):
            async with database.transaction(workspace) as tx:
                await feed.publish(message("x" * length, workspace), tx)
                raise ZeroDivisionError
        async with database.transaction(workspace) as tx:
            sent = message("y" * length, workspace)
            await feed.publish(sent, tx)
            # a message that overtakes the open transaction
            await feed.publish(other := message("other"))
            assert await take(messages, 1) == [other]
        assert await take(messages, 1) == [sent]


@pytest.mark.parametrize("text", ["한" * 3000, "a" * 8000, "a" * 1_000_000], ids=["korean", "8 KB", "1 MB"])
async def test_a_message_of_any_length_arrives_as_it_was(feed: LiveFeed, text: str) -> None:
    async with feed.subscribe() as messages:
        await feed.publish(before := message("before"))
        await feed.publish(big := message(text))
        await feed.publish(after := message("after"))
        assert await take(messages, 3) == [before, big, after]


async def test_a_slow_subscriber_gets_a_gap_and_holds_up_nobody(engine: Engine) -> None:
    sent = [message(str(i)) for i in range(12)]
    async with engine.open(queue_size=5) as feed, feed.subscribe() as slow, feed.subscribe() as quick:
        for each in sent:
            await feed.publish(each)
            assert await take(quick, 1) == [each]
        assert await take(slow, 1) == [LiveGap()]
        assert all(isinstance(item, LiveMessage) for item in await take(slow, 1))
        while not await nothing_comes(slow):
            pass
        await feed.publish(fresh := message("fresh"))
        assert await take(slow, 1) == [fresh]


async def test_after_a_lost_connection_a_gap_says_so_and_messages_come_again(engine: Engine, feed: LiveFeed) -> None:
    async with engine.open() as other, feed.subscribe() as messages:
        await other.publish(first := message("first"))
        assert await take(messages, 1) == [first]
        engine.cut()
        assert await take(messages, 1) == [LiveGap()]
        await other.publish(again := message("again"))
        assert await take(messages, 1) == [again]
        assert await nothing_comes(messages)


async def test_nobody_listening_is_no_reason_to_fail(feed: LiveFeed) -> None:
    await feed.publish(message("to nobody"))
    await feed.publish(message("to nobody" * 1000))
