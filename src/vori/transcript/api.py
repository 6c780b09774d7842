"""The transcript over HTTP: as JSON, text or subtitles; its correction; and how well the meeting was captured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from vori.audio.store import read_streams
from vori.database.connection import Database
from vori.database.paging import Page, decode_cursor, foreign_cursor, page
from vori.database.text import Line as OneLine
from vori.errors import Conflict
from vori.eventlog import EventLog
from vori.events import UtteranceCorrected, UtteranceFinal
from vori.livefeed import LiveFeed
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace
from vori.transcript.naming.model import shared, shown
from vori.transcript.outcome import Outcome
from vori.transcript.show import UtteranceOut, utterance_message
from vori.transcript.store import add_correction, lock_utterance, read_outcome, read_transcript, read_utterances
from vori.transcript.subtitles import MEDIA_TYPES, Format, Line, write


class Correction(BaseModel):
    """What an utterance shall say. `version`, as it was read: refuse if it was corrected since."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[OneLine, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
    version: int | None = None


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting_id}", tags=["transcript"])
    _add_reading(router, database)
    _add_correction(router, database, log, feed)
    return router


def _add_reading(router: APIRouter, database: Database) -> None:
    @router.get("/transcript", response_model=Page[UtteranceOut])
    async def transcript(
        meeting_id: UUID,
        workspace_id: CurrentWorkspace,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
        cursor: str | None = None,
        form: Annotated[Format | None, Query(alias="format")] = None,
    ) -> Page[UtteranceOut] | Response:
        """The final utterances in order of their beginning, page by page; with `format`, all of them as a file."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            if form is not None:
                said = await read_transcript(tx, meeting_id)
                microphones = shared(await read_streams(tx, meeting_id))
                lines = [_line(utterance, microphones) for utterance in said]
                return Response(write(lines, form), media_type=MEDIA_TYPES[form])
            after = _after(cursor) if cursor else None
            utterances = await read_utterances(tx, meeting_id, limit + 1, after)
        found = page(utterances, limit, lambda said: (str(said.start_ms), str(said.utterance_id)))
        return Page(items=[UtteranceOut.of(said) for said in found.items], next_cursor=found.next_cursor)

    @router.get("/outcome")
    async def outcome(meeting_id: UUID, workspace_id: CurrentWorkspace) -> Outcome:
        """How well the meeting was captured: complete, silent, or failed, with what is missing, where, and why.

        While it is live, and until its sound is archived and transcribed to the end, this is how it looks so far.
        """
        async with database.transaction(workspace_id) as tx:
            return await read_outcome(tx, await read_meeting(tx, meeting_id))


def _add_correction(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    @router.patch("/utterances/{utterance_id}")
    async def correct(
        meeting_id: UUID, utterance_id: UUID, asked: Correction, workspace_id: CurrentWorkspace
    ) -> UtteranceOut:
        """Correct an utterance's text. What was heard is kept as `original`; the text it has already changes nothing.

        Tickets and minutes that are written from now on see the corrected text, and minutes written before are written
        anew.
        """
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            said = await lock_utterance(tx, meeting_id, utterance_id)
            if asked.text == said.text:
                return UtteranceOut.of(said)
            if asked.version not in {None, said.version}:
                raise Conflict("This utterance has just been corrected.", remedy="Read it again, then decide.")
            corrected = UtteranceCorrected(
                workspace_id=workspace_id,
                meeting_id=meeting_id,
                utterance_id=utterance_id,
                version=said.version + 1,
                text=asked.text,
            )
            said = await add_correction(tx, corrected)
            await log.append(tx, corrected)
            await feed.publish(utterance_message(said), tx)
        return UtteranceOut.of(said)


def _line(said: UtteranceFinal, microphones: Sequence[UUID]) -> Line:
    speaker = shown(said.speaker, said.stream, said.voice, microphones, said.language)
    return Line(said.start_ms, said.end_ms, said.text, speaker, said.language, said.words)


def _after(cursor: str) -> tuple[int, UUID]:
    start_ms, utterance_id = decode_cursor(cursor, 2)
    try:
        after = int(start_ms), UUID(utterance_id)
    except ValueError as error:
        raise foreign_cursor() from error
    if not 0 <= after[0] < 2**31:
        raise foreign_cursor()
    return after
