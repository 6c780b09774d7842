"""When not to believe a recogniser: signs that it repeats itself, guesses, or fills silence. Pure: no I/O."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from vori.events import Language

SQUEEZE = 2.2
"""A text that compresses better than this says the same thing over and over."""
GUESS = -1.0
"""Mean log-probability below which a text is little more than a guess."""
NOBODY = 0.7
"""Chance that nobody speaks above which a guess is not worth keeping."""
FASTEST: dict[Language, float] = {"en": 30.0, "ko": 14.0}
"""Characters per second that nobody exceeds."""
PHRASE = 4
"""Words of the shortest phrase that is suspicious when it comes twice."""

INVENTED: dict[Language, frozenset[str]] = {
    "ko": frozenset(
        [
            *("고마워", "고마워요", "고맙습니다", "감사합니다", "고생하셨습니다", "수고하셨습니다"),
            *("구독과좋아요", "구독과좋아요부탁드립니다"),
        ]
    ),
    "en": frozenset(["you", "thankyou", "thankyouverymuch", "thanksforwatching", "illseeyoulater", "imsorryimsorry"]),
}
"""What Whisper base made of silence and noise when it was fed nothing else, without spaces and punctuation."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """One decoding of a stretch of sound."""

    text: str
    tokens: tuple[int, ...]
    language: Language
    log_prob: float
    """Mean log-probability of its tokens."""
    no_speech: float
    """The model's chance that nobody speaks at all."""
    seconds: float
    """Length of the sound."""


def looks_wrong(hearing: Hearing, before: str = "") -> bool:
    """Worth decoding once more: a guess, repetitive, too much for the time, or the context said again."""
    if _nobody(hearing):
        return False
    echo = bool(before) and _bare(hearing.text) == _bare(before)
    return hearing.log_prob < GUESS or loops(hearing) or doubled(hearing) or echo


def doubled(hearing: Hearing) -> bool:
    """It ends with a phrase told twice. People do so too, but more often the decoder missed the end of the sound."""
    words = re.findall(r"\w+", hearing.text.lower())
    return any(words[-size:] == words[-2 * size : -size] for size in range(PHRASE, len(words) // 2 + 1))


def loops(hearing: Hearing) -> bool:
    """It repeats itself, or says more than fits into the time."""
    text = hearing.text.encode()
    too_long = len(hearing.text) > 4 + FASTEST[hearing.language] * hearing.seconds
    return too_long or len(text) > SQUEEZE * len(zlib.compress(text)) or _repeats(hearing.text)


def believable(hearing: Hearing) -> bool:
    """Worth showing to people."""
    said = _bare(hearing.text)
    if not said or loops(hearing) or _nobody(hearing):
        return False
    weak = hearing.no_speech > 0.6 and hearing.log_prob < -0.4
    return not (weak and said in INVENTED[hearing.language])


def _nobody(hearing: Hearing) -> bool:
    return hearing.no_speech > NOBODY and hearing.log_prob < GUESS


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _repeats(text: str) -> bool:
    """One to six words (or, unspaced, 2 to 12 letters) at least four times in a row."""
    words = re.findall(r"\w+", text.lower())
    for size in range(1, 7):
        run = 0
        for here in range(size, len(words)):
            run = run + 1 if words[here] == words[here - size] else 0
            if run >= 3 * size:
                return True
    return re.search(r"(.{2,12}?)\1{3}", "".join(words)) is not None
