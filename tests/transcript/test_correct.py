"""The words of a corrected utterance keep a place in its sound."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid4

import pytest

from vori.events import UtteranceFinal, Word
from vori.transcript.correct import as_it_stands, timed


def heard(text: str, *times: tuple[int, int]) -> UtteranceFinal:
    """An utterance from 1000 to 9000 ms."""
    words = (Word(text=word, start_ms=a, end_ms=b) for word, (a, b) in zip(text.split(), times, strict=False))
    return UtteranceFinal(
        workspace_id=uuid4(),
        meeting_id=uuid4(),
        utterance_id=uuid4(),
        stream=uuid4(),
        speaker=None,
        start_ms=1000,
        end_ms=9000,
        language="en",
        text=text,
        words=tuple(words),
    )


SHIP = heard("we ship the fix", (1000, 2000), (2500, 4000), (4000, 5000), (6000, 9000))


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("We ship, the fix!", "We 1000-2000 ship, 2500-4000 the 4000-5000 fix! 6000-9000"),
        ("we skip the fix", "we 1000-2000 skip 2000-4000 the 4000-5000 fix 6000-9000"),
        ("ship the big old fix", "ship 2500-4000 the 4000-5000 big 5000-5500 old 5500-6000 fix 6000-9000"),
        ("we ship not the fix", "we 1000-2000 ship 2500-4000 not 4000-4000 the 4000-5000 fix 6000-9000"),
        ("we the fix", "we 1000-2000 the 4000-5000 fix 6000-9000"),
        ("Of course we ship the", "Of 1000-1000 course 1000-1000 we 1000-2000 ship 2500-4000 the 4000-5000"),
        ("We shipped", "We 1000-2000 shipped 2000-9000"),
        ("Niente a che fare", "Niente 1000-4428 a 4428-5000 che 5000-6714 fare 6714-9000"),
        ("— … —", "— 1000-3666 … 3666-6333 — 6333-9000"),
    ],
)
def test_words_that_stay_keep_their_times_and_the_others_share_what_lies_between(text: str, placed: str) -> None:
    words = timed(SHIP, text)
    assert " ".join(f"{word.text} {word.start_ms}-{word.end_ms}" for word in words) == placed


@pytest.mark.parametrize(
    "said",
    [
        heard("nothing is known about these words"),
        heard("they overlap a little here", (1000, 3000), (2900, 5000), (4800, 6000), (6000, 5900), (5900, 9000)),
        heard("네 제가 결제 오류를 고치겠습니다", *((1000 + 1600 * n, 2600 + 1600 * n) for n in range(5))),
    ],
)
@pytest.mark.parametrize("text", ["네, 제가 결제 오류 안내를 고칠게요.", "they will overlap a little", "x", "a " * 900])
def test_all_words_of_any_text_are_placed_in_the_utterance(said: UtteranceFinal, text: str) -> None:
    words = timed(said, text)
    assert [word.text for word in words] == text.split()
    assert all(1000 <= word.start_ms <= 9000 and word.end_ms <= 9000 for word in words)
    if all(a.end_ms <= b.start_ms for a, b in pairwise(said.words)):
        times = [time for word in words for time in (word.start_ms, word.end_ms)]
        assert times == sorted(times)


def test_what_was_heard_stays_whatever_comes_after() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    corrected = as_it_stands(SHIP, 1, "We skip the fix.", at)
    assert (corrected.text, corrected.original, corrected.version) == ("We skip the fix.", SHIP.text, 1)
    assert (corrected.corrected_at, corrected.start_ms, corrected.end_ms) == (at, 1000, 9000)
    for version in (0, 2):
        back = as_it_stands(SHIP, version, SHIP.text, at)
        assert (back.text, back.words, back.version) == (SHIP.text, SHIP.words, version)
        assert (back.original, back.corrected_at) == (None, None)
