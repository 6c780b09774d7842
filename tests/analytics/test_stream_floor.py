"""State per meeting as Spark keeps it: a step tells what changed, repeats tell nothing, what is over is forgotten."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.analytics.test_stream_running import HISTORY, MEETING, NOON

from vori.analytics.live.running import EPOCH, HOUR, Fact
from vori.analytics.live.tell import Step

WORKSPACE = str(UUID(int=9))
KEY = str(MEETING)
MINUTE_MS = 60_000


@pytest.fixture
def floor() -> Any:
    from pyspark.sql.streaming.tws_tester import TwsTester

    from vori.analytics.engine.floor import Floor

    return TwsTester(Floor(), timeMode="EventTime", outputMode="Update", eventTimeExtractor=lambda row: row.at_ms)


def told(floor: Any, *facts: Fact) -> list[Step]:
    from pyspark.sql import Row

    from vori.analytics.engine.floor import step

    rows = [Row(at_ms=fact.at // 1000, value=line(fact)) for fact in facts]
    return [step(row) for row in floor.test(KEY, rows)]


def line(fact: Fact) -> str:
    """An event of which this is read."""
    event = fact._asdict() | {
        "workspace_id": WORKSPACE,
        "occurred_at": (EPOCH + timedelta(microseconds=fact.at)).isoformat(),
        "speaker": fact.who,
        "before": {"status": fact.before},
        "after": {"status": fact.after},
        "decisions": [{}] * (fact.decisions or 0),
    }
    return json.dumps({"type": fact.type, "event": event})


def test_a_step_tells_the_pieces_that_it_changed_as_they_are_now(floor: Any) -> None:
    (first,) = told(floor, *HISTORY[:3])
    (second,) = told(floor, HISTORY[3], HISTORY[1])
    assert {piece.who: piece.utterances for piece in first.pieces} == {"Maya": 1, "Jun": 1}
    assert [(piece.who, piece.utterances, piece.talk_ms) for piece in second.pieces] == [("Maya", 2, 18000)]
    assert second.numbers is not None
    assert (second.workspace_id, second.numbers.meeting_id, second.numbers.utterances) == (WORKSPACE, MEETING, 3)
    assert told(floor, HISTORY[1], HISTORY[3]) == []


def test_what_comes_too_late_is_dropped_and_what_comes_just_in_time_counts(floor: Any) -> None:
    told(floor, *HISTORY[:8])
    floor.setWatermark(NOON // 1000 + 11_000)
    (step,) = told(floor, HISTORY[1]._replace(event_id="late"), HISTORY[2]._replace(event_id="in time"))
    assert [(piece.who, piece.utterances) for piece in step.pieces] == [("Jun", 3)]


def test_a_meeting_that_is_over_is_forgotten_an_hour_later_and_one_that_goes_on_is_not(floor: Any) -> None:
    told(floor, *HISTORY[:8])
    floor.setWatermark((NOON + 3 * HOUR) // 1000)
    assert floor.peekValueState("running", KEY) is not None
    late = [fact._replace(at=fact.at + 4 * HOUR, event_id=f"later {fact.event_id}") for fact in HISTORY[-2:]]
    told(floor, *late)
    floor.setWatermark((NOON + 4 * HOUR) // 1000 + 50 * MINUTE_MS)
    assert floor.peekValueState("running", KEY) is not None
    floor.setWatermark((NOON + 7 * HOUR) // 1000)
    assert floor.peekValueState("running", KEY) is None
