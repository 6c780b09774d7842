"""Spans of days by a workspace's clock: what may be asked for, what is before it, and when days begin. Pure: no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from vori.analytics.schedule import monday
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
