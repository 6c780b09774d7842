"""Fit the linear heads: logistic regression over embeddings with their neighbours, and over letter groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.data import Meeting, labels
from vori.tickets.offline.heads import HEADS, NEIGHBOURS, Heads, groups, weighted

NEAR = {0: 1.0, -1: 0.5, 1: 0.5, -2: 0.25, 2: 0.25}
"""What a neighbour's embedding counts beside the turn's own."""
SEEN = 3
"""Turns that a letter group must be in to count."""
STRENGTH_MEANING, STRENGTH_FORM = 1.0, 0.3
"""Ridge penalties."""
GROUPS_KEPT = 30_000
STEPS = 120

Floats = NDArray[np.float32]


def logistic(rows: Any, answers: Floats, weights: Floats, penalty: float) -> Floats:
    """Weights (features, heads) of ridge logistic regressions on the same rows, dense or sparse; Nesterov's descent."""
    turned = rows.T.tocsr() if sparse.issparse(rows) else np.ascontiguousarray(rows.T)
    vector = np.random.default_rng(0).normal(size=(rows.shape[1], 1)).astype(np.float32)
    largest = 1.0
    for _ in range(12):
        vector = turned @ (rows @ vector)
        largest = float(np.linalg.norm(vector))
        vector /= largest
    step = np.float32(1 / (0.25 * largest + penalty))
    found = np.zeros((rows.shape[1], answers.shape[1]), np.float32)
    ahead, pace = found, 1.0
    for _ in range(STEPS):
        wrong = weights * (1 / (1 + np.exp(-np.clip(rows @ ahead, -30, 30))) - answers)
        moved = ahead - step * (turned @ wrong + np.float32(penalty) * ahead)
        quicker = (1 + float(np.sqrt(1 + 4 * pace * pace))) / 2
        ahead = moved + np.float32((pace - 1) / quicker) * (moved - found)
        found, pace = moved, quicker
    return found


def neighbours(rows: Floats, sizes: Sequence[int], offset: int) -> Floats:
    """Row i + offset of the same meeting in place of row i; zero where there is none."""
    of = np.repeat(np.arange(len(sizes)), sizes)
    source = np.arange(len(rows)) + offset
    inside = (source >= 0) & (source < len(rows))
    inside[inside] &= of[source[inside]] == of[inside]
    out = np.zeros_like(rows)
    out[inside] = rows[source[inside]]
    return out


class Basis:
    """What the heads of one language are fitted on. No label is looked at yet, so all folds share it."""

    def __init__(self, meetings: Sequence[Meeting], vectors: Sequence[Floats]) -> None:
        told = [labels(meeting) for meeting in meetings]
        self._answers, self._weights = np.concatenate([a for a, _ in told]), np.concatenate([w for _, w in told])
        sizes = [len(meeting.talk.turns) for meeting in meetings]
        self._of = np.repeat(np.arange(len(sizes)), sizes)
        meaning = np.concatenate(list(vectors))
        self._centre = meaning.mean(0)
        meaning = meaning - self._centre
        meaning /= np.linalg.norm(meaning, axis=1, keepdims=True)
        near = [neighbours(meaning, sizes, offset) * np.float32(np.sqrt(NEAR[offset])) for offset in NEIGHBOURS]
        self._meaning, self._meaning_scale = _scaled(np.concatenate(near, axis=1))
        counts = [groups(turn.text, meeting.language) for meeting in meetings for turn in meeting.talk.turns]
        self._groups, self._rarity = vocabulary(counts)
        self._form, self._form_scale = _scaled(matrix(counts, self._groups, self._rarity))

    def fit(self, chosen: Collection[int]) -> Heads:
        """The heads, from the meetings at these places alone."""
        mine = np.flatnonzero(np.isin(self._of, list(chosen)))
        answers, weights = self._answers[mine], self._weights[mine]
        meaning = logistic(self._meaning[mine], answers, weights, STRENGTH_MEANING)
        form = logistic(self._form[mine], answers, weights, STRENGTH_FORM)
        by_group = form[:-1] * self._form_scale
        kept = np.sort(np.argsort(-np.abs(by_group * self._rarity[:, None]).max(1))[:GROUPS_KEPT])
        names = list(self._groups)
        weighed = np.array([np.sqrt(NEAR[offset]) * self._meaning_scale for offset in NEIGHBOURS], np.float32)
        return Heads(
            centre=self._centre,
            near=meaning[:-1].reshape(len(NEIGHBOURS), -1, len(HEADS)) * weighed[:, None, None],
            near_base=meaning[-1],
            rows={names[k]: i for i, k in enumerate(kept)},
            rarity=self._rarity[kept],
            form=by_group[kept],
            form_base=form[-1],
        )


def _scaled(rows: Any) -> tuple[Any, np.float32]:
    """Rows of length one, on average, with a constant for the intercept; and what they were multiplied by."""
    squares = rows.multiply(rows).sum() if sparse.issparse(rows) else float((rows * rows).sum())
    scale = np.float32(1 / np.sqrt(squares / rows.shape[0]))
    constant = np.ones((rows.shape[0], 1), np.float32)
    if sparse.issparse(rows):
        return sparse.hstack([rows * scale, constant]).tocsr(), scale
    return np.concatenate([rows * scale, constant], axis=1), scale


def vocabulary(counts: Sequence[Counter[str]]) -> tuple[dict[str, int], Floats]:
    seen = Counter(group for found in counts for group in found)
    names = sorted(group for group, n in seen.items() if n >= SEEN)
    rarity = np.log((1 + len(counts)) / (1 + np.array([seen[name] for name in names]))) + 1
    return {name: i for i, name in enumerate(names)}, rarity.astype(np.float32)


def matrix(counts: Sequence[Counter[str]], rows: dict[str, int], rarity: Floats) -> Any:
    """(turns, groups), sparse."""
    parts = [weighted(found, rows, rarity) for found in counts]
    starts = np.cumsum([0, *(len(index) for index, _ in parts)])
    shape = (len(counts), len(rows))
    index, weight = np.concatenate([i for i, _ in parts]), np.concatenate([w for _, w in parts])
    return sparse.csr_matrix((weight, index, starts), shape=shape)
