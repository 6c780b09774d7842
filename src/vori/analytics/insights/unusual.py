"""What is far from usual: a meeting in its series, a week in its team, by robust statistics."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import numpy as np

from vori.analytics.insights.estimate import SURE, WHOLE, Array, Estimate
from vori.analytics.insights.meetings import MOST_BEHIND, Held
from vori.analytics.insights.said_of_unusual import meeting_words, week_words
from vori.analytics.model import AnomalyRow, MeetingRow
from vori.analytics.schedule import monday

NORMAL = 1.4826
"""The median absolute deviation of a normal distribution times this is its standard deviation."""
KNOWN_BY = 0.367
"""Degrees of freedom that the median absolute deviation is worth, per value."""
MEDIAN_COSTS = math.pi / 2
"""Variance of a median beside that of a mean."""
LEAST_HISTORY, LEAST_WEEKS, LEAST_IN_WEEK, LEAST_OF_SERIES = 8, 6, 3, 4
LEAST_SPREAD = {"length": 0.05, "talk": 0.01}
"""Lengths are never taken to scatter less than 5 %, shares of talk than a hundredth, however equal most are."""
MEASURES: dict[str, Callable[[Held], Array]] = {
    "length": lambda held: np.log(np.maximum(held.column("length_ms"), 1.0)),
    "decisions": lambda held: held.column("decisions"),
    "created": lambda held: held.column("created"),
    "talk": lambda held: held.column("talk_ms") / np.maximum(held.column("length_ms"), 1.0),
}
"""Of meetings. Lengths are compared by their logarithms, with those of the same series."""
COUNTS = ("decisions", "created")
WEEK, MEETING = "unusual week", "unusual meeting"


@dataclass(frozen=True, slots=True)
class Far:
    """Something that may be far from usual, and the row that says so if it is."""

    question: str
    estimate: Estimate
    row: Callable[[], AnomalyRow]


def look(held: Held, day: date) -> Iterator[Far]:
    """Every meeting of a series with a history, and every whole week of a team, by every measure.

    Neither is of series that are two persons' own, nor the former of those in which too few ever spoke together.
    """
    large = held.is_large(held.people)
    for place in np.flatnonzero(large).tolist():
        yield from _meetings(held.only(held.series == place))
    for place in range(len(held.teams)):
        yield from _weeks(held.only((held.team == place) & held.is_public()), day)


def spread(values: Array, measure: str) -> float:
    """1.4826 times the median absolute deviation; of counts never less than chance gives, as they are few.

    Of lengths (their logarithms) and shares it is never less than `LEAST_SPREAD` has.
    """
    away = np.abs(values - np.median(values))
    found = NORMAL * float(np.median(away)) or 1.2533 * float(away.mean())
    return max(found, LEAST_SPREAD.get(measure) or math.sqrt(max(1.0, float(values.mean()))))


def _estimate(away: float, error: float, df: float, others: int) -> Estimate:
    """How far from the median of others something is; `df` are those that its own error is known with."""
    return Estimate(away, error * math.sqrt(1 + MEDIAN_COSTS / others), max(3.0, df), False)


def _meetings(series: Held) -> Iterator[Far]:
    count = len(series.rows) - 1
    if count < LEAST_HISTORY:
        return
    for measure, of in MEASURES.items():
        values = of(series)
        usual, error = float(np.median(values)), spread(values, measure)
        for row, value in zip(series.rows, values.tolist(), strict=True):
            estimate = _estimate(value - usual, error, KNOWN_BY * count, count)
            yield Far(MEETING, estimate, partial(_meeting_row, row, measure, (value, usual, error), count))


def _meeting_row(row: MeetingRow, measure: str, numbers: tuple[float, float, float], count: int) -> AnomalyRow:
    value, usual, error = _shown(measure, *numbers)
    words = meeting_words(measure, (row.title, row.day), value, usual, count)
    return AnomalyRow(
        workspace_id=row.workspace_id,
        key=f"{measure}/{row.meeting_id}",
        day=row.day,
        measure=measure,
        scope="meeting",
        meeting_id=row.meeting_id,
        series=row.title,
        value=value,
        usual=usual,
        spread=error,
        score=(numbers[0] - numbers[1]) / numbers[2],
        n=count,
        sentence_ko=words.ko,
        sentence_en=words.en,
        meetings=[row.meeting_id],
    )


def _shown(measure: str, value: float, usual: float, error: float) -> tuple[float, float, float]:
    """Value, usual and spread in the measure's unit."""
    if measure != "length":
        return value, usual, error
    return math.exp(value), math.exp(usual), math.exp(usual) * error


def _weeks(team: Held, day: date) -> Iterator[Far]:
    mondays = np.array([monday(row.day) for row in team.rows], dtype=object)
    whole = np.array([one + timedelta(days=6) <= day for one in mondays], dtype=bool)
    regular = np.bincount(team.series)[team.series] >= LEAST_OF_SERIES
    for measure, of in MEASURES.items():
        chosen = whole & regular if measure == "length" else whole
        weeks_of = _counts if measure in COUNTS else _means
        if chosen.any():
            yield from weeks_of(team.only(chosen), mondays[chosen], measure, of)
    if whole.any():
        yield from _numbers(team.only(whole), mondays[whole])


def _means(team: Held, mondays: Array, measure: str, of: Callable[[Held], Array]) -> Iterator[Far]:
    """Weeks by the mean of a measure of their meetings."""
    values = of(team)
    usual_of = np.zeros(len(values))
    if measure == "length":
        usual_of = np.array([np.median(values[team.series == place]) for place in range(len(team.titles))])[team.series]
    left = values - usual_of
    weeks = [week for week in sorted(set(mondays)) if (mondays == week).sum() >= LEAST_IN_WEEK]
    error = spread(left, measure)
    if len(weeks) - 1 < LEAST_WEEKS:
        return
    means = np.array([left[mondays == week].mean() for week in weeks])
    sizes = np.array([(mondays == week).sum() for week in weeks])
    usual = float(np.median(means))
    scaled = (means - usual) * np.sqrt(sizes) / error
    more = max(1.0, NORMAL * float(np.median(np.abs(scaled))))
    for week, mean, size in zip(weeks, means.tolist(), sizes.tolist(), strict=True):
        here = mondays == week
        own = error * more / math.sqrt(size)
        level = float(usual_of[here].mean())
        told, normal, scale = _shown(measure, level + mean, level + usual, own)
        estimate = _estimate(mean - usual, own, KNOWN_BY * len(values), len(weeks) - 1)
        yield Far(WEEK, estimate, partial(_week_row, team, here, measure, (told, normal, scale), (mean - usual) / own))


def _counts(team: Held, mondays: Array, measure: str, of: Callable[[Held], Array]) -> Iterator[Far]:
    """Weeks by how many there are, beside what the week's series bring in other weeks.

    Their scatter is that of a series' meetings, and more when weeks differ more than chance makes them.
    """
    values, weeks = of(team), sorted(set(mondays))
    place = np.searchsorted(weeks, mondays)
    sizes, sums = np.bincount(place), np.bincount(place, values)
    enough = np.flatnonzero(sizes >= LEAST_IN_WEEK)
    if len(enough) - 1 < LEAST_WEEKS:
        return
    for one in enough.tolist():
        mean, scatter, df = _usual_counts(values, team.series, place != one)
        awaited = np.bincount(place, mean).astype(float)
        others = enough[(enough != one) & (awaited[enough] > 0)]
        if len(others) < LEAST_WEEKS or awaited[one] <= 0:
            continue
        awaited *= float(np.median(sums[others] / awaited[others]))
        away = _away(sums, awaited)
        free = len(others) - 1
        more = float((away[others] ** 2).sum()) / scatter / free
        error = math.sqrt(scatter * (more if more > 1 + SURE * math.sqrt(2 / free) else 1.0))
        estimate = _estimate(away[one], error, df, len(others))
        numbers = sums[one] / sizes[one], awaited[one] / sizes[one], error * math.sqrt(awaited[one]) / sizes[one]
        yield Far(WEEK, estimate, partial(_week_row, team, place == one, measure, numbers, away[one] / error))


def _away(counts: Array, awaited: Array) -> Array:
    """How far counts are from those awaited, in what chance makes them scatter.

    More of them is told by roots (Anscombe 1948), fewer as it is: far from usual either gives the larger chance, since
    counts have more far above than a normal distribution has, and fewer far below.
    """
    roots = 2 * (np.sqrt(counts + 3 / 8) - np.sqrt(awaited + 3 / 8))
    return np.asarray(np.where(counts > awaited, roots, (counts - awaited) / np.sqrt(np.maximum(awaited, 1e-9))))


def _usual_counts(values: Array, series: Array, known: Array) -> tuple[Array, float, float]:
    """What each meeting would bring by the known ones of its series, their variance beside their mean, and how surely
    that is known, in degrees of freedom. A series that isn't known brings what all do."""
    size, total = np.bincount(series, known), np.bincount(series, known * values)
    overall = float(values[known].mean())
    mean = np.where(size > 0, total / np.maximum(size, 1), overall)[series]
    free = max(1, int(known.sum() - (size > 0).sum()))
    variance = float(((values - mean)[known] ** 2).sum()) / free
    scatter = max(variance, min(overall, WHOLE**2)) / overall if overall > 0 else 1.0
    return mean, scatter, free / (1 + 1 / (2 * overall)) if overall > 0 else 1.0


def _numbers(team: Held, mondays: Array) -> Iterator[Far]:
    """Weeks by how many meetings there are on a day with any, so that holidays don't count."""
    weeks = sorted(set(mondays))
    if len(weeks) - 1 < LEAST_WEEKS:
        return
    days = [len({team.rows[place].day for place in np.flatnonzero(mondays == week)}) for week in weeks]
    rates = np.array([(mondays == week).sum() / many for week, many in zip(weeks, days, strict=True)])
    usual = float(np.median(rates))
    for week, rate, many in zip(weeks, rates.tolist(), days, strict=True):
        error = max(NORMAL * float(np.median(np.abs(rates - usual))), 0.5 * math.sqrt(max(1.0, usual) / many))
        estimate = _estimate(rate - usual, error, KNOWN_BY * len(weeks), len(weeks) - 1)
        yield Far(
            WEEK,
            estimate,
            partial(_week_row, team, mondays == week, "meetings", (rate, usual, error), (rate - usual) / error),
        )


def _week_row(team: Held, here: Array, measure: str, numbers: tuple[float, float, float], score: float) -> AnomalyRow:
    value, usual, error = numbers
    first = team.rows[int(np.flatnonzero(here)[0])]
    week = monday(first.day)
    others = len({monday(row.day) for row in team.rows}) - 1
    words = week_words(measure, week, value, usual, others)
    return AnomalyRow(
        workspace_id=first.workspace_id,
        key=f"{measure}/{week.isoformat()}",
        day=week,
        measure=measure,
        scope="week",
        meeting_id=None,
        series=None,
        value=value,
        usual=usual,
        spread=error,
        score=score,
        n=others,
        sentence_ko=words.ko,
        sentence_en=words.en,
        meetings=list(team.behind(here)[:MOST_BEHIND]),
    )
