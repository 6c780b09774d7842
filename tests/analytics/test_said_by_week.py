"""Terms and topics stand beside the same of as many whole weeks, whatever days are asked for."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.analytics.insight_rows import topic_row

from vori.analytics.model import KeywordRow
from vori.analytics.report.words import Term, terms, topics, weeks_of
from vori.analytics.spans import Span

MONDAY = date(2026, 1, 5)
TODAY = MONDAY + timedelta(weeks=40, days=3)
"""A Thursday."""
WEEK = timedelta(weeks=1)


def said(week: int, count: int = 10) -> KeywordRow:
    day = MONDAY + week * WEEK
    facts: dict[str, object] = {"scope": "week", "meeting_id": None, "language": "en", "weight": 1.0, "utterances": []}
    return KeywordRow.model_validate(
        {"workspace_id": UUID(int=1), "key": f"week/{day}/rate", "day": day, "term": "rate", "count": count} | facts
    )


ROWS = [*(said(week) for week in range(40)), said(40, 4)]
"""Ten times a week, and so far in the week that goes on."""


def told(span: Span, rows: list[KeywordRow] = ROWS) -> list[Term]:
    return terms(rows, [], span, TODAY)


@pytest.mark.parametrize("days", [7, 8, 13, 14, 30, 90])
@pytest.mark.parametrize("past", range(8))
def test_what_is_said_as_often_as_ever_is_told_as_often_as_before(days: int, past: int) -> None:
    last = TODAY - timedelta(days=past)
    span = Span(last - timedelta(days=days - 1), last)
    (term,) = told(span)
    assert term.count % 10 == 0
    assert term.before == term.count
    assert days // 7 - 1 <= term.count // 10 <= days // 7 + 1
    weeks = weeks_of(span, TODAY, [row.day for row in ROWS])
    assert (len(weeks.now), max(weeks.before) + WEEK) == (len(weeks.before), min(weeks.now))
    row = topic_row(1, [5] * 40 + [2], [20] * 40 + [8])
    (topic,) = topics([row], [], span, TODAY)
    assert (topic.count, topic.total) == (topic.before, topic.total_before)


def test_a_week_that_goes_on_is_told_where_no_other_is_and_beside_nothing() -> None:
    today, running = Span(TODAY, TODAY), Span(TODAY - timedelta(days=3), TODAY + timedelta(days=3))
    for span in (today, running):
        (term,) = told(span)
        assert (term.count, term.before) == (4, None)
    (first,) = told(Span(TODAY - timedelta(days=29), TODAY), [said(40, 4)])
    assert (first.count, first.before) == (4, None), "a workspace in its first week isn't told that nothing was said"


def test_some_days_within_a_week_that_is_over_are_told_by_it() -> None:
    (term,) = told(Span(MONDAY + 9 * WEEK, MONDAY + 9 * WEEK + timedelta(days=2)))
    assert (term.count, term.before) == (10, 10)
