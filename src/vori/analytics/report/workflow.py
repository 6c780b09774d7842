"""How work flows: what tickets do with their time, from the stays of their lives. Pure: no I/O.

A stay belongs to the span in which it ended, a finished ticket to the one in which it was done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from statistics import fmean, median
from uuid import UUID

from vori.analytics.model import StayRow, TicketRow
from vori.analytics.report.model import quantile
from vori.analytics.spans import Span, day_of, midnight, week_of
from vori.events import Status

SLOW = 0.85
"""The quantile that "as long as almost all" means: of cycle times, and of stays when work is called old."""
LEAST_STAYS = 5
"""Of fewer that ended nothing is usual, so that no open work is called old by them."""


@dataclass(frozen=True, slots=True)
class Lasted:
    """A ticket, and how long something of it took."""

    ticket_id: UUID
    ms: int


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, of the tickets of which that can be told, the longest first."""

    lasted: list[Lasted]

    @property
    def mean_ms(self) -> float | None:
        return fmean(one.ms for one in self.lasted) if self.lasted else None

    @property
    def median_ms(self) -> float | None:
        return median(one.ms for one in self.lasted) if self.lasted else None

    @property
    def slow_ms(self) -> float | None:
        return quantile([one.ms for one in self.lasted], SLOW)


@dataclass(frozen=True, slots=True)
class Place:
    """Where work was for a while: in a status, of a label or of any, or held up for a reason."""

    status: Status
    label: str | None
    reason: str | None
    now: Times
    before: Times


@dataclass(frozen=True, slots=True)
class Move:
    """Tickets that went from one status to another, as often as they did."""

    from_status: Status
    to_status: Status
    tickets: list[UUID]
    before: int


@dataclass(frozen=True, slots=True)
class Ageing:
    """A ticket that was open when the span ended, and how long it had had its status then."""

    ticket_id: UUID
    status: Status
    ms: int
    slow: bool
    """Longer than 85 % of the stays in that status that ended in the span."""


@dataclass(frozen=True, slots=True)
class Work:
    """Stays and lives, looked at by the workspace's clock."""

    stays: Sequence[StayRow]
    tickets: Sequence[TicketRow]
    zone: tzinfo
    now: datetime

    def until(self, span: Span) -> datetime:
        """When a span is over; one that isn't ends now."""
        return min(self.now, midnight(span.last + timedelta(days=1), self.zone))

    def left(self, span: Span) -> Iterator[StayRow]:
        """The stays that ended in a span; what ended with the ticket gone has no next status."""
        for stay in self.stays:
            if stay.until and stay.next_status and day_of(stay.until, self.zone) in span:
                yield stay

    def done(self, span: Span) -> list[TicketRow]:
        """Tickets that were done in a span and are still."""
        found = [row for row in self.tickets if row.done_at and day_of(row.done_at, self.zone) in span]
        return sorted(found, key=lambda row: (row.done_at or self.now, row.key))

    def open_at(self, moment: datetime) -> dict[UUID, StayRow]:
        """The stays of tickets that were open then."""
        return {
            stay.ticket_id: stay
            for stay in self.stays
            if stay.status is not Status.DONE and stay.since < moment and (stay.until is None or stay.until >= moment)
        }


def lasted(stay: StayRow) -> int:
    assert stay.until is not None
    return round((stay.until - stay.since).total_seconds() * 1000)


def times(found: Iterable[Lasted]) -> Times:
    return Times(sorted(found, key=lambda one: (-one.ms, one.ticket_id)))


Split = Callable[[StayRow], Iterable[tuple[Status, str | None, str | None, int]]]


def by_status(stay: StayRow) -> Iterator[tuple[Status, str | None, str | None, int]]:
    yield stay.status, None, None, lasted(stay)


def by_label(stay: StayRow) -> Iterator[tuple[Status, str | None, str | None, int]]:
    for label in dict.fromkeys(stay.labels):
        yield stay.status, label, None, lasted(stay)


def by_reason(stay: StayRow) -> Iterator[tuple[Status, str | None, str | None, int]]:
    for reason, ms in stay.blocked.items():
        yield stay.status, None, reason, ms


def places(work: Work, span: Span, split: Split) -> list[Place]:
    """How long open tickets were where, those that took most of all time first."""
    now, before = _sorted_out(work.left(span), split), _sorted_out(work.left(span.before), split)
    made = [Place(*place, times(found), times(before.get(place, ()))) for place, found in now.items()]
    return sorted(made, key=lambda one: (-sum(each.ms for each in one.now.lasted), one.label or one.reason or ""))


def _sorted_out(stays: Iterable[StayRow], split: Split) -> Mapping[tuple[Status, str | None, str | None], list[Lasted]]:
    found: defaultdict[tuple[Status, str | None, str | None], list[Lasted]] = defaultdict(list)
    for stay in stays:
        if stay.status is Status.DONE:
            continue
        for status, label, reason, ms in split(stay):
            found[status, label, reason].append(Lasted(stay.ticket_id, ms))
    return found


def moves(work: Work, span: Span) -> list[Move]:
    """What became what, the most frequent first."""
    found: defaultdict[tuple[Status, Status], list[UUID]] = defaultdict(list)
    for stay in work.left(span):
        if stay.next_status:
            found[stay.status, stay.next_status].append(stay.ticket_id)
    before = Counter((stay.status, stay.next_status) for stay in work.left(span.before))
    made = [Move(old, new, tickets, before[old, new]) for (old, new), tickets in found.items()]
    return sorted(made, key=lambda one: (-len(one.tickets), one.from_status, one.to_status))


def throughput(work: Work, span: Span) -> list[tuple[date, list[UUID]]]:
    """The tickets done in each week, by its Monday; a week that the span has a part of tells of that part."""
    found: defaultdict[date, list[UUID]] = defaultdict(list)
    for row in work.done(span):
        if row.done_at:
            found[week_of(day_of(row.done_at, work.zone)).first].append(row.ticket_id)
    monday, weeks = week_of(span.first).first, []
    while monday <= span.last:
        weeks.append((monday, found[monday]))
        monday += timedelta(days=7)
    return weeks


def cycle(work: Work, span: Span) -> Times:
    """From first being in progress to done, of the tickets done in the span."""
    return times(Lasted(row.ticket_id, row.cycle_ms) for row in work.done(span) if row.cycle_ms is not None)


def ageing(work: Work, span: Span) -> list[Ageing]:
    """Open work when the span ended, the oldest first."""
    end = work.until(span)
    ended: defaultdict[Status, list[int]] = defaultdict(list)
    for stay in work.left(span):
        ended[stay.status].append(lasted(stay))
    usual = {status: quantile(found, SLOW) for status, found in ended.items() if len(found) >= LEAST_STAYS}
    made = []
    for stay in work.open_at(end).values():
        ms, limit = round((end - stay.since).total_seconds() * 1000), usual.get(stay.status)
        made.append(Ageing(stay.ticket_id, stay.status, ms, limit is not None and ms > limit))
    return sorted(made, key=lambda one: (-one.ms, one.ticket_id))


def reopened(work: Work, span: Span) -> tuple[list[UUID], list[UUID]]:
    """The tickets that were opened again in the span, and those that became done in it, each as often as it was."""
    again = [stay.ticket_id for stay in work.left(span) if stay.status is Status.DONE]
    done = [
        stay.ticket_id
        for stay in work.stays
        if stay.status is Status.DONE and day_of(stay.since, work.zone) in span and stay.since <= work.now
    ]
    return again, done


def carried(work: Work, span: Span) -> list[UUID]:
    """Tickets that were open when the span began and when it ended."""
    return sorted(work.open_at(midnight(span.first, work.zone)).keys() & work.open_at(work.until(span)).keys())
