"""A meeting: who, when, in what language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from vori.events import Language

EndReason = Literal["asked", "streams_closed", "silence"]


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """A line that the scripted recogniser will say for the sound between two times (ms since the stream began)."""

    stream_id: str
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Meeting:
    meeting_id: UUID
    workspace_id: UUID
    title: str
    language: Language | Literal["auto"]
    status: Literal["live", "ended"]
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    participants: tuple[str, ...] = ()
    script: tuple[ScriptLine, ...] = field(default=(), repr=False)
    """Non-empty makes the meeting a rehearsal: its words come from here, not from the recogniser."""

    @property
    def rehearsal(self) -> bool:
        return bool(self.script)
