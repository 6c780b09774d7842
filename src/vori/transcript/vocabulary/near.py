"""The team's words: which of them may have been said where something else was heard. Pure: no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vori.transcript.vocabulary.pronounce import HEARD_AS, NUMBER, RUN, TOO_MANY, sounds_of

NEAR = 0.3
"""Cost per sound up to which a term is near a run of words."""
SHORT = 0.075
"""What each sound but the first adds to that limit, for terms of few sounds."""
OTHER_END = 0.12
"""A run that ends elsewhere and costs so much more, at most, is a second possibility."""
GAIN = 2.0
"""Log-probability by which a term must suit the sound better than what was heard in its place."""
FEWEST, MOST = 3, 32
"""Sounds of a term: with fewer it is never near; more aren't compared."""
BEHIND = re.compile(
    "(은|는|이|가|을|를|에|의|도|만|로|와|과|랑|야|아|씨|님|들|께|요|나|서|에게|한테|으로|까지|부터|처럼|보다|마다|밖에)*"
    "([하되합했한할해됩됐된될돼인일였][가-힣]*|입니다|예요|고|면)?(?![가-힣])"
)
"""What may stand behind a term in a Korean word: particles, and what makes a verb of a noun."""
FAR = 1 << 40
PLACES = 1 << 16
"""A cost and the place where its run begins are kept in one number, the cost counting first."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Near:
    """A term, and the run of characters in a text that sounds like it."""

    term: str
    begin: int
    end: int
    cost: float
    """Per sound of the term; 0 sounds the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """Terms, as sounds."""

    terms: tuple[str, ...]
    sounds: Numbers
    """Shape (terms, MOST), filled up with 0."""
    lengths: Numbers
    gaps: Numbers
    """What it costs to leave out a term's first sounds, times PLACES; shape (terms, MOST + 1)."""
    limits: Numbers
    """The highest cost of being near."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A text, as sounds. `opens`: the character at which a run of words may begin, before a sound; `closes`: the one at
    which it may end, after a sound. A run begins with a word; it ends with a word or, in Korean, within one.
    """

    sounds: list[int]
    opens: list[int | None]
    closes: list[int | None]


def near(text: str, terms: Sequence[str], sure: Iterable[tuple[int, int]] = ()) -> list[Near]:
    """The terms that sound like a run of words of a text and aren't in it, the nearest first.

    A term may come twice, with runs that end at different words. `sure` are spans of characters that were heard for
    certain: a run within them is left alone, and so is a term that is in the text already.
    """
    book, heard = _book(tuple(terms)), _heard(text)
    found = _search(book, heard) if book.terms and heard.sounds else []
    there = [one for one in found if _written(text[one.begin : one.end], one.term)]
    certain = bytearray(len(text) + 1)
    for begin, end in sure:
        certain[begin : end + 1] = b"\1" * (end + 1 - begin)
    return sorted(
        (
            one
            for one in found
            if not all(certain[one.begin : one.end])
            and not any(other.begin < one.end and one.begin < other.end and _within(other, one) for other in there)
        ),
        key=lambda one: one.cost,
    )


def best(found: Sequence[Near], gains: Sequence[float]) -> list[Near]:
    """Those to be put in, by what each gains: the highest gains that are high enough, one in a place."""
    taken = list[Near]()
    for gain, one in sorted(zip(gains, found, strict=True), key=lambda pair: -pair[0]):
        if gain >= GAIN and all(one.end <= other.begin or other.end <= one.begin for other in taken):
            taken.append(one)
    return taken


def put_in(text: str, found: Sequence[Near]) -> str:
    """The text with each term in the place of what sounds like it; no two may share a place."""
    for one in sorted(found, key=lambda one: -one.begin):
        text = text[: one.begin] + one.term + text[one.end :]
    return text


def _written(run: str, term: str) -> bool:
    return _bare(run) == _bare(term) and len(run.split()) == len(term.split())


def _within(there: Near, other: Near) -> bool:
    """Whether a term that is there forbids another one in its place: the other isn't the same and more."""
    return there.term == other.term or _bare(there.term) not in _bare(other.term)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


@lru_cache(maxsize=8)
def _book(terms: tuple[str, ...]) -> Book:
    spelt = {term: "".join(map(sounds_of, RUN.findall(term)))[:MOST] for term in dict.fromkeys(terms)}
    kept = {term: sounds for term, sounds in spelt.items() if len(sounds) >= FEWEST}
    table = np.zeros((len(kept), MOST), np.int64)
    for row, sounds in zip(table, kept.values(), strict=True):
        row[: len(sounds)] = [NUMBER[sound] for sound in sounds]
    lengths = np.array([len(sounds) for sounds in kept.values()], np.int64)
    gaps = np.zeros((len(kept), MOST + 1), np.int64)
    gaps[:, 1:] = np.cumsum(TOO_MANY[table], axis=1) * PLACES
    limits = np.floor(100 * lengths * np.minimum(NEAR, SHORT * (lengths - 1))).astype(np.int64)
    return Book(tuple(kept), table, lengths, gaps, limits)


def _heard(text: str) -> Heard:
    heard = Heard([], [], [])
    for run in RUN.finditer(text):
        sounds = sounds_of(run[0])
        ends = BEHIND.match(text, run.end())
        opens = not re.match(r"[\w'’]", text[run.start() - 1 : run.start()])
        heard.sounds.extend(NUMBER[sound] for sound in sounds)
        heard.opens.extend(run.start() if opens and not number else None for number in range(len(sounds)))
        heard.closes.extend(run.end() if ends and number == len(sounds) - 1 else None for number in range(len(sounds)))
    return heard


def _search(book: Book, heard: Heard) -> list[Near]:
    """Each term's nearest run, if it is near, and the next one that begins with it.

    The costs of all terms are found together, sound by sound: how dear it is to have heard the last sounds instead of a
    term's first ones.
    """
    every, row = np.arange(len(book.terms)), np.full(book.gaps.shape, FAR, np.int64)
    ends, totals = list[int](), list[Numbers]()
    for place, sound in enumerate(heard.sounds):
        if heard.opens[place] is not None:
            row = np.minimum(row, book.gaps + place)
        longer = row + TOO_MANY[sound] * PLACES
        longer[:, 1:] = np.minimum(longer[:, 1:], row[:, :-1] + HEARD_AS[sound][book.sounds] * PLACES)
        row = np.minimum.accumulate(longer - book.gaps, axis=1) + book.gaps
        if heard.closes[place] is not None:
            ends.append(place)
            totals.append(row[every, book.lengths])
    if not totals:
        return []
    costs, begins = np.divmod(np.stack(totals), PLACES)
    return [
        Near(book.terms[term], heard.opens[begin] or 0, heard.closes[ends[end]] or 0, cost)
        for term in np.flatnonzero(costs.min(axis=0) <= book.limits).tolist()
        for end, begin, cost in _runs(costs[:, term] / 100 / book.lengths[term], begins[:, term])
    ]


def _runs(costs: NDArray[np.float64], begins: Numbers) -> Iterable[tuple[int, int, float]]:
    """The nearest run of a term and its rival, as (number of its end, place of its beginning, cost)."""
    first, *rest = np.argsort(costs, kind="stable").tolist()
    rivals = [end for end in rest if begins[end] == begins[first] and costs[end] <= costs[first] + OTHER_END]
    for end in [first, *rivals[:1]]:
        yield end, int(begins[end]), round(float(costs[end]), 3)
