"""Another participant's voice come back through a loudspeaker: known by how loudness rises and falls. Pure: no I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEP_MS = 32
"""From one loudness to the next: the windows that voice activity is judged by."""
KEPT = 60_000 // STEP_MS
LATEST = 640 // STEP_MS
"""Steps by which an echo may come after the voice."""
FEWEST = 20
"""Steps of sound below which nothing can be told."""
COVERED = 0.9
"""Share of them for which the other stream's loudness must be known."""
ALIKE = 0.8
"""Correlation from which a quieter sound is taken for an echo."""
QUIETER = 0.7
"""Of the other's loudness: an echo has less."""


class Loudness:
    """How loud a stream was lately, step by step, by its own clock. Added to in one thread, read in any."""

    def __init__(self) -> None:
        self._steps: deque[tuple[int, float]] = deque(maxlen=KEPT)

    def add(self, at_ms: int, samples: NDArray[np.float32]) -> None:
        """One step of sound that begins at `at_ms`."""
        self._steps.append((at_ms, float(np.sqrt(np.mean(np.square(samples))))))

    def between(self, begin_ms: int, end_ms: int) -> list[tuple[int, float]]:
        return [step for step in list(self._steps) if begin_ms <= step[0] < end_ms]


def is_echo(mine: Loudness, others: Iterable[tuple[Loudness, int]], begin_ms: int, end_ms: int) -> bool:
    """Whether what I heard between two times was said by one of the others.

    Beside each other's loudness: when its clock began, ms by mine.
    """
    heard = mine.between(begin_ms, end_ms)
    return len(heard) >= FEWEST and any(_came_from(heard, other, began_ms) for other, began_ms in others)


def _came_from(heard: list[tuple[int, float]], other: Loudness, began_ms: int) -> bool:
    first, last = heard[0][0] // STEP_MS, heard[-1][0] // STEP_MS
    known = other.between((first - LATEST) * STEP_MS - began_ms, (last + 1) * STEP_MS - began_ms)
    mine = _grid(heard, first, last + 1 - first)
    theirs = _grid([(at_ms + began_ms, loud) for at_ms, loud in known], first - LATEST, LATEST + len(mine))
    for later in range(LATEST + 1):
        said = theirs[LATEST - later : LATEST - later + len(mine)]
        both = ~np.isnan(mine) & ~np.isnan(said)
        if both.sum() < max(FEWEST, COVERED * len(mine)):
            continue
        if mine[both].mean() < QUIETER * said[both].mean() and _correlation(mine[both], said[both]) > ALIKE:
            return True
    return False


def _grid(steps: list[tuple[int, float]], first: int, count: int) -> NDArray[np.float64]:
    """Loudness by step; unknown ones are NaN."""
    grid = np.full(count, np.nan)
    for at_ms, loudness in steps:
        if 0 <= at_ms // STEP_MS - first < count:
            grid[at_ms // STEP_MS - first] = loudness
    return grid


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Of loudness as ears judge it."""
    a, b = one**0.5 - (one**0.5).mean(), other**0.5 - (other**0.5).mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 0 else 0.0
