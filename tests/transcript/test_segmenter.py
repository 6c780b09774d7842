"""Where utterances begin and end, told from probabilities alone."""

from __future__ import annotations

from itertools import pairwise

from vori.transcript.model import SAMPLE_RATE, WINDOW
from vori.transcript.stream import (
    FIRST_PART,
    LEAST,
    LONGEST,
    PART_EVERY,
    PRE_ROLL,
    RECENT,
    TAIL,
    Segmenter,
    Span,
    patience,
)


def windows(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / WINDOW)


def run(*parts: tuple[float, float], segmenter: Segmenter | None = None) -> list[Span]:
    """What becomes of parts of (seconds, probability of speech)."""
    segmenter = segmenter or Segmenter()
    chances = [chance for seconds, chance in parts for _ in range(windows(seconds))]
    return [span for chance in chances if (span := segmenter.hear(chance))]


def test_speech_between_silences_is_one_utterance_with_a_little_quiet_around_it() -> None:
    [span] = run((2, 0.0), (1.5, 0.9), (2, 0.0))
    onset, end = windows(2) * WINDOW, windows(2) * WINDOW + windows(1.5) * WINDOW
    assert span == Span(onset - PRE_ROLL, end + TAIL, onset)


def test_silence_and_knocks_are_no_utterances() -> None:
    knock = (LEAST - 1) * WINDOW / SAMPLE_RATE
    assert run((3, 0.1), (knock, 0.9), (1, 0.0), (knock, 0.9), (3, 0.1)) == []


def test_a_short_pause_ends_nothing_and_a_long_one_does() -> None:
    assert len(run((1, 0.9), (0.3, 0.0), (1, 0.9), (2, 0.0))) == 1
    assert len(run((1, 0.9), (0.7, 0.0), (1, 0.9), (2, 0.0))) == 2


def test_the_longer_an_utterance_the_shorter_a_pause_ends_it() -> None:
    assert [patience(seconds * SAMPLE_RATE) for seconds in (1, 3, 7, 12)] == [8000, 8000, 3200, 3200]
    assert len(run((8, 0.9), (0.3, 0.0), (1, 0.9), (2, 0.0))) == 2


def test_a_hesitant_voice_is_still_speech_but_does_not_begin_it() -> None:
    assert run((5, 0.45)) == []
    assert len(run((1, 0.9), (2, 0.45), (1, 0.9), (2, 0.0))) == 1


def test_speech_without_end_is_cut_where_it_is_least_like_speech() -> None:
    segmenter = Segmenter()
    spans = run((11.5, 0.95), (0.1, 0.6), (18, 0.95), segmenter=segmenter)
    assert len(spans) == 2
    assert abs(spans[0].end / SAMPLE_RATE - 11.55) < 0.1
    assert all(span.end - span.first <= LONGEST for span in spans)
    assert segmenter.first == spans[1].end, "what follows a cut goes on without a seam"


def test_utterances_never_overlap_and_the_quiet_before_one_is_not_taken_twice() -> None:
    spans = run(*[part for _ in range(6) for part in ((0.8, 0.9), (0.6, 0.0))], (2, 0.0))
    assert len(spans) == 6
    assert all(before.end <= after.first for before, after in pairwise(spans))
    assert len({span.first for span in spans}) == 6


def test_what_seems_to_be_over_is_what_the_utterance_becomes() -> None:
    segmenter = Segmenter()
    guesses = []
    for chance in [0.9] * 40 + [0.0] * 30:
        ended = segmenter.hear(chance)
        if ended:
            break
        guesses.append(segmenter.so_far())
    seeming = {span for span, quiet in filter(None, guesses) if quiet >= TAIL}
    assert seeming == {ended}


def test_a_break_ends_what_is_going_on() -> None:
    segmenter = Segmenter()
    assert run((1, 0.9), segmenter=segmenter) == []
    span = segmenter.stop()
    assert span
    assert span.end == windows(1) * WINDOW
    segmenter.skip_to(100_000)
    assert segmenter.stop() is None
    [later] = run((1, 0.9), (1, 0.0), segmenter=segmenter)
    assert later.first == later.onset == 100_000


def test_its_fields_are_all_it_remembers() -> None:
    chances = [0.9, 0.2, 0.6, 0.0, 0.0] * 20 + [0.0] * 30 + [0.9] * 600
    whole, parts = Segmenter(), Segmenter()
    expected = [span for chance in chances if (span := whole.hear(chance))]
    found = []
    for chance in chances:
        parts = Segmenter(parts.at, parts.floor, parts.first, parts.onset, list(parts.chances))
        if span := parts.hear(chance):
            found.append(span)
    assert found == expected
    assert len(expected) > 1


def parts_of(segmenter: Segmenter, *parts: tuple[float, float]) -> tuple[list[Span], list[Span]]:
    """The utterances, and the parts that were handed out before."""
    spans, begun = list[Span](), list[Span]()
    for chance in [chance for seconds, chance in parts for _ in range(windows(seconds))]:
        spans += [span] if (span := segmenter.hear(chance)) else []
        begun += [part] if (part := segmenter.part()) else []
    return spans, begun


def test_what_is_said_for_long_is_handed_out_in_between_and_only_while_somebody_speaks() -> None:
    spans, begun = parts_of(Segmenter(), (3, 0.0), (3, 0.9), (2, 0.0), (3.9, 0.9), (0.3, 0.0), (5, 0.9), (2, 0.0))
    assert len(spans) == 2
    onset = spans[1].onset
    assert [part.first for part in begun] == [spans[1].first] * 2
    first, second = (part.end - onset for part in begun)
    assert FIRST_PART + 0.2 * SAMPLE_RATE < first < FIRST_PART + 0.3 * SAMPLE_RATE, "not in the pause"
    assert PART_EVERY <= second - first <= PART_EVERY + WINDOW


def test_a_cut_never_comes_before_words_that_are_final() -> None:
    for dip in (8.9, 9.4, 9.8, 10.6, 11.5):
        spans, begun = parts_of(Segmenter(), (dip, 0.95), (0.1, 0.6), (20, 0.95))
        for span in spans:
            finals = [part.end - RECENT for part in begun if part.first == span.first]
            assert finals
            assert all(end <= span.end for end in finals)
