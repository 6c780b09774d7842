"""State per meeting, kept by Spark: who has the floor and what there is to count, step by step."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from pyspark.sql import Row
from pyspark.sql.streaming.stateful_processor import StatefulProcessor, StatefulProcessorHandle

from vori.analytics.live.running import EPOCH, Fact, Running
from vori.analytics.live.store import Piece
from vori.analytics.live.tell import Step
from vori.analytics.model import LiveNumbers

OUT = "workspace_id string, meeting_id string, pieces string, numbers string"
"""What a step tells of a meeting, as `step` reads it."""
LOOK_AGAIN_US = 3600 * 1_000_000
"""So often it is asked whether a meeting may be forgotten."""


class Floor(StatefulProcessor):
    """Rows are `Fact`s with `workspace_id`, keyed by `meeting_id`. A step that brought nothing new tells nothing."""

    def init(self, handle: StatefulProcessorHandle) -> None:
        self._handle = handle
        self._state = handle.getValueState("running", "body string")

    def handleInputRows(self, key: Any, rows: Iterable[Any], timerValues: Any) -> Iterator[Row]:
        watermark = 1000 * timerValues.getCurrentWatermarkInMs()
        found = self._state.get() if self._state.exists() else None
        running = Running.load(found[0]) if found else Running()
        seen, told = len(running.seen), list(rows)
        touched = running.take(Fact(*(row[name] for name in Fact._fields)) for row in told)
        if len(running.seen) == seen:
            return
        workspace_id, meeting_id = told[0].workspace_id, key[0]
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


def step(row: Any) -> Step:
    """What a row of `OUT` tells."""
    pieces = [
        Piece(row.workspace_id, row.meeting_id, who, EPOCH + timedelta(microseconds=window), *counts)
        for who, window, *counts in json.loads(row.pieces)
    ]
    numbers = LiveNumbers.model_validate_json(row.numbers) if row.numbers else None
    return Step(row.workspace_id, pieces, numbers)
