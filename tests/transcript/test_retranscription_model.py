"""What another hearing would change, told utterance by utterance and word by word."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4, uuid5

import pytest

from vori.events import Word
from vori.transcript.correct import Utterance
from vori.transcript.retranscription.model import Change, Reheard, compare, word_changes

STREAM = uuid4()


def spread(text: str, start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """A text's words, evenly over a time."""
    said = text.split()
    step = (end_ms - start_ms) // max(1, len(said))
    return tuple(
        Word(text=word, start_ms=start_ms + n * step, end_ms=start_ms + (n + 1) * step) for n, word in enumerate(said)
    )


def said(start_ms: int, end_ms: int, text: str, version: int = 0, reheard_by: str | None = None) -> Utterance:
    return Utterance(
        workspace_id=STREAM,
        meeting_id=STREAM,
        utterance_id=uuid5(STREAM, str(start_ms)),
        stream=STREAM,
        speaker=None,
        start_ms=start_ms,
        end_ms=end_ms,
        language="en",
        text=text,
        words=spread(text, start_ms, end_ms),
        version=version,
        corrected_at=datetime(2026, 3, 2, tzinfo=UTC) if version else None,
        reheard_by=reheard_by,
    )


def heard(from_ms: int, to_ms: int, text: str) -> Reheard:
    words = spread(text, from_ms + 500, to_ms - 200)
    return Reheard(stream=STREAM, from_ms=from_ms, to_ms=to_ms, language="en", text=text, words=words)


def told(changes: list[Change]) -> list[tuple[str, str, str]]:
    return [(change.kind, change.before, change.after) for change in changes]


def test_the_same_stretches_are_compared_one_by_one_wherever_their_words_lie() -> None:
    old = [said(1_000, 2_000, "We skip the fix."), said(3_100, 3_300, "Yes."), said(6_000, 9_000, "All is well.")]
    new = [heard(5_000, 9_200, "All is well."), heard(500, 2_200, "We ship the fix."), heard(2_200, 5_000, "Yes!")]
    changes = compare(old[::-1], new)
    assert told(changes) == [
        ("corrected", "We skip the fix.", "We ship the fix."),
        ("corrected", "Yes.", "Yes!"),
        ("same", "All is well.", "All is well."),
    ]
    assert [change.utterance_id for change in changes] == [utterance.utterance_id for utterance in old]


def test_speech_that_only_one_of_them_found_is_new_or_withdrawn() -> None:
    changes = compare([said(0, 1_000, "Thank you.")], [heard(4_000, 6_000, "We ship on Tuesday.")])
    assert told(changes) == [("withdrawn", "Thank you.", ""), ("added", "", "We ship on Tuesday.")]
    assert (changes[1].utterance_id, changes[1].start_ms, changes[1].end_ms) == (None, 4_500, 5_800)
    assert changes[1].new == heard(4_000, 6_000, "We ship on Tuesday.")


def test_stretches_that_were_cut_otherwise_lose_no_word() -> None:
    two = [said(0, 2_000, "one two"), said(2_100, 4_000, "three four")]
    assert told(compare(two, [heard(0, 4_200, "1 2 3 4")])) == [
        ("corrected", "one two", "1 2"),
        ("corrected", "three four", "3 4"),
    ]
    one = [said(0, 4_000, "one two three four")]
    assert told(compare(one, [heard(0, 2_000, "1 2"), heard(2_000, 4_200, "3 4")])) == [
        ("corrected", "one two three four", "1 2 3 4")
    ]


def test_a_word_that_reaches_into_the_next_stretch_by_a_moment_stays_in_its_own() -> None:
    old = [said(500, 2_050, "one two"), said(2_050, 4_000, "three four")]
    changes = compare(old, [heard(0, 2_000, "1 2"), heard(2_000, 4_200, "3 4")])
    assert [change.after for change in changes] == ["1 2", "3 4"]
    alone = compare(old[:1], [heard(2_000, 4_200, "3 4")])
    assert told(alone) == [("withdrawn", "one two", ""), ("added", "", "3 4")]


def test_what_a_person_corrected_stays_and_what_a_recogniser_did_may_change_again() -> None:
    old = [
        said(0, 1_000, "Maya's own words.", version=1),
        said(2_000, 3_000, "As whisper had it.", version=2, reheard_by="whisper small int8"),
        said(4_000, 5_000, "", version=1, reheard_by="whisper small int8"),
        said(6_000, 7_000, "", version=1, reheard_by="whisper small int8"),
        said(8_000, 9_000, "Also hers.", version=3),
    ]
    new = [heard(0, 1_200, "My ass own words."), heard(1_600, 3_200, "Otherwise."), heard(3_800, 5_200, "Again there.")]
    assert told(compare(old, new)) == [
        ("kept", "Maya's own words.", "My ass own words."),
        ("corrected", "As whisper had it.", "Otherwise."),
        ("corrected", "", "Again there."),
        ("kept", "Also hers.", ""),
    ]


def test_long_talk_is_compared_in_order() -> None:
    old = [said(n * 3_000, n * 3_000 + 2_500, f"line {n}") for n in range(3_000)]
    new = [heard(n * 3_000, n * 3_000 + 2_900, f"line {n}" if n % 7 else f"lime {n}") for n in range(3_000) if n % 11]
    changes = compare(old, new)
    assert [change.before for change in changes] == [utterance.text for utterance in old]
    kinds = ["withdrawn" if not n % 11 else "same" if n % 7 else "corrected" for n in range(3_000)]
    assert [change.kind for change in changes] == kinds


def test_new_utterances_get_the_same_id_whenever_and_others_in_another_hearing() -> None:
    found, hearing = heard(0, 1_000, "Yes."), uuid4()
    assert found.utterance_id(hearing) == found.utterance_id(UUID(str(hearing)))
    ids = {heard(n, 2_000, "Yes.").utterance_id(which) for n in (0, 1) for which in (hearing, uuid4())}
    assert len(ids) == 4


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("We skip the fix.", "We ship the fix.", "We [-skip-] {+ship+} the fix."),
        ("", "Quite new.", "{+Quite new.+}"),
        ("Thank you.", "", "[-Thank you.-]"),
        ("네 제가 할게요", "네, 제가 할게요", "[-네-] {+네,+} 제가 할게요"),
        ("a b c d", "b c x d e", "[-a-] b c {+x+} d {+e+}"),
        ("just the same", "just the same", "just the same"),
    ],
)
def test_texts_are_told_apart_word_by_word(before: str, after: str, shown: str) -> None:
    forms = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    changes = word_changes(before, after)
    assert " ".join(forms[change.kind].format(change.text) for change in changes) == shown
    for text, kinds in ((before, {"same", "removed"}), (after, {"same", "added"})):
        assert " ".join(change.text for change in changes if change.kind in kinds) == text
