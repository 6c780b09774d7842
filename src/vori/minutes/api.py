"""Minutes over HTTP, as data or as a Markdown document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Response
from fastapi.responses import PlainTextResponse

from vori.database.connection import Database
from vori.errors import NotFound
from vori.livefeed import LiveMessage
from vori.meetings.store import read_meeting
from vori.minutes.model import Minutes, WrittenMinutes
from vori.minutes.store import read_minutes
from vori.people.api import CurrentWorkspace

MARKDOWN = "text/markdown"


class MinutesNotReady(NotFound):
    code = "minutes_not_ready"


class MinutesOut(Minutes):
    """Minutes as clients see them."""

    version: int
    written_at: datetime
    markdown: str

    @classmethod
    def of(cls, written: WrittenMinutes) -> MinutesOut:
        return cls(
            **dict(written.minutes), version=written.version, written_at=written.written_at, markdown=written.markdown
        )


def minutes_message(workspace_id: UUID, written: WrittenMinutes) -> LiveMessage:
    """The live feed's news of minutes."""
    meeting_id = written.minutes.meeting_id
    return LiveMessage(
        workspace_id=workspace_id,
        meeting_id=meeting_id,
        kind="minutes",
        id=meeting_id,
        data=MinutesOut.of(written).model_dump(mode="json"),
    )


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/meetings", tags=["minutes"])

    @router.get(
        "/{meeting_id}/minutes",
        response_model=MinutesOut,
        responses={200: {"content": {MARKDOWN: {"schema": {"type": "string"}}}}},
    )
    async def minutes(
        meeting_id: UUID,
        workspace_id: CurrentWorkspace,
        format: Literal["json", "md"] | None = None,
        accept: Annotated[str, Header()] = "",
    ) -> MinutesOut | Response:
        """A meeting's minutes. `?format=md`, or `Accept: text/markdown`, asks for the document alone."""
        async with database.transaction(workspace_id) as tx:
            meeting = await read_meeting(tx, meeting_id)
            written = await read_minutes(tx, meeting_id)
        if written is None:
            raise MinutesNotReady(
                "The minutes of this meeting aren't written yet.",
                remedy="They follow when its last words are transcribed."
                if meeting.status == "ended"
                else f"They are written when it ends: `POST /api/meetings/{meeting_id}/end`.",
            )
        if format == "md" or (format is None and MARKDOWN in accept):
            return PlainTextResponse(written.markdown, media_type=MARKDOWN)
        return MinutesOut.of(written)

    return router
