"""What is particular to the live feed in Redis: what it remembers, and what happens while Redis is away."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import redis
from tests.livefeed.redis_server import RedisServer

from vori.clock import new_id
from vori.database.connection import Database
from vori.livefeed import Kind, LiveFeed, LiveGap, LiveMessage, open_livefeed

Messages = AsyncIterator[LiveMessage | LiveGap]


@pytest.fixture
def server(redis_server: RedisServer) -> Iterator[RedisServer]:
    redis_server.empty()
    yield redis_server
    redis_server.start()


@asynccontextmanager
async def opened(server: RedisServer, log_database: Database) -> AsyncIterator[LiveFeed]:
    async with open_livefeed(server.url, log_database) as feed:
        yield feed


def message(text: str, kind: Kind = "ticket") -> LiveMessage:
    return LiveMessage(workspace_id=new_id(), meeting_id=new_id(), kind=kind, id=new_id(), data={"text": text})


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.02)


async def found(messages: Messages, wanted: LiveMessage) -> int:
    """Read on until it comes; how many gaps came before it."""
    gaps = 0
    async with asyncio.timeout(10):
        async for got in messages:
            gaps += isinstance(got, LiveGap)
            if got == wanted:
                break
    return gaps


async def test_messages_go_through_redis_and_not_through_the_database(
    server: RedisServer, log_database: Database
) -> None:
    client: Any = redis.Redis.from_url(server.url)
    with client.pubsub() as ear:
        ear.subscribe("vori:0:live")
        ear.get_message(timeout=2)
        async with (
            open_livefeed("postgres:", log_database) as notified,
            opened(server, log_database) as feed,
            notified.subscribe() as in_the_database,
        ):
            await feed.publish(sent := message("x"))
            await notified.publish(last := message("last"))
            async with asyncio.timeout(5):
                assert await anext(in_the_database) == last
        bodies = [got["data"] for _ in range(3) if (got := ear.get_message(timeout=0.5))]
    assert bodies == [b"gap", sent.model_dump_json().encode()]


async def test_without_redis_messages_go_by_the_database_until_it_is_back(
    server: RedisServer, log_database: Database
) -> None:
    async with (
        opened(server, log_database) as here,
        opened(server, log_database) as there,
        here.subscribe() as messages,
    ):
        assert here.trouble == there.trouble == ""
        server.kill()
        await there.publish(during := message("while it is away"))
        await found(messages, during)
        await until(lambda: "Redis is away" in here.trouble and "Redis is away" in there.trouble)
        server.start()
        await until(lambda: here.trouble == there.trouble == "")
        await there.publish(after := message("and back"))
        assert await found(messages, after) > 0, "what was missed meanwhile must be read anew"


async def test_redis_may_be_away_from_the_beginning(server: RedisServer, log_database: Database) -> None:
    server.kill()
    async with opened(server, log_database) as feed, feed.subscribe() as messages:
        assert "Redis is away" in feed.trouble
        await feed.publish(sent := message("early"))
        await found(messages, sent)
        assert await feed.recall() == []
        server.start()
        await until(lambda: feed.trouble == "")
        await feed.publish(sent := message("late"))
        assert await found(messages, sent) > 0


async def test_a_redis_that_falls_silent_is_away_though_nobody_closed_anything(
    server: RedisServer, log_database: Database
) -> None:
    async with (
        opened(server, log_database) as here,
        opened(server, log_database) as there,
        here.subscribe() as messages,
    ):
        server.send_signal(signal.SIGSTOP)
        try:
            await until(lambda: here.trouble != "")
            await there.publish(during := message("while it is silent"))
            await found(messages, during)
        finally:
            server.send_signal(signal.SIGCONT)
        await until(lambda: here.trouble == there.trouble == "")
        await there.publish(after := message("and back"))
        assert await found(messages, after) > 0


async def test_a_subscriber_cut_off_alone_begins_anew_again_and_again(
    server: RedisServer, log_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vori.livefeed.redis.REREAD_S", 0.3)
    async with opened(server, log_database) as feed, feed.subscribe() as messages:
        server.kill()
        async with asyncio.timeout(10):
            assert [await anext(messages) for _ in range(3)] == [LiveGap()] * 3


async def test_a_process_that_may_have_left_something_unsaid_says_so_when_it_is_back(
    server: RedisServer, log_database: Database
) -> None:
    async with opened(server, log_database) as page, page.subscribe() as messages, opened(server, log_database):
        async with asyncio.timeout(5):
            assert await anext(messages) == LiveGap()


async def test_what_passes_is_remembered_for_a_while(server: RedisServer, log_database: Database) -> None:
    async with opened(server, log_database) as feed:
        spoken, stale, stream = message("spoken", "draft"), message("stale", "draft"), message("listening", "stream")
        final, ticket, numbers = message("final", "draft"), message("ticket"), message("numbers", "metrics")
        for each in (spoken, stale, final, ticket, stream, numbers):
            await feed.publish(each)
        await feed.publish(stale.model_copy(update={"data": None}))
        await feed.publish(final.model_copy(update={"kind": "utterance"}))
        await feed.publish(later := spoken.model_copy(update={"data": {"text": "spoken on"}}))
        async with opened(server, log_database) as beginner:
            remembered = await beginner.recall()
    assert sorted(remembered, key=lambda each: each.kind) == [later, numbers, stream]
    with redis.Redis.from_url(server.url) as admin:
        left = {key.decode().split(":")[3]: admin.ttl(key) for key in admin.keys("vori:0:live:*")}
    assert 0 < left["draft"] <= 30
    assert 30 < left["stream"] <= 60
