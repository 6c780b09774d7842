"""When a hearing is not believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vori.events import Language
from vori.transcript.doubt import Hearing, believable, doubled, looks_wrong, loops

GOOD = Hearing("We ship it on Friday, then.", (1, 2, 3), "en", log_prob=-0.3, no_speech=0.1, seconds=2.0)


def test_a_clear_hearing_is_believed() -> None:
    assert believable(GOOD)
    assert not looks_wrong(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "I think I think I think I think",
        "no, no, no, no",
        "ha" * 20,
        "A very long sentence that nobody says in a second",
    ],
)
def test_loops_and_too_many_words_are_wrong(text: str) -> None:
    hearing = replace(GOOD, text=text, seconds=1.0)
    assert loops(hearing)
    assert looks_wrong(hearing)
    assert not believable(hearing)


@pytest.mark.parametrize("lead", ["", "Robert, "])
def test_a_phrase_told_twice_is_tried_again_and_believed_if_it_stays(lead: str) -> None:
    twice = replace(GOOD, text=f"{lead}Please write the release notes. Please write the release notes.", seconds=5.0)
    assert doubled(twice)
    assert looks_wrong(twice)
    assert believable(twice)
    assert not doubled(replace(twice, text="I think so, I think so. Please write the release notes."))


@pytest.mark.parametrize("text", ["No, no, no.", "Very very good, really very good.", "하하하, 네, 네."])
def test_people_repeat_themselves_a_little(text: str) -> None:
    assert believable(replace(GOOD, text=text))


def test_a_guess_is_tried_again_and_dropped_only_where_nobody_seems_to_speak() -> None:
    guess = replace(GOOD, log_prob=-1.2)
    assert looks_wrong(guess)
    assert believable(guess)
    assert not believable(replace(guess, no_speech=0.8))


def test_the_context_said_again_is_tried_again() -> None:
    assert looks_wrong(GOOD, before="we ship it on friday then")


@pytest.mark.parametrize(("language", "text"), [("ko", "감사합니다."), ("en", "Thank you.")])
def test_thanks_are_believed_when_they_are_clear_and_not_when_they_are_noise(language: Language, text: str) -> None:
    thanks = replace(GOOD, text=text, language=language)
    assert believable(thanks)
    assert not believable(replace(thanks, no_speech=0.75, log_prob=-0.6))


def test_no_letters_are_no_words() -> None:
    assert not believable(replace(GOOD, text=". . ."))
