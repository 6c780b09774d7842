"""What an OpenAI-compatible server answers, as words with their places. Pure: no I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, ValidationError

from vori.errors import BadAnswer
from vori.events import Language
from vori.transcript.doubt import Hearing
from vori.transcript.model import SAMPLE_RATE, Stretch, TimedWord

LANGUAGES: dict[str, Language] = {"ko": "ko", "korean": "ko", "en": "en", "english": "en"}
"""Some servers answer a code, others a name."""


class _Part(BaseModel):
    model_config = ConfigDict(allow_inf_nan=False)

    start: float
    end: float


class _Word(_Part):
    word: str


class _Segment(_Part):
    text: str
    words: list[_Word] | None = None
    avg_logprob: float | None = None
    no_speech_prob: float | None = None


class _Text(BaseModel):
    text: str


class Answer(_Text):
    """`text` is certain; what else is there depends on the server and its model."""

    language: str | None = None
    words: list[_Word] | None = None
    segments: list[_Segment] | None = None


def read(body: bytes) -> Answer:
    """An answer's JSON; what is malformed beside its text counts as not said. Raises `BadAnswer` without a text."""
    try:
        return Answer.model_validate_json(body)
    except ValidationError:
        pass
    try:
        return Answer(text=_Text.model_validate_json(body).text)
    except ValidationError:
        raise BadAnswer(
            "The speech server's answer holds no text.",
            remedy="Check that VORI_SPEECH_MODEL is the address of an OpenAI-compatible API.",
        ) from None


def hearing(answer: Answer, stretch: Stretch) -> Hearing:
    """As one decoding, to be doubted like any other. A server that tells no probabilities is taken to be sure."""
    text = _clean(answer.text)
    segments = answer.segments or []
    chances = [(len(part.text), part.avg_logprob) for part in segments if part.avg_logprob is not None]
    letters = sum(length for length, _ in chances)
    return Hearing(
        text=text,
        tokens=(),
        language=stretch.language or _language(answer, text),
        log_prob=sum(length * chance for length, chance in chances) / letters if letters else 0.0,
        no_speech=min((part.no_speech_prob or 0.0 for part in segments), default=0.0),
        seconds=len(stretch.samples) / SAMPLE_RATE,
    )


def timed(answer: Answer, text: str, stretch: Stretch) -> tuple[TimedWord, ...]:
    """The text's words in their places: where the answer says, else evenly over the speech; in order, none before it.

    A server's words may lack punctuation or be cut otherwise, so letters are what is matched.
    """
    end = len(stretch.samples) / SAMPLE_RATE
    parts = _parts(answer)
    if "".join(_letters(part.text) for part in parts) != _letters(text):
        began = min((part.start for part in parts), default=stretch.onset)
        parts = [TimedWord(text, began, max((part.end for part in parts), default=end))]
    places = [place for part in parts for place in _places(part)]
    words: list[TimedWord] = []
    now = stretch.onset
    for piece in text.split():
        count = len(_letters(piece))
        mine, places = places[:count], places[count:]
        start = max(now, min(mine[0][0], end)) if mine else now
        now = max(start, min(mine[-1][1], end)) if mine else now
        words.append(TimedWord(piece, round(start, 2), round(now, 2)))
    return tuple(words)


def _parts(answer: Answer) -> list[TimedWord]:
    """The smallest parts whose times the answer tells."""
    segments = answer.segments or []
    words = answer.words or [word for segment in segments for word in segment.words or ()]
    if words:
        return [TimedWord(word.word, word.start, word.end) for word in words]
    return [TimedWord(segment.text, segment.start, segment.end) for segment in segments]


def _places(part: TimedWord) -> Sequence[tuple[float, float]]:
    """(start, end) of each of its letters, evenly."""
    count = len(_letters(part.text))
    pace = (part.end - part.start) / max(1, count)
    return [(part.start + place * pace, part.start + (place + 1) * pace) for place in range(count)]


def _language(answer: Answer, text: str) -> Language:
    named = (answer.language or "").strip().lower().partition("-")[0]
    return LANGUAGES.get(named) or ("ko" if re.search("[가-힣]", text) else "en")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _clean(text: str) -> str:
    """On one line, without control characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
