"""Whether two titles name the same work, so that no ticket is opened twice. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

from vori.tickets.model import same_title

Key = TypeVar("Key", UUID, str)

ALIKE = 0.8
"""How much of two words' letters is shared when one is the other misspelt, or with another ending."""
NAMED = 5
"""Letters of a title from which its being said names the ticket."""
_GLUE = "a an the of for to our in on with and please 좀 및 그 이 저 것 관련"
_EMPTY = frozenset(_GLUE.split())
_ENDINGS = re.compile(r"(?<=[가-힣]{2})(?:을|를|은|는|이|가|의|에|와|과|도|로|으로|하기|하고|해서|하여|해\s?주기)$")


def known_work(title: str, titles: Mapping[Key, str]) -> Key | None:
    """The ticket whose title names the same work: the same title, else the first that is very like it."""
    plain = same_title(title)
    exact = (ticket for ticket, other in titles.items() if same_title(other) == plain)
    like = (ticket for ticket, other in titles.items() if alike(title, other))
    return next(exact, None) or next(like, None)


def alike(one: str, other: str) -> bool:
    """The same words in any order, but for particles, endings and slips; numbers are the same."""
    if same_title(one) == same_title(other):
        return True
    left = list(_words(other))
    if not left or len(left) != len(_words(one)):
        return False
    for word in _words(one):
        found = next((there for there in left if _same_word(word, there)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def says(text: str, title: str) -> bool:
    """Whether somebody says a whole title: as it is written, or all its words with whatever endings."""
    plain = same_title(title)
    if len(plain) < NAMED:
        return False
    words = _words(text)
    return plain in same_title(text) or all(any(said.startswith(word) for said in words) for word in _words(title))


@lru_cache(maxsize=8192)
def _words(title: str) -> tuple[str, ...]:
    """A title's words that say something; Hangul is taken apart into letters."""
    plain = re.findall(r"\w+", unicodedata.normalize("NFKC", title).casefold())
    bare = [_ENDINGS.sub("", word) for word in plain]
    return tuple(unicodedata.normalize("NFD", word) for word in bare if word not in _EMPTY)


def _same_word(one: str, other: str) -> bool:
    if one == other:
        return True
    if one[0] != other[0] or any(map(str.isdigit, one + other)):
        return False
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
