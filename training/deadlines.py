"""Learn which of the days named near a ticket is its due date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.corpus import Example
from training.trees import grow
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.deadlines import candidates

OPTIONS: dict[str, Any] = {"rounds": 250, "learning_rate": 0.05, "num_leaves": 16, "feature_fraction": 0.3}
DAMAGED = 3
"""So often each ticket is learned from turns that aren't quite its own, as when a model finds them."""
SAME = 0.5
"""Overlap of turns (F1) from which what a model found counts as the ticket."""
UNDATED = 1.7
"""What a ticket without a due date counts beside one that has it: an invented date is worse than a missing one."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """The days named near one ticket, and which of them it is due."""

    fold: int
    days: Sequence[date]
    due: date | None
    rows: NDArray[np.float32]

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.array([day == self.due for day in self.days], bool)


def damaged(turns: Sequence[int], size: int, chance: np.random.Generator) -> list[int]:
    """One turn missing, or a neighbour too many, or both."""
    kept = list(turns)
    how = chance.integers(3)
    if how != 0 and len(kept) > 1:
        kept.pop(int(chance.integers(len(kept))))
    near = [i for i in range(max(0, turns[0] - 2), min(size, turns[-1] + 3)) if i not in turns]
    if how != 1 and near:
        kept.append(int(chance.choice(near)))
    return sorted(kept)


def lessons(example: Example, found: Sequence[Sequence[int]] = ()) -> Iterator[Lesson]:
    """Of each ticket, by its true turns, `DAMAGED` times by others, and by those that a model `found`, if it did."""
    chance = np.random.default_rng(example.seen.size)
    tickets = example.meeting.gold["tickets"]
    true = [sorted(example.meeting.place(u) for u in ticket["evidence_ids"]) for ticket in tickets]
    for sets in (true, *([damaged(t, example.seen.size, chance) for t in true] for _ in range(DAMAGED))):
        for k, turns in enumerate(sets):
            yield from _lesson(example, turns, [*sets[:k], *sets[k + 1 :]], tickets[k])
    for guess in found:
        shared = [2 * len({*guess} & {*turns}) / (len(guess) + len(turns)) for turns in true]
        if shared and max(shared) >= SAME:
            others = [other for other in found if other is not guess]
            yield from _lesson(example, sorted(guess), others, tickets[int(np.argmax(shared))])


def _lesson(
    example: Example, turns: Sequence[int], others: Sequence[Sequence[int]], ticket: Mapping[str, Any]
) -> Iterator[Lesson]:
    found, rows = candidates(example.seen, turns, {i for other in others for i in other})
    if found:
        due = date.fromisoformat(ticket["due"]) if ticket["due"] else None
        yield Lesson(example.fold, [candidate.mention.day for candidate in found], due, rows)


def fit(of: Sequence[Lesson]) -> Trees:
    return grow(
        np.concatenate([lesson.rows for lesson in of]),
        [np.concatenate([lesson.right for lesson in of])],
        [np.concatenate([np.full(len(lesson.days), 1.0 if lesson.due else UNDATED) for lesson in of])],
        bags=5,
        **OPTIONS,
    )
