"""Learn which of the days named near a ticket is its due date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
DAMAGED = 2
"""So often each ticket is learned from turns that aren't quite its own, as when a model finds them."""


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


def lessons(example: Example) -> Iterator[Lesson]:
    """Of each ticket, by its true turns and `DAMAGED` times by others."""
    chance = np.random.default_rng(example.seen.size)
    tickets = example.meeting.gold["tickets"]
    true = [sorted(example.meeting.place(u) for u in ticket["evidence_ids"]) for ticket in tickets]
    for sets in (true, *([damaged(t, example.seen.size, chance) for t in true] for _ in range(DAMAGED))):
        for k, ticket in enumerate(tickets):
            others = {i for j, turns in enumerate(sets) if j != k for i in turns}
            found, rows = candidates(example.seen, sets[k], others)
            if found:
                yield Lesson(
                    fold=example.fold,
                    days=[candidate.mention.day for candidate in found],
                    due=date.fromisoformat(ticket["due"]) if ticket["due"] else None,
                    rows=rows,
                )


def fit(of: Sequence[Lesson]) -> Trees:
    return grow(
        np.concatenate([lesson.rows for lesson in of]),
        [np.concatenate([lesson.right for lesson in of])],
        bags=5,
        **OPTIONS,
    )
