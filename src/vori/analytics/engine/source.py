"""The event log as a stream of Spark's: lines of events with the place that each lies at, from either engine."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql.datasource import DataSource, DataSourceStreamReader, InputPartition
from pyspark.sql.streaming.datasource import ReadLimit, ReadMaxRows
from pyspark.sql.types import StructType

from vori.analytics.engine.postgres import Lane, LogTables, Span
from vori.eventlog import KAFKA
from vori.events import PARTITIONS, Topic

TOPICS = (
    Topic.TRANSCRIPTION,
    Topic.TICKET_CREATED,
    Topic.TICKET_UPDATED,
    Topic.MEETING_STARTED,
    Topic.MEETING_ENDED,
    Topic.MEETING_REPORTED,
)
PER_TRIGGER = 20_000
"""Events that a trigger takes at most; more wait for the next one."""
READERS = 2
"""Each is a Python process: few read many lanes."""
WORTH_TWO = 1000
"""Events from which a second one is worth its while."""

Offsets = dict[str, dict[str, int]]
"""By topic and partition: the next offset to read. In JSON, so that Spark can keep it."""


def streams(
    spark: SparkSession, eventlog_url: str, database_url: str, *, limit: int = PER_TRIGGER
) -> Sequence[DataFrame]:
    """`value` (an event as `vori.events.encode` writes it), `topic`, `partition`, `offset`, oldest first.

    What lies in the log when a stream begins is read too. From Kafka an event may come twice, and there are two
    streams, each with a watermark of its own: Spark takes the same share of all lanes, so words, which are many, could
    run hours ahead of the rest when there is much to catch up with.
    """
    if eventlog_url.startswith(KAFKA):
        return _from_kafka(spark, eventlog_url, limit)
    spark.dataSource.register(EventLogSource)
    reader = spark.readStream.format(EventLogSource.name()).option("url", database_url)
    return [reader.option("topics", ",".join(TOPICS)).option("limit", str(limit)).load()]


class EventLogSource(DataSource):
    """The log in PostgreSQL. Options: `url` of the database, `topics` with commas between, `limit` per trigger."""

    def __init__(self, options: MutableMapping[str, str]) -> None:
        self._tables = LogTables(options["url"])
        self._topics = options["topics"].split(",")
        self._limit = int(options["limit"])

    @classmethod
    def name(cls) -> str:
        return "vori-eventlog"

    def schema(self) -> str:
        return "value string, topic string, partition int, offset long"

    def streamReader(self, schema: StructType) -> DataSourceStreamReader:  # noqa: ARG002
        return EventLogReader(self._tables, self._topics, self._limit)


class Spans(InputPartition):
    """What one process reads."""

    def __init__(self, spans: list[Span]) -> None:
        super().__init__(spans)
        self.spans = spans


class EventLogReader(DataSourceStreamReader):
    """Offsets are gapless: what lies between two of them is the same whenever it is read, but for what was pruned."""

    def __init__(self, tables: LogTables, topics: list[str], limit: int) -> None:
        self._tables = tables
        self._topics = topics
        self._limit = limit

    def initialOffset(self) -> Offsets:
        oldest = self._tables.oldest(self._topics)
        return _nested({lane: oldest.get(lane, 0) for lane in self._lanes()})

    def getDefaultReadLimit(self) -> ReadLimit:
        return ReadMaxRows(self._limit)

    def latestOffset(self, start: Offsets, limit: ReadLimit) -> Offsets:
        begin = {(topic, number): start.get(topic, {}).get(str(number), 0) for topic, number in self._lanes()}
        at_most = limit.max_rows if isinstance(limit, ReadMaxRows) else 1 << 60
        return _nested(self._tables.ahead(begin, at_most))

    def partitions(self, start: Offsets, end: Offsets) -> Sequence[InputPartition]:
        found = [
            Span(topic, int(number), start.get(topic, {}).get(number, 0), until)
            for topic, by_number in end.items()
            for number, until in by_number.items()
        ]
        return [Spans(spans) for spans in pack(found)]

    def read(self, partition: InputPartition) -> Iterator[tuple[Any, ...]]:
        assert isinstance(partition, Spans)
        return self._tables.read(partition.spans)

    def _lanes(self) -> list[Lane]:
        return [(topic, number) for topic in self._topics for number in range(PARTITIONS)]


def pack(spans: Sequence[Span]) -> list[list[Span]]:
    """What is to be read, shared evenly among as few processes as is sensible."""
    found = sorted((span for span in spans if span.end > span.start), key=lambda span: span.start - span.end)
    whole = sum(span.end - span.start for span in found)
    shares: list[list[Span]] = [[] for _ in range(READERS if whole >= WORTH_TWO else 1)]
    sizes = [0] * len(shares)
    for span in found:
        least = sizes.index(min(sizes))
        shares[least].append(span)
        sizes[least] += span.end - span.start
    return [share for share in shares if share]


def _nested(offsets: Mapping[Lane, int]) -> Offsets:
    """Always in the same order: Spark compares the text."""
    found: Offsets = {}
    for (topic, number), at in sorted(offsets.items()):
        found.setdefault(topic, {})[str(number)] = at
    return found


def _from_kafka(spark: SparkSession, url: str, limit: int) -> list[DataFrame]:
    from vori.eventlog.kafka import parse_url

    options, prefix = parse_url(url)
    words, facts = [Topic.TRANSCRIPTION], [topic for topic in TOPICS if topic is not Topic.TRANSCRIPTION]
    found = []
    for topics in (words, facts):
        reader = spark.readStream.format("kafka").options(**kafka_options(options))
        reader = reader.option("subscribe", ",".join(prefix + topic for topic in topics))
        reader = reader.option("startingOffsets", "earliest").option("failOnDataLoss", "false")
        found.append(
            reader.option("maxOffsetsPerTrigger", str(limit // 2))
            .load()
            .select(
                f.substring_index(f.col("value").cast("string"), "\n", 1).alias("value"),
                f.col("topic").substr(f.lit(len(prefix) + 1), f.length("topic")).alias("topic"),
                "partition",
                "offset",
            )
        )
    return found


def kafka_options(options: Mapping[str, str]) -> dict[str, str]:
    """librdkafka's options, as Kafka's Java client names them."""
    told = {"kafka.bootstrap.servers": options["bootstrap.servers"]}
    mechanism = options.get("sasl.mechanism") or options.get("sasl.mechanisms")
    if "security.protocol" in options:
        told["kafka.security.protocol"] = options["security.protocol"].upper()
    if mechanism:
        module = "scram.Scram" if mechanism.upper().startswith("SCRAM") else "plain.Plain"
        name, password = (json.dumps(options.get(f"sasl.{part}", "")) for part in ("username", "password"))
        told["kafka.sasl.mechanism"] = mechanism.upper()
        told["kafka.sasl.jaas.config"] = (
            f"org.apache.kafka.common.security.{module}LoginModule required username={name} password={password};"
        )
    if "ssl.ca.location" in options:
        told["kafka.ssl.truststore.type"] = "PEM"
        told["kafka.ssl.truststore.location"] = options["ssl.ca.location"]
    return told
