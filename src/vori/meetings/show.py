"""A meeting as clients see it, over HTTP and on the live feed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from vori.events import Language
from vori.livefeed import LiveMessage
from vori.meetings.model import EndReason, Meeting


class MeetingOut(BaseModel):
    """A meeting as clients see it."""

    meeting_id: UUID
    title: str
    language: Language | Literal["auto"]
    status: Literal["live", "ended"]
    started_at: datetime
    ended_at: datetime | None
    end_reason: EndReason | None
    participants: list[str]
    rehearsal: bool

    @classmethod
    def of(cls, meeting: Meeting) -> MeetingOut:
        return cls.model_validate(meeting, from_attributes=True)


def meeting_message(meeting: Meeting) -> LiveMessage:
    """The live feed's news of a meeting."""
    data: dict[str, Any] = MeetingOut.of(meeting).model_dump(mode="json")
    return LiveMessage(
        workspace_id=meeting.workspace_id,
        meeting_id=meeting.meeting_id,
        kind="meeting",
        id=meeting.meeting_id,
        data=data,
    )
