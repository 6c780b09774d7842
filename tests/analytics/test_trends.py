"""Trends of terms and topics: found where they are planted, in talk that comes in bursts, and hardly ever elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import numpy as np

from vori.analytics.insights.trends import Subject, Talk, find_trends, fit
from vori.analytics.model import TrendRow

TEAM = UUID(int=1)
MONDAY = date(2026, 1, 5)


def history(seed: int, times: float, weeks: int = 12, subjects: int = 10) -> list[TrendRow]:
    """Ten meetings a week, each of five spells on one of ten subjects; the first becomes `times` as much."""
    chance = np.random.default_rng(seed)
    talk, counts = {}, [dict[str, int]() for _ in range(subjects)]
    for week in range(weeks):
        share = (1 + (times - 1) * week / (weeks - 1)) / subjects
        odds = [share, *[(1 - share) / (subjects - 1)] * (subjects - 1)]
        for nth in range(10):
            key = f"{week}/{nth}"
            spells = chance.multinomial(5, odds)
            lasting = chance.integers(4, 9)
            talk[key] = Talk(MONDAY + timedelta(weeks=week), 5 * int(lasting))
            for subject, spent in enumerate(spells.tolist()):
                if spent:
                    counts[subject][key] = spent * int(lasting)
    told = [Subject(str(number), f"subject {number}", "en", one) for number, one in enumerate(counts)]
    return find_trends(TEAM, "topic", talk, told)


def test_a_planted_trend_is_found_and_told_in_full() -> None:
    found = [history(seed, 4) for seed in range(40)]
    rising = [row for rows in found for row in rows if row.name == "subject 0"]
    assert len(rising) >= 32
    assert all(0 < row.low < row.slope < row.high for row in rising)
    row = rising[0]
    assert (row.key, row.tried, len(row.weeks), row.day) == ("topic/0", 10, 12, MONDAY + timedelta(weeks=11))
    assert np.mean(row.shares[:3]) < np.mean(row.shares[-3:]) < 1
    falling = [row for rows in found for row in rows if row.name != "subject 0"]
    assert all(row.high < 0 for row in falling)


def test_chance_states_hardly_any() -> None:
    assert sum(bool(history(seed, 1)) for seed in range(100)) <= 1


def test_too_little_tells_nothing() -> None:
    assert history(1, 8, weeks=5) == []
    assert find_trends(TEAM, "term", {}, [Subject("a", "a", "en", {})]) == []


def test_the_slope_is_that_of_the_odds() -> None:
    since = np.arange(10.0)
    totals = np.full(10, 1e6)
    odds = np.exp(-2 + 0.1 * since)
    slope = fit(totals * odds / (1 + odds), totals, np.arange(10), since)
    assert slope is not None
    assert abs(slope.value - 0.1) < 1e-9
    assert fit(np.zeros(10), totals, np.arange(10), since) is None


def test_bursts_widen_the_error() -> None:
    nth, since = np.repeat(np.arange(12), 8), np.arange(12.0)
    totals, chance = np.full(96, 40.0), np.random.default_rng(1)
    even = fit(chance.binomial(40, 0.2, 96).astype(float), totals, nth, since)
    bursts = fit(40.0 * chance.binomial(1, 0.2, 96), totals, nth, since)
    assert even is not None
    assert bursts is not None
    assert bursts.error > 3 * even.error
