"""What is talked about: the terms of a span's weeks, and topics, each with where it is going. Pure: no I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from vori.analytics.model import KeywordRow, TopicRow, TrendRow
from vori.analytics.schedule import monday
from vori.analytics.spans import Span
from vori.events import Language

Direction = Literal["rising", "falling"]
FEW = 5
"""Utterances that are shown as proof that something was said."""
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Weeks:
    """By their Mondays: the weeks that a span is told by, and as many before these."""

    now: list[date]
    before: list[date]
    whole: bool
    """False: the last isn't over, so that how often something was said can't be compared."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term in the weeks of a span, and in as many before; None: these are no measure for it."""

    term: str
    language: Language
    weight: float
    """Its TF-IDF, summed over the weeks."""
    count: int
    before: int | None
    utterances: list[UUID]
    trend: TrendRow | None


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, and how much of the span's talk it was."""

    row: TopicRow
    count: int
    total: int
    """All stretches of talk in its language."""
    before: int
    total_before: int
    trend: TrendRow | None


def direction(trend: TrendRow | None) -> Direction | None:
    """None: what it does isn't beyond chance."""
    if trend is None or trend.low <= 0 <= trend.high:
        return None
    return "rising" if trend.slope > 0 else "falling"


def weeks_of(span: Span, today: date, told: Collection[date]) -> Weeks:
    """The weeks that ended in the span; where none of these is `told` of, the one that its end is in, as it stands."""
    first = monday(span.first)
    ended = (min(span.last + DAY, today) - first) // WEEK
    now = [first + nth * WEEK for nth in range(ended)]
    if not set(now) & set(told):
        now = [monday(min(span.last, today))]
    before = [now[0] - nth * WEEK for nth in range(len(now), 0, -1)]
    return Weeks(now, before, whole=now[-1] + WEEK <= today)


def terms(keywords: Sequence[KeywordRow], trends: Sequence[TrendRow], span: Span, today: date) -> list[Term]:
    """Of the span's weeks, the most telling first."""
    by_week = [row for row in keywords if row.scope == "week"]
    weeks = weeks_of(span, today, {row.day for row in by_week})
    found: defaultdict[tuple[Language, str], list[KeywordRow]] = defaultdict(list)
    before: defaultdict[tuple[Language, str], int] = defaultdict(int)
    for row in by_week:
        if row.day in weeks.now:
            found[row.language, row.term].append(row)
        elif row.day in weeks.before:
            before[row.language, row.term] += row.count
    going = {(row.language, row.name): row for row in trends if row.of == "term"}
    made = [
        Term(
            term,
            language,
            sum(row.weight for row in rows),
            sum(row.count for row in rows),
            before[language, term] if weeks.whole else None,
            list(dict.fromkeys(said for row in rows for said in row.utterances))[:FEW],
            going.get((language, term)),
        )
        for (language, term), rows in found.items()
    ]
    return sorted(made, key=lambda one: (-one.weight, one.language, one.term))


def topics(rows: Sequence[TopicRow], trends: Sequence[TrendRow], span: Span, today: date) -> list[Topic]:
    """Topics that were talked about in the span's weeks or before, those that had most of its talk first."""
    weeks = weeks_of(span, today, {week for row in rows for week in row.weeks})
    going = {(row.language, row.name): row for row in trends if row.of == "topic"}
    made = [
        Topic(row, *_in(row, weeks.now), *_in(row, weeks.before), going.get((row.language, row.label))) for row in rows
    ]
    made = [one for one in made if one.count or one.before]
    return sorted(made, key=lambda one: (-(one.count / one.total if one.total else 0.0), one.row.number))


def _in(row: TopicRow, weeks: Collection[date]) -> tuple[int, int]:
    """How much of a topic there was, and of all talk in its language."""
    places = [place for place, week in enumerate(row.weeks) if week in weeks]
    return sum(row.counts[place] for place in places), sum(row.totals[place] for place in places)
