"""Korean morphemes through kiwipiepy, loaded on first use."""

from __future__ import annotations

import threading
from typing import Any

from vori.tickets.offline.reading import Morpheme


class Morphology:
    """Splits Korean text into sentences and morphemes. Loading takes about a second and 250 MB; safe to share."""

    def __init__(self) -> None:
        self._using = threading.Lock()
        self._kiwi: Any = None

    def sentences(self, text: str) -> list[tuple[str, tuple[Morpheme, ...]]]:
        """The sentences of a text, each with its morphemes; offsets count from the start of the sentence."""
        with self._using:
            split = self._loaded().split_into_sents(text, return_tokens=True)
        return [
            (
                sentence.text,
                tuple(
                    Morpheme(t.form, t.tag.split("-")[0], t.start - sentence.start, t.end - sentence.start)
                    for t in sentence.tokens
                ),
            )
            for sentence in split
            if sentence.tokens
        ]

    def morphemes(self, text: str) -> list[Morpheme]:
        """The morphemes of a text, which may have many sentences; about a millisecond for a short one."""
        with self._using:
            read = self._loaded().tokenize(text)
        return [Morpheme(t.form, t.tag.split("-")[0], t.start, t.end) for t in read]

    def _loaded(self) -> Any:
        if self._kiwi is None:
            from kiwipiepy import Kiwi

            # The three extra dictionaries (multi-word names, typing errors) would double the memory.
            self._kiwi = Kiwi(num_workers=1, load_default_dict=False, load_multi_dict=False, load_typo_dict=False)
        return self._kiwi
