"""Stable words are those that two hearings in a row agree on; final ones stay while their utterance goes on."""

from __future__ import annotations

import pytest

from vori.transcript.agree import Agreement, begin, go_on
from vori.transcript.model import SAMPLE_RATE, Begun, Recognition, TimedWord


def stable(*drafts: str) -> list[str]:
    agreement = Agreement()
    return [agreement.take(draft) for draft in drafts]


def test_a_first_hearing_is_never_stable() -> None:
    assert stable("We should ship it") == [""]


def test_two_hearings_agree_up_to_where_they_differ_and_hold_the_last_word_back() -> None:
    assert stable("We should", "We should ship", "We should ship it", "We should shift gears now") == [
        "",
        "We",
        "We should",
        "We should",
    ]


def test_punctuation_and_case_are_no_difference_and_the_newest_is_shown() -> None:
    assert stable("well. we should ship", "Well, we should ship it on Friday") == ["", "Well, we should"]


def test_what_was_stable_stays_so_as_long_as_it_is_still_heard() -> None:
    assert (
        stable("one two three four", "one two three four", "one two three", "one two three five")[-1] == "one two three"
    )


def test_a_hearing_that_contradicts_what_was_stable_takes_it_back() -> None:
    assert stable("one two three", "one two three", "won too", "won too free") == ["", "one two", "", "won"]


def test_nothing_is_held_back_of_what_seems_to_be_over() -> None:
    agreement = Agreement()
    agreement.take("그건 제가 할게요")
    assert agreement.take("그건 제가 할게요.", over=True) == "그건 제가 할게요."


def test_what_is_final_is_stable_whatever_two_hearings_say() -> None:
    agreement = Agreement()
    assert agreement.take("one two three", final="one two") == "one two"


def heard(*ends: float) -> Recognition:
    words = tuple(TimedWord(f"{end:g}", end - 0.5, end) for end in ends)
    return Recognition(" ".join(word.text for word in words), "en", words)


def begun(found: Recognition, seconds: float, before: Begun | None = None) -> Begun | None:
    return begin(found, 8_000, 8_000 + int(seconds * SAMPLE_RATE), before)


def test_words_are_final_once_more_was_said_after_them_and_then_for_good() -> None:
    assert begun(heard(2.6, 3), 4) is None
    first = begun(heard(1, 2, 3, 3.5), 4)
    assert first == Begun(8_000, 8_000 + 4 * SAMPLE_RATE, "en", heard(1, 2).words)
    assert begun(heard(1, 2), 4.4, first) is first, "nothing more"
    later = begun(heard(1.1, 2.1, 3, 5, 6.5), 7, first)
    assert later
    assert later.text == "1 2 3 5"


def test_a_word_that_is_not_final_holds_up_those_after_it() -> None:
    odd = Recognition("a b c", "en", (TimedWord("a", 0, 1), TimedWord("b", 1, 3), TimedWord("c", 2, 2)))
    found = begun(odd, 4)
    assert found
    assert found.text == "a"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("so we ship it on friday", "So we ship it on friday"),
        ("so we sip it on friday", "So we ship it on friday"),
        ("we ship it on friday", "So we ship it on friday"),
        ("and so we, we ship it on friday", "So we ship it on friday"),
        ("so we ship", "So we ship it"),
        ("", "So we ship it"),
        ("so we ship it we ship it", "So we ship it we ship it"),
    ],
)
def test_a_draft_goes_on_behind_what_is_final(text: str, shown: str) -> None:
    assert go_on("So we ship it", text) == shown
    assert go_on("", text) == text
