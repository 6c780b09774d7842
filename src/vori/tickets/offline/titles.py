"""What a new ticket is called: a short phrase from the words of its evidence, as a project manager would write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from vori.events import Language
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.matching import language_of
from vori.tickets.offline.reading import Act, Saying
from vori.tickets.offline.scene import JUDGED_AT, Scene
from vori.tickets.offline.title_choice import POINTERS, best_first, composed, plainest
from vori.tickets.offline.title_keep import keep
from vori.tickets.offline.title_parts import NEAR, Placed, Source, Tables, about_deeds, best_deeds
from vori.tickets.offline.title_words import Word, english, korean
from vori.tickets.offline.work import is_work

FEW = 3
"""Turns of evidence up to which one plain sentence names the work."""
ALONE = 0.8
"""Part of its turn that such a sentence is."""
FAINT = 0.1
"""Less likely than this, a turn is not taken for the task."""
_TASK = JUDGED_AT["task"]
_ADDRESS = re.compile(r"[,;]|[가-힣](?: 씨|님) ")
"""A person is spoken to, or there is more than one clause."""


class Titles:
    """Names tickets. Not safe to share: the extractor holds a lock."""

    def __init__(
        self, tables: Mapping[Language, Tables], morphology: Morphology, kept: tuple[Trees, Trees] | None = None
    ) -> None:
        """`kept`: which words a title keeps, at the first look and the second; without it nothing is named."""
        self._tables = tables
        self._kept = kept
        self._morphology = morphology
        self._korean = lru_cache(maxsize=8192)(self._read_korean)

    def __call__(self, scene: Scene, turns: Sequence[int]) -> str:
        """A title for the work that these turns (in their order) are about; empty when they hold no words for one."""
        if not turns:
            return ""
        if plain := self.plain(scene, turns):
            return plain
        tables = self._tables[self.language(scene, turns)]
        source = self.source(scene, turns, tables)
        if not source.words or self._kept is None or tables.deed is None:
            return ""
        keep(source, tables, *self._kept)
        names, said, rows = about_deeds(source, tables)
        deeds = best_deeds(names, said, tables.deed(rows)[:, 0])
        found = best_first(source, composed(source, deeds, tables), tables)
        return found[0][1].text if found else plainest(source, deeds)

    def plain(self, scene: Scene, turns: Sequence[int]) -> str:
        """What the rules call the work, where one outright sentence alone names it in few turns; else empty."""
        named = [
            (turn, saying)
            for turn in turns
            for saying in scene.readings[turn].sayings
            if saying.task and saying.doing and saying.outright
        ]
        likely = scene.task(turns)
        if len(named) != 1 or len(turns) > FEW or float(scene.judged[likely, _TASK]) < FAINT:
            return ""
        ((turn, saying),) = named
        text, people = scene.talk.turns[turn].text, _names(tuple(scene.called))
        if len(saying.text) < ALONE * len(text) or not _clear(saying, people):
            return ""
        return saying.task if turn == likely or _repeats(saying, scene.talk.turns[likely].text) else ""

    def language(self, scene: Scene, turns: Sequence[int]) -> Language:
        """That of most of the evidence."""
        korean = sum(scene.readings[turn].language == "ko" for turn in turns)
        return "ko" if 2 * korean >= len(turns) else "en"

    def source(self, scene: Scene, turns: Sequence[int], tables: Tables) -> Source:
        language = self.language(scene, turns)
        first, last = turns[0], turns[-1]
        names = _names(tuple(scene.called))
        near: Counter[str] = Counter()
        words: list[Placed] = []
        for turn in range(max(0, first - NEAR), min(scene.size, last + NEAR + 1)):
            found = self._words(scene.talk.turns[turn].text, language, names, tables.spoken)
            near.update({word.key for word in found})
            if turn in turns or turn == first - 1:
                words += [Placed(word, turn, place) for place, word in enumerate(found)]
        return Source(scene=scene, language=language, turns=turns, words=words, near=near)

    def _words(self, text: str, language: Language, names: frozenset[str], verbs: frozenset[str]) -> tuple[Word, ...]:
        if language == "en":
            return english(text, names, verbs)
        return self._korean(text, names)

    def _read_korean(self, text: str, names: frozenset[str]) -> tuple[Word, ...]:
        return korean(self._morphology.sentences(text), names)


def _clear(saying: Saying, people: frozenset[str]) -> bool:
    """Whether somebody takes on, or is asked for, work whose name needs nothing of the talk."""
    if saying.points_back or saying.act not in {Act.COMMIT, Act.REQUEST} or not is_work(saying.doing):
        return False
    words = frozenset(re.findall(r"[\w'’-]+", saying.task.lower()))
    return not words & (POINTERS | people) and not _ADDRESS.search(saying.task)


def _repeats(saying: Saying, text: str) -> bool:
    """Whether the matter, of several words, was named by this text."""
    low = text.lower()
    return len(saying.task.split()) > 3 and all(word in low for word in saying.topic.lower().split())


@lru_cache(maxsize=64)
def _names(people: tuple[str, ...]) -> frozenset[str]:
    """All ways to name these people by one word."""
    found: set[str] = set()
    for person in people:
        for part in re.split(r"\s+", person):
            found.add(part.lower())
            if language_of(part) == "ko" and len(part) == 3:
                found.add(part[1:])
    return frozenset(found)
