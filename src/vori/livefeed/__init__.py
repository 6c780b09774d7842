"""The live feed: ephemeral fan-out to pages. A missed message costs a re-read, never a fact: stores hold the facts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vori.database.connection import Database, Transaction
from vori.errors import Invalid

__all__ = ["Kind", "LiveFeed", "LiveGap", "LiveMessage", "open_livefeed"]

REDIS = frozenset({"redis", "rediss", "unix"})
"""Schemes of Redis addresses: plain, over TLS, by a socket file."""

Kind = Literal[
    "meeting", "stream", "lag", "draft", "utterance", "speaker", "ticket", "suggestion", "minutes", "metrics", "team"
]


class LiveMessage(BaseModel):
    """One thing's latest state: a later message with the same kind and id replaces it."""

    model_config = ConfigDict(frozen=True)

    workspace_id: UUID
    meeting_id: UUID | None
    kind: Kind
    id: UUID
    data: dict[str, Any] | None
    """JSON-ready state; None when the thing is gone (a draft that became an utterance, or silence)."""
    version: int = 0
    """Of messages about one thing the highest is the latest, in whatever order they come; 0: the last to come is."""


@dataclass(frozen=True, slots=True)
class LiveGap:
    """Messages may be missing here (the connection was lost, or the subscriber was too slow): read the state anew."""


class LiveFeed(Protocol):
    """Publish to everyone who looks now."""

    @property
    def trouble(self) -> str:
        """What makes the feed slower than it should be, for people to read; empty when all is well."""
        ...

    async def publish(self, message: LiveMessage, tx: Transaction | None = None) -> None:
        """Send; with `tx`, only once (and if) that transaction commits. Raises `Unavailable`."""
        ...

    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[LiveMessage | LiveGap]]:
        """Messages of all workspaces from the moment of entering; the reader must keep workspaces apart.

        A lost connection is mended by itself. Whoever meets a `LiveGap` reads the state from the stores and goes on:
        all that is missing was sent before. A slow reader holds up nobody else.
        """
        ...

    async def recall(self) -> Sequence[LiveMessage]:
        """What passes just now (drafts, how streams are doing), as far as this engine remembers it: for a beginner."""
        ...


@asynccontextmanager
async def open_livefeed(url: str, database: Database) -> AsyncIterator[LiveFeed]:
    """The engine that `url` names; `database` acts as the log's role. Raises `Invalid` when there is no such engine."""
    scheme = url.partition(":")[0]
    if url != "postgres:" and scheme not in REDIS:
        raise Invalid(
            f"VORI_LIVEFEED_URL names no live feed that VORI knows: {scheme!r}.",
            remedy="Set it to `postgres:`, which uses LISTEN / NOTIFY, or to redis://host:port.",
        )
    from vori.livefeed.postgres import PostgresLiveFeed

    async with PostgresLiveFeed(database) as feed:
        if url == "postgres:":
            yield feed
            return
        from vori.livefeed.redis import RedisLiveFeed

        async with RedisLiveFeed(url, feed) as in_redis:
            yield in_redis
