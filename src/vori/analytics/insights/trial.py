"""Questions, what is tried to answer them, and how strict each must be so that chance alone seldom states anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from vori.analytics.insights.estimate import Estimate

FIRST, FIRST_SHARE = "time", 0.5
"""What is asked first, since its answer is the smallest and dearest, and its share of all the error that is allowed.
The other questions share the rest evenly."""
LEAST = 12
"""Nothing is said of fewer."""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of something in both languages, and what to try."""

    ko: str
    en: str
    try_ko: str = ""
    try_en: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The numbers of a sentence."""

    effect: float
    low: float
    high: float
    n: int
    others: int


@dataclass(frozen=True, slots=True)
class Trial:
    """One difference that is looked at."""

    question: str
    about: str
    key: str
    workspaces: tuple[UUID, ...]
    estimate: Estimate
    unit: Literal["share", "points", "tickets"]
    n: int
    others: int
    words: Callable[[Told], Words]
    meetings: tuple[UUID, ...] = ()
    tickets: tuple[UUID, ...] = ()
    only_more: bool = False
    """Said only when the effect is above zero."""
    weight: float = 1.0
    """How much of the error that its question is allowed it gets, beside the other trials."""

    @property
    def subject(self) -> tuple[tuple[UUID, ...], str]:
        """What names it in a run."""
        return self.workspaces, self.key


Asked = Callable[[tuple[Trial, ...]], Sequence[Trial]]
"""Trials that answer a question, given those that are stated already."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A trial whose interval, at its own strict level, excludes zero."""

    trial: Trial
    level: float
    low: float
    high: float

    @property
    def words(self) -> Words:
        trial = self.trial
        return trial.words(Told(trial.estimate.effect, self.low, self.high, trial.n, trial.others))


@dataclass(slots=True)
class Correction:
    """How much error each try may have, so that all together have `alpha`: Bonferroni, weighted by question."""

    alpha: float
    weights: dict[str, float] = field(default_factory=dict)
    tried: int = 0

    def count(self, question: str, weight: float = 1.0) -> None:
        self.weights[question] = self.weights.get(question, 0.0) + weight
        self.tried += 1

    def levels(self) -> Mapping[str, float]:
        """Of a trial of weight 1, by question."""
        rest = [question for question in self.weights if question != FIRST]
        first = (FIRST_SHARE if rest else 1.0) if FIRST in self.weights else 0.0
        share = {question: (1 - first) / len(rest) for question in rest} | {FIRST: first}
        return {question: self.alpha * share[question] / weight for question, weight in self.weights.items()}


def state(asked: Asked, first: Sequence[Trial], levels: Mapping[str, float]) -> Iterator[Stated]:
    """The surest of the `first` answers, then what is still sure beside it, and so on.

    Of what is equally sure it is the first: an hour before the series that alone is held then. The rest is tried again
    with what is stated taken into account. That adds no error: the further tries are made once one is sure, and are
    fewer.
    """
    found: tuple[Trial, ...] = ()
    while True:
        tried = [
            (trial, levels.get(trial.question, 0.0) * trial.weight) for trial in (asked(found) if found else first)
        ]
        sure = [
            (trial, level)
            for trial, level in tried
            if trial.estimate.chance < level and (trial.estimate.value > 0 or not trial.only_more)
        ]
        if not sure:
            return
        best, level = min(sure, key=lambda one: float(f"{one[0].estimate.chance:.6e}"))
        yield Stated(best, level, *best.estimate.interval(level))
        found = (*found, best)
