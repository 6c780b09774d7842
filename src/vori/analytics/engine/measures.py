"""The measures of meetings and work: events in, rows of the kinds meeting, speaker, stay and ticket out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TypeVar

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

from vori.analytics.engine import conversation, decisions, parse, workflow
from vori.analytics.engine.score import PARTS, score
from vori.analytics.model import Kind, MeetingRow, Row, SpeakerRow, StayRow, TicketRow, Weights

AnyRow = TypeVar("AnyRow", bound=Row)
AS_JSON = {"ignoreNullFields": "false", "timestampFormat": "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"}
UTTERANCES, TICKETS = (
    ("questions", "answered", "monologues", "interruptions", "decisions", "mentions"),
    ("created", "actionable", "blockers", "carried"),
)
"""What a meeting's `behind` has."""


def measure(
    found: DataFrame,
    *,
    zones: Mapping[str, str],
    weights: Mapping[str, Weights],
    until: datetime | None,
    said: DataFrame | None = None,
) -> dict[Kind, DataFrame]:
    """Rows of ended meetings, their voices, tickets and their stays; the columns are the rows' fields.

    `found`: events, as `parse.events` gives them, in any order, repeated or not. `zones`, `weights`: by workspace id;
    UTC and equal weights where nothing is said. `until`: facts after it don't count, and what goes on still is counted
    up to it; None: up to the last fact. `said`: `utterances` of the same events, if they are at hand. What is needed
    more than once is computed here and now, and let go with the rows.
    """
    if until is not None:
        found = found.where(f.col("occurred_at") <= f.lit(until))
    if said is None:
        said = utterances(found)
    teams = f.broadcast(_teams(found.sparkSession, zones, weights))
    meetings = _ended(found, teams).localCheckpoint()
    voices = conversation.voices(conversation.turns(conversation.spoken(said, meetings))).localCheckpoint()
    last = found.agg(f.max("occurred_at").alias("now")) if until is None else None
    changes = workflow.changes(found).localCheckpoint()
    standing = workflow.standing(changes).localCheckpoint()
    dated = changes.crossJoin(f.broadcast(last)) if last else changes.withColumn("now", f.lit(until))
    states = workflow.states(dated).localCheckpoint()
    stays = workflow.stays(states, standing).localCheckpoint()
    lives = workflow.lives(stays, states, standing)
    return {
        "meeting": _meeting_rows(meetings, voices, _work(parse.reports(found), changes, standing, said)),
        "speaker": _speaker_rows(meetings, voices),
        "stay": _placed(stays, teams, f.concat_ws("/", "ticket_id", "number"), "since", StayRow),
        "ticket": _placed(lives, teams, f.col("ticket_id"), "opened_at", TicketRow),
    }


def utterances(found: DataFrame) -> DataFrame:
    """`parse.utterances` with their content words, as `tokens`."""
    return parse.utterances(found).withColumn("tokens", decisions.tokens("text"))


def rows(df: DataFrame, model: type[AnyRow]) -> Iterator[AnyRow]:
    """The rows of a kind, partition by partition."""
    for one in df.select(f.to_json(f.struct(*model.model_fields), AS_JSON).alias("row")).toLocalIterator():
        yield model.model_validate_json(one["row"])


def _teams(spark: SparkSession, zones: Mapping[str, str], weights: Mapping[str, Weights]) -> DataFrame:
    told = [
        (one, zones.get(one, "UTC"), *(float(value) for value in weights.get(one, Weights()).model_dump().values()))
        for one in sorted({*zones, *weights})
    ]
    fields = ", ".join(f"weight_{part} double" for part in PARTS)
    return spark.createDataFrame(told, f"workspace_id string, zone string, {fields}")


def _ended(found: DataFrame, teams: DataFrame) -> DataFrame:
    """Meetings that ended, with length_ms, the workspace's clock and its weights."""
    usual = Weights().model_dump()
    length = f.unix_millis("ended_at") - f.unix_millis("started_at")
    return (
        parse.meetings(found)
        .where("ended_at is not null")
        .join(teams, "workspace_id", "left")
        .withColumn("length_ms", f.greatest(f.lit(0), length))
        .withColumn("local", _local("started_at"))
        .withColumns({f"weight_{part}": f.coalesce(f"weight_{part}", f.lit(usual[part])) for part in PARTS})
    )


def _local(moment: str) -> Column:
    return f.from_utc_timestamp(moment, f.coalesce("zone", f.lit("UTC")))


def _work(reports: DataFrame, changes: DataFrame, standing: DataFrame, said: DataFrame) -> list[DataFrame]:
    """What came of meetings, a row per meeting in each."""
    return [
        workflow.opened(changes, standing),
        workflow.blockers(changes),
        workflow.carried(reports),
        decisions.decisions(decisions.decided(reports), said),
        conversation.interruptions(said),
    ]


def _meeting_rows(meetings: DataFrame, voices: DataFrame, work: list[DataFrame]) -> DataFrame:
    found = meetings.join(conversation.conversations(voices), "meeting_id", "left")
    for one in work:
        found = found.join(one, "meeting_id", "left")
    found = found.fillna(0, ["speakers", "turns", "utterances", "talk_ms", "sound_ms", "streams", "korean", "decided"])
    behind = {name: f.coalesce(name, f.array().cast("array<string>")) for name in (*UTTERANCES, *TICKETS)}
    counts = [name for name in behind if name not in ("decisions", "mentions", "interruptions")]
    found = found.withColumn("behind", f.struct(*(ids.alias(name) for name, ids in behind.items())))
    mostly = f.when(f.col("korean") * 2 >= f.col("utterances"), "ko").otherwise("en")
    several = f.col("streams") > 1
    return (
        found.withColumns({name: f.size(f.col("behind")[name]) for name in counts})
        .withColumns(
            {
                "key": f.col("meeting_id"),
                "day": f.to_date("local"),
                "hour": f.hour("local"),
                "weekday": f.weekday("local") + 1,
                "language": f.when(f.col("spoken") == "auto", mostly).otherwise(f.col("spoken")),
                "late_ms": f.unix_millis("started_at") - f.unix_millis("planned_at"),
                "over_ms": f.unix_millis("ended_at") - f.unix_millis("planned_until"),
                "silence_ms": f.col("length_ms") - f.col("sound_ms"),
                "interruptions": f.when(several, f.size(f.col("behind")["interruptions"])),
                "decisions": f.col("decided"),
            }
        )
        .withColumn("score", score())
        .select(*MeetingRow.model_fields)
    )


def _speaker_rows(meetings: DataFrame, voices: DataFrame) -> DataFrame:
    return (
        voices.withColumn("questions", f.size("questions"))
        .join(meetings.select("workspace_id", "meeting_id", "local"), "meeting_id")
        .withColumns({"key": f.concat_ws("/", "meeting_id", "who"), "day": f.to_date("local")})
        .select(*SpeakerRow.model_fields)
    )


def _placed(found: DataFrame, teams: DataFrame, key: Column, moment: str, model: type[Row]) -> DataFrame:
    """The rows with their key and their day by the workspace's clock."""
    return (
        found.join(teams.select("workspace_id", "zone"), "workspace_id", "left")
        .withColumns({"key": key, "day": f.to_date(_local(moment))})
        .select(*model.model_fields)
    )
