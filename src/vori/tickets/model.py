"""Tickets, what may happen to them, and the extractor's side of the deal. Pure: no I/O.

An extractor proposes; `validate` treats the proposal like a stranger's; `reconcile.py` decides what is applied now.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, Protocol
from uuid import UUID

from vori.events import Evidence, Language, Priority, Status, TicketFacts
from vori.meetings.model import Meeting
from vori.people.model import Member
from vori.transcript.naming.model import Names, named

Lane = Literal["applied", "pending", "review"]
"""How sure an extractor is: `applied` changes the board by itself, the others are kept as suggestions."""
ChangeKind = Literal["created", "moved", "edited", "undone", "redone"]

Day = date
"""For where a field is called date."""

PERSON = "person"
"""The actor of what a person did by hand; others are named like `offline 1`."""
TITLE_LENGTH = 200
CONTENT_LENGTH = 8000
LABELS = 10
"""A ticket has no more."""
LATEST_DUE = timedelta(days=2 * 366)

NEXT = {
    Status.TODO: {Status.IN_PROGRESS, Status.DONE},
    Status.IN_PROGRESS: {Status.TODO, Status.DONE},
    Status.DONE: set[Status](),
}
"""Moves that talk may cause. A finished ticket opens again only when somebody says so."""


def may_move(before: Status, to: Status, reopens: bool = False) -> bool:
    return to in NEXT[before] or (reopens and (before, to) == (Status.DONE, Status.IN_PROGRESS))


@dataclass(frozen=True, slots=True)
class Fields:
    """What can be changed about a ticket."""

    title: str
    content: str = ""
    status: Status = Status.TODO
    assignee: str | None = None
    due: date | None = None
    priority: Priority | None = None
    labels: tuple[str, ...] = ()
    """What it is part of, as the team calls it: backend, frontend …"""
    blocked: bool = False
    blocked_reason: str = ""
    """What it waits for; empty when nobody said, and when it isn't blocked."""
    rank: str = ""
    """Its place in its column (`rank.py`); empty in a change that puts it on top of another."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands. `number` counts within the workspace; `version` counts its changes."""

    ticket_id: UUID
    meeting_id: UUID | None
    """The meeting that opened it; None when a person did."""
    number: int
    fields: Fields
    version: int
    created_at: datetime
    changed_at: datetime
    removed_at: datetime | None = None
    """Its creation was undone: only its history is left."""
    meetings: tuple[UUID, ...] = ()
    """Those that opened, changed or discussed it, in that order."""
    by_vori: bool = False
    """Its latest change is VORI's own: no person made or accepted it."""

    @property
    def key(self) -> str:
        return f"VORI-{self.number}"

    @property
    def facts(self) -> TicketFacts:
        return TicketFacts(
            ticket_id=self.ticket_id,
            key=self.key,
            title=self.fields.title,
            content=self.fields.content,
            status=self.fields.status,
            assignee=self.fields.assignee,
            due=self.fields.due,
            priority=self.fields.priority,
            labels=self.fields.labels,
            blocked=self.fields.blocked,
            blocked_reason=self.fields.blocked_reason,
            rank=self.fields.rank,
            meetings=self.meetings,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a ticket, or that is suggested (`lane` other than applied)."""

    change_id: UUID
    ticket_id: UUID
    meeting_id: UUID | None
    kind: ChangeKind
    before: Fields | None
    """None: there was no ticket."""
    after: Fields | None
    """None: the ticket is gone, because its creation was undone."""
    reason: str
    evidence: tuple[Evidence, ...]
    actor: str
    certainty: float | None
    lane: Lane
    at: datetime
    undoes: UUID | None = None
    """The change that this takes back: an undo any other, a redo an undo."""
    version: int | None = None
    """The ticket's version that it led to; None for a suggestion."""
    prompt: str | None = None
    """The version of the prompts that the extractor had, if it has any."""
    decided_by: str | None = None
    """Who accepted it (then it is applied) or rejected it; None: it was applied by itself, or still waits."""
    decided_at: datetime | None = None
    person: str | None = None
    """Who made it by hand, or decided about it, as their browser calls them; None: nobody said, or VORI by itself."""

    @property
    def rejected(self) -> bool:
        return self.lane != "applied" and self.decided_at is not None

    @property
    def by_vori(self) -> bool:
        """No person made it, or accepted it."""
        return self.actor != PERSON and self.decided_at is None

    @property
    def waits(self) -> bool:
        """It is a suggestion that nobody has decided about."""
        return self.lane != "applied" and self.decided_at is None


def differences(before: Fields | None, after: Fields) -> dict[str, Any]:
    """What `after` has otherwise than `before` (None: all it has), by the field's name."""
    names = Fields.__slots__
    return {n: getattr(after, n) for n in names if before is None or getattr(before, n) != getattr(after, n)}


class Undoing(Protocol):
    """A change, as far as undoing goes."""

    @property
    def change_id(self) -> UUID: ...
    @property
    def version(self) -> int | None: ...
    @property
    def undoes(self) -> UUID | None: ...


def taken_back(history: Iterable[Undoing]) -> set[UUID]:
    """The changes that are undone, and the undos that are redone. `history` is oldest first."""
    back: set[UUID] = set()
    for change in sorted(history, key=lambda change: -(change.version or 0)):
        if change.undoes is not None and change.change_id not in back:
            back.add(change.undoes)
    return back


def with_names(changes: Iterable[Change], names: Names) -> list[Change]:
    """Changes with the names of those they quote as they are now."""
    return [replace(change, evidence=tuple(named(said, names) for said in change.evidence)) for change in changes]


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
    """A ticket as the meeting found it: its status is that of before the meeting's first change to it."""

    id: str
    title: str
    status: Status
    assignee: str | None
    due: date | None = None
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """A meeting that is over, as far as its tickets go."""

    meeting: Meeting
    day: date
    """The day it was held, where it was held."""
    turns: Sequence[Evidence]
    found: Sequence[OpenTicket]
    """The board as the meeting found it."""
    tickets: Mapping[UUID, Ticket]
    changes: Sequence[Change]
    """All that the meeting led to, suggestions included, oldest first within each ticket."""
    histories: Mapping[UUID, Sequence[Change]]
    """All that happened to each of those tickets, in whatever meeting, oldest first."""


@dataclass(frozen=True, slots=True)
class Talk:
    """All an extractor may know: the meeting's turns so far, the team's tickets, the day, the people."""

    turns: Sequence[Turn]
    tickets: Sequence[OpenTicket]
    date: Day
    language: Language | None
    """Pinned, or None when it differs by turn."""
    people: Sequence[str] = ()
    workspace: str = ""
    """Whose meeting it is; empty for a written one."""
    meeting: str = ""
    """Which meeting it is: talks with the same are one that goes on. Empty: a talk for itself."""
    said: str = ""
    """The turn that was heard last, in time; empty when the talk is looked at as a whole."""
    over: bool = True
    """Nothing more will be said."""
    labels: Sequence[str] = ()
    """What the team calls the parts of its work."""
    members: Sequence[Member] = ()
    """The people of the workspace: who is meant where it is nobody of `everyone`."""

    def everyone(self) -> list[str]:
        """Everyone at hand: those listed, those who speak, those who have tickets."""
        names = [*self.people, *(turn.speaker for turn in self.turns), *(ticket.assignee for ticket in self.tickets)]
        return list(dict.fromkeys(name for name in names if name))

    def callings(self) -> list[str]:
        """All names that somebody may be called by: everyone's, then the members'."""
        return list(dict.fromkeys([*self.everyone(), *(name for member in self.members for name in member.callings)]))


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
    priority: Priority | None = None
    labels: tuple[str, ...] = ()
    """Those that the title or the quotes name are added to these."""
    by: str = ""
    """Name and version of the extractor it is from, where that isn't the one asked."""


@dataclass(frozen=True, slots=True)
class Move:
    """Change this ticket's status."""

    ticket_id: str
    to: Status
    evidence_ids: tuple[str, ...]
    """Turns that prove it, in order; the last one is the report itself."""
    certainty: float
    lane: Lane
    reason: str = ""
    reopens: bool = False
    """Somebody said outright that finished work is open again."""
    amends: bool = False
    """Somebody corrected what this meeting had said of the ticket before ("no, it is still in review")."""
    assignee: str | None = None
    """Whose it is instead, when that was corrected, too; then `to` may be the status it has."""
    by: str = ""
    """As in a proposal."""


@dataclass(frozen=True, slots=True)
class DueMove:
    """This ticket is due on another day."""

    ticket_id: str
    due: date
    evidence_ids: tuple[str, ...]
    """As of a `Move`."""
    certainty: float
    lane: Lane
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Something stands in this ticket's way, or no longer does."""

    ticket_id: str
    blocked: bool
    evidence_ids: tuple[str, ...]
    """As of a `Move`."""
    certainty: float
    lane: Lane
    what: str = ""
    """What it waits for, if that was said."""
    reason: str = ""
    by: str = ""


Update = Move | DueMove | Block
"""What talk may do to a ticket that was there before."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Work that has a ticket was named again, as if it had none."""

    ticket_id: str
    evidence_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The meeting settled this."""

    text: str
    evidence_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extraction:
    """What an extractor makes of a talk. Moves are in the order of the talk."""

    proposals: tuple[Proposal, ...] = ()
    moves: tuple[Move, ...] = ()
    decisions: tuple[Decision, ...] = ()
    due_moves: tuple[DueMove, ...] = ()
    blocks: tuple[Block, ...] = ()
    fresh: frozenset[str] = frozenset()
    """Turns that were read only now, by an extractor that lets several gather: they may move tickets, like the last."""
    mentions: tuple[Mention, ...] = ()
    prompt: str | None = None
    """The version of the prompts it was made with, if there were any."""

    @property
    def updates(self) -> Sequence[Update]:
        return (*self.moves, *self.due_moves, *self.blocks)


class Extractor(Protocol):
    """Reads a talk, proposes tickets, moves, decisions. Blocking; the same talk always gets the same answer.

    In a live meeting it is called after each new turn with all turns so far: keep what a turn costs once.
    """

    name: str
    version: str

    def warm(self, language: Language | None) -> None:
        """Load what a meeting in this language will need (None: not known yet). May take seconds."""
        ...

    def extract(self, talk: Talk) -> Extraction: ...


@lru_cache(maxsize=8192)
def same_title(one: str) -> str:
    """A title without case, width, spacing and punctuation: equal for titles that name the same ticket."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", one).casefold())
