"""Minutes over HTTP: as data or as a document, edited line by line, with every version."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Annotated, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.errors import NotFound, Stale, Unguarded
from vori.events import UtteranceFinal
from vori.livefeed import LiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import read_meeting
from vori.minutes.edit import Operation, edit, with_edits
from vori.minutes.export import MEDIA_TYPES, Document, export
from vori.minutes.model import PERSON, Edits, Version, WrittenMinutes
from vori.minutes.show import MinutesOut, minutes_message
from vori.minutes.store import Kept, lock_minutes, read_edits, read_minutes, read_versions, save_minutes
from vori.people.api import CurrentWorkspace
from vori.transcript.naming.store import read_names
from vori.transcript.store import read_transcript

MARKDOWN = "text/markdown"
DOCUMENTS: dict[str, dict[str, dict[str, str]]] = {
    kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()
}

IfMatch = Annotated[
    str | None, Header(description="The ETag of the version that this is decided on; another is refused.")
]


class MinutesNotReady(NotFound):
    code = "minutes_not_ready"


class Wanted(BaseModel):
    """Which minutes, and as what."""

    model_config = ConfigDict(extra="forbid")
    form: Literal["json", "md", "docx", "pdf"] | None = Field(default=None, alias="format")
    version: Annotated[int, Field(ge=1, lt=2**31)] | None = Field(default=None, description="As they stood then.")
    draft: bool = Field(default=False, description="Have the draft, if there is nothing else yet.")


class Editing(BaseModel):
    """What to do to the minutes, in order; all of it, or none."""

    model_config = ConfigDict(extra="forbid")
    operations: Annotated[list[Operation], Field(min_length=1, max_length=200)]


def routes(database: Database, feed: LiveFeed, zone: tzinfo | None = None) -> APIRouter:
    """`zone` is the one documents tell their date in; None is the machine's own."""
    router = APIRouter(prefix="/api/meetings/{meeting_id}/minutes", tags=["minutes"])
    _add_reading(router, database, zone)
    _add_editing(router, database, feed, zone)
    return router


def _add_reading(router: APIRouter, database: Database, zone: tzinfo | None) -> None:
    @router.get(
        "",
        response_model=MinutesOut,
        responses={200: {"content": DOCUMENTS}},
    )
    async def minutes(
        meeting_id: UUID,
        workspace_id: CurrentWorkspace,
        response: Response,
        asked: Annotated[Wanted, Query()],
        accept: Annotated[str, Header()] = "",
    ) -> MinutesOut | Response:
        """A meeting's minutes; with `?draft=true` also their draft while it goes on. `?format=` asks for a document
        alone, and so does `Accept: text/markdown`. The ETag is the version; drafts have none.
        """
        async with database.transaction(workspace_id) as tx:
            meeting = await read_meeting(tx, meeting_id)
            written = await read_minutes(tx, meeting_id, asked.version)
        if written is None or not (written.version or asked.draft):
            raise _not_ready(meeting)
        form = asked.form or ("md" if MARKDOWN in accept else "json")
        return _tagged(response, written, zone) if form == "json" else await _file(written, form, zone)

    @router.get("/versions")
    async def versions(meeting_id: UUID, workspace_id: CurrentWorkspace) -> list[Version]:
        """The history, newest first; `GET …/minutes?version=` has each. Drafts aren't in it."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            return await read_versions(tx, meeting_id)


def _add_editing(router: APIRouter, database: Database, feed: LiveFeed, zone: tzinfo | None) -> None:
    async def save(tx: Transaction, kept: Kept, edits: Edits, said: Mapping[UUID, UtteranceFinal]) -> WrittenMinutes:
        words = {utterance_id: utterance.text for utterance_id, utterance in said.items()}
        meeting_id = kept.base.meeting_id
        minutes = with_edits(kept.base, edits, words, await read_names(tx, meeting_id))
        if minutes == kept.written.minutes:
            return kept.written
        written = WrittenMinutes(minutes=minutes, version=kept.written.version + 1, by=PERSON, written_at=now())
        await save_minutes(tx, Kept(written, kept.base, edits, kept.source))
        assert tx.workspace_id is not None
        await feed.publish(minutes_message(tx.workspace_id, written, zone), tx)
        return written

    @router.patch("")
    async def change(
        meeting_id: UUID, asked: Editing, workspace_id: CurrentWorkspace, response: Response, if_match: IfMatch = None
    ) -> MinutesOut:
        """Reword, remove, restore or add lines. What VORI writes anew later, from corrected words, keeps to it.

        `If-Match` is needed (428): minutes that have changed since they were read are left alone (412).
        """
        async with database.transaction(workspace_id) as tx:
            kept = await _editable(tx, meeting_id, if_match)
            said = await _said(tx, meeting_id)
            edits = edit(kept.edits, asked.operations, kept.written.minutes, said)
            return _tagged(response, await save(tx, kept, edits, said), zone)

    @router.post("/versions/{version}/restore")
    async def restore(
        meeting_id: UUID, version: int, workspace_id: CurrentWorkspace, response: Response, if_match: IfMatch = None
    ) -> MinutesOut:
        """Go back to what people had made of the minutes by that version. It becomes a new version, in the words and
        under the names of now. `If-Match` is needed.
        """
        async with database.transaction(workspace_id) as tx:
            kept = await _editable(tx, meeting_id, if_match)
            edits = await read_edits(tx, meeting_id, version)
            return _tagged(response, await save(tx, kept, edits, await _said(tx, meeting_id)), zone)


async def _editable(tx: Transaction, meeting_id: UUID, if_match: str | None) -> Kept:
    meeting = await read_meeting(tx, meeting_id)
    kept = await lock_minutes(tx, meeting_id)
    if kept is None:
        raise _not_ready(meeting)
    if if_match is None:
        raise Unguarded(
            "Minutes are only changed by those who say which version they have read.",
            remedy="Send its ETag as If-Match.",
        )
    if if_match.strip() != "*" and _etag(kept.written) not in {
        tag.strip().removeprefix("W/") for tag in if_match.split(",")
    }:
        raise Stale(
            f"These minutes are at version {kept.written.version}; If-Match asked for {if_match[:40]}.",
            remedy="Read them again, then decide.",
        )
    return kept


async def _said(tx: Transaction, meeting_id: UUID) -> dict[UUID, UtteranceFinal]:
    return {utterance.utterance_id: utterance for utterance in await read_transcript(tx, meeting_id)}


def _not_ready(meeting: Meeting) -> MinutesNotReady:
    return MinutesNotReady(
        "The minutes of this meeting aren't written yet.",
        remedy="They follow when its last words are transcribed."
        if meeting.status == "ended"
        else f"They are written when it ends: `POST /api/meetings/{meeting.meeting_id}/end`. "
        "`?draft=true` shows them so far, once something was said.",
    )


def _etag(written: WrittenMinutes) -> str:
    return f'"{written.version}"'


def _tagged(response: Response, written: WrittenMinutes, zone: tzinfo | None) -> MinutesOut:
    if written.version:
        response.headers["etag"] = _etag(written)
    return MinutesOut.of(written, zone)


async def _file(written: WrittenMinutes, form: Document, zone: tzinfo | None) -> Response:
    minutes = written.minutes
    name = quote(f"{minutes.title} {minutes.started_at.astimezone(zone):%Y-%m-%d}.{form}", safe="")
    headers = {} if form == "md" else {"content-disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(await export(written, form, zone), media_type=MEDIA_TYPES[form], headers=headers)
