"""Spark reads every event that there is a golden of, as `decode` does."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TOLD_BY_ANALYTICS = {"MetricsUpdated", "InsightFound"}
GOLDENS = sorted(
    path for path in (Path(__file__).parents[1] / "golden").glob("*.json") if path.stem not in TOLD_BY_ANALYTICS
)
MOMENTS = ("occurred_at", "planned_at", "planned_until")
UNREAD = {"words", "seq", "captured_ms", "codec", "sample_rate"}
"""Fields that no measure is made of."""


def without(value: Any) -> Any:
    """What Spark should have read: no fields that it doesn't read, and none that say nothing."""
    if isinstance(value, dict):
        return {name: without(one) for name, one in value.items() if name not in UNREAD and one is not None}
    return [without(one) for one in value] if isinstance(value, list) else value


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.stem)
def test_every_event_is_read_whole(spark: SparkSession, golden: Path) -> None:
    from pyspark.sql import functions as f

    from vori.analytics.engine.parse import events

    told = json.loads(golden.read_text())
    lines = spark.createDataFrame([(json.dumps(told),)], "value string")
    read = events(lines)
    for moment in MOMENTS:
        read = read.withColumn(moment, f.date_format(moment, "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"))
    row = read.first()
    assert row is not None
    found = without(row.asDict(recursive=True))
    assert found.pop("type") == told["type"]
    expected = without(told["event"])
    for moment in MOMENTS:
        assert instant(found.pop(moment, None)) == instant(expected.pop(moment, None))
    assert found == expected


def test_what_is_no_event_has_no_type(spark: SparkSession) -> None:
    from vori.analytics.engine.parse import events

    lines = spark.createDataFrame(
        [("{",), ("[]",), ("",), ('{"type":"MeetingEnded","version":1,"event":{}}',)], ["value"]
    )
    assert [row["type"] for row in events(lines).collect()] == [None, None, None, "MeetingEnded"]
