"""A recogniser that says what a script says: for rehearsals, where the sound is real and the words are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vori.events import Language
from vori.meetings.model import ScriptLine
from vori.transcript.model import SAMPLE_RATE, Recognition, Stretch, TimedWord


class Scripted:
    """A `Recogniser` for one stream.

    A line belongs to the utterance during which, or after which before the next, its middle comes; so each is said
    whole and once.
    """

    name = "scripted"
    continues = False

    def __init__(self, lines: Sequence[ScriptLine]) -> None:
        self._lines = sorted(lines, key=lambda line: line.start_ms)

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [self.final(stretch) for stretch in stretches]

    def final(self, stretch: Stretch) -> Recognition:
        end_ms = stretch.start_ms + len(stretch.samples) * 1000 // SAMPLE_RATE
        said = [line for line in self._lines if stretch.since_ms <= (line.start_ms + line.end_ms) // 2 < end_ms]
        words = [word for line in said for word in _spread(line, stretch.start_ms, end_ms)]
        text = " ".join(word.text for word in words)
        language: Language = stretch.language or ("ko" if re.search("[가-힣]", text) else "en")
        return Recognition(text, language, tuple(words))


def _spread(line: ScriptLine, start_ms: int, end_ms: int) -> Iterator[TimedWord]:
    """The line's words, evenly over the part of it that lies in the stretch."""
    begin, end = max(line.start_ms, start_ms), min(line.end_ms, end_ms)
    words = line.text.split()
    pace = max(0, end - begin) / 1000 / max(1, len(words))
    first = (begin - start_ms) / 1000
    for place, word in enumerate(words):
        yield TimedWord(word, first + place * pace, first + (place + 1) * pace)
