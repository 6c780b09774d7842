"""The live feed: ephemeral fan-out to pages. A missed message costs a re-read, never a fact: stores hold the facts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vori.database.connection import Transaction

__all__ = ["Kind", "LiveFeed", "LiveMessage"]

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


class LiveFeed(Protocol):
    """Publish to everyone who looks now."""

    async def publish(self, message: LiveMessage, tx: Transaction | None = None) -> None:
        """Send; with `tx`, only once (and if) that transaction commits."""
        ...

    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[LiveMessage]]:
        """Messages of all workspaces from the moment of entering; the reader must keep workspaces apart."""
        ...
