"""Tickets, what may happen to them, and the extractor's side of the deal. Pure: no I/O.

An extractor proposes; `validate` treats the proposal like a stranger's; `reconcile.py` decides what is applied now.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, Protocol
from uuid import UUID

from vori.events import Evidence, Language, Priority, Status, TicketFacts
from vori.tickets.guard import guard
from vori.transcript.naming.model import Names, named

Lane = Literal["applied", "pending", "review"]
"""How sure an extractor is: `applied` changes the board by itself, the others are kept as suggestions."""
ChangeKind = Literal["created", "moved", "edited", "undone"]

PERSON = "person"
"""The actor of what a person did by hand; others are named like `offline 1`."""
TITLE_LENGTH = 200
CONTENT_LENGTH = 8000
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
    version: int | None = None
    """The ticket's version that it led to; None for a suggestion."""


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


@dataclass(frozen=True, slots=True)
class Talk:
    """All an extractor may know: the meeting's turns so far, the team's tickets, the day, the people."""

    turns: Sequence[Turn]
    tickets: Sequence[OpenTicket]
    date: date
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

    def everyone(self) -> list[str]:
        """Everyone known: those listed, those who speak, those who have tickets."""
        names = [*self.people, *(turn.speaker for turn in self.turns), *(ticket.assignee for ticket in self.tickets)]
        return list(dict.fromkeys(name for name in names if name))


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
    by: str = ""
    """As in a proposal."""


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
    fresh: frozenset[str] = frozenset()
    """Turns that were read only now, by an extractor that lets several gather: they may move tickets, like the last."""


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


def same_title(one: str) -> str:
    """A title without case, width, spacing and punctuation: equal for titles that name the same ticket."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", one).casefold())


def known_person(name: str | None, people: Iterable[str]) -> str | None:
    """The person meant by a name ("준호님" is 박준호, "priya" is Priya); None when it is nobody, or could be two."""
    if not name:
        return None
    wanted = re.sub(r"(?:님|씨)$", "", re.sub(r"\s+", "", name).casefold())
    plain = {person: re.sub(r"\s+", "", person).casefold() for person in people}
    exact = [person for person, form in plain.items() if form == wanted]
    near = [
        person
        for person, form in plain.items()
        if len(wanted) >= 2 and (form.endswith(wanted) or form.startswith(wanted))
    ]
    return exact[0] if exact else near[0] if len(near) == 1 else None


def validate(extraction: Extraction, talk: Talk) -> Extraction:
    """What of an extraction may be used, treated as if it came from a stranger.

    Turns that don't exist are struck from the evidence, and what is left without evidence goes; so do empty titles,
    titles of tickets that exist or were proposed before, tickets that don't exist, and moves that aren't allowed.
    An assignee nobody knows and a day out of reach are left empty; lengths are bounded. What may have been ordered from
    the tool, instead of agreed among people, is listed for review (`guard.py`).
    """
    turns = [turn.id for turn in talk.turns]
    valid = replace(
        extraction,
        proposals=tuple(_valid_proposals(extraction.proposals, talk, turns)),
        moves=tuple(_proved_moves(extraction.moves, talk, turns)),
        decisions=tuple(
            replace(decision, text=_bounded(decision.text, TITLE_LENGTH), evidence_ids=proved)
            for decision in extraction.decisions
            if (proved := _existing(decision.evidence_ids, turns)) and decision.text.strip()
        ),
    )
    held = guard(valid, talk)
    return replace(held, moves=tuple(_legal_moves(held.moves, talk)))


def _valid_proposals(proposals: Iterable[Proposal], talk: Talk, turns: Sequence[str]) -> Iterable[Proposal]:
    people = talk.everyone()
    taken = {same_title(ticket.title) for ticket in talk.tickets}
    for proposal in proposals:
        title = _bounded(proposal.title, TITLE_LENGTH)
        proved = _existing(proposal.evidence_ids, turns)
        if not same_title(title) or same_title(title) in taken or not proved:
            continue
        taken.add(same_title(title))
        due = proposal.due
        yield replace(
            proposal,
            title=title,
            content=proposal.content.strip()[:CONTENT_LENGTH],
            assignee=known_person(proposal.assignee, people),
            due=due if due and talk.date <= due <= talk.date + LATEST_DUE else None,
            evidence_ids=proved,
            certainty=min(max(proposal.certainty, 0.0), 1.0),
            reason=_bounded(proposal.reason, TITLE_LENGTH),
        )


def _proved_moves(moves: Iterable[Move], talk: Talk, turns: Sequence[str]) -> Iterable[Move]:
    tickets = {ticket.id for ticket in talk.tickets}
    for move in moves:
        proved = _existing(move.evidence_ids, turns)
        if move.ticket_id in tickets and proved:
            yield replace(
                move,
                evidence_ids=proved,
                certainty=min(max(move.certainty, 0.0), 1.0),
                reason=_bounded(move.reason, TITLE_LENGTH),
            )


def _legal_moves(moves: Iterable[Move], talk: Talk) -> Iterable[Move]:
    """Each from where the moves before it that are applied left its ticket."""
    states = {ticket.id: ticket.status for ticket in talk.tickets}
    for move in moves:
        if may_move(states[move.ticket_id], move.to, move.reopens):
            if move.lane == "applied":
                states[move.ticket_id] = move.to
            yield move


def _existing(evidence_ids: Iterable[str], turns: Sequence[str]) -> tuple[str, ...]:
    wanted = set(evidence_ids)
    return tuple(turn for turn in turns if turn in wanted)


def _bounded(text: str, length: int) -> str:
    """On one line, cut at a word where one ends near the limit."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut[: cut.rfind(" ")] if cut.rfind(" ") > length * 0.7 else cut) + "…"
