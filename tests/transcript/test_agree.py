"""Stable words: what two hearings in a row agree on, the last one held back."""

from __future__ import annotations

from vori.transcript.agree import Agreement


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
