"""Days counted from another day, and the shape of a rule that finds one in speech."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """How a day was named."""

    TODAY = "today"
    SOON = "soon"
    """After this meeting, before leaving, in ten minutes: today without saying so."""
    DAYPART = "daypart"
    """This afternoon, in the morning."""
    HOUR = "hour"
    """By five, with no day beside it: today."""
    TOMORROW = "tomorrow"
    IN_DAYS = "in_days"
    """A number of days or weeks from today."""
    WEEKDAY = "weekday"
    WEEKDAY_OF_WEEK = "weekday_of_week"
    """A weekday of a week that is named too."""
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    WEEKEND = "weekend"
    DAY_OF_MONTH = "day_of_month"
    MONTH_DAY = "month_day"
    MONTH_END = "month_end"
    BESIDE = "beside"
    """The day before or after another that was named before."""
    SAME = "same"
    """That same day."""
    YESTERDAY = "yesterday"


class Rule(NamedTuple):
    """A pattern and the day it means, counted from the meeting's day or, beside another day, from that."""

    kind: Kind
    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], date], date | None]


def rule(kind: Kind, pattern: str, resolve: Callable[[re.Match[str], date], date | None] | int) -> Rule:
    """`resolve` as a number: so many days on."""
    if isinstance(resolve, int):
        days = resolve
        return Rule(kind, re.compile(pattern, re.I), lambda _, day: day + timedelta(days))
    return Rule(kind, re.compile(pattern, re.I), resolve)


def week_end(day: date, weeks: int = 0) -> date:
    """Friday of this week (or of a later one); at the weekend, the Friday to come."""
    return day + timedelta(days=(4 - day.weekday()) % 7 if weeks == 0 else 4 - day.weekday() + 7 * weeks)


def month_end(day: date, months: int = 0) -> date:
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def end_of(day: date, month: int) -> date:
    """The last day of the month that is called so, this year's or the next."""
    return month_end(day, (month - day.month) % 12)


def coming(day: date, weekday: int) -> date:
    """The coming one; the same weekday as today means a week on."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)


def going(day: date, weekday: int) -> date:
    """The last one before the day."""
    return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)


def of_week(day: date, weekday: int, weeks: int) -> date:
    return day + timedelta(days=weekday - day.weekday() + 7 * weeks)


def month_day(day: date, month: int, number: int) -> date | None:
    for year in (day.year, day.year + 1):
        try:
            found = date(year, month, number)
        except ValueError:
            return None
        if found >= day - timedelta(days=31):
            return found
    return None


def day_of_month(day: date, number: int, weekday: int | None = None) -> date | None:
    """The coming day of this number, which is this weekday where one is given."""
    for months in range(3):
        last = month_end(day, months)
        if 1 <= number <= last.day:
            found = last.replace(day=number)
            if found >= day and weekday in {None, found.weekday()}:
                return found
    return None


def day_of(day: date, number: int, months: int) -> date | None:
    """A numbered day of the month that is so many months on."""
    last = month_end(day, months)
    return last.replace(day=number) if 1 <= number <= last.day else None
