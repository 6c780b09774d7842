"""A meeting that is planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from vori.events import Language
from vori.meetings.model import Meeting


@dataclass(frozen=True, slots=True)
class Plan:
    meeting_id: UUID
    """That of the meeting which it becomes."""
    workspace_id: UUID
    title: str
    language: Language | Literal["auto"]
    participants: tuple[str, ...]
    starts_at: datetime
    minutes: int | None = None
    """How long it is to last; None: nobody said."""

    @property
    def ends_at(self) -> datetime | None:
        return None if self.minutes is None else self.starts_at + timedelta(minutes=self.minutes)


def meeting_of(plan: Plan, at: datetime) -> Meeting:
    """The meeting that begins now, whatever time was planned."""
    return Meeting(
        meeting_id=plan.meeting_id,
        workspace_id=plan.workspace_id,
        title=plan.title,
        language=plan.language,
        status="live",
        started_at=at,
        participants=plan.participants,
    )
