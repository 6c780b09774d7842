"""A recogniser that says what a script says: for rehearsals, where the sound is real and the words are known."""

from __future__ import annotations

from collections.abc import Sequence

from vori.events import Language
from vori.meetings.model import ScriptLine
from vori.transcript.model import SAMPLE_RATE, Recognition, Stretch, TimedWord


class Scripted:
    """A `Recogniser` for one stream.

    A line belongs to the utterance during which, or after which before the next, its middle comes; so each is said
    whole and once.
    """

    name = "scripted"

    def __init__(self, lines: Sequence[ScriptLine], language: Language) -> None:
        self._lines = sorted(lines, key=lambda line: line.start_ms)
        self._language = language

    def draft(self, stretch: Stretch) -> Recognition:
        return Recognition(self.final(stretch).text, self._language)

    def final(self, stretch: Stretch) -> Recognition:
        seconds = len(stretch.samples) / SAMPLE_RATE
        end_ms = stretch.start_ms + round(seconds * 1000)
        said = [
            line.text.strip() for line in self._lines if stretch.since_ms <= (line.start_ms + line.end_ms) // 2 < end_ms
        ]
        words = " ".join(said).split()
        pace = seconds / max(1, len(words))
        timed = (TimedWord(word, at * pace, (at + 1) * pace) for at, word in enumerate(words))
        return Recognition(" ".join(words), self._language, tuple(timed))
