"""The live feed in Redis: pub/sub, with PostgreSQL's feed for as long as Redis is away."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from vori.database.connection import Transaction
from vori.errors import Invalid, Unavailable
from vori.livefeed import Kind, LiveGap, LiveMessage
from vori.livefeed.fan_out import QUEUE, FanOut
from vori.livefeed.postgres import PostgresLiveFeed

logger = structlog.get_logger()

GAP = b"gap"
"""Sent instead of a message: some may be missing."""
ANSWER_S = 2.0
"""Redis answers within this time, or it is away."""
RETRY_S = 1.0
SILENT_S = 6.0
"""A subscription that brings nothing for so long, not even answers to pings, is dead: nobody closed it."""
REREAD_S = 5.0
"""A subscriber that Redis is away from can't know what it misses: it has its readers begin anew so often."""
PASSING_S: dict[Kind, int] = {"draft": 30, "stream": 60, "lag": 600, "metrics": 3600, "team": 3600}
"""What is remembered, and for how long after it was last told: what no table holds, and numbers, which change often."""

Failures = (RedisError, OSError, TimeoutError)


async def version_at(url: str) -> str:
    """The version of the Redis that answers at `url`. Raises `Invalid`, `Unavailable`."""
    client = _client(url, attempts=1)
    try:
        return str((await client.info("server"))["redis_version"])
    except Failures as error:
        raise Unavailable(
            f"Redis doesn't answer: {error}",
            remedy="Start it, or check VORI_LIVEFEED_URL; until then PostgreSQL helps.",
        ) from error
    finally:
        await client.aclose()


class RedisLiveFeed:
    """`url` names a database of its own: whatever shares it shares the feed.

    While Redis is away, messages go by `fallback`, to which every subscriber listens too. What got lost on the way (a
    connection, or a process between a commit and its message) is told as a gap, so readers are late, never wrong.
    """

    def __init__(self, url: str, fallback: PostgresLiveFeed, *, queue_size: int = QUEUE) -> None:
        self._fallback = fallback
        self._fan_out = FanOut(queue_size)
        self._redis = _client(url, attempts=2)
        self._news = _client(url, attempts=1)
        """For the subscription: a connection made anew in silence would hide what was missed."""
        self._channel = f"vori:{self._redis.connection_pool.connection_kwargs.get('db', 0)}:live"
        self._away = True
        """Until the first contact, and whenever a call fails."""
        self._subscribed = asyncio.Event()
        self._tried = asyncio.Event()
        """Set once the first attempt to subscribe has succeeded or failed."""
        self._tasks: list[asyncio.Task[None]] = []
        self._listening = False

    async def __aenter__(self) -> RedisLiveFeed:
        await self._greet()
        self._tasks.append(asyncio.create_task(self._come_back()))
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()
        await self._news.aclose()

    @property
    def trouble(self) -> str:
        away = self._away or (self._listening and not self._subscribed.is_set())
        return "Redis is away; PostgreSQL carries the news, more slowly." if away else ""

    async def publish(self, message: LiveMessage, tx: Transaction | None = None) -> None:
        if tx is None:
            await self._send(message)
        else:
            tx.after_commit(partial(self._send_committed, message))

    async def recall(self) -> list[LiveMessage]:
        try:
            keys = [key async for key in self._redis.scan_iter(f"{self._channel}:*", count=1000)]
            bodies = await self._redis.mget(keys) if keys else []
            return [LiveMessage.model_validate_json(body) for body in bodies if body is not None]
        except (*Failures, ValidationError) as error:
            logger.warning("livefeed.nothing_recalled", reason=str(error))
            return []

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[LiveMessage | LiveGap]]:
        if not self._listening:
            self._listening = True
            heard_fallback = asyncio.Event()
            self._tasks += [
                asyncio.create_task(self._listen_to_fallback(heard_fallback)),
                asyncio.create_task(self._listen()),
            ]
            await heard_fallback.wait()
        await self._tried.wait()
        with self._fan_out.inbox() as inbox:
            yield inbox

    async def _send(self, message: LiveMessage) -> None:
        """Raises `Unavailable` when neither Redis nor PostgreSQL takes it."""
        if not self._away:
            try:
                await self._tell(message)
                return
            except Failures as error:
                self._away = True
                logger.warning("livefeed.redis_away", instead="postgres", reason=str(error))
        await self._fallback.publish(message)

    async def _send_committed(self, message: LiveMessage) -> None:
        """What it tells of is true already: a failure here must not look like one of the transaction."""
        try:
            await self._send(message)
        except Unavailable as error:
            self._away = True  # its return is told as a gap
            logger.warning("livefeed.message_lost", kind=message.kind, reason=str(error))

    async def _tell(self, message: LiveMessage) -> None:
        body = message.model_dump_json()
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.publish(self._channel, body)
            key = f"{self._channel}:{'draft' if message.kind == 'utterance' else message.kind}:{message.id}"
            if message.kind in PASSING_S and message.data is not None:
                pipeline.set(key, body, ex=PASSING_S[message.kind])
            elif message.kind in PASSING_S or message.kind == "utterance":
                pipeline.delete(key)
            await pipeline.execute()

    async def _greet(self) -> None:
        """Make contact. Who was connected before may have left something unsaid, and so may this one: a gap says so."""
        try:
            await self._redis.publish(self._channel, GAP)
            self._away = False
        except Failures as error:
            logger.warning("livefeed.redis_away", instead="postgres", reason=str(error))

    async def _come_back(self) -> None:
        """Whenever Redis is away: try it again, until it is back."""
        while True:
            await asyncio.sleep(RETRY_S)
            if not self._away:
                continue
            try:
                await self._redis.ping()
                await self._fallback.tell_gap()  # behind all that went that way
                await self._redis.publish(self._channel, GAP)
            except (*Failures, Unavailable):
                continue
            self._away = False
            logger.info("livefeed.redis_back")

    async def _listen_to_fallback(self, heard: asyncio.Event) -> None:
        async with self._fallback.subscribe() as messages:
            heard.set()
            async for message in messages:
                self._fan_out.hand_out(message)

    async def _listen(self) -> None:
        """Hand on what Redis brings. A connection made anew begins with a gap."""
        reread_at = time.monotonic() + REREAD_S
        while True:
            try:
                async with self._news.pubsub() as pubsub:
                    await pubsub.subscribe(self._channel)
                    await self._take_all(pubsub)
            except Failures as error:
                if self._subscribed.is_set() or not self._tried.is_set():
                    logger.warning("livefeed.connection_lost", engine="redis", reason=str(error))
                self._subscribed.clear()
                self._tried.set()
            if time.monotonic() >= reread_at:
                self._fan_out.hand_out(LiveGap())
                reread_at = time.monotonic() + REREAD_S
            await asyncio.sleep(0.2)

    async def _take_all(self, pubsub: PubSub) -> None:
        heard_at = time.monotonic()
        while True:
            got = await pubsub.get_message(timeout=1.0)
            if got is None:
                if time.monotonic() - heard_at > SILENT_S:
                    raise TimeoutError("Redis has fallen silent")
                await pubsub.ping()
                continue
            heard_at = time.monotonic()
            if got["type"] == "subscribe":
                self._fan_out.hand_out(LiveGap())
                self._subscribed.set()
                self._tried.set()
            elif got["type"] == "message":
                self._fan_out.hand_out(_read(got["data"]))


def _client(url: str, attempts: int) -> Redis:
    """Connects when it is first used. Raises `Invalid`."""
    try:
        return Redis.from_url(
            url,
            socket_timeout=ANSWER_S,
            socket_connect_timeout=ANSWER_S,
            socket_keepalive=True,
            health_check_interval=10,
            retry=Retry(NoBackoff(), attempts - 1),
        )
    except (ValueError, TypeError) as error:
        raise Invalid(
            "VORI_LIVEFEED_URL isn't an address of Redis.", remedy="Write it like redis://host:6379/0."
        ) from error


def _read(body: bytes) -> LiveMessage | LiveGap:
    if body == GAP:
        return LiveGap()
    try:
        return LiveMessage.model_validate_json(body)
    except ValidationError as error:
        logger.warning("livefeed.unreadable", reason=str(error))
        return LiveGap()
