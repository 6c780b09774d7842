"""How long stays wait for something, on average over all of them: those that don't wait, and those that aren't over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vori.analytics.insights.estimate import Array, Estimate, Stay, stay_ratio
from vori.analytics.insights.trial import LEAST


@dataclass(frozen=True, slots=True)
class Waits:
    """Of stays: what each waited for one reason, and how many stays it stands for; ms."""

    waits: Array
    weights: Array

    @classmethod
    def of(cls, waits: Array, lengths: Array, ended: Array) -> Waits:
        return cls(np.minimum(waits, lengths), stands_for(lengths, ended))

    @property
    def told(self) -> Array:
        """Which are over and waited."""
        return np.asarray((self.weights > 0) & (self.waits > 0))

    def mean(self) -> Stay:
        """The mean of all; it is known as well as so many waits tell it."""
        over, many = int((self.weights > 0).sum()), len(self.waits)
        mean = float(self.weights @ self.waits) / many
        variance = float(((self.weights * (self.waits - mean)) ** 2).sum()) / many**2 * over / max(1, over - 1)
        waited = int(self.told.sum())
        return Stay(mean, variance, waited, waited)

    def raised(self, wait: float) -> Waits | None:
        """As if at least `LEAST` had waited: some that didn't, evenly chosen, so long. None: there aren't enough."""
        free = np.flatnonzero((self.weights > 0) & (self.waits == 0))
        lacking = max(0, LEAST - int(self.told.sum()))
        if lacking > len(free):
            return None
        waits = self.waits.copy()
        waits[free[np.linspace(0, len(free) - 1, lacking).round().astype(int)]] = wait
        return Waits(waits, self.weights)


def stands_for(lengths: Array, ended: Array) -> Array:
    """How many stays each stands for: one that is over for itself and its part of those that still go on.

    So the weighted mean of lengths is Kaplan and Meier's; the longest is taken as over. Stays that go on stand for
    none, as what they waited by now isn't all: they may wait still, or again.
    """
    order = np.lexsort((~ended, lengths))
    over = ended[order].astype(float)
    over[-1] = 1.0
    risk = np.arange(len(order), 0, -1.0)
    seen = np.concatenate([[1.0], np.cumprod(1 - (1 - over) / risk)[:-1]])
    weights = np.zeros(len(order))
    weights[order] = over / seen
    return weights


def wait_ratio(ours: Waits, theirs: Waits) -> tuple[Estimate | None, bool]:
    """By which factor ours wait longer than theirs (None: can't be told), and whether theirs were raised to tell it.

    Where hardly any of theirs wait, a ratio has no error that can be told. It is reckoned as if `LEAST` of them waited
    as long as ours do, which makes it smaller and less sure; said only if ours wait longer still.
    """
    few = bool(theirs.told.sum() < LEAST)
    if ours.told.sum() < LEAST:
        return None, few
    held = theirs.raised(float(ours.waits[ours.told].mean()))
    estimate = stay_ratio([(ours.mean(), held.mean())]) if held else None
    return (None if estimate is None or (few and estimate.value <= 0) else estimate), few
