"""The dashboard as clients see it: numbers, the same of the period before, and the ids of what is behind each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from pydantic import BaseModel

from vori.dashboard import model
from vori.dashboard.model import OPEN, Happened, Held, Period, Stay
from vori.events import Status
from vori.tickets.course.model import Course


class Days(BaseModel):
    """A span of days, both included."""

    first: date
    last: date


class MeetingCount(BaseModel):
    """A number that meetings are behind."""

    value: int
    before: int


class TicketEvent(BaseModel):
    """Something that happened to a ticket."""

    ticket_id: UUID
    at: datetime
    from_status: Status | None
    to_status: Status | None
    meeting_id: UUID | None
    """The meeting that led to it; null: a person did it by hand."""


class TicketCount(BaseModel):
    """A number that things which happened to tickets are behind."""

    value: int
    before: int
    by_hand: int
    most_in: UUID | None
    """The meeting that most of it came of."""
    most_title: str | None
    """Null also where that meeting was in neither period."""
    most: int
    events: list[TicketEvent]


class Voice(BaseModel):
    """How much somebody spoke in a meeting; `name` is null for a voice that nobody put a name to."""

    name: str | None
    talk_ms: int
    percent: int


class MeetingRef(BaseModel):
    """A meeting of the period, the newest first."""

    meeting_id: UUID
    title: str
    started_at: datetime
    recorded_ms: int
    talk: list[Voice]
    """As its minutes tell; empty before they are written."""


class TicketRef(BaseModel):
    """A ticket that is behind a number, as it is now."""

    ticket_id: UUID
    key: str
    title: str
    status: Status
    assignee: str | None


class Lasting(BaseModel):
    """A ticket, and how long something of it lasted."""

    ticket_id: UUID
    status: Status
    ms: int

    @classmethod
    def of(cls, stay: Stay) -> Lasting:
        return cls(ticket_id=stay.ticket_id, status=stay.status, ms=_ms(stay.lasted))


class Waiting(BaseModel):
    """How long tickets had a status that they left in the period."""

    status: Status
    median_ms: int | None
    """Null: none left it."""
    before_ms: int | None
    tickets: list[Lasting]


class Age(BaseModel):
    """Open tickets that have had their status for so many whole days; `to_days` is null for "or more"."""

    from_days: int
    to_days: int | None
    tickets: list[Lasting]


class Ageing(BaseModel):
    """Open tickets by how long they have had their status, at the period's end."""

    old_days: int
    """From here on they are called old."""
    old: int
    before: int
    """Of the tickets open when the period began, those that were old then."""
    ages: list[Age]


class CarriedOver(BaseModel):
    """Tickets that were open when the period began and still were at its end, with the time since they were opened."""

    value: int
    before: int
    tickets: list[Lasting]


class Dashboard(BaseModel):
    """A span of days in numbers, each beside that of the same number of days before."""

    period: Days
    previous: Days
    time_zone: str | None
    """In which days begin and end; null: the server's own."""
    rehearsals: int
    """Left out."""
    meetings: MeetingCount
    recorded_ms: MeetingCount
    opened: TicketCount
    moved: TicketCount
    done: TicketCount
    talk_top: int | None
    """The share of whoever spoke most, in percent, on average; null: no meeting's minutes tell of several people."""
    talk_top_before: int | None
    waiting: list[Waiting]
    ageing: Ageing
    carried_over: CarriedOver
    held: list[MeetingRef]
    tickets: list[TicketRef]


def dashboard(
    now: Period,
    before: Period,
    meetings: Sequence[Held],
    courses: Sequence[Course],
    rehearsals: Collection[UUID],
    *,
    time_zone: str | None,
) -> Dashboard:
    courses = model.real(courses, rehearsals)
    here, there = model.held(meetings, now), model.held(meetings, before)
    titles = {meeting.meeting_id: meeting.title for meeting in meetings}
    count = partial(_count, titles)
    shown = Dashboard(
        period=Days(first=now.first, last=now.last),
        previous=Days(first=before.first, last=before.last),
        time_zone=time_zone,
        rehearsals=sum(meeting.rehearsal and now.has(meeting.started_at) for meeting in meetings),
        meetings=MeetingCount(value=len(here), before=len(there)),
        recorded_ms=MeetingCount(value=_recorded(here), before=_recorded(there)),
        opened=count(model.opened(courses, now), model.opened(courses, before)),
        moved=count(model.moved(courses, now, rehearsals), model.moved(courses, before, rehearsals)),
        done=count(model.finished(courses, now, rehearsals), model.finished(courses, before, rehearsals)),
        talk_top=model.talk_top(here),
        talk_top_before=model.talk_top(there),
        waiting=[
            _waiting(
                model.stays(courses, now, status, rehearsals), model.stays(courses, before, status, rehearsals), status
            )
            for status in OPEN
        ],
        ageing=_ageing(courses, now),
        carried_over=_carried_over(courses, now, before),
        held=[_meeting(meeting) for meeting in reversed(here)],
        tickets=[],
    )
    shown.tickets = _behind(shown, courses)
    return shown


def _count(titles: Mapping[UUID, str], now: Sequence[Happened], before: Sequence[Happened]) -> TicketCount:
    most = model.most(now)
    return TicketCount(
        value=len(now),
        before=len(before),
        by_hand=sum(one.step.by_hand for one in now),
        most_in=most[0] if most else None,
        most_title=titles.get(most[0]) if most else None,
        most=most[1] if most else 0,
        events=[
            TicketEvent(
                ticket_id=one.ticket_id,
                at=one.step.at,
                from_status=one.step.from_status,
                to_status=one.step.to_status,
                meeting_id=None if one.step.by_hand else one.step.meeting_id,
            )
            for one in sorted(now, key=lambda one: one.step.at, reverse=True)
        ],
    )


def _waiting(stays: Sequence[Stay], stays_before: Sequence[Stay], status: Status) -> Waiting:
    lasted, lasted_before = model.middle(stays), model.middle(stays_before)
    return Waiting(
        status=status,
        median_ms=None if lasted is None else _ms(lasted),
        before_ms=None if lasted_before is None else _ms(lasted_before),
        tickets=[Lasting.of(stay) for stay in stays],
    )


def _ageing(courses: Sequence[Course], now: Period) -> Ageing:
    stays = model.still_open(courses, now.until)
    return Ageing(
        old_days=model.OLD.days,
        old=sum(stay.lasted >= model.OLD for stay in stays),
        before=sum(stay.lasted >= model.OLD for stay in model.still_open(courses, now.since)),
        ages=[
            Age(from_days=low, to_days=high, tickets=[Lasting.of(stay) for stay in found])
            for (low, high), found in model.by_age(stays).items()
        ],
    )


def _carried_over(courses: Sequence[Course], now: Period, before: Period) -> CarriedOver:
    stays = model.carried_over(courses, now)
    return CarriedOver(
        value=len(stays),
        before=len(model.carried_over(courses, before)),
        tickets=[Lasting.of(stay) for stay in stays],
    )


def _meeting(meeting: Held) -> MeetingRef:
    return MeetingRef(
        meeting_id=meeting.meeting_id,
        title=meeting.title,
        started_at=meeting.started_at,
        recorded_ms=meeting.recorded_ms,
        talk=[Voice(name=who.name, talk_ms=who.talk_ms, percent=who.percent) for who in meeting.talk],
    )


def _behind(shown: Dashboard, courses: Sequence[Course]) -> list[TicketRef]:
    lasting = [
        *(one for waiting in shown.waiting for one in waiting.tickets),
        *(one for age in shown.ageing.ages for one in age.tickets),
        *shown.carried_over.tickets,
    ]
    events = [*shown.opened.events, *shown.moved.events, *shown.done.events]
    named = {one.ticket_id for one in lasting} | {event.ticket_id for event in events}
    return [TicketRef.model_validate(c, from_attributes=True) for c in courses if c.ticket_id in named]


def _recorded(meetings: Sequence[Held]) -> int:
    return sum(meeting.recorded_ms for meeting in meetings)


def _ms(lasted: timedelta) -> int:
    return round(lasted.total_seconds() * 1000)
