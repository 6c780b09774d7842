"""How a team's meetings went: figures of a span, day by day, and by hour and weekday. Pure: no I/O.

A figure decomposes into meetings, and each of those into utterances and tickets (`MeetingRow.behind`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean, median
from typing import Literal

from vori.analytics.model import AnalyticsSettings, MeetingRow
from vori.analytics.report.model import within
from vori.analytics.spans import Span, week_of

Name = Literal[
    "score",
    "actionable_part",
    "decision_time_part",
    "participation_part",
    "meetings",
    "length",
    "talk",
    "silence",
    "turns",
    "interruptions",
    "monologues",
    "questions",
    "answered",
    "decisions",
    "decision_time",
    "created",
    "actionable",
    "blockers",
    "carried",
    "late",
    "over",
]
Unit = Literal["points", "ms", "share", "count"]
How = Literal["sum", "mean", "median", "ratio"]
DAILY = 31
"""Up to so many days a series has a point per day, beyond that per week."""


@dataclass(frozen=True, slots=True)
class Measure:
    """How meetings make a figure. `ratio`: the sum of `of`, divided by the sum of `base`."""

    unit: Unit
    how: How
    of: Callable[[MeetingRow], float | None]
    base: Callable[[MeetingRow], float] | None = None
    of_talk: bool = False
    """Of how people talked: meetings in which too few were heard are left out of it."""


MEASURES: Mapping[Name, Measure] = {
    "score": Measure("points", "mean", lambda row: row.score.value, of_talk=True),
    "actionable_part": Measure("points", "mean", lambda row: row.score.actionable.value, of_talk=True),
    "decision_time_part": Measure("points", "mean", lambda row: row.score.decision_time.value, of_talk=True),
    "participation_part": Measure("points", "mean", lambda row: row.score.participation.value, of_talk=True),
    "meetings": Measure("count", "sum", lambda _: 1),
    "length": Measure("ms", "median", lambda row: row.length_ms),
    "talk": Measure("share", "ratio", lambda row: row.talk_ms, lambda row: row.length_ms, of_talk=True),
    "silence": Measure("share", "ratio", lambda row: row.silence_ms, lambda row: row.length_ms, of_talk=True),
    "turns": Measure("count", "sum", lambda row: row.turns, of_talk=True),
    "interruptions": Measure("count", "sum", lambda row: row.interruptions, of_talk=True),
    "monologues": Measure("count", "sum", lambda row: row.monologues, of_talk=True),
    "questions": Measure("count", "sum", lambda row: row.questions, of_talk=True),
    "answered": Measure("share", "ratio", lambda row: row.answered, lambda row: row.questions, of_talk=True),
    "decisions": Measure("count", "sum", lambda row: row.decisions),
    "decision_time": Measure("ms", "mean", lambda row: row.decision_ms),
    "created": Measure("count", "sum", lambda row: row.created),
    "actionable": Measure("count", "sum", lambda row: row.actionable),
    "blockers": Measure("count", "sum", lambda row: row.blockers),
    "carried": Measure("count", "median", lambda row: row.carried),
    "late": Measure("ms", "median", lambda row: row.late_ms),
    "over": Measure("ms", "median", lambda row: row.over_ms),
}


@dataclass(frozen=True, slots=True)
class Share:
    """What a meeting gives to a figure."""

    meeting: MeetingRow
    value: float
    base: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a span, the same of the span before, and the meetings that each is of. None: no meeting tells."""

    name: Name
    measure: Measure
    value: float | None
    before: float | None
    shares: list[Share]
    shares_before: list[Share]


@dataclass(frozen=True, slots=True)
class Point:
    """A day or a week of a series."""

    first: date
    meetings: list[MeetingRow]
    values: dict[Name, float | None]


@dataclass(frozen=True, slots=True)
class Cell:
    """Meetings that begin on a weekday (1 is Monday) in an hour of the workspace's clock."""

    weekday: int
    hour: int
    meetings: list[MeetingRow]
    actionable: float
    """Mean of the actionable tickets that a meeting opened."""
    score: float | None
    """Mean of those that have one."""


def figures(meetings: Sequence[MeetingRow], span: Span, settings: AnalyticsSettings) -> list[Figure]:
    """Each measure of the span, beside that of as many days before."""
    here, there = within(meetings, span), within(meetings, span.before)
    made = []
    for name, measure in MEASURES.items():
        now, then = shares(measure, here, settings), shares(measure, there, settings)
        made.append(Figure(name, measure, worth(measure, now), worth(measure, then), now, then))
    return made


def shares(measure: Measure, meetings: Sequence[MeetingRow], settings: AnalyticsSettings) -> list[Share]:
    """What each meeting gives, as far as it can and may be told of it."""
    told = [row for row in meetings if not measure.of_talk or settings.tells_talk(row.speakers)]
    found = ((row, measure.of(row), measure.base(row) if measure.base else None) for row in told)
    return [Share(row, value, base) for row, value, base in found if value is not None]


def worth(measure: Measure, given: Sequence[Share]) -> float | None:
    """The figure that these make; None of nothing, but for a sum where there is nothing to count."""
    values = [share.value for share in given]
    if measure.how == "ratio":
        base = sum(share.base or 0 for share in given)
        return sum(values) / base if base else None
    if not values:
        return None
    if measure.how == "sum":
        return sum(values)
    return median(values) if measure.how == "median" else fmean(values)


def series(meetings: Sequence[MeetingRow], span: Span, settings: AnalyticsSettings) -> list[Point]:
    """The span in days, or in weeks where it is long; also those without a meeting."""
    step = 1 if span.days <= DAILY else 7
    first = span.first if step == 1 else week_of(span.first).first
    found: defaultdict[date, list[MeetingRow]] = defaultdict(list)
    for row in within(meetings, span):
        found[first + timedelta(days=(row.day - first).days // step * step)].append(row)
    return [
        Point(day, found[day], {name: worth(one, shares(one, found[day], settings)) for name, one in MEASURES.items()})
        for day in (first + timedelta(days=past) for past in range(0, (span.last - first).days + 1, step))
    ]


def pattern(meetings: Sequence[MeetingRow], span: Span, settings: AnalyticsSettings) -> list[Cell]:
    """The hours in which meetings began, by weekday."""
    found: defaultdict[tuple[int, int], list[MeetingRow]] = defaultdict(list)
    for row in within(meetings, span):
        found[row.weekday, row.hour].append(row)
    score = MEASURES["score"]
    return [
        Cell(weekday, hour, rows, fmean(row.actionable for row in rows), worth(score, shares(score, rows, settings)))
        for (weekday, hour), rows in sorted(found.items())
    ]
