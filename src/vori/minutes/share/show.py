"""Minutes as those see them who have a link: what they say and the words that prove it, and nothing to look up."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel

from vori.events import Evidence, Language, Status
from vori.minutes.model import Line, Step, TicketLine, TicketNews, WrittenMinutes


class SharedProof(BaseModel):
    """What was said, by whom, when: ms since the meeting's start."""

    speaker: str | None
    start_ms: int
    quote: str

    @classmethod
    def of(cls, said: Evidence) -> SharedProof:
        return cls(speaker=said.speaker, start_ms=said.start_ms, quote=said.quote)


class SharedLine(BaseModel):
    """Something the minutes say."""

    text: str
    by_hand: bool
    who: str | None = None
    due: date | None = None
    key: str | None = None
    evidence: list[SharedProof]

    @classmethod
    def of(cls, line: Line) -> SharedLine:
        step = line if isinstance(line, Step) else None
        return cls(
            text=line.text,
            by_hand=line.by_hand,
            who=step.who if step else None,
            due=step.due if step else None,
            key=step.key if step else None,
            evidence=[SharedProof.of(said) for said in line.evidence],
        )


class SharedTicket(BaseModel):
    """What became of a ticket."""

    key: str
    title: str
    text: str
    news: TicketNews
    from_status: Status | None
    status: Status
    assignee: str | None
    due: date | None
    evidence: list[SharedProof]

    @classmethod
    def of(cls, line: TicketLine) -> SharedTicket:
        return cls(
            key=line.ticket.key,
            title=line.ticket.title,
            text=line.text,
            news=line.news,
            from_status=line.from_status,
            status=line.ticket.status,
            assignee=line.ticket.assignee,
            due=line.ticket.due,
            evidence=[SharedProof.of(said) for said in line.evidence],
        )


class SharedPerson(BaseModel):
    """Somebody who took part; `name` is null for a voice that nobody put a name to."""

    name: str | None
    talk_ms: int
    percent: int


class SharedMinutes(BaseModel):
    """Minutes as they stand, for whoever has a link to them."""

    title: str
    language: Language
    started_at: datetime
    duration_ms: int
    rehearsal: bool
    written_at: datetime
    expires_at: datetime
    """When the link ends."""
    participants: list[SharedPerson]
    summary: list[SharedLine]
    decisions: list[SharedLine]
    tickets: list[SharedTicket]
    questions: list[SharedLine]
    blockers: list[SharedLine]
    next_steps: list[SharedLine]
    unheard_ms: int
    """Speech that is missing because recognition failed at it."""
    uncaptured_ms: int
    """Sound that never came in, when that was so much that capture failed."""

    @classmethod
    def of(cls, written: WrittenMinutes, expires_at: datetime) -> SharedMinutes:
        minutes = written.minutes
        outcome = minutes.outcome
        return cls(
            title=minutes.title,
            language=minutes.language,
            started_at=minutes.started_at,
            duration_ms=minutes.duration_ms,
            rehearsal=minutes.rehearsal,
            written_at=written.written_at,
            expires_at=expires_at,
            participants=[
                SharedPerson(name=person.name, talk_ms=person.talk_ms, percent=person.percent)
                for person in minutes.participants
            ],
            summary=[SharedLine.of(line) for line in minutes.summary],
            decisions=[SharedLine.of(line) for line in minutes.decisions],
            tickets=[SharedTicket.of(line) for line in minutes.tickets],
            questions=[SharedLine.of(line) for line in minutes.questions],
            blockers=[SharedLine.of(line) for line in minutes.blockers],
            next_steps=[SharedLine.of(line) for line in minutes.next_steps],
            unheard_ms=minutes.unheard_ms,
            uncaptured_ms=outcome.uncaptured_ms if outcome and outcome.outcome == "capture_failed" else 0,
        )
