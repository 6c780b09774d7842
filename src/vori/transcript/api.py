"""The transcript over HTTP: page by page as JSON, or whole as text and subtitles."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from vori.database.connection import Database
from vori.database.paging import Page, decode_cursor, foreign_cursor, page
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace
from vori.transcript.show import UtteranceOut
from vori.transcript.store import read_transcript, read_utterances
from vori.transcript.subtitles import MEDIA_TYPES, Line, write


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting_id}/transcript", tags=["transcript"])

    @router.get("", response_model=Page[UtteranceOut])
    async def transcript(
        meeting_id: UUID,
        workspace_id: CurrentWorkspace,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
        cursor: str | None = None,
        form: Annotated[Literal["txt", "srt", "vtt"] | None, Query(alias="format")] = None,
    ) -> Page[UtteranceOut] | Response:
        """The final utterances in order of their beginning; with `format`, all of them as text or subtitles."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            if form is not None:
                said = await read_transcript(tx, meeting_id)
                lines = (Line(u.start_ms, u.end_ms, u.text, u.speaker, u.language, u.words) for u in said)
                return Response(write(lines, form), media_type=MEDIA_TYPES[form])
            after = _after(cursor) if cursor else None
            utterances = await read_utterances(tx, meeting_id, limit + 1, after)
        found = page(utterances, limit, lambda said: (str(said.start_ms), str(said.utterance_id)))
        return Page(items=[UtteranceOut.of(said) for said in found.items], next_cursor=found.next_cursor)

    return router


def _after(cursor: str) -> tuple[int, UUID]:
    start_ms, utterance_id = decode_cursor(cursor, 2)
    try:
        after = int(start_ms), UUID(utterance_id)
    except ValueError as error:
        raise foreign_cursor() from error
    if not 0 <= after[0] < 2**31:
        raise foreign_cursor()
    return after
