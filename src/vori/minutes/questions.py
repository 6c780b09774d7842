"""Which questions a meeting left open: asked, and not answered by what was said after them. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vori.events import UtteranceFinal
from vori.minutes.cues import BARE_ANSWER, DEFERS, NEXT_TOPIC, STAYS_OPEN, asks, idle, sentences, wonders
from vori.minutes.summarise import terms

TURNS, WITHIN_MS = 3, 45_000
"""An answer follows within so many turns, and so soon after the question."""
TERMS, WORDS = 3, 3
"""A question about less than this, or an answer of less, tells too little by itself."""


def open_questions(said: Sequence[UtteranceFinal]) -> Iterator[tuple[int, int, str]]:
    """(turn, sentence, words) of what was asked and not answered, or said to be open; `said` in order."""
    for turn, utterance in enumerate(said):
        parts = sentences(utterance.text)
        for number, sentence in enumerate(parts):
            if len(terms(sentence)) < TERMS or len(sentence.split()) < WORDS:
                continue
            after = parts[number + 1 :]
            if STAYS_OPEN.search(sentence) and not asks(sentence):
                if not _settled_later(said, turn, sentence):
                    yield turn, number, sentence
            elif wonders(sentence) and not (after and not _only_asks(after)) and not _answered(said, turn, sentence):
                yield turn, number, sentence


def _answered(said: Sequence[UtteranceFinal], turn: int, question: str) -> bool:
    """Somebody else says something to it soon, which doesn't put it off; or what it is about is told later."""
    asked = said[turn]
    for reply in said[turn + 1 : turn + 1 + TURNS]:
        if reply.start_ms > asked.end_ms + WITHIN_MS or NEXT_TOPIC.search(reply.text):
            break
        if _same_voice(reply, asked) or _only_asks(sentences(reply.text)):
            continue
        if DEFERS.search(reply.text) or STAYS_OPEN.search(reply.text):
            break
        if BARE_ANSWER.search(reply.text) or (len(terms(reply.text)) >= TERMS and not idle(reply.text)):
            return True
        if not idle(reply.text) and len(reply.text.split()) <= 4:
            return True  # a name, a day, a number
    return _settled_later(said, turn, question)


def _settled_later(said: Sequence[UtteranceFinal], turn: int, question: str) -> bool:
    wanted = terms(question)
    for later in said[turn + 2 :]:
        if DEFERS.search(later.text) or STAYS_OPEN.search(later.text):
            continue
        told = set[str]().union(*(terms(part) for part in sentences(later.text) if not asks(part)))
        if len(wanted & told) >= max(2, round(0.6 * len(wanted))):
            return True
    return False


def _only_asks(parts: Sequence[str]) -> bool:
    return all(asks(part) for part in parts)


def _same_voice(one: UtteranceFinal, other: UtteranceFinal) -> bool:
    """Where nobody knows who spoke, it may have been another."""
    if one.speaker is None and one.voice is None:
        return False
    return (one.speaker, one.stream, one.voice) == (other.speaker, other.stream, other.voice)
