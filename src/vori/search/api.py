"""Search over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from vori.database.connection import Database
from vori.database.text import Line
from vori.people.api import CurrentWorkspace
from vori.search.store import read_hits


class Hit(BaseModel):
    """Something that has all the words looked for."""

    kind: Literal["meeting", "ticket", "said", "minutes"]
    id: UUID
    """Of the meeting, the ticket, the utterance, or the minutes' line."""
    meeting_id: UUID | None
    """Where it was said or written down; null for tickets."""
    title: str
    """The meeting's title, or the ticket's key."""
    text: str
    """The words themselves; empty for meetings."""
    speaker: str | None
    start_ms: int | None
    """When in the meeting."""
    at: datetime
    """When the meeting began, or the ticket last changed."""


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/search", tags=["search"])

    @router.get("")
    async def search(
        workspace_id: CurrentWorkspace,
        q: Annotated[Line, Query(max_length=200, description="Words that must all occur, in whatever case.")],
        limit: Annotated[int, Query(ge=1, le=50, description="Of each kind, at most.")] = 6,
    ) -> list[Hit]:
        """Meetings, tickets, what was said and what minutes say, by their words. Withdrawn words aren't found."""
        async with database.transaction(workspace_id) as tx:
            return [Hit(**hit) for hit in await read_hits(tx, q, limit)]

    return router
