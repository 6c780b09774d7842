"""Any sample rate to 16 kHz, piece by piece; how the sound was cut into pieces makes no difference."""

from __future__ import annotations

from functools import lru_cache
from math import ceil, gcd

import numpy as np
from numpy.typing import NDArray

from vori.transcript.model import SAMPLE_RATE

CROSSINGS = 16
"""Zero crossings of the sinc on either side: how sharp the filter is."""
MOST_PHASES = 640
"""Exact for every usual rate; times at odd ones are rounded to 1/640 of a sample."""


class Resampler:
    """One stream's, from its first sample or from where another left off (`given` and `rest` are all it remembers)."""

    def __init__(self, rate: int, given: int = 0, rest: NDArray[np.int16] | None = None) -> None:
        self._down, self._up = rate // gcd(rate, SAMPLE_RATE), SAMPLE_RATE // gcd(rate, SAMPLE_RATE)
        self._filters = _filters(rate)
        self._reach = self._filters.shape[1] // 2
        self.given = given
        """Samples given out so far."""
        self.rest = np.zeros(self._reach - 1, np.int16) if rest is None else rest
        """What came in and is still needed; begins `reach` - 1 samples before the next one to give out."""

    def take(self, samples: NDArray[np.int16]) -> NDArray[np.int16]:
        """The samples at 16 kHz that can be told now. Mono, s16, in and out."""
        if self._up == self._down:
            return samples
        self.rest = np.concatenate((self.rest, samples))
        here = self.given * self._down // self._up
        ready = max(0, len(self.rest) - 2 * self._reach + 1)
        last = ((here + ready) * self._up - 1) // self._down
        times = np.arange(self.given, last + 1, dtype=np.int64) * self._down
        if not len(times):
            return np.zeros(0, np.int16)
        windows = np.lib.stride_tricks.sliding_window_view(self.rest, 2 * self._reach)[times // self._up - here]
        phases = (times % self._up) * len(self._filters) // self._up
        self.given += len(times)
        self.rest = self.rest[self.given * self._down // self._up - here :]
        mixed = np.rint((windows * self._filters[phases]).sum(axis=1))
        return np.asarray(np.clip(mixed, -32768, 32767), np.int16)

    def finish(self) -> NDArray[np.int16]:
        """The last samples: nothing more comes in."""
        return self.take(np.zeros(self._reach, np.int16)) if self._up != self._down else np.zeros(0, np.int16)


@lru_cache(maxsize=8)
def _filters(rate: int) -> NDArray[np.float32]:
    """A windowed sinc for each position between two incoming samples; shape (phases, taps)."""
    keep = min(1.0, SAMPLE_RATE / rate) * 0.94
    reach = ceil(CROSSINGS / keep)
    phases = min(SAMPLE_RATE // gcd(rate, SAMPLE_RATE), MOST_PHASES)
    away = np.arange(1 - reach, reach + 1)[None, :] - np.arange(phases)[:, None] / phases
    window = 0.5 + 0.5 * np.cos(np.pi * np.clip(away / reach, -1, 1))
    taps = np.sinc(away * keep) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), np.float32)
