"""A meeting's numbers so far: the same in whatever order its events come, and however often."""

from __future__ import annotations

import random
from uuid import UUID

import pytest

from vori.analytics.live.running import WINDOW_US, Fact, Running, topic
from vori.analytics.model import LiveNumbers

MEETING = UUID(int=1)
SECOND = 1_000_000
NOON = 1_790_000_100 * SECOND


def said(number: int, who: str, start_s: float, end_s: float, text: str = "Good.", *, stream: str = "") -> Fact:
    return Fact(
        "UtteranceFinal",
        f"said {number}",
        NOON + int(end_s * SECOND),
        who=who,
        stream=stream or who,
        start_ms=int(start_s * 1000),
        end_ms=int(end_s * 1000),
        question=text.endswith("?"),
        text=text,
    )


HISTORY: list[Fact] = [
    Fact("MeetingStarted", "start", NOON),
    said(1, "Maya", 0, 10, "Shall we look at the billing rollout?"),
    said(2, "Jun", 9, 12, "The billing rollout is late."),
    said(3, "Maya", 12, 20, "We decided to pause it."),
    said(4, "Maya", 21, 25, "So, billing."),
    said(5, "Jun", 24.9, 29),
    Fact("TicketCreated", "opened", NOON + 30 * SECOND),
    Fact("TicketUpdated", "begun", NOON + 31 * SECOND, before="TODO", after="IN_PROGRESS"),
    Fact("TicketUpdated", "renamed", NOON + 32 * SECOND, before="TODO", after="TODO"),
    said(6, "Maya", 301, 302, stream="desk"),
    Fact("TicketUpdated", "done", NOON + 302 * SECOND, before="IN_PROGRESS", after="DONE"),
    Fact("MeetingEnded", "end", NOON + 303 * SECOND),
    Fact("MeetingReported", "report", NOON + 310 * SECOND, decisions=2),
]


def numbers(running: Running) -> LiveNumbers:
    found = running.numbers(MEETING)
    assert found is not None
    return found


def test_a_meeting_in_numbers() -> None:
    running = Running()
    running.take(HISTORY)
    found = numbers(running)
    assert (found.utterances, found.turns, found.questions, found.interruptions) == (6, 5, 1, 1)
    assert [(voice.who, voice.talk_ms, voice.turns) for voice in found.voices] == [("Maya", 23000, 3), ("Jun", 7100, 2)]
    assert found.voices[0].share == pytest.approx(23 / 30.1, abs=1e-4)
    assert (found.created, found.moved, found.decided_at_ms, found.over, found.floor) == (1, 2, 20000, True, "Maya")
    window = str(NOON - NOON % WINDOW_US)
    assert running.pieces["Maya"][window] == [3, 22000, 1, 0, 0, 0, 0]
    assert sum(counts[6] for counts in running.pieces[""].values()) == 2


@pytest.mark.parametrize("seed", range(20))
def test_order_and_repetition_change_nothing(seed: int) -> None:
    straight, other, chance = Running(), Running(), random.Random(seed)
    straight.take(HISTORY)
    again = [*HISTORY, *chance.choices(HISTORY, k=5)]
    chance.shuffle(again)
    for fact in again:
        other.take([fact])
        other.forget(NOON - SECOND)
        other = Running.load(other.dump())
    assert numbers(other) == numbers(straight)
    assert other.pieces == straight.pieces


def test_another_history_has_other_numbers() -> None:
    one, other = Running(), Running()
    one.take(HISTORY)
    other.take([*HISTORY[:5], said(5, "Jun", 24.5, 29, "Late?"), *HISTORY[6:]])
    assert numbers(one).questions + 1 == numbers(other).questions
    assert (numbers(one).interruptions, numbers(other).interruptions) == (1, 2)


def test_only_what_can_t_change_any_more_is_let_go() -> None:
    running = Running()
    running.take(HISTORY)
    whole = running.pieces
    running.forget(NOON + 600 * SECOND)
    assert running.pieces == whole  # until the next step there may come something as old as before
    running.forget(NOON + 900 * SECOND)
    assert (running.pieces, running.seen) == ({}, {})
    assert numbers(running).utterances == 6
    assert not running.finished(NOON + 3600 * SECOND)
    assert running.finished(NOON + (3600 + 310) * SECOND)


def test_without_a_beginning_there_are_no_numbers() -> None:
    running = Running()
    assert running.take(HISTORY[6:7])
    assert running.numbers(MEETING) is None
    assert Running().take([HISTORY[2]._replace(who="Jun")]) != Running().take(HISTORY[1:2])


def test_one_stream_can_t_tell_interruptions() -> None:
    running = Running()
    running.take([HISTORY[0], said(1, "Maya", 0, 10, stream="desk"), said(2, "Jun", 5, 12, stream="desk")])
    assert numbers(running).interruptions is None


def test_what_is_talked_about_comes_back_in_the_talk() -> None:
    assert topic(["배포는 언제 하나요?", "결제 배포가 늦어요.", "The rollback."]) == ["배포"]
    assert topic(["Rollback the deploy.", "a rollback is fine", "deploy"]) == ["deploy", "rollback"]
    assert topic([]) == []
