"""Who is named in a turn: somebody at hand or, where it can be nobody of these, a member of the workspace."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vori.tickets.model import Talk
from vori.tickets.offline.matching import language_of

_AFTER_A_NAME = r"(?:이|님|씨|아|야|가|은|는|도|,| |에게|한테|$)"
_AFTER_A_GIVEN_NAME = (
    r"(?:이?(?:님|씨|에게|한테|께)| ?(?:대리|과장|차장|부장|팀장|실장|이사|매니저|책임|선임|수석|주임|선배))"
)


def is_named(name: str, text: str) -> bool:
    """Does the text name this person ("지훈님", "Jay")?"""
    return bool(_called(name).search(text))


@lru_cache(maxsize=4096)
def _called(name: str) -> re.Pattern[str]:
    short = re.escape(_short(name))
    return re.compile(short + _AFTER_A_NAME) if language_of(name) == "ko" else re.compile(rf"\b{short}\b", re.I)


def who_is_named(talk: Talk) -> tuple[list[str], list[str], NDArray[np.bool_]]:
    """The people of a talk, all names they are called by, and (turns, people): who, other than its speaker, is named.

    The people are everyone at hand and, after them, the members who are named.
    """
    present, whose = talk.everyone(), _whose(talk)
    find = _finder(tuple(whose), frozenset(name for member in talk.members for name in member.callings))
    found = [find.findall(turn.text) if whose else [] for turn in talk.turns]
    heard = list(dict.fromkeys(name for names in found for name in names))
    people = list(dict.fromkeys([*present, *(whose[name] for name in heard)]))
    named = np.zeros((len(talk.turns), len(people)), bool)
    for row, turn, names in zip(named, talk.turns, found, strict=True):
        members = {whose[name] for name in names}
        rest = find.sub("", turn.text) if names else turn.text
        for k, person in enumerate(people):
            told = person in members or (k < len(present) and is_named(person, rest))
            row[k] = told and person != turn.speaker
    return people, list(dict.fromkeys([*people, *heard])), named


def _short(name: str) -> str:
    """What somebody of this name is called: a Korean given name, an English first name."""
    if language_of(name) == "ko":
        return name[-2:] if len(name) >= 3 and " " not in name else name.rsplit(maxsplit=1)[-1]
    return name.split(maxsplit=1)[0]


def _whose(talk: Talk) -> Mapping[str, str]:
    """Names by which a member may be called, and whose each is; without those that could be another's."""
    claims = defaultdict[str, set[str]](set)
    called = [(member.name, name) for member in talk.members for name in member.callings]
    for person, name in [*((person, person) for person in talk.everyone()), *called]:
        for spoken in (name, _short(name)):
            claims[spoken].add(person)
    wanted = dict.fromkeys(spoken for _, name in called for spoken in (name, _short(name)))
    return {spoken: person for spoken in wanted if len(claims[spoken]) == 1 for person in claims[spoken]}


@lru_cache(maxsize=64)
def _finder(names: tuple[str, ...], whole: frozenset[str]) -> re.Pattern[str]:
    """Finds these names, the longest first.

    Many given names are words, too: of a Korean one that isn't in `whole` it must be told that it is a name.
    """
    ways = []
    for name in sorted(names, key=len, reverse=True):
        if language_of(name) == "ko":
            after = _AFTER_A_NAME if name in whole else _AFTER_A_GIVEN_NAME
            ways.append(rf"(?<![가-힣]){re.escape(name)}(?={after})")
        else:
            ways.append(rf"\b{re.escape(name)}\b")
    return re.compile("|".join(ways))
