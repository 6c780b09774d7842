"""What estimates promise: intervals that cover the truth as often as they say, also of what isn't over yet."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vori.analytics.insights.estimate import (
    count_ratio,
    mean_difference,
    mean_stay,
    odds_trend,
    part_beyond,
    share_ratio,
    stay_ratio,
)

TRIES, LEVEL = 600, 0.1
FEW, MANY = 0.075, 0.13
"""Of 600 tries at 10 %, fewer or more miss in one run of fifty."""


def missed(intervals: list[tuple[float, float]], truth: float) -> float:
    return sum(not low <= truth <= high for low, high in intervals) / len(intervals)


def test_a_ratio_of_counts_covers_the_truth_as_often_as_told_in_small_and_uneven_samples() -> None:
    chance = np.random.default_rng(1)
    x = np.repeat([1.0, 0.0], [20, 60])
    beside = np.column_stack([np.tile([1.0, 0.0], 40), np.tile([0.0, 1.0], 40)])
    intervals = []
    for _ in range(TRIES):
        counts = chance.binomial(6, np.where(x > 0, 2.5, 2.0) / 6).astype(float)
        estimate = count_ratio(counts, x, beside, np.arange(80))
        assert estimate is not None
        intervals.append(estimate.interval(LEVEL))
    assert FEW < missed(intervals, 0.25) < MANY
    assert missed(intervals, 0.0) > 0.3, "a difference that is there is seen"


def test_groups_that_differ_for_reasons_of_their_own_make_a_ratio_less_sure() -> None:
    chance = np.random.default_rng(2)
    groups = np.repeat(np.arange(12), 20)
    x = (groups < 4).astype(float)
    constant = np.ones((len(x), 1))
    known: list[tuple[float, float]] = []
    ignored: list[tuple[float, float]] = []
    for _ in range(200):
        means = 2 * np.exp(chance.normal(0, 0.4, 12))[groups]
        counts = chance.poisson(means).astype(float)
        for found, named in ((known, groups), (ignored, np.arange(len(x)))):
            estimate = count_ratio(counts, x, constant, named)
            assert estimate is not None
            found.append(estimate.interval(LEVEL))
    assert missed(ignored, 0.0) > 0.4
    assert missed(known, 0.0) < 0.2


def test_a_difference_of_means_covers_the_truth_as_often_as_told() -> None:
    chance = np.random.default_rng(3)
    x = np.repeat([1.0, 0.0], [15, 45])
    intervals = []
    for _ in range(TRIES):
        values = 50 + 5 * x + chance.normal(0, np.where(x > 0, 12.0, 6.0))
        estimate = mean_difference(values, x, np.ones((60, 1)), np.arange(60))
        assert estimate is not None
        intervals.append(estimate.interval(LEVEL))
    assert FEW < missed(intervals, 5.0) < MANY


def test_few_skewed_values_differ_no_more_often_than_told() -> None:
    chance = np.random.default_rng(5)
    x, constant, groups = np.repeat([1.0, 0.0], [12, 48]), np.ones((60, 1)), np.arange(60)
    intervals = []
    for _ in range(TRIES):
        values = 60 - 8 * chance.lognormal(0, 1.2, 60)  # most are alike, a few lie far below
        estimate = mean_difference(values, x, constant, groups)
        assert estimate is not None
        intervals.append(estimate.interval(LEVEL))
    assert missed(intervals, 0.0) < LEVEL


def test_what_still_goes_on_counts_for_as_long_as_it_did() -> None:
    chance = np.random.default_rng(4)
    long, short = [], []
    for _ in range(TRIES):
        drawn = np.concatenate([chance.gamma(2, 1.5, 60), chance.gamma(2, 0.5, 120)])
        seen = chance.uniform(2, 14, 180)
        lengths, ended = np.minimum(drawn, seen), drawn <= seen
        pair = mean_stay(lengths[:60], ended[:60]), mean_stay(lengths[60:], ended[60:])
        estimate = stay_ratio([pair])
        assert estimate is not None
        long.append(estimate.interval(LEVEL))
        dropped = mean_stay(lengths[:60][ended[:60]], np.ones(int(ended[:60].sum()), dtype=bool)), pair[1]
        short_of = stay_ratio([dropped])
        assert short_of is not None
        short.append(short_of.interval(LEVEL))
    assert 0.06 < missed(long, 2.0) < 0.15
    assert missed(short, 2.0) > 0.2, "who leaves out what goes on misses the truth"


def test_few_stays_of_which_some_are_very_long_differ_no_more_often_than_told() -> None:
    chance = np.random.default_rng(7)
    over = np.ones(75, dtype=bool)
    intervals = []
    for _ in range(TRIES):
        drawn = chance.lognormal(0, 1.0, 75)
        estimate = stay_ratio([(mean_stay(drawn[:15], over[:15]), mean_stay(drawn[15:], over[15:]))])
        assert estimate is not None
        intervals.append(estimate.interval(LEVEL))
    assert missed(intervals, 0.0) < MANY


def test_without_open_stays_the_mean_and_its_error_are_the_ordinary_ones() -> None:
    lengths = np.array([4.0, 1.0, 2.5, 7.0])
    stay = mean_stay(lengths, np.ones(4, dtype=bool))
    assert stay.mean == pytest.approx(lengths.mean())
    assert stay.variance == pytest.approx(lengths.var(ddof=1) / 4)


def test_a_share_s_ratio_and_a_part_of_a_whole() -> None:
    assert share_ratio(30, 100, 10, 100).effect == pytest.approx(30.5 / 10.5 - 1)
    assert share_ratio(0, 50, 0, 50).effect == 0
    wholes = np.array([10.0, 20.0, 30.0, 40.0])
    beyond = part_beyond(wholes * [0.8, 0.7, 0.8, 0.7], wholes, 0.5)
    assert beyond is not None
    assert beyond.value == pytest.approx(0.24)
    assert beyond.interval(0.05)[0] > 0


def test_a_share_that_grows_is_told_as_odds() -> None:
    totals = np.full(12, 1000.0)
    odds = 0.1 * np.exp(np.linspace(0, math.log(4), 12))
    estimate = odds_trend((totals * odds / (1 + odds)).round(), totals, np.linspace(0, 1, 12))
    assert estimate is not None
    assert estimate.effect == pytest.approx(3.0, rel=0.02)
    assert odds_trend(np.zeros(12), totals, np.linspace(0, 1, 12)) is None


def test_what_can_not_be_told_has_no_estimate() -> None:
    constant = np.ones((30, 1))
    x = np.repeat([1.0, 0.0], 15)
    assert count_ratio(np.repeat([0.0, 2.0], 15), x, constant, np.arange(30)) is None
    assert count_ratio(np.arange(30.0), np.ones(30), constant, np.arange(30)) is None
    assert stay_ratio([]) is None
