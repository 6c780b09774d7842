"""Learn which of the days named near a ticket is its due date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from training.corpus import FOLDS, Example
from training.trees import grow
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.deadlines import candidates

OPTIONS = {"max_iter": 150, "learning_rate": 0.05, "max_leaf_nodes": 8, "max_features": 0.3}
DAMAGED = 2
"""So often each ticket is learned from turns that aren't quite its own, as when a model finds them."""
INVENTED = 0.04
"""Part of the tickets without a due date that may be given one."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one ticket teaches: the days near its turns, and which one it is due."""

    example: Example
    whole: bool
    due: date | None
    days: list[date]
    rows: Floats

    @property
    def right(self) -> NDArray[np.bool_]:
        return np.array([day == self.due for day in self.days], bool)


def evidence(example: Example) -> list[tuple[list[int], date | None]]:
    """Each ticket's turns, in order, and its due date."""
    at = {turn.id: i for i, turn in enumerate(example.meeting.talk.turns)}
    return [
        (
            sorted(at[u] for u in ticket.get("evidence_all_roles") or ticket["evidence_roles"]),
            date.fromisoformat(ticket["due"]) if ticket["due"] else None,
        )
        for ticket in example.meeting.gold["tickets"]
    ]


def damaged(turns: Sequence[int], size: int, chance: np.random.Generator) -> list[int]:
    """One turn missing, or a neighbour too many, or both."""
    kept = list(turns)
    how = chance.integers(0, 3)
    if how != 0 and len(kept) > 1:
        kept.pop(int(chance.integers(0, len(kept))))
    if how != 1:
        near = [i for i in range(max(0, turns[0] - 2), min(size, turns[-1] + 3)) if i not in turns]
        kept += [int(chance.choice(near))] if near else []
    return sorted(kept)


def lessons(example: Example) -> Iterator[Lesson]:
    """Of each ticket, once with all its turns and `DAMAGED` times otherwise."""
    chance = np.random.default_rng(example.seen.size)
    told = evidence(example)
    for version in range(1 + DAMAGED):
        sets = [turns if version == 0 else damaged(turns, example.seen.size, chance) for turns, _ in told]
        for k, (_, due) in enumerate(told):
            others = {i for j, turns in enumerate(sets) if j != k for i in turns}
            found, rows = candidates(example.seen, sets[k], others)
            yield Lesson(example, version == 0, due, [c.mention.day for c in found], rows)


def fit(of: Sequence[Lesson]) -> Trees:
    some = [lesson for lesson in of if lesson.days]
    return grow(
        np.concatenate([lesson.rows for lesson in some]),
        [np.concatenate([lesson.right for lesson in some])],
        bags=5,
        **OPTIONS,
    )


def crossfit(of: Sequence[Lesson]) -> list[tuple[date | None, float]]:
    """For each lesson the likeliest day and its probability, by trees that never saw its meeting."""
    found: list[tuple[date | None, float]] = [(None, 0.0)] * len(of)
    for fold in range(FOLDS):
        trees = fit([lesson for lesson in of if lesson.example.fold != fold])
        for k, lesson in enumerate(of):
            if lesson.example.fold == fold and lesson.days:
                sure = trees(lesson.rows)[:, 0]
                found[k] = lesson.days[int(np.argmax(sure))], float(sure.max())
    return found


def threshold(of: Sequence[Lesson], found: Sequence[tuple[date | None, float]]) -> float:
    """The lowest probability from which days may be taken with at most `INVENTED` of the tickets given a false one."""
    without = sorted((sure for lesson, (_, sure) in zip(of, found, strict=True) if lesson.due is None), reverse=True)
    return without[int(INVENTED * len(without))] if without else 0.5


def measured(of: Sequence[Lesson], found: Sequence[tuple[date | None, float]], least: float) -> tuple[float, float]:
    """(accuracy among the tickets that have a due date, part of the others that were given one)."""
    taken = [(lesson.due, day if sure > least else None) for lesson, (day, sure) in zip(of, found, strict=True)]
    true = [day == due for due, day in taken if due is not None]
    false = [day is not None for due, day in taken if due is None]
    return float(np.mean(true)), float(np.mean(false))
