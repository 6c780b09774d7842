"""Which voice of a shared microphone spoke: heard in order, each utterance gets a voice's number or none. Pure: no I/O.

A voice is the mean of its utterances' prints. How like two prints of one voice are depends on how long both were heard,
so likeness is measured by that: 1 is what one voice should reach. Between `SURE` and `OTHER` nothing is said.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHORTEST_S = 1.0
"""Less speech has no voice."""
FOUNDS_S = 1.6
"""Speech that is enough for a voice not heard before."""
SURE, SURE_AT_FIRST = 0.9, 0.85
"""Likeness from which an utterance is a voice's own, and while little of the voice is known; and it must be ..."""
LEAD = 0.1
"""... that much more like it than any other."""
LITTLE_S = 5.0
OTHER = 0.82
"""Likeness below which it is somebody else's."""
ALIKE = 0.7
"""How alike an utterance's parts are, at least: less, and more than one voice is in it."""
MOST_VOICES = 4
WEIGHT_S = 6.0
"""Seconds that one utterance counts for, at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """A voice as it sounds in one utterance."""

    vector: NDArray[np.float32]
    """Shape (n,), length 1."""
    seconds: float
    """Of speech."""
    alike: float
    """The mean likeness of its parts to each other (cosine); 1 when it has one part."""


@dataclass(slots=True, eq=False)
class _Voice:
    total: NDArray[np.float32]
    """The sum of its prints, each weighted by its seconds."""
    seconds: float

    def likeness(self, heard: Print) -> float:
        cosine = float(heard.vector @ self.total / np.linalg.norm(self.total))
        return cosine / (_clearness(heard.seconds) * _clearness(self.seconds))

    @property
    def sure(self) -> float:
        return SURE if self.seconds >= LITTLE_S else SURE_AT_FIRST

    def learn(self, heard: Print) -> None:
        weight = min(heard.seconds, WEIGHT_S)
        self.total = self.total + heard.vector * np.float32(weight)
        self.seconds += weight


@dataclass(slots=True, eq=False)
class Speakers:
    """The voices of one stream. The same prints in the same order get the same numbers."""

    _voices: list[_Voice] = field(default_factory=list)

    def take(self, heard: Print) -> int | None:
        """The voice of the next utterance, counted from 0 in the order of appearance; None: not sure enough."""
        if heard.seconds < SHORTEST_S or heard.alike < ALIKE:
            return None
        likenesses = [voice.likeness(heard) for voice in self._voices]
        *_, second, best = [0.0, 0.0, *sorted(likenesses)]
        if best < OTHER:
            if heard.seconds < FOUNDS_S or len(self._voices) == MOST_VOICES:
                return None
            number = len(self._voices)
            self._voices.append(_Voice(np.zeros_like(heard.vector), 0.0))
        else:
            number = likenesses.index(best)
            if best < self._voices[number].sure or best - second < LEAD:
                return None
        self._voices[number].learn(heard)
        return number

    def keep(self) -> list[dict[str, Any]]:
        """All it remembers, ready for JSON, for `recall`."""
        return [
            {"total": base64.b64encode(voice.total.astype("<f4").tobytes()).decode(), "seconds": voice.seconds}
            for voice in self._voices
        ]

    @classmethod
    def recall(cls, kept: list[dict[str, Any]]) -> Speakers:
        """What `keep` kept: it goes on exactly as the other would have."""
        return cls(
            [
                _Voice(np.frombuffer(base64.b64decode(note["total"]), "<f4").astype(np.float32), note["seconds"])
                for note in kept
            ]
        )


def _clearness(seconds: float) -> float:
    """How like its voice's true print a print of so much speech is, in the middle. Fitted to LibriSpeech voices."""
    return float((1.065 + 0.3 / seconds) ** -0.5)
