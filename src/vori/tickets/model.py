"""Tickets, what may happen to them, and the extractor's side of the deal. Pure: no I/O.

An extractor proposes; `validate` treats the proposal like a stranger's; the store remembers what was applied.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from vori.events import Language, Status

Lane = Literal["applied", "pending", "review"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance as an extractor sees it. `id` is opaque (a UUID in a live meeting, u01… in evaluation sets)."""

    id: str
    speaker: str | None
    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket that exists before or during the meeting, as an extractor sees it."""

    id: str
    title: str
    status: Status
    assignee: str | None


@dataclass(frozen=True, slots=True)
class Talk:
    """All an extractor may know: the meeting's turns so far, the team's tickets, the day, the people."""

    turns: Sequence[Turn]
    tickets: Sequence[OpenTicket]
    date: date
    language: Language | None
    """Pinned, or None when it differs by turn."""
    people: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Open this ticket."""

    title: str
    content: str
    status: Status
    assignee: str | None
    due: date | None
    evidence_ids: tuple[str, ...]
    """Turns that prove it, in order; the first anchors it."""
    certainty: float
    lane: Lane
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Change this ticket's status."""

    ticket_id: str
    to: Status
    evidence_ids: tuple[str, ...]
    certainty: float
    lane: Lane
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The meeting settled this."""

    text: str
    evidence_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor makes of a talk."""

    proposals: tuple[Proposal, ...] = ()
    moves: tuple[Move, ...] = ()
    decisions: tuple[Decision, ...] = ()


class Extractor(Protocol):
    """Reads a talk, proposes tickets, moves, decisions. Blocking; the same talk always gets the same answer."""

    name: str
    version: str

    def extract(self, talk: Talk) -> Extraction: ...
