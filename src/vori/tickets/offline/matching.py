"""Which ticket is meant: titles against what was said, by the letters of both."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vori.events import Language


@lru_cache(maxsize=4096)
def letters(text: str) -> frozenset[str]:
    """Groups of three letters within words; Hangul is taken apart into its jamo, so endings and typos cost little."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFD", text.lower())).split()
    return frozenset(word[i : i + 3] for word in words for i in range(max(1, len(word) - 2)))


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """How many of the shorter text's groups of letters are in the longer one, 0 to 1."""
    return len(one & other) / max(1, min(len(one), len(other)))


def language_of(text: str) -> Language:
    return "ko" if re.search(r"[ㄱ-ㆎ가-힣]", text) else "en"


def shared(said: Sequence[frozenset[str]], titles: Sequence[frozenset[str]]) -> NDArray[np.float32]:
    """(texts, titles): the part of each title's letter groups that was said; rare groups weigh more, 0 to 1."""
    counts = Counter(group for title in titles for group in title)
    out = np.zeros((len(said), len(titles)), np.float32)
    for k, title in enumerate(titles):
        whole = sum(1.0 / counts[group] for group in title)
        for i, text in enumerate(said):
            out[i, k] = sum(1.0 / counts[group] for group in title & text) / whole if whole else 0.0
    return out
