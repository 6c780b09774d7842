"""A voice is named when it is clearly one of those heard before, or clearly none of them; else nothing is said."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from vori.transcript.speakers import MOST_VOICES, Print, Speakers

RNG = np.random.default_rng(7)
TRUE = np.hstack((np.ones((8, 1)), np.eye(8))) / np.sqrt(2)
"""Eight voices, each as unlike any other (cosine 0.5) as real ones are."""


def heard(voice: int | Sequence[int], seconds: float = 4.0, alike: float = 0.8, noise: float = 0.35) -> Print:
    """An utterance of a voice, or of several at once, as it might sound."""
    sounds = np.sum(TRUE[voice if isinstance(voice, Sequence) else [voice]], axis=0)
    away = RNG.standard_normal(64)
    vector = np.concatenate((sounds / np.linalg.norm(sounds), noise * away / np.linalg.norm(away)))
    return Print((vector / np.linalg.norm(vector)).astype(np.float32), seconds, alike)


def test_voices_are_counted_in_the_order_in_which_they_appear() -> None:
    speakers = Speakers()
    assert [speakers.take(heard(voice)) for voice in (5, 2, 5, 5, 7, 2, 7, 5)] == [0, 1, 0, 0, 2, 1, 2, 0]


@pytest.mark.parametrize(
    "unsure",
    [
        heard(0, seconds=0.9),
        heard(0, alike=0.5),
        heard([0, 1]),
        heard(2, seconds=1.3),
    ],
    ids=["too short", "its parts differ", "as like the one as the other", "new, but short"],
)
def test_nothing_is_said_of_an_utterance_that_is_not_clearly_of_one_voice(unsure: Print) -> None:
    speakers = Speakers()
    assert [speakers.take(heard(voice)) for voice in (0, 1, 0, 1)] == [0, 1, 0, 1]
    assert speakers.take(unsure) is None
    assert [speakers.take(heard(voice)) for voice in (1, 0, 2)] == [1, 0, 2], "and nothing is learnt from it"


def test_a_short_utterance_may_be_less_like_its_voice_than_a_long_one() -> None:
    speakers = Speakers()
    for _ in range(5):
        speakers.take(heard(0, noise=0.2))
    assert speakers.take(heard(0, seconds=8.0, noise=0.75)) is None
    assert speakers.take(heard(0, seconds=1.1, noise=0.75)) == 0


def test_there_are_no_more_than_so_many_voices_and_the_others_stay_unknown() -> None:
    speakers = Speakers()
    numbers = [speakers.take(heard(voice)) for voice in range(MOST_VOICES + 2)]
    assert numbers == [*range(MOST_VOICES), None, None]


def test_what_it_remembers_can_be_kept_and_goes_on_exactly() -> None:
    prints = [heard(int(RNG.integers(6)), float(RNG.uniform(0.5, 6)), noise=0.6) for _ in range(200)]
    whole, broken = Speakers(), Speakers()
    for one in prints:
        assert whole.take(one) == broken.take(one)
        broken = Speakers.recall(json.loads(json.dumps(broken.keep())))
        assert broken.keep() == whole.keep()
    assert len(json.dumps(whole.keep())) < 4096
