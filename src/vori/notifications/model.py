"""What is told to whom: which changes, comments, suggestions and minutes concern a person. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args
from uuid import UUID

from vori.events import Status
from vori.tickets.model import Change, taken_back

Kind = Literal["assigned", "moved", "changed", "comment", "suggestion", "minutes"]
KINDS: tuple[Kind, ...] = get_args(Kind)
TOLD_FOR = timedelta(days=30)
"""What is older isn't told any more; the ticket's history has it."""


@dataclass(frozen=True, slots=True)
class About:
    """What of a ticket is told when it changes."""

    title: str
    status: Status
    assignee: str | None
    due: date | None
    blocked: bool
    blocked_reason: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A change that was applied to a ticket, as far as it is told."""

    change_id: UUID
    ticket_id: UUID
    version: int
    undoes: UUID | None
    before: About | None
    """None: there was no ticket."""
    after: About | None
    """None: it was gone."""
    actor: str
    """`person`, or the extractor's name and version."""
    person: str | None
    """Who did it by hand, or accepted it."""
    accepted: bool
    """VORI suggested it, and a person said yes."""
    meeting_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class News:
    """Something that concerns a person."""

    kind: Kind
    id: UUID
    """Of the change or the comment; of the newest suggestion; of the meeting, for its minutes."""
    at: datetime
    actor: str
    """`person`, or the name of what did it by itself."""
    person: str | None = None
    accepted: bool = False
    ticket_id: UUID | None = None
    meeting_id: UUID | None = None
    before: About | None = None
    after: About | None = None
    text: str = ""
    """A comment's words."""
    count: int = 1
    """How many suggestions of the meeting wait."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How far a person has read, and what they don't want to be told."""

    read_until: datetime | None = None
    unwanted: frozenset[Kind] = frozenset()

    def unread(self, news: News) -> bool:
        return self.read_until is None or news.at > self.read_until


def of_tickets(changes: Iterable[Happened], person: str) -> Iterator[News]:
    """What happened to a person's tickets by others' hands and VORI's. Undone changes, and undoing itself, are no news.

    `changes` are of one ticket or several; whatever takes one of them back is among them.
    """
    changes = list(changes)
    back = {undone for one in _by_ticket(changes) for undone in taken_back(one)}
    for change in changes:
        if change.undoes is not None or change.change_id in back or change.person == person:
            continue
        kind = _kind(change.before, change.after, person)
        if kind:
            yield News(
                kind=kind,
                id=change.change_id,
                at=change.at,
                actor=change.actor,
                person=change.person,
                accepted=change.accepted,
                ticket_id=change.ticket_id,
                meeting_id=change.meeting_id,
                before=change.before,
                after=change.after,
            )


def of_suggestions(waiting: Iterable[Change]) -> Iterator[News]:
    """What waits for a yes or no, meeting by meeting. `waiting` is newest first; what is only listed isn't asked."""
    meetings: dict[UUID | None, list[Change]] = {}
    for change in waiting:
        if change.lane == "pending":
            meetings.setdefault(change.meeting_id, []).append(change)
    for meeting_id, changes in meetings.items():
        newest = changes[0]
        yield News(
            kind="suggestion",
            id=newest.change_id,
            at=newest.at,
            actor=newest.actor,
            meeting_id=meeting_id,
            count=len(changes),
        )


def newest_first(news: Iterable[News], reader: Reader, rehearsals: Collection[UUID]) -> list[News]:
    """What a person wants to be told, in the order in which it is told; what came of rehearsals is left out."""
    told = (one for one in news if one.kind not in reader.unwanted and one.meeting_id not in rehearsals)
    return sorted(told, key=place, reverse=True)


def place(news: News) -> tuple[datetime, str]:
    """What news is ordered by; no two have the same."""
    return news.at, str(news.id)


def _kind(before: About | None, after: About | None, person: str) -> Kind | None:
    """What a change is to whoever has the ticket, or had it; None: nothing."""
    mine = before is not None and before.assignee == person
    if after is None or (after.assignee != person and not mine):
        return None
    if before is None or not mine:
        return "assigned"
    if before.status is not after.status:
        return "moved"
    return "changed" if before != after else None


def _by_ticket(changes: Iterable[Happened]) -> Iterable[Sequence[Happened]]:
    tickets: dict[UUID, list[Happened]] = {}
    for change in changes:
        tickets.setdefault(change.ticket_id, []).append(change)
    return tickets.values()
