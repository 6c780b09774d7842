"""The script's words: each line once and whole, with the utterance that its middle belongs to."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from vori.meetings.model import ScriptLine
from vori.transcript.model import Stretch
from vori.transcript.scripted import Scripted

LINES = [ScriptLine("mic", 5000, 9000, "시작하겠습니다 여러분"), ScriptLine("mic", 1000, 4000, "Good morning all")]


def stretch(start_ms: int, end_ms: int, since_ms: int = 0) -> Stretch:
    return Stretch(np.zeros((end_ms - start_ms) * 16, np.float32), start_ms, None, since_ms=since_ms)


def test_a_line_is_said_whole_by_the_utterance_that_holds_its_middle() -> None:
    script = Scripted(LINES)
    first, second = script.final(stretch(800, 3000)), script.final(stretch(6000, 9200, since_ms=3000))
    assert (first.text, first.language) == ("Good morning all", "en")
    assert (second.text, second.language) == ("시작하겠습니다 여러분", "ko")
    assert [(round(word.start, 2), round(word.end, 2)) for word in first.words] == [
        (0.2, 0.87),
        (0.87, 1.53),
        (1.53, 2.2),
    ]
    assert script.final(stretch(9300, 9900, since_ms=9200)).text == ""


def test_a_line_whose_middle_lies_in_a_pause_is_said_by_what_follows() -> None:
    script = Scripted(LINES)
    assert script.final(stretch(800, 2000)).text == ""
    assert script.final(stretch(2600, 4000, since_ms=2000)).text == "Good morning all"


def test_utterances_that_run_together_say_their_lines_in_order() -> None:
    assert Scripted(LINES).final(stretch(900, 9500)).text == "Good morning all 시작하겠습니다 여러분"


def test_however_the_sound_is_cut_each_line_is_said_once() -> None:
    random = np.random.default_rng(3)
    for _ in range(50):
        cuts = sorted({0, 12_000, *(int(cut) for cut in random.integers(0, 12_000, 5))})
        said, since = [], 0
        for begin, end in pairwise(cuts):
            said.append(Scripted(LINES).final(stretch(begin, end, since)).text)
            since = end
        assert " ".join(filter(None, said)) == "Good morning all 시작하겠습니다 여러분"
