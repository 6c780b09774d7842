"""Striking over HTTP: what was just said leaves the record, and can come back."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from vori.clock import now
from vori.database.connection import Database
from vori.errors import Conflict
from vori.eventlog import EventLog
from vori.livefeed import LiveFeed
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace
from vori.transcript.striking.store import read_struck
from vori.transcript.striking.strike import put_back, strike


class Strike(BaseModel):
    """How much of what was just said shall go."""

    model_config = ConfigDict(extra="forbid")
    last_s: int = Field(default=60, ge=1, le=600)


class StruckOut(BaseModel):
    """A struck stretch, ms since the meeting began."""

    struck_id: UUID
    from_ms: int
    to_ms: int


class Struck(StruckOut):
    """A stretch that was struck just now."""

    utterances: int
    """How many were withdrawn; words that are still being recognised follow them."""


class PutBack(BaseModel):
    """What came back."""

    utterances: int


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting_id}/struck", tags=["transcript"])

    @router.get("")
    async def every(meeting_id: UUID, workspace_id: CurrentWorkspace) -> list[StruckOut]:
        """The stretches that were struck from the meeting's record."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            found = await read_struck(tx, meeting_id)
        return [StruckOut(struck_id=key, from_ms=start, to_ms=end) for key, (start, end) in found.items()]

    @router.post("", status_code=201)
    async def strike_last(meeting_id: UUID, asked: Strike, workspace_id: CurrentWorkspace) -> Struck:
        """Strike what was said last in a running meeting: its words leave the transcript and the minutes.

        Its sound is not played any more, but stays in the archive. Tickets that came of it stay, without its words.
        """
        async with database.transaction(workspace_id) as tx:
            meeting = await read_meeting(tx, meeting_id)
            if meeting.status == "ended":
                raise Conflict("The meeting has ended.", remedy="Correct its utterances one by one.")
            to_ms = max(1, round((now() - meeting.started_at).total_seconds() * 1000))
            span = max(0, to_ms - 1000 * asked.last_s), to_ms
            struck_id, count = await strike(tx, log, feed, meeting_id, span)
        return Struck(struck_id=struck_id, from_ms=span[0], to_ms=span[1], utterances=count)

    @router.delete("/{struck_id}")
    async def undo(meeting_id: UUID, struck_id: UUID, workspace_id: CurrentWorkspace) -> PutBack:
        """Take a strike back: the words return, as they were before."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            return PutBack(utterances=await put_back(tx, log, feed, meeting_id, struck_id))

    return router
