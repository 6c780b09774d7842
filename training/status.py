"""Learn which turn moves which ticket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.corpus import Example, weights
from training.trees import grow
from vori.events import Status
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.moves import Claim, claims, summaries

CLAIM: dict[str, Any] = {"rounds": 250, "learning_rate": 0.04, "bags": 5}
TICKET: dict[str, Any] = {"bags": 5, "rounds": 80, "learning_rate": 0.05, "num_leaves": 6}

Floats = NDArray[np.float32]


def truth(example: Example) -> dict[int, tuple[Status, frozenset[int]]]:
    """For each ticket that moves: where to, and the turns that report it."""
    at = {turn.id: i for i, turn in enumerate(example.meeting.talk.turns)}
    ticket = {ticket.id: k for k, ticket in enumerate(example.meeting.talk.tickets)}
    return {
        ticket[change["ticket_id"]]: (
            Status(change["to"]),
            frozenset(at[u] for u, role in change["evidence_roles"].items() if role == "report"),
        )
        for change in example.meeting.gold["status_changes"]
    }


def answers(example: Example, found: Sequence[Claim]) -> NDArray[np.bool_]:
    true = truth(example)
    return np.array(
        [c.ticket in true and true[c.ticket][0] is c.to and c.turn in true[c.ticket][1] for c in found], bool
    )


class Lesson:
    """What one meeting teaches about moves."""

    def __init__(self, example: Example) -> None:
        self.example = example
        self.fold = example.fold
        self.claims, self.rows = claims(example.seen)
        self.answers = answers(example, self.claims)
        self.moves: list[tuple[int, Status, tuple[int, ...]]] = []
        self.features: Floats = np.zeros((0, 0), np.float32)

    def sum_up(self, trees: Trees) -> None:
        if self.claims:
            sure = trees(self.rows)[:, 0]
            self.moves, self.features = summaries(self.example.seen, self.claims, self.rows, sure)

    @property
    def right(self) -> NDArray[np.bool_]:
        true = truth(self.example)
        return np.array([k in true and true[k][0] is to for k, to, _ in self.moves], bool)


def fit_claims(lessons: Sequence[Lesson]) -> Trees:
    some = [lesson for lesson in lessons if lesson.claims]
    return _fit(some, [lesson.rows for lesson in some], [lesson.answers for lesson in some], **CLAIM)


def fit_moves(lessons: Sequence[Lesson]) -> Trees:
    some = [lesson for lesson in lessons if lesson.moves]
    return _fit(some, [lesson.features for lesson in some], [lesson.right for lesson in some], **TICKET)


def _fit(
    lessons: Sequence[Lesson], rows: Sequence[Floats], right: Sequence[NDArray[np.bool_]], **options: Any
) -> Trees:
    count = weights([lesson.example for lesson in lessons], map(len, right))
    return grow(np.concatenate(rows), [np.concatenate(right)], [count], **options)
