"""What happened in a span of days, and in the span of the same length before it. Pure: no I/O.

Undone changes never happened. Rehearsals are left out, with the tickets that they opened.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import median
from uuid import UUID

from vori.analytics.spans import Span, midnight
from vori.events import Status
from vori.minutes.model import Participant
from vori.tickets.course.model import Course, Spell, Step

OLD = timedelta(days=14)
"""Open work that has had one status for so long is called old."""
AGES = ((0, 2), (3, 6), (7, 13), (14, 29), (30, None))
"""From and to, in whole days, both included."""
OPEN = (Status.TODO, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included, and the moments at which they begin and end."""

    first: date
    last: date
    since: datetime
    until: datetime

    def has(self, moment: datetime) -> bool:
        return self.since <= moment < self.until


def periods(span: Span, now: datetime, zone: tzinfo) -> tuple[Period, Period]:
    """The span, which ends now at the latest, and the one before it."""
    before = span.before
    begins, ends = midnight(span.first, zone), min(now, midnight(span.last + timedelta(days=1), zone))
    return (
        Period(span.first, span.last, begins, ends),
        Period(before.first, before.last, midnight(before.first, zone), begins),
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting, as far as the numbers go."""

    meeting_id: UUID
    title: str
    started_at: datetime
    rehearsal: bool
    recorded_ms: int
    """Of sound; of several microphones the one that has most."""
    talk: tuple[Participant, ...] = ()
    """Who spoke, as its minutes tell; empty: it has none yet, or nobody spoke."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to a ticket."""

    ticket_id: UUID
    step: Step


@dataclass(frozen=True, slots=True)
class Stay:
    """A ticket, and how long it has had (or had) a status."""

    ticket_id: UUID
    status: Status
    lasted: timedelta


def held(meetings: Iterable[Held], period: Period) -> list[Held]:
    return [meeting for meeting in meetings if period.has(meeting.started_at) and not meeting.rehearsal]


def real(courses: Iterable[Course], rehearsals: Collection[UUID]) -> list[Course]:
    """Without the tickets that a rehearsal opened."""
    return [course for course in courses if course.opened.meeting_id not in rehearsals]


def opened(courses: Iterable[Course], period: Period) -> list[Happened]:
    return [Happened(course.ticket_id, course.opened) for course in courses if period.has(course.opened.at)]


def moved(courses: Iterable[Course], period: Period, rehearsals: Collection[UUID]) -> list[Happened]:
    """Every move from one status to another, but for those that a rehearsal caused."""
    return [
        Happened(course.ticket_id, step)
        for course in courses
        for step in course.moves
        if period.has(step.at) and step.meeting_id not in rehearsals
    ]


def finished(courses: Iterable[Course], period: Period, rehearsals: Collection[UUID]) -> list[Happened]:
    """Tickets that became done in the period and were so at its end, each once; not those that a rehearsal finished."""
    found = []
    for course in courses:
        last = [step for step in (course.opened, *course.moves) if step.at < period.until][-1:]
        found += [Happened(course.ticket_id, step) for step in last if _done(step, rehearsals) and period.has(step.at)]
    return found


def most(happened: Iterable[Happened]) -> tuple[UUID, int] | None:
    """The meeting that most of it came of, and how much; None when none did."""
    steps = [one.step for one in happened if not one.step.by_hand]
    counts = Counter(step.meeting_id for step in steps if step.meeting_id)
    return next(iter(counts.most_common(1)), None)


def stays(courses: Iterable[Course], period: Period, status: Status, rehearsals: Collection[UUID]) -> list[Stay]:
    """How long tickets had a status that they left in the period, the longest first; none that a rehearsal ended."""
    left = (
        Stay(course.ticket_id, status, spell.left.at - spell.since)
        for course in courses
        for spell in course.spells()
        if spell.status is status and spell.left and period.has(spell.left.at)
        if spell.left.meeting_id not in rehearsals
    )
    return sorted(left, key=lambda stay: -stay.lasted)


def middle(times: Sequence[Stay]) -> timedelta | None:
    """The median; None of nothing."""
    return timedelta(seconds=median(stay.lasted.total_seconds() for stay in times)) if times else None


def still_open(courses: Iterable[Course], at: datetime) -> list[Stay]:
    """Tickets that were open then, and how long each had had its status, the longest first."""
    found = [Stay(course.ticket_id, s.status, at - s.since) for course in courses if (s := _open_at(course, at))]
    return sorted(found, key=lambda stay: -stay.lasted)


def carried_over(courses: Iterable[Course], period: Period) -> list[Stay]:
    """Tickets that were open when the period began and at its end, and how long they had been there by then, the
    longest first.
    """
    found = [
        Stay(course.ticket_id, spell.status, period.until - course.opened.at)
        for course in courses
        if _open_at(course, period.since) and (spell := _open_at(course, period.until))
    ]
    return sorted(found, key=lambda stay: -stay.lasted)


def talk_top(meetings: Iterable[Held]) -> int | None:
    """Of the one who spoke most: their share of the talk in percent, on average over the meetings in which several
    could have spoken; None when there are none such.
    """
    tops = [max(person.percent for person in meeting.talk) for meeting in meetings if len(meeting.talk) > 1]
    return round(sum(tops) / len(tops)) if tops else None


def by_age(times: Iterable[Stay]) -> Mapping[tuple[int, int | None], list[Stay]]:
    """The same, sorted into `AGES`."""
    ages: dict[tuple[int, int | None], list[Stay]] = {age: [] for age in AGES}
    for stay in times:
        days = stay.lasted.days
        ages[next(age for age in AGES if age[1] is None or days <= age[1])].append(stay)
    return ages


def _open_at(course: Course, moment: datetime) -> Spell | None:
    spell = course.spell_at(moment)
    return spell if spell and spell.status in OPEN else None


def _done(step: Step, rehearsals: Collection[UUID]) -> bool:
    return step.to_status is Status.DONE and step.meeting_id not in rehearsals
