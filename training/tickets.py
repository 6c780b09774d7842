"""Learn which turns belong together, and which sets of turns make a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.corpus import Example, weights
from training.trees import grow
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.proposals import Candidates, Ties, choose, features, gather

PAIR: dict[str, Any] = {"rounds": 150}
TICKET: dict[str, Any] = {"rounds": 200, "learning_rate": 0.05, "feature_fraction": 0.4}
SAME, EXACT = 0.5, 0.75
"""Overlap of turns (F1) from which a candidate counts as the ticket, and as exactly it."""

Floats = NDArray[np.float32]


def evidence(example: Example) -> list[frozenset[int]]:
    at = {turn.id: i for i, turn in enumerate(example.meeting.talk.turns)}
    return [frozenset(at[u] for u in ticket["evidence_ids"]) for ticket in example.meeting.gold["tickets"]]


def overlap(one: frozenset[int], other: frozenset[int]) -> float:
    """F1 of two sets of turns."""
    return 2 * len(one & other) / (len(one) + len(other))


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


class Lesson:
    """What one meeting teaches about tickets."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self.fold = example.fold
        self.ties = Ties(example.seen)
        self.true = evidence(example)
        self.anchors = self.ties.anchors()
        self.rows = {anchor: self.ties.rows(anchor, self.ties.companions(anchor)) for anchor in self.anchors}
        self.candidates: Candidates = {}
        self.features: Floats = np.zeros((0, 0), np.float32)

    @property
    def together(self) -> NDArray[np.bool_]:
        """For each pair of `rows`, whether both are turns of one ticket."""
        return np.array(
            [
                any(anchor in true and other in true for true in self.true)
                for anchor in self.anchors
                for other in self.ties.companions(anchor)
            ],
            bool,
        )

    def gather(self, trees: Trees) -> None:
        self.candidates = gather(
            self.ties,
            {anchor: trees(rows)[:, 0] if len(rows) else np.zeros(0, np.float32) for anchor, rows in self.rows.items()},
        )
        self.features = features(self.ties, self.candidates)

    def found(self, trees: Trees) -> list[tuple[tuple[int, ...], float]]:
        return choose(self.ties, self.candidates, trees(self.features)) if self.candidates else []

    def right(self, least: float) -> NDArray[np.bool_]:
        return np.array(
            [max((overlap(turns, true) for true in self.true), default=0.0) >= least for turns in self.candidates], bool
        )


def fit_pairs(lessons: Sequence[Lesson]) -> Trees:
    rows = [rows for lesson in lessons for rows in lesson.rows.values() if len(rows)]
    right = [lesson.together for lesson in lessons]
    return grow(
        np.concatenate(rows),
        [np.concatenate(right)],
        [weights([lesson.example for lesson in lessons], map(len, right))],
        **PAIR,
    )


def fit_tickets(lessons: Sequence[Lesson]) -> Trees:
    some = [lesson for lesson in lessons if lesson.candidates]
    count = weights([lesson.example for lesson in some], (len(lesson.candidates) for lesson in some))
    return grow(
        np.concatenate([lesson.features for lesson in some]),
        [np.concatenate([lesson.right(least) for lesson in some]) for least in (SAME, EXACT)],
        [count, count],
        **TICKET,
    )
