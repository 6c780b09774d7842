"""What is talked about: the terms of a span's weeks, and topics, each with where it is going. Pure: no I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from vori.analytics.model import KeywordRow, TopicRow, TrendRow
from vori.analytics.spans import Span
from vori.events import Language

Direction = Literal["rising", "falling"]
FEW = 5
"""Utterances that are shown as proof that something was said."""
WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Term:
    """A term in the weeks of a span, and in as many before."""

    term: str
    language: Language
    weight: float
    """Its TF-IDF, summed over the weeks."""
    count: int
    before: int
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


def touches(monday: date, span: Span) -> bool:
    """Whether a week has a day of the span."""
    return monday <= span.last and monday + WEEK >= span.first


def terms(keywords: Sequence[KeywordRow], trends: Sequence[TrendRow], span: Span) -> list[Term]:
    """Of the weeks that the span touches, the most telling first."""
    found: defaultdict[tuple[Language, str], list[KeywordRow]] = defaultdict(list)
    before: defaultdict[tuple[Language, str], int] = defaultdict(int)
    for row in keywords:
        if row.scope == "week" and touches(row.day, span):
            found[row.language, row.term].append(row)
        elif row.scope == "week" and touches(row.day, span.before):
            before[row.language, row.term] += row.count
    going = {(row.language, row.name): row for row in trends if row.of == "term"}
    made = [
        Term(
            term,
            language,
            sum(row.weight for row in rows),
            sum(row.count for row in rows),
            before[language, term],
            list(dict.fromkeys(said for row in rows for said in row.utterances))[:FEW],
            going.get((language, term)),
        )
        for (language, term), rows in found.items()
    ]
    return sorted(made, key=lambda one: (-one.weight, one.language, one.term))


def topics(rows: Sequence[TopicRow], trends: Sequence[TrendRow], span: Span) -> list[Topic]:
    """Topics that were talked about in the weeks of the span or before, those that had most of its talk first."""
    going = {(row.language, row.name): row for row in trends if row.of == "topic"}
    made = [Topic(row, *_in(row, span), *_in(row, span.before), going.get((row.language, row.label))) for row in rows]
    made = [one for one in made if one.count or one.before]
    return sorted(made, key=lambda one: (-(one.count / one.total if one.total else 0.0), one.row.number))


def _in(row: TopicRow, span: Span) -> tuple[int, int]:
    """How much of a topic there was, and of all talk in its language."""
    weeks = [place for place, monday in enumerate(row.weeks) if touches(monday, span)]
    return sum(row.counts[place] for place in weeks), sum(row.totals[place] for place in weeks)
