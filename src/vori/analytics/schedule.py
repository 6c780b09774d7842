"""When results are due by a workspace's own clock, whatever its clocks are put to. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR = time(3)
"""When a day's results are reckoned: late enough for the day before to be over, before anybody looks."""
MONDAY = 0


def due(now: datetime, zone: str, last: datetime | None, *, weekly: bool = False) -> bool:
    """Whether the last run began before the latest time that there should have been one; None: there was none."""
    return last is None or last < latest(now, zone, weekly=weekly)


def latest(now: datetime, zone: str, *, weekly: bool = False) -> datetime:
    """The latest moment up to `now` that was three o'clock there; with `weekly`, on a Monday.

    Three o'clock that is left out in spring is when it would have been; of two in autumn it is the first.
    """
    place = ZoneInfo(zone)
    day = now.astimezone(place).date() + timedelta(days=1)
    while True:
        moment = datetime.combine(day, HOUR, place).astimezone(UTC)
        if moment <= now and (not weekly or day.weekday() == MONDAY):
            return moment
        day -= timedelta(days=1)


def monday(day: date) -> date:
    """The one of its week."""
    return day - timedelta(days=day.weekday())


def each_day(first: date, last: date) -> Iterator[date]:
    """From the first to the last, both among them."""
    while first <= last:
        yield first
        first += timedelta(days=1)
