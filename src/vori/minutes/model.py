"""What minutes are: lines in sections, each citing the utterances that prove it. Pure: no I/O."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from vori.events import Evidence, Language, ReportedDecision, ReportedTicket, Status, TicketFacts
from vori.transcript.outcome import Outcome

AUTOMATIC, PERSON = "vori", "person"
"""Who writes: VORI by itself, or somebody by hand."""

State = Literal["draft", "final"]
Section = Literal["summary", "decisions", "tickets", "questions", "blockers", "next_steps"]
SECTIONS: tuple[Section, ...] = ("summary", "decisions", "tickets", "questions", "blockers", "next_steps")
TicketNews = Literal["created", "moved", "changed", "carried_over"]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Participant(Frozen):
    """Somebody who took part, and how much they spoke; `name` is None for voices nobody put a name to."""

    name: str | None
    talk_ms: int
    percent: int = 0
    """Of all that was spoken; the percents of a meeting in which somebody spoke add up to 100."""
    stream: UUID | None = None
    """With `voice`: which voice of a shared microphone it is, when it has no name."""
    voice: int | None = None


class Line(Frozen):
    """Something the minutes say. `id` stays the same while it is told of the same utterance or ticket."""

    id: UUID
    text: str
    evidence: tuple[Evidence, ...] = ()
    by: str = AUTOMATIC
    """Who gave it its words."""

    @property
    def by_hand(self) -> bool:
        return self.by != AUTOMATIC


class TicketLine(Line):
    """What became of a ticket; `text` is empty unless a person has worded it."""

    text: str = ""
    news: TicketNews
    """`carried_over`: it was open before, was talked about, and is still open."""
    ticket: TicketFacts
    from_status: Status | None = None


class Step(Line):
    """Who does what, by when; `text` says what."""

    who: str | None = None
    due: date | None = None
    ticket_id: UUID | None = None
    key: str | None = None
    """Of the ticket that stands for it; None: it was only promised."""


class Minutes(Frozen):
    """The record of one meeting. The same meeting gives the same minutes."""

    meeting_id: UUID
    title: str
    language: Language
    state: State = "final"
    """`draft` while the meeting goes on, and until its last words have been read."""
    started_at: datetime
    duration_ms: int
    rehearsal: bool
    participants: tuple[Participant, ...]
    summary: tuple[Line, ...] = ()
    """The few sentences that say most, word for word and in order."""
    decisions: tuple[Line, ...] = ()
    tickets: tuple[TicketLine, ...] = ()
    questions: tuple[Line, ...] = ()
    """Asked, and not answered."""
    blockers: tuple[Line, ...] = ()
    next_steps: tuple[Step, ...] = ()
    unheard_ms: int = 0
    """Speech that is missing here because recognition failed at it."""
    outcome: Outcome | None = None
    """How well the meeting was captured; None when that could not be told yet."""
    microphones: tuple[UUID, ...] = ()
    """The shared ones, oldest first: by them voices without a name are counted."""

    def lines(self, section: Section) -> tuple[Line, ...]:
        found: tuple[Line, ...] = getattr(self, section)
        return found


class Source(Frozen):
    """What minutes are written from beside the words: kept, so that they can be written anew when those are corrected,
    whatever has become of tickets and the team since.
    """

    tickets: tuple[ReportedTicket, ...] = ()
    decisions: tuple[ReportedDecision, ...] | None = None
    """As an extractor found them; None: none has looked, so that they are told by their wording."""
    open_before: tuple[TicketFacts, ...] = ()
    """Tickets of earlier meetings that are still open."""


class WrittenMinutes(Frozen):
    """Minutes as they are kept: what people did to them included. `version` rises only when what they say changes."""

    minutes: Minutes
    version: int
    """0 for a draft, of which no history is kept."""
    by: str = AUTOMATIC
    """Who made this version."""
    written_at: datetime


class Version(Frozen):
    """An entry of the history."""

    version: int
    by: str
    written_at: datetime


class Reworded(Frozen):
    """A line's words as a person wants them, with what is told when VORI doesn't write that line any more."""

    section: Section
    line: Step


class Edits(Frozen):
    """What people made of the minutes. It holds for whatever VORI writes anew, since lines keep their ids."""

    reworded: tuple[Reworded, ...] = ()
    added: tuple[Reworded, ...] = ()
    removed: tuple[UUID, ...] = ()
