"""How well a meeting was captured is told as it is: what is missing, where, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.transcript.desk import BEGAN, Desk, Silent

from vori.audio.model import AudioStream, Segment
from vori.clock import now
from vori.events import AudioFrame
from vori.gateway import build_app
from vori.meetings.model import EndReason, Meeting
from vori.people.api import current_workspace
from vori.transcript import api
from vori.transcript.model import Recognition, Stretch
from vori.transcript.outcome import Capture, Outcome, Span, judge

WORKSPACE, MEETING = uuid4(), uuid4()
RATE = 16_000


def meeting(ended_s: float | None = 60, reason: EndReason = "asked") -> Meeting:
    ended = {} if ended_s is None else {"ended_at": BEGAN + timedelta(seconds=ended_s), "end_reason": reason}
    status: Any = "live" if ended_s is None else "ended"
    return Meeting(MEETING, WORKSPACE, "Planning", "en", status, BEGAN, **ended)  # type: ignore[arg-type]


def capture(
    *sound_s: tuple[float, float],
    origin_s: float = 0,
    ended_s: float | None = 50,
    unheard: Sequence[Span] = (),
    settled: bool = True,
    recording: str | None = None,
    rate: int = RATE,
) -> Capture:
    """A stream with sound from .. to .., in seconds since it began."""
    stream = AudioStream(
        *(uuid4(), WORKSPACE, MEETING, "mic", "pcm_s16le", rate, None, "Maya", round(origin_s * 1000), BEGAN),
        recording=recording,
        ended_at=None if ended_s is None else BEGAN + timedelta(seconds=ended_s),
    )
    segments = [
        Segment(stream.stream, MEETING, int(begin * rate), int((end - begin) * rate), rate, "")
        for begin, end in sound_s
    ]
    return Capture(stream, segments, unheard, settled)


def gaps(outcome: Outcome) -> list[tuple[int, int, str]]:
    return [(gap.from_ms, gap.to_ms, gap.cause) for stream in outcome.streams for gap in stream.gaps]


def test_all_sound_and_some_words_are_complete() -> None:
    outcome = judge(meeting(), [capture((0, 10), (10, 20)), capture((0, 30), origin_s=5)], said=True)
    assert (outcome.outcome, outcome.final, outcome.expected_ms, outcome.covered_share) == ("complete", True, 50_000, 1)
    assert [(stream.from_ms, stream.to_ms, stream.captured_ms) for stream in outcome.streams] == [
        (0, 20_000, 20_000),
        (5_000, 35_000, 30_000),
    ]
    assert gaps(outcome) == []


def test_all_sound_and_no_words_are_silence() -> None:
    outcome = judge(meeting(), [capture((0, 10))], said=False)
    assert (outcome.outcome, outcome.covered_share) == ("silent", 1)


@pytest.mark.parametrize("captures", [[], [capture(ended_s=3)], [capture(ended_s=3), capture()]])
def test_no_sound_at_all_is_a_failed_capture_and_no_silence(captures: Sequence[Capture]) -> None:
    outcome = judge(meeting(), captures, said=False)
    assert (outcome.outcome, outcome.expected_ms, outcome.covered_share) == ("capture_failed", 0, 0)


def test_missing_sound_is_told_by_time_where_the_stream_lies_in_the_meeting() -> None:
    outcome = judge(meeting(), [capture((2, 10), (14, 20), origin_s=5, rate=48_000)], said=True)
    assert gaps(outcome) == [(5_000, 7_000, "not_captured"), (15_000, 19_000, "not_captured")]
    assert (outcome.outcome, outcome.expected_ms, outcome.covered_share) == ("capture_failed", 20_000, 0.7)
    assert (outcome.captured_ms, outcome.uncaptured_ms) == (14_000, 6_000)


@pytest.mark.parametrize(("pause_s", "verdict"), [(0.5, "complete"), (0.6, "capture_failed")])
def test_what_is_missing_here_and_there_counts_together_and_a_little_is_no_failure(
    pause_s: float, verdict: str
) -> None:
    half = pause_s / 2
    outcome = judge(meeting(), [capture((0, 3), (3 + half, 9)), capture((0, 3), (3 + half, 9))], said=True)
    assert outcome.outcome == verdict
    assert len(gaps(outcome)) == 2, "told all the same"
    assert outcome.covered_share < 1


def test_speech_that_no_recogniser_heard_is_told_once_and_counts_less_than_missing_sound() -> None:
    unheard = [(4_000, 6_000), (5_000, 7_000), (4_000, 6_000)]
    outcome = judge(meeting(), [capture((0, 10), origin_s=1, unheard=unheard)], said=False)
    assert gaps(outcome) == [(5_000, 8_000, "not_recognised")]
    assert (outcome.outcome, outcome.covered_share, outcome.unrecognised_ms) == ("recognition_failed", 0.7, 3_000)
    worse = judge(meeting(), [capture((0, 10), (11, 20), unheard=unheard)], said=True)
    assert (worse.outcome, len(gaps(worse))) == ("capture_failed", 2)


def test_a_stream_that_breaks_off_is_missing_until_the_end_that_somebody_asked_for() -> None:
    left, broke = capture((0, 20), ended_s=21), capture((0, 20), ended_s=60.1)
    outcome = judge(meeting(60), [left, broke], said=True)
    assert gaps(outcome) == [(20_000, 60_000, "disconnected")]
    assert (outcome.outcome, outcome.expected_ms, outcome.covered_share) == ("capture_failed", 80_000, 0.5)
    never = judge(meeting(60), [left, capture(origin_s=10, ended_s=60.1)], said=True)
    assert gaps(never) == [(10_000, 60_000, "not_captured")]


@pytest.mark.parametrize(
    ("held", "stream"),
    [
        (meeting(60), capture((0, 56), ended_s=60.1)),
        (meeting(60), capture((0, 300), ended_s=60.1)),
        (meeting(60), capture((0, 20), ended_s=60.1, recording="5f")),
        (meeting(1860, "silence"), capture((0, 60), ended_s=1860.1)),
        (meeting(None), capture((0, 20), ended_s=None, settled=False)),
    ],
    ids=["a moment before", "faster than time", "a recording", "left alone", "going on"],
)
def test_an_end_that_explains_itself_leaves_no_gap(held: Meeting, stream: Capture) -> None:
    assert gaps(judge(held, [stream], said=True)) == []


def test_after_a_silence_nothing_is_expected_beyond_the_last_sound_of_anybody() -> None:
    streams = [capture((0, 60), ended_s=1860.1), capture((0, 20), ended_s=1860.1)]
    assert gaps(judge(meeting(1860, "silence"), streams, said=True)) == [(20_000, 60_000, "disconnected")]


def test_it_is_final_when_the_meeting_is_over_and_every_stream_archived_and_transcribed() -> None:
    done, open_ = capture((0, 9)), capture((0, 9), settled=False)
    asked = [(meeting(), [done, done]), (meeting(), [done, open_]), (meeting(None), [done]), (meeting(), [])]
    finals = [judge(held, streams, said=True).final for held, streams in asked]
    assert finals == [True, False, False, True]


class FailsLate(Silent):
    """Fails at whatever begins after four seconds."""

    def final(self, stretch: Stretch) -> Recognition:
        if stretch.start_ms > 4_000:
            raise RuntimeError("out of memory")
        return Recognition("heard", "en")

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [Recognition("", "en") for _ in stretches]


async def told(desk: Desk) -> dict[str, Any]:
    app = build_app([api.routes(desk.database, desk.log, desk.feed)])
    app.dependency_overrides[current_workspace] = lambda: desk.meeting.workspace_id
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        answer = await client.get(f"/api/meetings/{desk.meeting.meeting_id}/outcome")
        assert (await client.get(f"/api/meetings/{uuid4()}/outcome")).status_code == 404
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


async def test_a_meeting_is_judged_by_what_was_archived_and_transcribed(desks: Any, jfk: NDArray[np.int16]) -> None:
    desk: Desk = await desks(script=())
    assert (await told(desk))["outcome"] == "capture_failed"
    seq = await desk.say(jfk[:64_000])
    form: dict[str, Any] = {"codec": "pcm_s16le", "sample_rate": RATE} | desk.ids
    late = [
        AudioFrame(seq=seq + 10 + n, captured_ms=6_000 + n * 100, data=jfk[at : at + 1_600].tobytes(), **form)
        for n, at in enumerate(range(80_000, 160_000, 1_600))
    ]
    await desk.log.publish(late)
    async with desk.database.transaction(desk.meeting.workspace_id) as tx:
        await tx.execute("update meeting set started_at = %s", (now() - timedelta(seconds=17),))
    assert not (await told(desk))["final"]
    await desk.settle(FailsLate(), seq + 10 + len(late))
    outcome = await told(desk)
    [stream] = outcome.pop("streams")
    unheard = [gap for gap in stream["gaps"] if gap["cause"] == "not_recognised"]
    assert (outcome["outcome"], outcome["final"], outcome["expected_ms"]) == ("capture_failed", True, 11_000)
    assert stream["gaps"][0] == {"from_ms": 9_000, "to_ms": 11_000, "cause": "not_captured"}
    assert (stream["stream_id"], stream["from_ms"], stream["to_ms"], stream["captured_ms"]) == (
        "mic",
        5_000,
        16_000,
        9_000,
    )
    assert unheard
    missing = sum(gap["to_ms"] - gap["from_ms"] for gap in stream["gaps"])
    assert outcome["covered_share"] == pytest.approx(1 - missing / 11_000, abs=1e-4)
