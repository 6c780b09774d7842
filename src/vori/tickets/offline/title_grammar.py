"""How like a title a phrase reads: by the shapes of its words, three in a row, as the titles of boards have them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from vori.tickets.offline.patterns import listed
from vori.tickets.offline.title_words import FUNCTION, base_of

NUMBERS = frozenset(
    listed(
        "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred thousand"
    )
)


def shape(word: str, verbs: frozenset[str]) -> str:
    """A function word itself; for others how they end, and whether they are forms of a verb."""
    low = word.lower()
    if low in FUNCTION:
        return low
    if low in NUMBERS or any(c.isdigit() for c in low):
        return "#"
    if low.endswith(("'s", "s'")):
        return "'s"
    if word[:1].isupper():
        return "P"
    end = next((end for end in ("ing", "ed", "ly", "s") if low.endswith(end) and len(low) > len(end) + 2), "")
    return ("v" if base_of(low, verbs) else "") + end


def count(titles: Iterable[str], verbs: frozenset[str]) -> dict[str, float]:
    """The table of a set of titles."""
    found: Counter[str] = Counter()
    for title in titles:
        shapes = ["<", *(shape(word, verbs) for word in title.split()[1:]), ">"]
        for i in range(1, len(shapes)):
            for size in range(3):
                if i - size >= 0:
                    found["|".join(shapes[i - size : i + 1])] += 1
                    found["|".join(shapes[i - size : i]) + "|*"] += 1
    return {key: float(n) for key, n in found.items()}


def likeness(text: str, table: Mapping[str, float], verbs: frozenset[str]) -> tuple[float, float]:
    """(mean, least) log probability of the words of a title after its first."""
    if not table:
        return 0.0, 0.0
    shapes = ["<", *(shape(word, verbs) for word in text.split()[1:]), ">"]
    told = []
    for i in range(1, len(shapes)):
        chance = 0.002
        for size, part in ((0, 0.1), (1, 0.3), (2, 0.6)):
            context = "|".join(shapes[max(0, i - size) : i]) + "|*"
            whole = table.get(context, 0.0)
            if whole:
                chance += part * table.get("|".join(shapes[max(0, i - size) : i + 1]), 0.0) / (whole + 2)
        told.append(math.log(chance))
    return sum(told) / len(told), min(told)
