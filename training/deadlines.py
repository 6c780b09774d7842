"""Learn which of the days named near a ticket is its due date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.corpus import FOLDS, Example
from training.tickets import damaged, overlap
from training.trees import grow
from vori.events import Language
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.deadlines import candidates
from vori.tickets.offline.learned import LANGUAGES
from vori.tickets.offline.owners import chances

OPTIONS: dict[str, Any] = {
    "rounds": 400,
    "learning_rate": 0.05,
    "num_leaves": 24,
    "feature_fraction": 0.3,
    "lambda_l2": 1.0,
    "min_data_in_leaf": 10,
}
DAMAGED = 3
"""So often each ticket is learned from turns that aren't quite its own, as when a model finds them."""
SAME = 0.5
"""Overlap of turns (F1) from which what a model found counts as the ticket."""
INVENTED = 0.045
"""Part of the tickets without a due date that may be given one."""
LEAST = 0.5
FOUND = 2.0
"""What a lesson from turns that a model found counts: at run time there are no others."""
UNDATED = 4.0
"""What a ticket without a due date counts beside one that has it: an invented date is worse than a missing one."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """The days named near one ticket, and which of them it is due."""

    fold: int
    language: Language
    days: Sequence[date]
    due: date | None
    rows: NDArray[np.float32]
    found: bool
    """The turns are those that a model found, as at run time."""

    @property
    def weight(self) -> float:
        return (1.0 if self.due else UNDATED) * (FOUND if self.found else 1.0)

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.array([day == self.due for day in self.days], bool)


def lessons(example: Example, found: Sequence[Sequence[int]], whose: Trees) -> Iterator[Lesson]:
    """Of each ticket, by its true turns, `DAMAGED` times by others, and by those that a model `found`.

    `whose`: by which the owner is told.
    """
    chance = np.random.default_rng(example.seen.size)
    tickets = example.meeting.gold["tickets"]
    true = [sorted(example.meeting.place(u) for u in ticket["evidence_ids"]) for ticket in tickets]
    for sets in (true, *([damaged(t, example.seen.size, chance) for t in true] for _ in range(DAMAGED))):
        for k, turns in enumerate(sets):
            yield _lesson(example, turns, [*sets[:k], *sets[k + 1 :]], tickets[k], whose)
    for guess in found:
        shared = [overlap(frozenset(guess), frozenset(turns)) for turns in true]
        if shared and max(shared) >= SAME:
            others = [other for other in found if other is not guess]
            yield _lesson(example, sorted(guess), others, tickets[int(np.argmax(shared))], whose, found=True)


def _lesson(
    example: Example,
    turns: Sequence[int],
    others: Sequence[Sequence[int]],
    ticket: Mapping[str, Any],
    whose: Trees,
    *,
    found: bool = False,
) -> Lesson:
    elsewhere = {i for other in others for i in other}
    owned = chances(example.seen, turns, elsewhere, whose)
    named, rows = candidates(example.seen, turns, elsewhere, owned)
    due = date.fromisoformat(ticket["due"]) if ticket["due"] else None
    days = [candidate.mention.day for candidate in named]
    return Lesson(example.fold, example.meeting.language, days, due, rows, found)


def fit(of: Sequence[Lesson]) -> Trees:
    some = [lesson for lesson in of if lesson.days]
    return grow(
        np.concatenate([lesson.rows for lesson in some]),
        [np.concatenate([lesson.right for lesson in some])],
        [np.concatenate([np.full(len(lesson.days), lesson.weight) for lesson in some])],
        **OPTIONS,
    )


def bounds(of: Sequence[Lesson], trees: Sequence[Trees]) -> list[dict[Language, float]]:
    """For each fold, from the others' lessons, and last from all: the least probability that invents few dates."""
    judged = []
    for lesson in of:
        if lesson.found:
            sure = trees[lesson.fold](lesson.rows)[:, 0] if lesson.days else np.zeros(1, np.float32)
            judged.append((lesson, float(sure.max())))
    return [
        {lang: bound([(s, p) for s, p in judged if s.language == lang and s.fold != k]) for lang in LANGUAGES}
        for k in range(FOLDS + 1)
    ]


def bound(judged: Sequence[tuple[Lesson, float]]) -> float:
    """The probability above which no more than `INVENTED` of the tickets without a due date get one."""
    undated = sorted((sure for lesson, sure in judged if lesson.due is None), reverse=True)
    return max(undated[int(INVENTED * len(undated))], LEAST) if undated else 1.0
