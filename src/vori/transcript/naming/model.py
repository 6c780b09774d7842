"""Names of voices, and what is shown of a voice that has none. Pure: no I/O.

What is kept and told as a fact knows a voice by its stream and number; its name is looked up whenever it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from vori.audio.model import AudioStream
from vori.events import Evidence, Language, UtteranceFinal
from vori.transcript.speakers import MOST_VOICES

Names = Mapping[tuple[UUID, int | None], str]
"""By stream and voice; None is whoever speaks alone on a stream, and stands here only when renamed."""
UNNAMED: dict[Language, str] = {"en": "Speaker {}", "ko": "말하는 사람 {}"}

S = TypeVar("S", Evidence, UtteranceFinal)


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of a shared microphone, or (None) whoever speaks alone on a stream, in a meeting."""

    stream: UUID
    voice: int | None
    name: str | None
    talk_ms: int
    utterances: int
    sample_start_ms: int
    """Where it can be heard well, ms since the meeting began."""
    sample_end_ms: int


def named(said: S, names: Names) -> S:
    """What was said, with its voice's name as it is now."""
    own = said.speaker if said.voice is None else None
    name = names.get((said.stream, said.voice), own)
    return said if name == said.speaker else said.model_copy(update={"speaker": name})


def present(participants: Sequence[str], streams: Iterable[AudioStream], names: Names) -> tuple[str, ...]:
    """Who takes part, without names that a stream was begun under by mistake."""
    mistaken = {
        stream.speaker for stream in streams if names.get((stream.stream, None), stream.speaker) != stream.speaker
    }
    return tuple(name for name in participants if name not in mistaken)


def shared(streams: Iterable[AudioStream]) -> tuple[UUID, ...]:
    """The streams that several may speak on, in order."""
    return tuple(stream.stream for stream in streams if stream.speaker is None)


def shown(
    name: str | None, stream: UUID | None, voice: int | None, microphones: Sequence[UUID], language: Language
) -> str | None:
    """The name; for a voice without one its number, which no other voice of the meeting has; None: unknown.

    `microphones` are the meeting's shared ones, oldest first.
    """
    if name is not None or voice is None or stream not in microphones:
        return name
    return UNNAMED[language].format(microphones.index(stream) * MOST_VOICES + voice + 1)


def as_known(name: str, known: Iterable[str]) -> str:
    """A name as it is spelt already, if it is: `maya` is Maya."""
    return next((other for other in known if other.casefold() == name.casefold()), name)
