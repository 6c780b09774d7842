"""State per meeting, kept by Spark: who has the floor and what there is to count, step by step."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pyspark.sql import Row
from pyspark.sql.streaming.stateful_processor import StatefulProcessor, StatefulProcessorHandle

from vori.analytics.live.running import EPOCH, Fact, Running
from vori.analytics.live.store import Piece
from vori.analytics.live.tell import Step
from vori.analytics.model import QUESTION, LiveNumbers

OUT = "workspace_id string, meeting_id string, pieces string, numbers string"
"""What a step tells of a meeting, as `step` reads it."""
TOLD = {
    "UtteranceFinal",
    "TicketCreated",
    "TicketUpdated",
    "MeetingStarted",
    "MeetingEnded",
    "MeetingReported",
}
ASKS = re.compile(QUESTION)
MICROSECOND = timedelta(microseconds=1)
LOOK_AGAIN_US = 3600 * 1_000_000
"""So often it is asked whether a meeting may be forgotten."""


class Floor(StatefulProcessor):
    """Rows are events, as `value` in JSON, keyed by `meeting_id`. A step that brought nothing new tells nothing."""

    def init(self, handle: StatefulProcessorHandle) -> None:
        self._handle = handle
        self._state = handle.getValueState("running", "body string")

    def handleInputRows(self, key: Any, rows: Iterable[Any], timerValues: Any) -> Iterator[Row]:
        watermark = 1000 * timerValues.getCurrentWatermarkInMs()
        found = self._state.get() if self._state.exists() else None
        running = Running.load(found[0]) if found else Running()
        seen, meeting_id = len(running.seen), key[0]
        told = [line for row in rows if meeting_id and (line := json.loads(row.value))["type"] in TOLD]
        touched = running.take(map(fact, told))
        if len(running.seen) == seen:
            return
        workspace_id = told[0]["event"]["workspace_id"]
        pieces = [[who, int(window), *running.pieces[who][window]] for who, window in sorted(touched)]
        numbers = running.numbers(UUID(meeting_id))
        running.forget(watermark)
        self._state.update((running.dump(),))
        if not found:
            self._handle.registerTimer((max(running.at, watermark) + LOOK_AGAIN_US) // 1000)
        yield Row(
            workspace_id=workspace_id,
            meeting_id=meeting_id,
            pieces=json.dumps(pieces, ensure_ascii=False),
            numbers=numbers.model_dump_json() if numbers else None,
        )

    def handleExpiredTimer(self, key: Any, timerValues: Any, expiredTimerInfo: Any) -> Iterator[Row]:  # noqa: ARG002
        watermark = 1000 * timerValues.getCurrentWatermarkInMs()
        found = self._state.get()
        if found and not Running.load(found[0]).finished(watermark):
            self._handle.registerTimer((watermark + LOOK_AGAIN_US) // 1000)
        else:
            self._state.clear()
        return iter(())

    def close(self) -> None:
        pass


def fact(line: dict[str, Any]) -> Fact:
    """What is counted of an event of a kind that is `TOLD`, read from `vori.events.encode`'s JSON."""
    event = line["event"]
    text, voice, stream = event.get("text"), event.get("voice"), event.get("stream")
    speaker = event.get("speaker") if voice is None else f"{stream}:{voice}"
    return Fact(
        type=line["type"],
        event_id=event["event_id"],
        at=(datetime.fromisoformat(event["occurred_at"]) - EPOCH) // MICROSECOND,
        who=stream if speaker is None else speaker,
        stream=stream,
        start_ms=event.get("start_ms"),
        end_ms=event.get("end_ms"),
        question=text is not None and ASKS.search(text) is not None,
        text=text,
        before=(event.get("before") or {}).get("status"),
        after=(event.get("after") or {}).get("status"),
        decisions=len(event.get("decisions") or ()),
    )


def step(row: Any) -> Step:
    """What a row of `OUT` tells."""
    pieces = [
        Piece(row.workspace_id, row.meeting_id, who, EPOCH + timedelta(microseconds=window), *counts)
        for who, window, *counts in json.loads(row.pieces)
    ]
    numbers = LiveNumbers.model_validate_json(row.numbers) if row.numbers else None
    return Step(row.workspace_id, pieces, numbers)
