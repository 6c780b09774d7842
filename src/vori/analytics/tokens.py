"""Words that carry content, Korean and English: what keywords and topics are made of.

Each language is read by its script, so a sentence may mix them: Hangul by Kiwi's morphemes (nouns, and verbs and
adjectives as in a dictionary, …다), Latin letters lower-cased. Fillers, function words and bare numbers are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from vori.analytics.stopwords import STOP
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.reading import Morpheme

HANGUL = re.compile(r"[가-힣]")
LATIN = re.compile(r"[a-zà-öø-ÿ0-9]+(?:'[a-zà-öø-ÿ]+)*")
QUANTITY = re.compile(r"\d+(st|nd|rd|th|am|pm|s|ms|h|m|k|x|gb|mb|kb)?")
"""No content by itself: numbers, ordinals, times, sizes."""

NOUNS, VERBS, ROOT, PREFIX, SUFFIX = {"NNG", "NNP"}, {"VV", "VA"}, "XR", "XPN", "XSN"
PLURAL_OR_POLITE = {"들", "님", "씨", "쯤", "짜리", "당", "별", "가량", "네", "끼리"}
"""Suffixes that make no other word."""


@cache
def _morphology() -> Morphology:
    """One per process, for it takes 250 MB; loaded when the first Korean is read."""
    return Morphology()


def tokens(text: str) -> list[str]:
    """The content words of a text, in order."""
    return list(_content(text))


def tokens_of(texts: Iterable[str]) -> list[list[str]]:
    """The content words of each text. What was said lately in the same words isn't read again."""
    return [tokens(text) for text in texts]


@lru_cache(maxsize=100_000)
def _content(text: str) -> tuple[str, ...]:
    korean = _korean(_morphology().morphemes(text)) if HANGUL.search(text) else []
    return tuple(word for _, word in sorted([*korean, *_latin(text)]) if word not in STOP)


def _latin(text: str) -> list[tuple[int, str]]:
    words = ((found.start(), found[0]) for found in LATIN.finditer(text.lower().replace("’", "'")))
    plain = ((at, word.removesuffix("'s").replace("'", "")) for at, word in words)
    return [(at, word) for at, word in plain if len(word) > 1 and not QUANTITY.fullmatch(word)]


def _korean(morphemes: Sequence[Morpheme]) -> list[tuple[int, str]]:
    """Nouns with the prefix before and the suffix after them, verbs and adjectives, each with its place."""
    found: list[tuple[int, str]] = []
    prefix: Morpheme | None = None
    ended = -1  # where the noun ends that a suffix may join
    for one in morphemes:
        if one.tag in NOUNS:
            joined = prefix is not None and prefix.end == one.start
            found.append((prefix.start, prefix.form + one.form) if prefix and joined else (one.start, one.form))
            ended = one.end
        elif one.tag == SUFFIX and one.start == ended and one.form not in PLURAL_OR_POLITE:
            at, noun = found[-1]
            found[-1] = at, noun + one.form
        elif one.tag in VERBS:
            found.append((one.start, f"{one.form}다"))
        elif one.tag == ROOT:
            found.append((one.start, f"{one.form}하다"))
        prefix = one if one.tag == PREFIX else None
    return found
