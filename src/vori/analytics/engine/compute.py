"""All results of a body of events, in one go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pyspark.sql import DataFrame

from vori.analytics.engine import parse, text
from vori.analytics.engine.measures import measure, rows, utterances
from vori.analytics.engine.topics import topics
from vori.analytics.engine.trends import trends
from vori.analytics.insights.find import conclude
from vori.analytics.model import ROWS, KeywordRow, Kind, Row, Weights
from vori.analytics.voices import people_by_team


def compute(
    found: DataFrame,
    scratch: Path,
    *,
    zones: Mapping[str, str],
    weights: Mapping[str, Weights],
    until: datetime | None,
) -> dict[Kind, list[Row]]:
    """The rows of each kind, in order of workspace, day and key, and what they support, the surest first.

    Workspaces of one body are compared with each other. The arguments are those of `measure`.

    `scratch` is a folder for what is read more than once; it stays."""
    events = settle(found, scratch / "events")
    said = keep(utterances(events), scratch / "said")
    measured = measure(events, zones=zones, weights=weights, until=until, said=said)
    results: dict[Kind, list[Row]] = {kind: list(rows(df, ROWS[kind])) for kind, df in measured.items()}
    results |= talk(text.words(said, parse.meetings(events), zones), scratch, known=None)
    ordered = {kind: _sorted(of_kind) for kind, of_kind in results.items()}
    people = people_by_team(ordered.get("speaker", []))
    return ordered | conclude(ordered, people, {team: zones.get(str(team), "UTC") for team in people})


def talk(words: DataFrame, scratch: Path, *, known: Path | None, fresh: bool = True) -> dict[Kind, list[Row]]:
    """Keywords, topics and trends of `text.words`. `scratch` is as in `compute`, `known` where topics are kept from run
    to run. Unless `fresh`, topics stand as they are there, talk is only assigned to them, and there are no trends."""
    words = keep(words, scratch / "words")
    terms = keep(text.said(words), scratch / "terms")
    talked, stretches = topics(words, known=known, fresh=fresh)
    found: dict[Kind, list[Row]] = {
        "keyword": list(rows(text.keywords(terms), KeywordRow)),
        "topic": list(talked),
    }
    return found | {"trend": list(trends(words, terms, stretches, talked))} if fresh else found


def settle(found: DataFrame, folder: Path | str) -> DataFrame:
    """The same events, written once: who reads them again reads only the columns and types of them that it needs."""
    return keep(found.where("type is not null"), folder, "type")


def keep(found: DataFrame, folder: Path | str, *by: str) -> DataFrame:
    """The same rows, from Parquet files in `folder`, which must not be there yet."""
    found.write.partitionBy(*by).parquet(str(folder))
    return found.sparkSession.read.schema(found.schema).parquet(str(folder))


def _sorted(found: list[Row]) -> list[Row]:
    return sorted(found, key=lambda row: (row.workspace_id, row.day, row.key))
