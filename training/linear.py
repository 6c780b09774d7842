"""Fit the linear heads: kernel logistic regression over embeddings with their neighbours, and over letter groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from training.data import Meeting, labels
from vori.tickets.offline.heads import NEIGHBOURS, Heads, groups, weighted

NEAR = {0: 1.0, -1: 0.5, 1: 0.5, -2: 0.25, 2: 0.25}
"""What a neighbour's embedding counts beside the turn's own."""
SEEN = 3
"""Turns that a letter group must be in to count."""
STRENGTH_MEANING, STRENGTH_FORM = 1.0, 0.3
"""Ridge penalties."""
GROUPS_KEPT = 30_000
STEPS = 120

Floats = NDArray[np.float32]


def logistic(gram: Floats, answers: Floats, weights: Floats, penalty: float) -> Floats:
    """Dual weights (rows, heads) of ridge logistic regressions that share one kernel; Nesterov's descent."""
    vector = np.random.default_rng(0).normal(size=len(gram)).astype(np.float32)
    largest = 1.0
    for _ in range(12):
        vector = gram @ vector
        largest = float(np.linalg.norm(vector))
        vector /= largest
    step = 1 / (0.25 * largest + penalty)
    dual = np.zeros_like(answers)
    ahead, pace = dual, 1.0
    for _ in range(STEPS):
        wrong = 1 / (1 + np.exp(-np.clip(gram @ ahead, -30, 30))) - answers
        moved = ahead - step * (weights * wrong + penalty * ahead)
        quicker = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = moved + (pace - 1) / quicker * (moved - dual)
        dual, pace = moved, quicker
    return dual


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
        self._near = [neighbours(meaning, sizes, offset) * np.sqrt(NEAR[offset]) for offset in NEIGHBOURS]
        self._near_gram, self._near_scale = _scaled(sum(rows @ rows.T for rows in self._near))
        counts = [groups(turn.text, meeting.language) for meeting in meetings for turn in meeting.talk.turns]
        self._rows, self._rarity = vocabulary(counts)
        self._form = matrix(counts, self._rows, self._rarity)
        self._form_gram, self._form_scale = _scaled(alikeness(self._form))

    def fit(self, chosen: Collection[int]) -> Heads:
        """The heads, from the meetings at these places alone."""
        mine = np.flatnonzero(np.isin(self._of, list(chosen)))
        square = np.ix_(mine, mine)
        answers, weights = self._answers[mine], self._weights[mine]
        dual = logistic(self._near_gram[square], answers, weights, STRENGTH_MEANING)
        form_dual = logistic(self._form_gram[square], answers, weights, STRENGTH_FORM)
        by_group = (self._form[mine].T @ form_dual) / self._form_scale
        kept = np.sort(np.argsort(-np.abs(by_group * self._rarity[:, None]).max(1))[:GROUPS_KEPT])
        names = list(self._rows)
        return Heads(
            centre=self._centre,
            near=np.stack(
                [
                    np.float32(np.sqrt(NEAR[offset]) / self._near_scale) * (rows[mine].T @ dual)
                    for offset, rows in zip(NEIGHBOURS, self._near, strict=True)
                ]
            ),
            near_base=dual.sum(0),
            rows={names[k]: i for i, k in enumerate(kept)},
            rarity=self._rarity[kept],
            form=by_group[kept],
            form_base=form_dual.sum(0),
        )


def alikeness(rows: Any, common: int = 2000) -> Floats:
    """Products of all pairs of sparse rows; the columns that many rows share are quicker multiplied densely."""
    order = np.argsort(-np.diff(rows.tocsc().indptr))
    often, seldom = rows[:, order[:common]].toarray(), rows[:, order[common:]]
    product: Floats = often @ often.T + (seldom @ seldom.T).toarray()
    return product


def _scaled(gram: Floats) -> tuple[Floats, float]:
    """A kernel with ones on its diagonal, on average, and a constant for the intercept; and what it was divided by."""
    scale = float(np.mean(np.diag(gram)))
    return (gram / scale + 1).astype(np.float32), scale


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
