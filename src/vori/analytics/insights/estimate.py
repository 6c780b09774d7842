"""A difference with its standard error: of counts and means that depend on things, of times that may still go on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vori.analytics.insights.statistics import t_chance, t_reach

Array = NDArray[Any]
SURE = 1.645
"""Groups differ when their sums scatter so many standard errors more than chance makes them."""
ROUNDS, CLOSE = 25, 1e-9
"""Steps to a fit at most, and when it stands."""
LEAST_EVENTS = 5
"""A ratio of counts has so many on either side."""
TENTH, POINT, WHOLE = 0.1, 1.0, 12**-0.5
"""Values are never taken to scatter less than this, so that what is exact is told, and what only rounding makes isn't:
times and shares of time than a tenth, as 30 and 45 minutes are rounded, scores than a point, numbers than rounding to
whole ones makes them."""
NOTHING = 1e-9
"""Of what is 1 unless it is nothing but rounding."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference, its standard error, and the degrees of freedom that the error is known with.

    `ratio`: both are of the logarithm of a ratio; the effect is the ratio less one.
    """

    value: float
    error: float
    df: float
    ratio: bool

    @property
    def effect(self) -> float:
        return self._told(self.value)

    @property
    def chance(self) -> float:
        """How often there would be such a difference, or a larger one, if in truth there is none."""
        return t_chance(self.value / self.error, self.df)

    def interval(self, level: float) -> tuple[float, float]:
        """Of the effect; it misses the truth in the share `level` of cases."""
        reach = t_reach(level, self.df) * self.error
        return self._told(self.value - reach), self._told(self.value + reach)

    def _told(self, value: float) -> float:
        return math.expm1(min(value, 700.0)) if self.ratio else value


@dataclass(frozen=True, slots=True)
class Fit:
    """What a model leaves of the data: `mean` of each value, its `weight` in the fit, and its `least` scatter."""

    mean: Array
    weight: Array
    least: Array


def count_ratio(counts: Array, x: Array, beside: Array, groups: Array) -> Estimate | None:
    """By which factor counts grow with `x`, all else (`beside`, with a constant) being equal. None: can't be told.

    Quasi-Poisson regression. The error asks nothing of the counts' distribution, but that rare ones scatter as much as
    chance makes them and others as much as rounding does; of `groups` (numbers from 0), such as
    meetings of one name, it takes into account that they may differ for reasons of their own.
    """
    high = x > x.mean()
    if min(counts[high].sum(), counts[~high].sum()) < LEAST_EVENTS:
        return None
    design = np.column_stack([beside, x])
    values = np.zeros(design.shape[1])
    mean = np.full(len(counts), counts.mean())
    line = np.log(mean)
    for _ in range(ROUNDS):
        weighted = design.T * mean
        fitted, *_ = np.linalg.lstsq(weighted @ design, weighted @ (line + (counts - mean) / mean), rcond=1e-10)
        moved = float(np.abs(fitted - values).max())
        values, line = fitted, (design @ fitted).clip(-20, 20)
        mean = np.exp(line)
        if moved < CLOSE:
            break
    return _of_last(
        counts,
        x,
        beside,
        Fit(mean, mean, np.sqrt(mean.clip(max=WHOLE**2))),
        groups,
        value=float(values[-1]),
        ratio=True,
    )


def mean_difference(values: Array, x: Array, beside: Array, groups: Array, *, ratio: bool = False) -> Estimate | None:
    """By how much values grow with `x`, all else (`beside`, with a constant) being equal.

    `ratio`: values are logarithms; else they are points of a hundred.
    """
    design = np.column_stack([beside, x])
    fitted, *_ = np.linalg.lstsq(design, values, rcond=None)
    even = np.ones(len(values))
    fit = Fit(design @ fitted, even, even * (TENTH if ratio else POINT))
    return _of_last(values, x, beside, fit, groups, value=float(fitted[-1]), ratio=ratio)


def _of_last(
    values: Array, x: Array, beside: Array, fit: Fit, groups: Array, *, value: float, ratio: bool
) -> Estimate | None:
    """The estimate for `x`: a sandwich that corrects for leverage, or even scatter, and what groups of their own add.

    The larger of the two counts: of few skewed values, those that lie together by luck seem known too well.
    """
    weight, count = fit.weight, len(values)
    weighted = beside.T * weight
    pure = x - beside @ np.linalg.lstsq(weighted @ beside, weighted @ x, rcond=1e-10)[0]
    power = weight * pure**2
    if power.sum() <= 1e-6 * max(1.0, float((weight * x**2).sum())):
        return None
    design = np.column_stack([beside, pure])
    across = np.linalg.pinv((design.T * weight) @ design, rcond=1e-10)
    lever = weight * np.einsum("ij,jk,ik->i", design, across, design)
    left = values - fit.mean
    even = float((left**2 / weight).sum()) / max(1, count - design.shape[1])
    own = max(
        float(pure**2 @ (left**2 / (1 - lever).clip(0.05))), even * float(power.sum()), float(pure**2 @ fit.least**2)
    )
    df = float(power.sum() ** 2 / (power**2).sum()) - 1
    shared, many = _of_groups(left, design, across, fit, groups)
    more = shared * float((np.bincount(groups, weight * pure) ** 2).sum())
    if df < 3 or count - design.shape[1] < 5:
        return None
    total = own + more
    df = total**2 / (own**2 / df + more**2 / max(1, many - 1))
    return Estimate(value, math.sqrt(total) / float(power.sum()), df, ratio)


def _of_groups(left: Array, design: Array, across: Array, fit: Fit, groups: Array) -> tuple[float, int]:
    """The variance between groups beyond chance (of the logarithm or the mean), by moments, and how many there are.

    There is none to tell where the design has a level per group.
    """
    sizes = np.bincount(groups, fit.weight)
    many = int((sizes > 0).sum())
    if many < 4 or many == len(left):
        return 0.0, many
    sums = np.bincount(groups, left)
    within = left - fit.weight * (sums / np.maximum(sizes, 1e-12))[groups]
    scatter = float((within**2 / fit.weight).sum()) / max(1, len(left) - many)
    membership = np.zeros((len(sizes), design.shape[1]))
    np.add.at(membership, groups, design * fit.weight[:, None])
    spread = np.diag(sizes) - membership @ across @ membership.T
    kept = sizes > 0
    spread, sizes, sums = spread[np.ix_(kept, kept)], sizes[kept], sums[kept]
    if np.diag(spread).max() <= NOTHING * sizes.max():
        return 0.0, many
    expected = scatter * float((np.diag(spread) / sizes).sum())
    by_chance = scatter * math.sqrt(2 * float((spread**2 / np.outer(sizes, sizes)).sum()))
    beyond = float((sums**2 / sizes).sum()) - expected
    return (beyond / float(((spread**2).sum(axis=1) / sizes).sum()) if beyond > SURE * by_chance else 0.0), many


@dataclass(frozen=True, slots=True)
class Stay:
    """How long something lasts on average, and that mean's variance; of `count` stays `ended` are over."""

    mean: float
    variance: float
    count: int
    ended: int

    @property
    def relative(self) -> float:
        """Variance of the logarithm, never less than stays that scatter by a tenth have."""
        return max(self.variance / self.mean**2, TENTH**2 / self.count)


def mean_stay(lengths: Array, ended: Array) -> Stay:
    """Kaplan and Meier's mean: what still goes on counts for as long as it did; the longest is taken as over."""
    order = np.lexsort((~ended, lengths))
    times, over = lengths[order], ended[order].astype(float)
    over[-1] = 1.0
    risk = np.arange(len(times), 0, -1.0)
    alive = np.concatenate([[1.0], np.cumprod(1 - over / risk)[:-1]])
    pieces = alive * np.diff(np.concatenate([[0.0], times]))
    rest = pieces.sum() - np.cumsum(pieces)
    held = risk > 1
    variance = float((rest**2 * over)[held] @ (1 / (risk * (risk - 1))[held]))
    count = len(times)
    return Stay(float(pieces.sum()), variance * count / max(1, count - 1), count, int(ended.sum()))


def stay_ratio(pairs: Sequence[tuple[Stay, Stay]]) -> Estimate | None:
    """By which factor the first of a pair lasts longer than the second, over all pairs, the larger counting more."""
    usable = [pair for pair in pairs if all(one.mean > 0 for one in pair)]
    if not usable:
        return None
    sizes = np.array([[one.count for one in pair] for pair in usable], dtype=float)
    weights = sizes.prod(axis=1) / sizes.sum(axis=1)
    weights /= weights.sum()
    values = np.array([math.log(one.mean / other.mean) for one, other in usable])
    variance = float(weights**2 @ [max(one.relative + other.relative, _alike(one, other)) for one, other in usable])
    guess = weights[:, None] ** 2 / sizes
    df = float(guess.sum() ** 2 / (guess**2 / (sizes - 1)).sum())
    return Estimate(float(weights @ values), math.sqrt(variance), df, True)


def _alike(one: Stay, other: Stay) -> float:
    """The variance of the logarithm of their ratio if both scatter alike about their means."""
    count = one.count + other.count
    scatter = (one.count**2 * one.relative + other.count**2 * other.relative) / count
    return scatter * (1 / one.count + 1 / other.count)


def share_ratio(some: int, of: int, others: int, of_others: int) -> Estimate:
    """How many times as often something happens here as elsewhere; half an event is added on both sides."""
    value = math.log((some + 0.5) / (of + 0.5)) - math.log((others + 0.5) / (of_others + 0.5))
    variance = 1 / (some + 0.5) - 1 / (of + 0.5) + 1 / (others + 0.5) - 1 / (of_others + 0.5)
    return Estimate(value, math.sqrt(max(variance, 1e-12)), math.inf, True)


def part_beyond(parts: Array, wholes: Array, bound: float) -> Estimate:
    """By how much the parts' share of the wholes exceeds `bound`."""
    share = float(parts.sum() / wholes.sum())
    count = len(parts)
    scatter = max(float(((parts - share * wholes) ** 2).sum()), float(((TENTH * wholes) ** 2).sum()))
    error = math.sqrt(scatter * count / (count - 1)) / float(wholes.sum())
    return Estimate(share - bound, error, count - 1, False)


def mean_beyond_zero(values: Array) -> Estimate:
    """How far from zero whole numbers are on average."""
    error = max(float(values.std(ddof=1)), WHOLE) / math.sqrt(len(values))
    return Estimate(float(values.mean()), error, len(values) - 1, False)


def odds_trend(counts: Array, totals: Array, x: Array) -> Estimate | None:
    """By which factor the odds of being counted grow with one of `x`: quasi-binomial regression."""
    if min(counts.sum(), (totals - counts).sum()) < LEAST_EVENTS:
        return None
    design = np.column_stack([np.ones(len(x)), x])
    values = np.array([math.log(counts.sum() / (totals - counts).sum()), 0.0])
    for _ in range(ROUNDS):
        share = 1 / (1 + np.exp(-(design @ values).clip(-20, 20)))
        weight = totals * share * (1 - share)
        step = np.linalg.pinv((design.T * weight) @ design) @ (design.T @ (counts - totals * share))
        values = values + step
        if np.abs(step).max() < CLOSE:
            break
    df = len(x) - 2
    scatter = float(((counts - totals * share) ** 2 / np.maximum(weight, 1e-12)).sum()) / df
    error = math.sqrt(float(np.linalg.pinv((design.T * weight) @ design)[1, 1]) * max(1.0, scatter))
    return Estimate(float(values[1]), error, df if scatter > 1 else math.inf, True)
