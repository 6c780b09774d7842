"""Boosted trees as plain tables: LightGBM grows them (`training/`), numpy alone reads them here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROWS = 512
"""Rows walked down the trees at once: bounds the memory."""


def table(rows: Sequence[Sequence[float]]) -> NDArray[np.float32]:
    """(rows, features), also where there is no row."""
    return np.array(rows, np.float32) if rows else np.zeros((0, 0), np.float32)


@dataclass(frozen=True, slots=True)
class Trees:
    """Nodes of many trees in one table. A leaf points at itself, so all trees are walked equally far."""

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    """Left where the feature is not above it."""
    missing_left: NDArray[np.bool_]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    """First node of each tree; those of one output lie together."""
    begins: NDArray[np.int32]
    """For each output, its first tree."""
    bags: int
    """So many outputs in a row answer the same question on different parts of the data; they are averaged."""
    depth: int

    def __call__(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (rows, questions) for features (rows, features); a missing feature is NaN."""
        if not len(rows):
            return np.zeros((0, len(self.begins) // self.bags), np.float32)
        chunks = [self._walk(rows[at : at + ROWS]) for at in range(0, len(rows), ROWS)]
        sure = 1 / (1 + np.exp(-np.concatenate(chunks)))
        averaged: NDArray[np.float32] = sure.reshape(len(rows), -1, self.bags).mean(2, dtype=np.float32)
        return averaged

    def _walk(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        which = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            seen = rows[which, self.feature[at]]
            goes_left = np.where(np.isnan(seen), self.missing_left[at], seen <= self.threshold[at])
            at = np.where(goes_left, self.left[at], self.right[at])
        return np.add.reduceat(self.value[at], self.begins, axis=1)

    def arrays(self) -> dict[str, Any]:
        """As saved."""
        return {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}

    @staticmethod
    def of(arrays: Mapping[str, Any]) -> Trees:
        known: dict[str, Any] = {field.name: arrays[field.name] for field in fields(Trees)}
        return Trees(**known | {"bags": int(known["bags"]), "depth": int(known["depth"])})
