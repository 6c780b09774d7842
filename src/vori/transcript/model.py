"""What recognition is, without any recogniser: the Protocol, and the words it gives. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID, uuid5

from vori.events import Language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Hz. Everything is resampled to this before voice activity detection and recognition."""
WINDOW = 512
"""Samples (32 ms) that voice activity is judged by, one window after the other."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word with its place in the decoded audio, in seconds from the audio's first sample."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a recogniser heard in a stretch of audio. Empty `text` means: nothing that it would swear to."""

    text: str
    language: Language
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """An utterance that has its final words, as context for the next."""

    text: str
    language: Language
    samples: NDArray[np.float32]
    """Its sound, shape (n,), mono, 16 kHz; empty when the sound is no help."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The beginning of an utterance that goes on: its words are final already."""

    first: int
    """The utterance's first sample, at 16 kHz since the stream began."""
    end: int
    """The sample up to which it had been said when these words were found."""
    language: Language
    words: tuple[TimedWord, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech to recognise: where it lies, and what is known about it."""

    samples: NDArray[np.float32]
    """Shape (n,), mono, 16 kHz, in [-1, 1]."""
    start_ms: int
    """Of its first sample, since the stream began."""
    language: Language | None
    """Pinned language, or None to detect."""
    onset: float = 0.0
    """Where in it speech begins, in seconds."""
    since_ms: int = 0
    """Where the stream's utterance before it ended, since the stream began."""
    before: tuple[Said, ...] = ()
    """What the stream said just before, oldest first."""
    vocabulary: tuple[str, ...] = ()
    """Terms of the team, for final words: names and things that a recogniser may not know."""
    begun: Begun | None = None
    """Its first words, if some are final already: final ones must begin with them, drafts leave them aside."""


class Recogniser(Protocol):
    """Turns speech into words. Calls block and may take long: run them in threads, several at a time."""

    name: str
    """Engine and model, kept with every utterance, e.g. `whisper base int8`."""
    continues: bool
    """Whether `final` goes on from words that are final already; if not, they are put in front of what it finds."""

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        """A quick first hearing of each (no word times); several together may cost less."""
        ...

    def final(self, stretch: Stretch) -> Recognition:
        """The best hearing, with word times. The same stretch, and the same known about it, give the same words."""
        ...


def utterance_id(stream: UUID, first_sample: int) -> UUID:
    """The id of the utterance that starts at a sample of a stream: the same on every replay."""
    return uuid5(stream, f"utterance:{first_sample}")
