"""Spans of days: the same rules for all numbers that are asked for by day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from vori.analytics.spans import Span, midnight, span_of
from vori.errors import Invalid

TODAY = date(2026, 3, 15)


def test_a_span_ends_today_unless_told_and_has_as_many_days_before_it() -> None:
    assert span_of(None, None, 7, TODAY) == Span(date(2026, 3, 9), TODAY)
    assert span_of(date(2026, 3, 2), date(2026, 3, 3), 7, TODAY).before == Span(date(2026, 2, 28), date(2026, 3, 1))


def test_a_day_begins_where_the_workspace_is() -> None:
    assert midnight(TODAY, ZoneInfo("Asia/Seoul")) == datetime(2026, 3, 14, 15, tzinfo=UTC)
    assert midnight(TODAY, UTC) == datetime(2026, 3, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2026, 3, 9), date(2026, 3, 8), "is after"),
        (date(2025, 1, 1), date(2026, 3, 8), "the most"),
        (date(2026, 3, 16), date(2026, 3, 20), "hasn't begun"),
        (date.min, date.min, "no days before"),
    ],
)
def test_a_span_that_makes_no_sense_is_refused_with_the_reason(first: date, last: date, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        span_of(first, last, 1, TODAY)
