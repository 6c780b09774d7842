"""What doesn't scatter at all."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from tests.analytics.insight_rows import MONDAY, TEAM, meetings

from vori.analytics.insights.estimate import mean_difference
from vori.analytics.insights.find import find

DAY = MONDAY + timedelta(weeks=12) - timedelta(days=1)
MINUTE_MS = 60_000


def test_a_series_of_exact_lengths_that_gets_longer_at_once_is_stated() -> None:
    longer = date(2026, 2, 16)
    rows = [
        row.model_copy(update={"length_ms": (45 if row.hour == 9 and row.day >= longer else 30) * MINUTE_MS})
        for row in meetings(3)
    ]
    said = find(rows, [], [], day=DAY, people={TEAM: 8}).insights
    assert f"course/Series 9/length/{longer}" in {one.key for one in said}


def test_groups_that_have_a_level_each_leave_nothing_between_them() -> None:
    groups = np.repeat(np.arange(5), 8)
    x = np.tile([0.0, 1.0], 20)
    levels = np.equal.outer(groups, np.arange(5)).astype(float)
    for noise in (0.1, 0.2):
        values = groups + x + noise * np.random.default_rng(1).normal(size=40)
        told = [mean_difference(values, x, levels, named, ratio=True) for named in (groups, np.arange(40))]
        assert told[0] is not None
        assert told[1] is not None
        assert told[0].error == pytest.approx(told[1].error)
