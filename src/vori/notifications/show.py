"""What concerns a person as their pages see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from vori.database.paging import Page
from vori.events import Evidence, Status
from vori.notifications.model import About, Kind, News
from vori.tickets.model import Ticket


class AboutOut(BaseModel):
    """What of a ticket is told when it changes."""

    title: str
    status: Status
    assignee: str | None
    due: date | None
    blocked: bool
    blocked_reason: str

    @classmethod
    def of(cls, about: About | None) -> AboutOut | None:
        return None if about is None else cls.model_validate(about, from_attributes=True)


class Named(BaseModel):
    """A ticket as it is called now, or a meeting."""

    id: UUID
    key: str | None
    """A ticket's; null for meetings."""
    title: str


class NotificationOut(BaseModel):
    """Something that concerns a person."""

    kind: Kind
    """`assigned`: a ticket became theirs; `moved`: theirs has another status; `changed`: its due day, title, block or
    assignee; `comment`: on theirs, or after their own; `suggestion`: a meeting's wait for anybody's yes or no;
    `minutes`: of a meeting they took part in, final."""
    id: UUID
    """Of the change, the comment, the newest suggestion, or the meeting."""
    at: datetime
    unread: bool
    actor: str
    """`person`, or the name of what did it by itself."""
    person: str | None
    """Who did it, wrote it, or accepted it; null: nobody said, or nobody did."""
    accepted: bool
    """VORI suggested it, and a person said yes."""
    ticket: Named | None
    meeting: Named | None
    """Where it came of; null: it was done by hand."""
    before: AboutOut | None
    after: AboutOut | None
    """Of changes; `before` is null where a ticket was opened."""
    text: str
    """The beginning of a comment."""
    count: int
    """How many suggestions of the meeting wait."""
    evidence: list[Evidence]
    """The words that prove it."""


class Notifications(Page[NotificationOut]):
    """One page of what concerns a person, and how much of all of it is unread."""

    unread: int


def shown(
    news: Sequence[News],
    unread: Collection[UUID],
    tickets: Mapping[UUID, Ticket],
    meetings: Mapping[UUID, str],
    proofs: Mapping[UUID, Sequence[Evidence]],
) -> list[NotificationOut]:
    """News with what they are about: `unread` has the ids of those, `meetings` the titles."""
    found = []
    for one in news:
        ticket = tickets.get(one.ticket_id) if one.ticket_id else None
        title = meetings.get(one.meeting_id) if one.meeting_id else None
        found.append(
            NotificationOut(
                kind=one.kind,
                id=one.id,
                at=one.at,
                unread=one.id in unread,
                actor=one.actor,
                person=one.person,
                accepted=one.accepted,
                ticket=Named(id=ticket.ticket_id, key=ticket.key, title=ticket.fields.title) if ticket else None,
                meeting=Named(id=one.meeting_id, key=None, title=title) if one.meeting_id and title else None,
                before=AboutOut.of(one.before),
                after=AboutOut.of(one.after),
                text=one.text,
                count=one.count,
                evidence=list(proofs.get(one.id, ())),
            )
        )
    return found
