"""What is put in place of what was heard first, and when its words were said. Pure: no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

from vori.events import UtteranceFinal, Word


class Utterance(UtteranceFinal):
    """An utterance as it stands: as it was heard, or as it was corrected. Only what was heard is told as an event."""

    version: int = 0
    """How often it was corrected."""
    original: str | None = None
    """What was heard; None when the text says just that."""
    corrected_at: datetime | None = None
    """None when the text says what was heard."""
    reheard_by: str | None = None
    """The recogniser whose later hearing the latest correction is; None: a person's, or none."""

    @property
    def by_a_person(self) -> bool:
        """Whether a person had the last word on it."""
        return self.version > 0 and self.reheard_by is None


def as_it_stands(
    heard: UtteranceFinal, version: int, text: str, at: datetime | None, reheard_by: str | None = None
) -> Utterance:
    """What was heard with its latest correction, the `version`th; one with no text is withdrawn."""
    facts = dict(heard) | {"version": version, "reheard_by": reheard_by}
    if text != heard.text:
        facts |= {"text": text, "words": timed(heard, text), "original": heard.text, "corrected_at": at}
    return Utterance(**facts)


def timed(heard: UtteranceFinal, text: str) -> tuple[Word, ...]:
    """The words of a text in the time of what was heard, in order.

    Words that were heard too, but for case and punctuation, keep their times. The others share the time between their
    neighbours by their length: none, a point in time, when the neighbours leave no room.
    """
    said, words = text.split(), list[Word]()
    before, after = [_bare(word.text) for word in heard.words], [_bare(word) for word in said]
    for kind, first, end, place, beyond in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            same = zip(said[place:beyond], heard.words[first:end], strict=True)
            words += [word.model_copy(update={"text": corrected}) for corrected, word in same]
        elif kind != "delete":
            start_ms = heard.words[first - 1].end_ms if first else heard.start_ms
            end_ms = heard.words[end].start_ms if end < len(heard.words) else heard.end_ms
            words += _shared(said[place:beyond], start_ms, max(start_ms, end_ms))
    return tuple(words)


def _shared(said: Sequence[str], start_ms: int, end_ms: int) -> list[Word]:
    letters = list(accumulate(map(len, said), initial=0))
    times = [start_ms + (end_ms - start_ms) * passed // letters[-1] for passed in letters]
    return [
        Word(text=word, start_ms=begin, end_ms=end) for word, (begin, end) in zip(said, pairwise(times), strict=True)
    ]


def _bare(word: str) -> str:
    return re.sub(r"[\W_]+", "", word.casefold()) or word
