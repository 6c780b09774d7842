"""What is remembered of what was said just before."""

from __future__ import annotations

import numpy as np

from vori.events import Language
from vori.transcript.context import LONGEST, after, keep, recall
from vori.transcript.model import Recognition, Said, Stretch


def said(seconds: float, text: str, language: Language, before: tuple[Said, ...] = ()) -> tuple[Said, ...]:
    samples = np.arange(int(seconds * 16_000), dtype=np.int16).astype(np.float32) / np.float32(32768)
    return after(before, Stretch(samples, 0, None), Recognition(text, language))


def test_korean_keeps_whole_utterances_of_the_last_seconds() -> None:
    before: tuple[Said, ...] = ()
    for number in range(5):
        before = said(2, f"{number}번", "ko", before)
    assert [one.text for one in before] == ["2번", "3번", "4번"]
    assert sum(len(one.samples) for one in before) <= LONGEST
    assert [one.text for one in said(30, "긴 말", "ko", before)] == ["긴 말"]


def test_english_keeps_the_last_words_without_their_sound() -> None:
    [last] = said(3, "Second.", "en", said(3, "First.", "en"))
    assert (last.text, len(last.samples)) == ("Second.", 0)


def test_another_language_begins_anew_and_nothing_said_changes_nothing() -> None:
    before = said(3, "안녕하세요", "ko")
    assert [one.text for one in said(3, "Hello.", "en", before)] == ["Hello."]
    assert said(3, "", "en", before) is before


def test_what_is_kept_is_recalled_exactly() -> None:
    before = said(2, "둘", "ko", said(1, "하나", "ko"))
    notes, kept = keep(before)
    recalled, rest = recall(notes, kept + b"more")
    assert rest == b"more"
    assert [(one.text, one.language) for one in recalled] == [("하나", "ko"), ("둘", "ko")]
    assert all(np.array_equal(one.samples, other.samples) for one, other in zip(before, recalled, strict=True))
