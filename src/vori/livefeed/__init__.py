"""The live feed: ephemeral fan-out to pages. A missed message costs a re-read, never a fact: stores hold the facts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vori.database.connection import Database, Transaction
from vori.errors import Invalid

__all__ = ["Kind", "LiveFeed", "LiveGap", "LiveMessage", "open_livefeed"]

Kind = Literal["meeting", "stream", "draft", "utterance", "ticket", "minutes"]


class LiveMessage(BaseModel):
    """One thing's latest state: a later message with the same kind and id replaces it."""

    model_config = ConfigDict(frozen=True)

    workspace_id: UUID
    meeting_id: UUID | None
    kind: Kind
    id: UUID
    data: dict[str, Any] | None
    """JSON-ready state; None when the thing is gone (a draft that became an utterance, or silence)."""


@dataclass(frozen=True, slots=True)
class LiveGap:
    """Messages may be missing here (the connection was lost, or the subscriber was too slow): read the state anew."""


class LiveFeed(Protocol):
    """Publish to everyone who looks now."""

    async def publish(self, message: LiveMessage, tx: Transaction | None = None) -> None:
        """Send; with `tx`, only once (and if) that transaction commits. Raises `Unavailable`."""
        ...

    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[LiveMessage | LiveGap]]:
        """Messages of all workspaces from the moment of entering; the reader must keep workspaces apart.

        A lost connection is mended by itself. Whoever meets a `LiveGap` reads the state from the stores and goes on:
        all that is missing was sent before. A slow reader holds up nobody else.
        """
        ...


@asynccontextmanager
async def open_livefeed(url: str, database: Database) -> AsyncIterator[LiveFeed]:
    """The engine that `url` names; `database` acts as the log's role. Raises `Invalid` when there is no such engine."""
    if url != "postgres:":
        raise Invalid(
            f"VORI_LIVEFEED_URL names no live feed that VORI knows: {url.partition(':')[0]!r}.",
            remedy="Set it to `postgres:`, which uses LISTEN / NOTIFY.",
        )
    from vori.livefeed.postgres import PostgresLiveFeed

    async with PostgresLiveFeed(database) as feed:
        yield feed
