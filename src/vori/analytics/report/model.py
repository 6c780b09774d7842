"""A span of days, and who may be told of it. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from vori.analytics.model import AnalyticsSettings, MeetingRow, SpeakerRow
from vori.analytics.schedule import monday
from vori.analytics.voices import people_in
from vori.errors import Invalid

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Span:
    """Days of the workspace's clock, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Span:
        """As many days, until the day before."""
        return Span(self.first - timedelta(days=self.days), self.first - timedelta(days=1))


def span_of(first: date | None, last: date | None, days: int, today: date) -> Span:
    """The days that are asked for: `days` of them where no first one is told, until today where no last one is.

    Raises `Invalid` for days in the wrong order, too many of them, or ones that haven't begun.
    """
    last = last or today
    first = first or last - timedelta(days=min(days - 1, (last - date.min).days))
    span = Span(first, last)
    if span.days < 1:
        raise Invalid(f"`from` ({first}) is after `to` ({last}).", remedy="Swap them.")
    if span.days > LONGEST_DAYS:
        raise Invalid(f"That are {span.days} days; {LONGEST_DAYS} are the most.", remedy="Ask for fewer.")
    if first > today:
        raise Invalid(f"{first} hasn't begun: today is {today}.", remedy="Let `from` be today at the latest.")
    if first - date.min < timedelta(days=span.days):
        raise Invalid("There are no days before these.", remedy="Let `from` be later.")
    return span


def week_of(day: date) -> Span:
    """The week that a day is in, from its Monday."""
    first = monday(day)
    return Span(first, first + timedelta(days=6))


def day_of(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day begins there."""
    return datetime.combine(day, time(), zone)


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why the team's measures aren't told."""

    people: int
    least: int


def withheld(speakers: Iterable[SpeakerRow], settings: AnalyticsSettings) -> Withheld | None:
    """None: they may be told."""
    people = people_in(speakers)
    if settings.tells(people):
        return None
    return Withheld(people, settings.least_people)


def within(meetings: Iterable[MeetingRow], span: Span) -> list[MeetingRow]:
    """Those of the span, in the order in which they were held."""
    return sorted((row for row in meetings if row.day in span), key=lambda row: (row.started_at, row.key))


def quantile(values: Sequence[float], part: float) -> float | None:
    """By linear interpolation between the two nearest; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
