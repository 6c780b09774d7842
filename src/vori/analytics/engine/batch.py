"""Facts of cold storage into results of any days: which days changed, what belongs to them, and what comes of it."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f
from pyspark.sql import types as t

from vori.analytics.cold.place import Cold
from vori.analytics.engine import parse, text
from vori.analytics.engine.compute import keep, settle, talk
from vori.analytics.engine.measures import measure, rows, utterances
from vori.analytics.model import ROWS, Kind, Row, Weights
from vori.clock import new_id
from vori.events import Topic

ROW = t.StructType(
    [
        t.StructField("workspace_id", t.StringType()),
        t.StructField("meeting_id", t.StringType()),
        t.StructField("ticket_id", t.StringType()),
        t.StructField("type", t.StringType()),
        t.StructField("occurred_at", t.TimestampType()),
        t.StructField("archived_at", t.TimestampType()),
        t.StructField("value", t.StringType()),
    ]
)
"""What is read of a file of facts."""
SAID = "UtteranceFinal"
"""By far most facts are that; they are read for the days that are asked for alone."""
AT_ONCE = 31
"""Days that are best reckoned in one go, at most: their rows are all held at once."""
BEGAN = "type = 'MeetingStarted'"
WHEN = ("workspace_id", "occurred_at")

Days = Mapping[UUID, Collection[date]]
"""By workspace, by its clock."""
Results = dict[UUID, dict[Kind, list[Row]]]
"""By workspace."""


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace, as far as its results depend on it. `zone` is an IANA name."""

    workspace_id: UUID
    zone: str = "UTC"
    weights: Weights = field(default_factory=Weights)

    @property
    def basis(self) -> str:
        """What its results depend on besides facts: with another, all of them are to be reckoned anew."""
        return f"{self.zone} {self.weights.model_dump_json()}"


def changed(spark: SparkSession, cold: Cold, teams: Sequence[Team], since: datetime | None) -> dict[UUID, set[date]]:
    """The days of which a result may differ because of facts that became cold from `since` on; None: all days.

    Those of the meetings that the facts are about, and all on which something happened to a ticket that they are about,
    or the meeting was that it happened in.
    """
    with cold.reading():
        files = [path for team in teams for path in cold.files("events", team.workspace_id)]
        if not files:
            return {}
        found = _read(spark, files)
        new = found if since is None else found.where(f.col("archived_at") >= f.lit(since))
        tickets = new.where("ticket_id is not null").select("ticket_id").distinct()
        changes = found.join(f.broadcast(tickets), "ticket_id", "left_semi")
        meetings = new.select("meeting_id").union(changes.select("meeting_id")).distinct()
        held = found.where(BEGAN).join(meetings, "meeting_id", "left_semi")
        moments = changes.select(*WHEN).union(held.select(*WHEN))
        days = moments.select("workspace_id", _day("occurred_at", teams).alias("day")).distinct().collect()
    by_team: defaultdict[UUID, set[date]] = defaultdict(set)
    for row in days:
        by_team[UUID(row["workspace_id"])].add(row["day"])
    return dict(by_team)


def reckon(
    spark: SparkSession, cold: Cold, teams: Sequence[Team], days: Days, *, until: datetime, scratch: Path
) -> Results:
    """All rows of these days, as the facts up to `until` have it; and stays of any day that are blocked still, which
    grow by themselves. `scratch` is a folder of the caller's.
    """
    asked = _with_facts(cold, teams, days)
    result: Results = {team.workspace_id: defaultdict(list) for team in asked}
    if not asked:
        return result
    with _settled(spark, cold, asked, days, scratch) as (found, folder):
        said = keep(utterances(found), folder / "said")
        weights = {str(team.workspace_id): team.weights for team in asked}
        measured = measure(found, zones=_zones(asked), weights=weights, until=until, said=said)
        wanted = _listed(spark, days).withColumn("asked", f.lit(True))
        for kind, of_kind in measured.items():
            marked = of_kind.join(f.broadcast(wanted), ["workspace_id", "day"], "left")
            chosen = f.col("asked").isNotNull()
            if kind == "stay":
                chosen |= f.col("until").isNull() & (f.size("blocked") > 0)
            for row in rows(marked.where(chosen), ROWS[kind]):
                result[row.workspace_id][kind].append(row)
    return result


def reckon_talk(
    spark: SparkSession,
    cold: Cold,
    teams: Sequence[Team],
    days: Days,
    *,
    scratch: Path,
    known: Path,
    fresh: bool = True,
) -> Results:
    """Keywords, topics and trends of what is said on these days; topics are learned anew, beside those in the folder
    `known`. Unless `fresh`, they stand as they are, talk is only assigned to them, and there are no trends."""
    asked = _with_facts(cold, teams, days)
    result: Results = {team.workspace_id: defaultdict(list) for team in asked}
    if asked:
        with _settled(spark, cold, asked, days, scratch) as (found, folder):
            for kind, told in talk(_words(found, asked, folder), folder, known=known, fresh=fresh).items():
                for row in told:
                    result[row.workspace_id][kind].append(row)
    return result


def _words(found: DataFrame, teams: Sequence[Team], folder: Path) -> DataFrame:
    said = keep(utterances(found), folder / "said")
    return text.words(said, parse.meetings(found), _zones(teams))


@contextmanager
def _settled(
    spark: SparkSession, cold: Cold, teams: Sequence[Team], days: Days, scratch: Path
) -> Iterator[tuple[DataFrame, Path]]:
    """The events that results of these days are made of, and a folder beside them; both go in the end."""
    folder = scratch / f"facts-{new_id()}"
    try:
        with cold.reading():
            found = settle(parse.events(_facts(spark, cold, teams, days)), folder / "events")
        yield found, folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _with_facts(cold: Cold, teams: Iterable[Team], days: Days) -> list[Team]:
    return [team for team in teams if days.get(team.workspace_id) and cold.files("events", team.workspace_id)]


def _zones(teams: Iterable[Team]) -> dict[str, str]:
    return {str(team.workspace_id): team.zone for team in teams}


def _facts(spark: SparkSession, cold: Cold, teams: Iterable[Team], days: Days) -> DataFrame:
    """The lines that rows of these days are made of: all but what was said, and that in the meetings of these days."""
    teams, everything, words = list(teams), [], []
    for team in teams:
        of_team = days[team.workspace_id]
        everything += cold.files("events", team.workspace_id)
        # also of later months: a meeting may be heard again, and more found in it, long after it was held
        words += cold.files("events", team.workspace_id, min(of_team), topics=[f"{Topic.TRANSCRIPTION}-"])
    rest = _read(spark, everything).where(f.col("type") != SAID)
    held = rest.where(BEGAN).select("workspace_id", "meeting_id", _day("occurred_at", teams).alias("day"))
    held = held.join(f.broadcast(_listed(spark, days)), ["workspace_id", "day"], "left_semi")
    said = _read(spark, words).where(f.col("type") == SAID)
    return (
        said.join(f.broadcast(held.select("meeting_id")), "meeting_id", "left_semi")
        .select("value")
        .union(rest.select("value"))
    )


def _read(spark: SparkSession, files: Sequence[Path]) -> DataFrame:
    if not files:
        return spark.createDataFrame([], ROW)
    return spark.read.schema(ROW).parquet(*(str(path) for path in files))


def _listed(spark: SparkSession, days: Days) -> DataFrame:
    listed = [(str(workspace_id), day) for workspace_id, of_team in days.items() for day in sorted(of_team)]
    return spark.createDataFrame(listed, "workspace_id string, day date")


def _day(moment: str, teams: Iterable[Team]) -> Column:
    """The day that it was by the workspace's clock."""
    zones = [part for team in teams for part in (f.lit(str(team.workspace_id)), f.lit(team.zone))]
    zone = f.coalesce(f.create_map(*zones)[f.col("workspace_id")], f.lit("UTC")) if zones else f.lit("UTC")
    return f.to_date(f.from_utc_timestamp(f.col(moment), zone))
