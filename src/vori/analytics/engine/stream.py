"""The stream: from the event log to live numbers, every five seconds, with exactly the same result after any crash."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from functools import reduce
from pathlib import Path

import structlog
from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.errors import StreamingQueryException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.streaming.query import StreamingQuery

from vori.analytics.engine.floor import OUT, Floor, step
from vori.analytics.engine.source import PER_TRIGGER, streams
from vori.analytics.live.tell import Teller
from vori.errors import OurError
from vori.eventlog import KAFKA

logger = structlog.get_logger()

TRIGGER_S = 5
LATEST = "10 minutes"
"""What comes later than that, after events that happened so much later, is too late to count."""
READ = "event struct<meeting_id string, occurred_at timestamp>"
"""What Spark itself reads of an event."""
LOOK_S = 0.5
PATIENCE_S = 3.0
GONE = (Py4JError, ConnectionError)
"""The JVM isn't there any more."""


class Stopped(OurError):
    """The stream can't go on; started anew it goes on where it was."""

    code = "stream_stopped"


def timed(lines: DataFrame) -> DataFrame:
    """meeting_id, `occurred_at` with the watermark, `value`: the event, opened by `Floor`, for Spark takes longer."""
    read = lines.select(f.from_json("value", READ).alias("read"), "value")
    return read.select("read.event.*", "value").withWatermark("occurred_at", LATEST)


def floors(found: list[DataFrame]) -> DataFrame:
    """A row (`OUT`) for each meeting of which a step brought something new."""
    keyed = reduce(DataFrame.unionByName, found).groupBy("meeting_id")
    return keyed.transformWithState(
        statefulProcessor=Floor(), outputStructType=OUT, outputMode="Update", timeMode="EventTime"
    )


def start(
    spark: SparkSession,
    urls: tuple[str, str],
    checkpoints: Path,
    take: Callable[[DataFrame, int], None],
    *,
    limit: int = PER_TRIGGER,
) -> StreamingQuery:
    """The query over the log at `urls` (its engine's, the database's); each step is handed to `take`."""
    eventlog_url, database_url = urls
    engine = "kafka" if eventlog_url.startswith(KAFKA) else "postgres"
    numbers = floors([timed(lines) for lines in streams(spark, eventlog_url, database_url, limit=limit)])
    return (
        numbers.writeStream.queryName("live")
        .outputMode("update")
        .trigger(processingTime=f"{TRIGGER_S} seconds")
        .option("checkpointLocation", str(checkpoints / f"live-{engine}"))
        .foreachBatch(take)
        .start()
    )


async def run(
    spark: SparkSession, urls: tuple[str, str], checkpoints: Path, teller: Teller, *, limit: int = PER_TRIGGER
) -> None:
    """Until cancelled. A step counts once its results are in the database: else it is done again. Raises `Stopped`."""
    loop = asyncio.get_running_loop()

    def take(batch: DataFrame, _number: int) -> None:
        """On a thread of Spark's."""
        steps = [step(row) for row in batch.collect()]
        asyncio.run_coroutine_threadsafe(teller.tell(steps), loop).result()

    query = await asyncio.to_thread(start, spark, urls, checkpoints, take, limit=limit)
    logger.info("stream.started", every_s=TRIGGER_S, checkpoint=str(checkpoints))
    watched, dropped = -1, 0
    try:
        while query.isActive:
            await asyncio.sleep(LOOK_S)
            for progress in query.recentProgress:
                if progress.batchId > watched:
                    watched, took_s = progress.batchId, progress.batchDuration / 1000
                    logger.debug("stream.step", number=watched, events=progress.numInputRows, took_s=took_s)
                    if late := sum(operator.numRowsDroppedByWatermark for operator in progress.stateOperators):
                        dropped += late
                        logger.warning("stream.too_late", events=late, since_start=dropped)
        logger.error("stream.failed", reason=str(query.exception())[:1000])
        raise Stopped("The stream of live numbers has ended.", remedy="It starts again by itself.")
    except (StreamingQueryException, *GONE) as error:
        raise Stopped("The stream of live numbers has ended.", remedy="It starts again by itself.") from error
    finally:
        await asyncio.shield(asyncio.to_thread(_stop, query))


def _stop(query: StreamingQuery) -> None:
    """Blocks. Between two steps, if that is soon: a step that is cut off is done again, but Spark logs it at length."""
    until = time.monotonic() + PATIENCE_S
    with suppress(StreamingQueryException, *GONE):
        while query.isActive and query.status["isTriggerActive"] and time.monotonic() < until:
            time.sleep(0.05)
        query.stop()
