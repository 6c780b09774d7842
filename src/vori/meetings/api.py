"""Meetings over HTTP: start one, list them, end one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from vori.clock import new_id, now
from vori.database.connection import Database, Transaction
from vori.database.paging import Page, decode_cursor, foreign_cursor, page
from vori.database.text import Line, Text
from vori.eventlog import EventLog
from vori.events import Language, MeetingEnded
from vori.livefeed import LiveFeed
from vori.meetings.begin import begin
from vori.meetings.model import EndReason, Meeting, ScriptLine
from vori.meetings.show import MeetingOut, meeting_message
from vori.meetings.store import Wanted, end_meeting, read_meeting, read_meetings, rename_meeting
from vori.people.api import CurrentWorkspace

Name = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
EndStreams = Callable[[Meeting], Awaitable[None]]


class ScriptLineIn(BaseModel):
    """A line of a rehearsal: said for the sound of `stream_id` between two times, ms since that stream began."""

    model_config = ConfigDict(extra="forbid")
    stream_id: Line = Field(min_length=1, max_length=100)
    start_ms: int = Field(ge=0)
    end_ms: int = Field(gt=0)
    text: Text = Field(min_length=1, max_length=2000)

    @model_validator(mode="after")
    def _forward(self) -> ScriptLineIn:
        if self.end_ms <= self.start_ms:
            raise ValueError("end_ms must be after start_ms")
        return self


class NewMeeting(BaseModel):
    """What one may say about a meeting that begins; all of it optional."""

    model_config = ConfigDict(extra="forbid")
    title: Line = Field(default="", max_length=200)
    language: Language | Literal["auto"] = "auto"
    participants: list[Name] = Field(default=[], max_length=200)
    script: list[ScriptLineIn] = Field(default=[], max_length=5000)
    """Non-empty: a rehearsal. Its words come from here, not from the recogniser."""


class Rename(BaseModel):
    """Another title."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Filters(BaseModel):
    """Which meetings to list; all of these must hold."""

    text: Line | None = Field(default=None, max_length=200, description="In the title or a participant's name.")
    status: Literal["live", "ended"] | None = None
    since: AwareDatetime | None = Field(default=None, description="Begun at this time or later.")
    until: AwareDatetime | None = Field(default=None, description="Begun before this time.")
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, description="`next_cursor` of the page before.")


def new_meeting(workspace_id: UUID, asked: NewMeeting) -> Meeting:
    started = now()
    return Meeting(
        meeting_id=new_id(),
        workspace_id=workspace_id,
        title=asked.title.strip() or f"{started:%Y-%m-%d %H:%M}",
        language=asked.language,
        status="live",
        started_at=started,
        participants=tuple(sorted(set(asked.participants))),
        script=tuple(ScriptLine(**line.model_dump()) for line in asked.script),
    )


async def close_meeting(
    tx: Transaction, log: EventLog, feed: LiveFeed, meeting_id: UUID, reason: EndReason
) -> tuple[Meeting, bool]:
    """End a meeting in a transaction, with its event. (the meeting, whether it was this call that ended it)."""
    changed = await end_meeting(tx, meeting_id, reason)
    meeting = await read_meeting(tx, meeting_id)
    if changed:
        await log.append(
            tx, MeetingEnded(workspace_id=meeting.workspace_id, meeting_id=meeting.meeting_id, reason=reason)
        )
        await feed.publish(meeting_message(meeting), tx)
    return meeting, changed


def _before(cursor: str) -> tuple[datetime, UUID]:
    started_at, meeting_id = decode_cursor(cursor, 2)
    try:
        return datetime.fromisoformat(started_at).astimezone(UTC), UUID(meeting_id)
    except (ValueError, OverflowError) as error:
        raise foreign_cursor() from error


def routes(database: Database, log: EventLog, feed: LiveFeed, end_streams: EndStreams) -> APIRouter:
    """`end_streams` takes in what is still on its way on the meeting's audio streams and closes them."""
    router = APIRouter(prefix="/api/meetings", tags=["meetings"])

    @router.post("", status_code=201)
    async def start(asked: NewMeeting, workspace_id: CurrentWorkspace) -> MeetingOut:
        """Start a meeting. Sound may follow at once."""
        meeting = new_meeting(workspace_id, asked)
        async with database.transaction(workspace_id) as tx:
            await begin(tx, log, feed, meeting)
        return MeetingOut.of(meeting)

    @router.get("")
    async def every(workspace_id: CurrentWorkspace, asked: Annotated[Filters, Query()]) -> Page[MeetingOut]:
        """The workspace's meetings, newest first."""
        before = _before(asked.cursor) if asked.cursor else None
        wanted = Wanted(**asked.model_dump(exclude={"limit", "cursor"}))
        async with database.transaction(workspace_id) as tx:
            meetings = await read_meetings(tx, asked.limit + 1, before, wanted)
        found = page(meetings, asked.limit, lambda meeting: (meeting.started_at.isoformat(), str(meeting.meeting_id)))
        return Page(items=[MeetingOut.of(meeting) for meeting in found.items], next_cursor=found.next_cursor)

    @router.get("/{meeting_id}")
    async def one(meeting_id: UUID, workspace_id: CurrentWorkspace) -> MeetingOut:
        """One meeting."""
        async with database.transaction(workspace_id) as tx:
            return MeetingOut.of(await read_meeting(tx, meeting_id))

    @router.patch("/{meeting_id}")
    async def rename(meeting_id: UUID, asked: Rename, workspace_id: CurrentWorkspace) -> MeetingOut:
        """Give a meeting another title."""
        async with database.transaction(workspace_id) as tx:
            meeting = replace(await read_meeting(tx, meeting_id), title=asked.title)
            await rename_meeting(tx, meeting_id, asked.title)
            await feed.publish(meeting_message(meeting), tx)
        return MeetingOut.of(meeting)

    @router.post("/{meeting_id}/end")
    async def end(meeting_id: UUID, workspace_id: CurrentWorkspace) -> MeetingOut:
        """End a meeting: its streams are closed, and its minutes follow once the last words are transcribed."""
        async with database.transaction(workspace_id) as tx:
            meeting, _ = await close_meeting(tx, log, feed, meeting_id, "asked")
        await end_streams(meeting)
        return MeetingOut.of(replace(meeting, status="ended"))

    return router
