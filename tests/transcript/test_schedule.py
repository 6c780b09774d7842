"""Whose turn it is: nobody waits for ever, and nobody who is behind holds up the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vori.transcript.schedule import BULK, SHARE, TOGETHER, Schedule, Turn


@dataclass
class Stream:
    """As much of a stream as the schedule looks at. A job is True if it is an utterance, False for a checkpoint."""

    name: str
    jobs: list[bool] = field(default_factory=list)
    wish: bool | None = None
    finishing: bool = False
    drafting: bool = False
    ahead: bool = False
    queued: bool = False
    served_at: float = 0.0
    waiting_since: float = 0.0
    drafted_at: float = 0.0

    @property
    def utterances(self) -> int:
        return sum(self.jobs[self.finishing :])


def turn(*streams: Stream, schedule: Schedule[Stream] | None = None) -> str:
    """The next turn in a word: `finish a`, `draft a b`, `nothing`."""
    return told((schedule or Schedule()).next(streams))


def told(given: Turn[Stream] | None) -> str:
    if given is None:
        return "nothing"
    if given.finish:
        return f"finish {given.finish.name}"
    return "draft " + " ".join(stream.name for stream in given.drafts)


def test_final_words_come_before_drafts() -> None:
    assert turn(Stream("a", wish=False), Stream("b", jobs=[True])) == "finish b"
    assert turn(Stream("a", wish=True), Stream("b", jobs=[False])) == "finish b"


def test_who_waited_longest_comes_first() -> None:
    late, early = Stream("late", jobs=[True], waiting_since=5), Stream("early", jobs=[True], waiting_since=3)
    assert turn(late, early) == "finish early"
    late, early = Stream("late", wish=True, drafted_at=5), Stream("early", wish=True, drafted_at=3)
    assert turn(late, early) == "draft early"


def test_drafts_are_decoded_together_and_one_that_seems_over_alone_when_nobody_else_wants_one() -> None:
    streams = [Stream(name, wish=False, drafted_at=at) for at, name in enumerate("abcdef")]
    assert turn(*streams) == "draft " + " ".join("abcdef"[:TOGETHER])
    streams[0].wish = streams[5].wish = True
    assert turn(*streams) == "draft b c d e", "it may be for nothing"
    assert turn(streams[5], streams[0]) == "draft a"


def test_nobody_is_served_twice_at_once() -> None:
    assert turn(Stream("a", jobs=[True], finishing=True), Stream("b", wish=False, drafting=True)) == "nothing"
    assert turn(Stream("a", jobs=[True], finishing=True, wish=False)) == "draft a", "the next utterance has begun"
    assert turn(Stream("a", jobs=[True, True], finishing=True, wish=False)) == "nothing", "final words come first"


def test_final_words_that_are_being_found_ahead_of_time_are_waited_for() -> None:
    assert turn(Stream("a", jobs=[True], drafting=True, ahead=True)) == "nothing"
    assert turn(Stream("a", jobs=[True], drafting=True)) == "finish a", "a mere draft is overtaken"


def shares(schedule: Schedule[Stream], streams: Sequence[Stream], turns: int) -> dict[str, int]:
    """How often each was served in a world where everybody always wants more."""
    served: dict[str, int] = {stream.name: 0 for stream in streams}
    for at in range(1, turns + 1):
        given = schedule.next(streams)
        assert given
        for stream in [given.finish] if given.finish else given.drafts:
            assert stream
            served[stream.name] += 1
            stream.served_at = stream.drafted_at = at
    return served


def test_a_long_recording_does_not_hold_up_who_speaks_now_and_is_not_forgotten() -> None:
    upload = Stream("upload", jobs=[True] * 500)
    speaking = [Stream("draft", wish=False), Stream("final", jobs=[True])]
    served = shares(Schedule(), [upload, *speaking], 400)
    assert served["upload"] == 400 // (SHARE + 1)
    assert served["final"] > 200
    assert turn(upload, Stream("draft", wish=False)) == "draft draft"
    assert turn(upload) == "finish upload"


def test_those_who_are_behind_share_what_is_left() -> None:
    behind = [Stream(name, jobs=[True] * (BULK + 1)) for name in "abc"]
    assert set(shares(Schedule(), behind, 300).values()) == {100}


def test_a_queued_stream_is_served_like_one_that_is_behind() -> None:
    queued = Stream("queued", jobs=[True], queued=True, wish=False)
    assert turn(queued, Stream("other", jobs=[True], waiting_since=9)) == "finish other"
    assert turn(queued, Stream("other", wish=False)) == "draft other"
    assert turn(queued) == "finish queued"
    assert turn(Stream("queued", queued=True, wish=False)) == "nothing", "it gets final words only"
