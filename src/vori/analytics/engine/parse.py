"""Lines of events into DataFrames: one for each thing that the measures are made of, each fact once."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as f
from pyspark.sql import types as t

EVIDENCE = t.StructType(
    [
        t.StructField("utterance_id", t.StringType()),
        t.StructField("stream", t.StringType()),
        t.StructField("speaker", t.StringType()),
        t.StructField("start_ms", t.LongType()),
        t.StructField("end_ms", t.LongType()),
        t.StructField("quote", t.StringType()),
        t.StructField("voice", t.IntegerType()),
    ]
)
TICKET = t.StructType(
    [
        t.StructField("ticket_id", t.StringType()),
        t.StructField("key", t.StringType()),
        t.StructField("title", t.StringType()),
        t.StructField("content", t.StringType()),
        t.StructField("status", t.StringType()),
        t.StructField("assignee", t.StringType()),
        t.StructField("due", t.StringType()),
        t.StructField("priority", t.StringType()),
        t.StructField("labels", t.ArrayType(t.StringType())),
        t.StructField("blocked", t.BooleanType()),
        t.StructField("blocked_reason", t.StringType()),
        t.StructField("rank", t.StringType()),
        t.StructField("meetings", t.ArrayType(t.StringType())),
    ]
)
REPORTED = t.StructType(
    [
        t.StructField("ticket", TICKET),
        t.StructField("action", t.StringType()),
        t.StructField("from_status", t.StringType()),
        t.StructField("evidence", t.ArrayType(EVIDENCE)),
    ]
)
DECIDED = t.StructType([t.StructField("text", t.StringType()), t.StructField("evidence", t.ArrayType(EVIDENCE))])
EVENT = t.StructType(
    [
        t.StructField("event_id", t.StringType()),
        t.StructField("workspace_id", t.StringType()),
        t.StructField("meeting_id", t.StringType()),
        t.StructField("occurred_at", t.TimestampType()),
        t.StructField("stream", t.StringType()),
        t.StructField("utterance_id", t.StringType()),
        t.StructField("speaker", t.StringType()),
        t.StructField("start_ms", t.LongType()),
        t.StructField("end_ms", t.LongType()),
        t.StructField("language", t.StringType()),
        t.StructField("text", t.StringType()),
        t.StructField("voice", t.IntegerType()),
        t.StructField("version", t.LongType()),
        t.StructField("model", t.StringType()),
        t.StructField("name", t.StringType()),
        t.StructField("title", t.StringType()),
        t.StructField("planned_at", t.TimestampType()),
        t.StructField("planned_until", t.TimestampType()),
        t.StructField("reason", t.StringType()),
        t.StructField("ticket", TICKET),
        t.StructField("change_id", t.StringType()),
        t.StructField("before", TICKET),
        t.StructField("after", TICKET),
        t.StructField("evidence", t.ArrayType(EVIDENCE)),
        t.StructField("tickets", t.ArrayType(REPORTED)),
        t.StructField("decisions", t.ArrayType(DECIDED)),
        t.StructField("open_before", t.ArrayType(TICKET)),
    ]
)
"""All fields of all events that are read here; `words` and sound aren't."""
WRAPPED = t.StructType([t.StructField("type", t.StringType()), t.StructField("event", EVENT)])


def events(lines: DataFrame) -> DataFrame:
    """Events from `value: string` (each as `vori.events.encode` writes it): `type` and the fields of `EVENT`.

    What is no event has null as `type`. Repeated events are repeated here.
    """
    return lines.select(f.from_json("value", WRAPPED).alias("e")).select("e.type", "e.event.*")


def once(found: DataFrame, *key: str, latest: tuple[Column | str, ...] = ()) -> DataFrame:
    """One row per `key`: the last by `latest`, else by event id."""
    order = [f.desc(one) if isinstance(one, str) else one for one in latest] or [f.desc("event_id")]
    ranked = found.withColumn("_nth", f.row_number().over(Window.partitionBy(*key).orderBy(*order, f.desc("event_id"))))
    return ranked.where(f.col("_nth") == 1).drop("_nth")


def meetings(found: DataFrame) -> DataFrame:
    """Meetings that began: workspace_id, meeting_id, title, spoken (its language or auto), started_at, planned_at,
    planned_until, ended_at (null: not yet)."""
    began = once(found.where("type = 'MeetingStarted'"), "meeting_id").select(
        "workspace_id",
        "meeting_id",
        "title",
        f.col("language").alias("spoken"),
        f.col("occurred_at").alias("started_at"),
        "planned_at",
        "planned_until",
    )
    ended = once(found.where("type = 'MeetingEnded'"), "meeting_id").select(
        "meeting_id", f.col("occurred_at").alias("ended_at")
    )
    return began.join(ended, "meeting_id", "left")


def utterances(found: DataFrame) -> DataFrame:
    """What was said and stands: workspace_id, meeting_id, utterance_id, stream, who, named, start_ms, end_ms, language,
    text, at. Corrections are applied, withdrawn ones gone, voices named.

    `who` tells voices apart in a meeting (a name, else stream:number, else the stream); `named`: it is a name.
    """
    said = once(found.where("type = 'UtteranceFinal'"), "utterance_id")
    corrected = once(found.where("type = 'UtteranceCorrected'"), "utterance_id", latest=("version",)).select(
        "utterance_id", f.col("text").alias("put"), f.lit(1).alias("corrected")
    )
    named = once(found.where("type = 'SpeakerNamed'"), "stream", "voice", latest=("version",)).select(
        f.col("stream").alias("of_stream"), f.col("voice").alias("of_voice"), f.col("name").alias("told")
    )
    alone = f.col("stream") == f.col("of_stream")
    joined = said.join(f.broadcast(corrected), "utterance_id", "left").join(
        f.broadcast(named), alone & f.col("voice").eqNullSafe(f.col("of_voice")), "left"
    )
    name = f.coalesce("told", f.when(f.col("voice").isNull(), f.col("speaker")))
    unnamed = f.when(f.col("voice").isNull(), f.col("stream")).otherwise(f.concat_ws(":", "stream", "voice"))
    text = f.when(f.col("corrected").isNull(), f.col("text")).otherwise(f.col("put"))
    return joined.select(
        "workspace_id",
        "meeting_id",
        "utterance_id",
        "stream",
        f.coalesce(name, unnamed).alias("who"),
        name.isNotNull().alias("named"),
        "start_ms",
        "end_ms",
        "language",
        text.alias("text"),
        f.col("occurred_at").alias("at"),
    ).where("text != ''")


def changes(found: DataFrame) -> DataFrame:
    """What happened to tickets: workspace_id, ticket_id, event_id, meeting_id, at, before (null: opened), after (null:
    its opening was undone), proven (somebody's words are the evidence). In `VORI`'s order: at, event_id."""
    created = once(found.where("type = 'TicketCreated'"), "event_id").select(
        "workspace_id",
        f.col("ticket.ticket_id").alias("ticket_id"),
        "event_id",
        "meeting_id",
        f.col("occurred_at").alias("at"),
        f.lit(None).cast(TICKET).alias("before"),
        f.col("ticket").alias("after"),
        (f.size("evidence") > 0).alias("proven"),
    )
    updated = once(found.where("type = 'TicketUpdated'"), "event_id").select(
        "workspace_id",
        f.col("before.ticket_id").alias("ticket_id"),
        "event_id",
        "meeting_id",
        f.col("occurred_at").alias("at"),
        "before",
        "after",
        (f.size("evidence") > 0).alias("proven"),
    )
    return created.unionByName(updated)


def reports(found: DataFrame) -> DataFrame:
    """The last report of each meeting: workspace_id, meeting_id, at, tickets, decisions, open_before."""
    return once(found.where("type = 'MeetingReported'"), "meeting_id", latest=(f.desc("occurred_at"),)).select(
        "workspace_id", "meeting_id", f.col("occurred_at").alias("at"), "tickets", "decisions", "open_before"
    )


def read_lines(spark: SparkSession, path: str) -> DataFrame:
    """`value` of each line of a file of events, or of all files of a folder."""
    return spark.read.text(path, lineSep="\n")
