"""Terms and topics that rise or fall over weeks, beyond chance.

Talk comes in bursts, meeting by meeting, so counts scatter more than a binomial's: the slope's error is the larger of
two that allow for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from vori.analytics.insights.statistics import t_reach
from vori.analytics.model import TrendRow
from vori.events import Language

Array = NDArray[Any]

LEVEL = 0.0025
"""How often chance alone may make a workspace's terms, or its topics, state a trend at all."""
LEAST_WEEKS, LEAST_MEETINGS, LEAST_WITH = 6, 20, 10
"""Fewer weeks or meetings tell no trend, nor does what fewer meetings mention."""
STEPS = 50


@dataclass(frozen=True, slots=True)
class Talk:
    """How much was said in a meeting."""

    week: date
    total: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A term or topic, and how much of each meeting's talk it is; meetings without it may be left out."""

    key: str
    name: str
    language: Language
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Slope:
    """Change of the logarithm of the odds per week, and its standard error."""

    value: float
    error: float


def find_trends(
    workspace: UUID, of: Literal["term", "topic"], talk: Mapping[str, Talk], subjects: Sequence[Subject]
) -> list[TrendRow]:
    """Rows for the subjects whose slope's interval excludes 0. `talk` has all meetings; all that are tried count."""
    held = [key for key in sorted(talk) if talk[key].total > 0]
    days = sorted({talk[key].week for key in held})
    tried = [one for one in subjects if sum(one.counts.get(key, 0) > 0 for key in held) >= LEAST_WITH]
    if len(days) < LEAST_WEEKS or len(held) < LEAST_MEETINGS or not tried:
        return []
    place = {day: at for at, day in enumerate(days)}
    nth = np.array([place[talk[key].week] for key in held])
    since = np.array([(day - days[0]).days / 7 for day in days])
    totals = np.array([float(talk[key].total) for key in held])
    reach = t_reach(LEVEL / len(tried), len(held) - 2)
    rows = []
    for one in tried:
        counts = np.array([float(min(one.counts.get(key, 0), talk[key].total)) for key in held])
        slope = fit(counts, totals, nth, since)
        if slope is None or abs(slope.value) <= reach * slope.error:
            continue
        shares = np.bincount(nth, counts) / np.bincount(nth, totals)
        rows.append(
            TrendRow(
                workspace_id=workspace,
                key=f"{of}/{one.key}",
                day=days[-1],
                of=of,
                name=one.name,
                language=one.language,
                weeks=days,
                shares=[round(share, 6) for share in shares.tolist()],
                slope=slope.value,
                low=slope.value - reach * slope.error,
                high=slope.value + reach * slope.error,
                tried=len(tried),
            )
        )
    return rows


def fit(counts: Array, totals: Array, nth: Array, since: Array) -> Slope | None:
    """Logistic regression of counts in totals on the week (`since`, of the meeting's `nth` week); None: no fit.

    Two errors: by meetings (each a cluster, robust), and by weeks (quasi-binomial, dispersion of the weeks' sums).
    """
    design = np.column_stack([np.ones(len(nth)), since[nth]])
    beta = np.zeros(2)
    share = counts.sum() / totals.sum()
    if not 0 < share < 1:
        return None
    beta[0] = np.log(share / (1 - share))
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        bread = (design * (totals * odds * (1 - odds))[:, None]).T @ design
        if np.linalg.cond(bread) > 1e12:
            return None
        step = np.linalg.solve(bread, design.T @ (counts - totals * odds))
        beta = beta + step
        if np.abs(step).max() < 1e-10:
            break
    else:
        return None
    inverse = np.linalg.inv(bread)
    meetings = design * (counts - totals * odds)[:, None]
    robust = inverse @ (meetings.T @ meetings) @ inverse * len(nth) / (len(nth) - 2)
    weekly = np.bincount(nth, counts - totals * odds) ** 2 / np.bincount(nth, totals * odds * (1 - odds))
    dispersion = max(1.0, weekly.sum() / (len(since) - 2))
    return Slope(float(beta[1]), float(np.sqrt(max(robust[1, 1], dispersion * inverse[1, 1]))))
