"""Questions, what is tried to answer them, and how strict that must be so that chance alone seldom states anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from vori.analytics.insights.estimate import Estimate

FIRST, FIRST_SHARE = "time", 0.4
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
    tries: Counter[str] = field(default_factory=Counter)

    @property
    def tried(self) -> int:
        return self.tries.total()

    def levels(self) -> Mapping[str, float]:
        """By question."""
        asked = [question for question, count in self.tries.items() if count]
        rest = [question for question in asked if question != FIRST]
        first = (FIRST_SHARE if rest else 1.0) if FIRST in asked else 0.0
        share = {question: (1 - first) / len(rest) for question in rest} | {FIRST: first}
        return {question: self.alpha * share[question] / self.tries[question] for question in asked}


def state(asked: Asked, first: Sequence[Trial], levels: Mapping[str, float]) -> Iterator[Stated]:
    """The surest of the `first` answers, then what is still sure beside it, and so on.

    What is stated first needn't be true a second time: the rest is tried again with it taken into account. That adds no
    error, for the further tries are made only once the first is sure, and are fewer.
    """
    found: tuple[Trial, ...] = ()
    while True:
        sure = [
            trial
            for trial in (asked(found) if found else first)
            if trial.estimate.chance < levels.get(trial.question, 0.0)
        ]
        sure = [trial for trial in sure if trial.estimate.value > 0 or not trial.only_more]
        if not sure:
            return
        best = min(sure, key=lambda trial: (trial.estimate.chance / levels[trial.question], trial.subject))
        level = levels[best.question]
        yield Stated(best, level, *best.estimate.interval(level))
        found = (*found, best)
