"""Learn who takes a ticket on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.corpus import Example
from training.tickets import SAME, overlap
from training.trees import grow
from vori.tickets.names import known_person
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.owners import candidates

OPTIONS: dict[str, Any] = {"rounds": 120, "learning_rate": 0.05, "num_leaves": 10}


@dataclass(frozen=True, slots=True)
class Lesson:
    """Everyone who may own one ticket, and whether they do."""

    fold: int
    rows: NDArray[np.float32]
    right: NDArray[np.bool_]


def lessons(example: Example, found: Sequence[Sequence[int]] = ()) -> Iterator[Lesson]:
    """Of each ticket, by its true turns, by turns a little off, and by those that a model `found`, if it did."""
    chance = np.random.default_rng(example.seen.size)
    for ticket in example.meeting.gold["tickets"]:
        turns = sorted(example.meeting.place(u) for u in ticket["evidence_ids"])
        beside = min(max(turns[-1] + int(chance.integers(-3, 4)), 0), example.seen.size - 1)
        ways = [turns, sorted({*turns, beside})]
        if len(turns) > 1:
            missing = turns[int(chance.integers(len(turns)))]
            ways.append([turn for turn in turns if turn != missing])
        ways += [list(guess) for guess in found if overlap(frozenset(guess), frozenset(turns)) >= SAME]
        for way in ways:
            who, rows = candidates(example.seen, way)
            wanted = known_person(ticket["assignee"], example.seen.people) or ticket["assignee"]
            yield Lesson(example.fold, rows, np.array([name == wanted for name in who], bool))


def fit(of: Sequence[Lesson]) -> Trees:
    return grow(
        np.concatenate([lesson.rows for lesson in of]), [np.concatenate([lesson.right for lesson in of])], **OPTIONS
    )
