"""Learn who takes a ticket on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.corpus import Example
from training.tickets import damaged, overlap
from training.trees import grow
from vori.tickets.names import known_person
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.owners import candidates

OPTIONS: dict[str, Any] = {"rounds": 120, "learning_rate": 0.05, "num_leaves": 10}
DAMAGED = 2
"""So often each ticket is learned from turns that aren't quite its own."""
SAME = 0.34
"""Overlap of turns (F1) from which what a model found teaches about the ticket."""
FOUND = 2.0
"""What such a lesson counts beside one from the ticket's own turns: at run time there are no others."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Everyone who may own one ticket, and whether they do."""

    fold: int
    rows: NDArray[np.float32]
    right: NDArray[np.bool_]
    weight: float


def lessons(example: Example, found: Sequence[Sequence[int]] = ()) -> Iterator[Lesson]:
    """Of each ticket, by its true turns, `DAMAGED` times by others, and by those that a model `found`, if it did."""
    chance = np.random.default_rng(example.seen.size)
    tickets = example.meeting.gold["tickets"]
    true = [sorted(example.meeting.place(u) for u in ticket["evidence_ids"]) for ticket in tickets]
    for k, turns in enumerate(true):
        others = _all_but(true, k)
        for way in (turns, *(damaged(turns, example.seen.size, chance) for _ in range(DAMAGED))):
            yield _lesson(example, way, others, tickets[k]["assignee"], 1.0)
    for place, guess in enumerate(found):
        shared = [overlap(frozenset(guess), frozenset(turns)) for turns in true]
        if shared and max(shared) >= SAME:
            whose = tickets[int(np.argmax(shared))]["assignee"]
            yield _lesson(example, guess, _all_but(found, place), whose, FOUND)


def _all_but(sets: Sequence[Sequence[int]], k: int) -> set[int]:
    return {turn for j, turns in enumerate(sets) if j != k for turn in turns}


def _lesson(example: Example, turns: Sequence[int], others: set[int], assignee: str | None, weight: float) -> Lesson:
    who, rows = candidates(example.seen, turns, others)
    wanted = known_person(assignee, example.seen.people) or assignee
    return Lesson(example.fold, rows, np.array([name == wanted for name in who], bool), weight)


def fit(of: Sequence[Lesson]) -> Trees:
    return grow(
        np.concatenate([lesson.rows for lesson in of]),
        [np.concatenate([lesson.right for lesson in of])],
        [np.concatenate([np.full(len(lesson.right), lesson.weight) for lesson in of])],
        **OPTIONS,
    )
