"""Minutes as an outline, in the meeting's language: what every kind of document says, in its order. Pure: no I/O."""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal
from uuid import UUID

from vori.events import Evidence, Language
from vori.minutes.model import SECTIONS, Line, Minutes, TicketLine
from vori.minutes.phrases import PHRASES
from vori.transcript.naming.model import shown

Kind = Literal["title", "text", "note", "warning", "heading", "subheading", "item", "proof"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `lead` comes first, and stands out; `proof` is an item below an item."""

    kind: Kind
    text: str
    lead: str = ""


def outline(minutes: Minutes, zone: tzinfo | None) -> list[Block]:
    """What the documents say. `zone` is the one their date and hour are told in; None is the machine's own."""
    blocks = _Writer(minutes, zone).blocks()
    return [Block(block.kind, _one_line(block.text), _one_line(block.lead)) for block in blocks]


def clock(ms: int) -> str:
    """A time in the meeting: 00:41, or 1:02:03 after an hour."""
    minutes, seconds = divmod(ms // 1000, 60)
    return f"{minutes:02}:{seconds:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


class _Writer:
    def __init__(self, minutes: Minutes, zone: tzinfo | None) -> None:
        self.minutes = minutes
        self.zone = zone
        self.words = PHRASES[minutes.language]

    def blocks(self) -> Iterator[Block]:
        minutes, words = self.minutes, self.words
        yield Block("title", minutes.title)
        yield Block("text", f"{_moment(minutes.started_at.astimezone(self.zone), minutes.language)} · {self._lasted()}")
        if minutes.state == "draft":
            yield Block("note", words.draft)
        if minutes.rehearsal:
            yield Block("note", words.rehearsal)
        yield Block("heading", words.participants)
        yield from self._participants()
        for section in SECTIONS:
            told = list(getattr(self, f"_{section}")())
            if told:
                yield Block("heading", getattr(words, section))
            yield from told

    def _participants(self) -> Iterator[Block]:
        if not self.minutes.participants:
            yield Block("text", self.words.nobody)
        spoken = any(person.talk_ms for person in self.minutes.participants)
        for person in self.minutes.participants:
            name = self._called(person.name, person.stream, person.voice)
            yield Block("item", f"{name} · {person.percent}%" if spoken else name)

    def _summary(self) -> Iterator[Block]:
        missing = list(self._missing())
        yield from (Block("warning", told) for told in missing)
        if self.minutes.summary:
            if all(_said(line) for line in self.minutes.summary):
                yield Block("note", self.words.verbatim)
            yield from self._told(self.minutes.summary)
        elif not missing:
            yield Block("text", self.words.silent)

    def _missing(self) -> Iterator[str]:
        """What is not in the record although it may have been said."""
        outcome, words = self.minutes.outcome, self.words
        if outcome and outcome.outcome == "capture_failed":
            seconds = math.ceil(outcome.uncaptured_ms / 1000)
            yield words.uncaptured.format(seconds=seconds) if outcome.captured_ms else words.nothing_captured
        if self.minutes.unheard_ms:
            yield words.unheard.format(seconds=math.ceil(self.minutes.unheard_ms / 1000))

    def _decisions(self) -> Iterator[Block]:
        if not self.minutes.decisions:
            yield Block("text", self.words.undecided)
        yield from self._told(self.minutes.decisions)

    def _tickets(self) -> Iterator[Block]:
        if not self.minutes.tickets:
            yield Block("text", self.words.untouched)
        for news, heading in self.words.news.items():
            lines = [line for line in self.minutes.tickets if line.news == news]
            if lines:
                yield Block("subheading", heading)
            for line in lines:
                yield self._ticket(line)
                yield from self._proof(line.evidence)

    def _ticket(self, line: TicketLine) -> Block:
        ticket, words = line.ticket, self.words
        status = words.statuses[ticket.status]
        facts = [f"{words.statuses[line.from_status]} → {status}" if line.from_status else status]
        facts += [ticket.assignee] if ticket.assignee else []
        facts += self._due(ticket.due)
        facts += [line.text, words.by_hand] if line.text else []
        return Block("item", " · ".join(facts), f"{ticket.key} {ticket.title}")

    def _questions(self) -> Iterator[Block]:
        yield from self._told(self.minutes.questions)

    def _blockers(self) -> Iterator[Block]:
        yield from self._told(self.minutes.blockers)

    def _next_steps(self) -> Iterator[Block]:
        for step in self.minutes.next_steps:
            facts = self._due(step.due)
            if step.key is None and _said(step):
                yield Block("item", " · ".join([self._cited(step.evidence[0], step.text), *facts]))
                continue
            facts = ([step.who] if step.who else []) + facts + ([step.key] if step.key else [])
            facts += self._by_hand(step) + [clock(said.start_ms) for said in step.evidence if step.key]
            yield Block("item", " · ".join(facts), step.text)
            if step.key is None:
                yield from self._proof(step.evidence)

    def _told(self, lines: Sequence[Line]) -> Iterator[Block]:
        for line in lines:
            if _said(line):
                yield Block("item", self._cited(line.evidence[0], line.text))
            else:
                yield Block("item", " · ".join([line.text, *self._by_hand(line)]))
                yield from self._proof(line.evidence)

    def _by_hand(self, line: Line) -> list[str]:
        return [self.words.by_hand] if line.by_hand else []

    def _proof(self, evidence: Sequence[Evidence]) -> Iterator[Block]:
        yield from (Block("proof", self._cited(said, said.quote)) for said in evidence)

    def _cited(self, said: Evidence, words: str) -> str:
        return f"{clock(said.start_ms)} {self._called(said.speaker, said.stream, said.voice)}: “{words}”"

    def _called(self, name: str | None, stream: UUID | None, voice: int | None) -> str:
        """Voices that nobody put a name to are called by their numbers."""
        return shown(name, stream, voice, self.minutes.microphones, self.minutes.language) or self.words.unnamed

    def _due(self, due: date | None) -> list[str]:
        return [f"{self.words.due} {_day(due, self.minutes.language)}"] if due else []

    def _lasted(self) -> str:
        whole, seconds = divmod(round(self.minutes.duration_ms / 1000), 60)
        hours, whole = divmod(whole, 60)
        units = ("시간", "분", "초") if self.minutes.language == "ko" else (" h", " min", " s")
        parts = [f"{count}{unit}" for count, unit in zip((hours, whole, seconds), units, strict=True) if count]
        return " ".join(parts[:2]) or f"0{units[2]}"


def _said(line: Line) -> bool:
    """Whether it is told in the very words of its one proof."""
    return len(line.evidence) == 1 and not line.by_hand and line.text in line.evidence[0].quote


def _day(day: date, language: Language) -> str:
    if language == "ko":
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _moment(moment: datetime, language: Language) -> str:
    offset = moment.strftime("%z")
    zone = "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:]}"
    return f"{_day(moment.date(), language)} {moment:%H:%M} ({zone})"


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
