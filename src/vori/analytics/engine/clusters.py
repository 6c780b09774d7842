"""Topics as numbers: words in a space, stretches of talk as places in it, and the middle of each topic. Pure numpy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Document = Sequence[str]

SAME = 0.3
"""A cluster keeps a topic's number if it shares so much of the stretches that either has."""
LABEL_WORDS, TOPIC_WORDS = 3, 10
ROUND = 6


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of a workspace in one language. `vectors` has a row for each of `words`, `centres` for each topic."""

    words: tuple[str, ...]
    vectors: Array
    idf: Array
    centres: Array
    numbers: tuple[int, ...]
    said: tuple[tuple[str, ...], ...]
    """Each topic's most distinctive words."""

    def points(self, documents: Sequence[Document]) -> Array:
        """Each document's place: the mean of its words' vectors by their IDF, of length 1; zeros if it knows none."""
        return unit(points(documents, self.words, self.vectors, self.idf))

    def nearest(self, documents: Sequence[Document]) -> tuple[Array, Array]:
        """Each document's topic, by its position in `numbers`, and how near it is (1: there). −1: it has none."""
        places = self.points(documents)
        distances = squared(places, self.centres)
        chosen = distances.argmin(axis=1)
        near = (1 - distances[np.arange(len(places)), chosen] / 2).round(ROUND)
        return np.where(places.any(axis=1), chosen, -1), near


def points(documents: Sequence[Document], words: Sequence[str], vectors: Array, idf: Array) -> Array:
    """Sum of the words' vectors, each by its IDF."""
    place = {word: at for at, word in enumerate(words)}
    weighed = vectors * idf[:, None]
    empty = np.zeros(vectors.shape[1])
    known = [[place[word] for word in document if word in place] for document in documents]
    return np.array([weighed[one].sum(axis=0) if one else empty for one in known]).reshape(-1, vectors.shape[1])


def unit(rows: Array) -> Array:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Array = np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)
    return scaled


def squared(places: Array, centres: Array) -> Array:
    """Squared distances of each place to each centre."""
    distances: Array = (places**2).sum(1)[:, None] - 2 * places @ centres.T + (centres**2).sum(1)
    return distances


def inverse_frequency(documents: Sequence[Document], words: Sequence[str]) -> Array:
    held = Counter(word for document in documents for word in set(document))
    rarity: Array = np.log((len(documents) + 1) / (np.array([held[word] for word in words]) + 1.0))
    return rarity


def silhouette(places: Array, chosen: Array, count: int) -> float:
    """Mean silhouette by squared distances, as Spark's ClusteringEvaluator has it; −1…1."""
    sizes = np.bincount(chosen, minlength=count).astype(float)
    sums = np.array([places[chosen == one].sum(0) for one in range(count)])
    norms = (places**2).sum(1)
    inner = np.bincount(chosen, weights=norms, minlength=count)
    many = np.maximum(sizes, 1)
    mean = norms[:, None] + inner / many - 2 * places @ (sums / many[:, None]).T
    rows = np.arange(len(places))
    own = mean[rows, chosen] * sizes[chosen] / np.maximum(sizes[chosen] - 1, 1)
    mean[rows, chosen] = np.inf
    mean[:, sizes == 0] = np.inf
    other = mean.min(axis=1)
    each = np.where(sizes[chosen] > 1, (other - own) / np.maximum(np.maximum(other, own), 1e-12), 0.0)
    return float(each.mean())


def distinctive(documents: Sequence[Document], chosen: Array, count: int) -> list[tuple[str, ...]]:
    """Each cluster's words by count · ln(1 + mean words of a cluster / count of the word in all), most first."""
    inside: list[Counter[str]] = [Counter() for _ in range(count)]
    for document, one in zip(documents, chosen.tolist(), strict=True):
        if one >= 0:
            inside[one].update(document)
    whole = sum(inside, Counter[str]())
    mean = whole.total() / max(1, count)
    scores = [{word: said * np.log1p(mean / whole[word]) for word, said in one.items()} for one in inside]
    return [tuple(sorted(one, key=lambda word: (-one[word], word))[:TOPIC_WORDS]) for one in scores]


def renumber(chosen: Array, count: int, before: Array, numbers: Sequence[int], unused: int) -> tuple[int, ...]:
    """Numbers for clusters: that of the topic which the same documents had `before` (positions in `numbers`), best
    matches first, if they share `SAME` of what either has; else one from `unused` on."""
    pairs = []
    for one in range(count):
        for old in range(len(numbers)):
            both = int(((chosen == one) & (before == old)).sum())
            either = int(((chosen == one) | (before == old)).sum())
            if either and both / either >= SAME:
                pairs.append((-both / either, old, one))
    given: dict[int, int] = {}
    for _, old, one in sorted(pairs):
        if one not in given and numbers[old] not in given.values():
            given[one] = numbers[old]
    for one in range(count):
        if one not in given:
            given[one], unused = unused, unused + 1
    return tuple(given[one] for one in range(count))


def save(topics: Topics, path: Path) -> None:
    """Write them to a file; the same topics give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    said = [" ".join(words) for words in topics.said]
    with path.with_suffix(".part").open("wb") as file:
        np.savez(
            file,
            words=np.array(topics.words),
            vectors=topics.vectors,
            idf=topics.idf,
            centres=topics.centres,
            numbers=np.array(topics.numbers),
            said=np.array(said),
        )
    path.with_suffix(".part").replace(path)


def load(path: Path) -> Topics | None:
    """What `save` wrote; None if there is nothing."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as kept:
        return Topics(
            words=tuple(kept["words"].tolist()),
            vectors=kept["vectors"],
            idf=kept["idf"],
            centres=kept["centres"],
            numbers=tuple(kept["numbers"].tolist()),
            said=tuple(tuple(words.split()) for words in kept["said"].tolist()),
        )
