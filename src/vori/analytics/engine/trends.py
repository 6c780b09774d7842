"""Trends of the terms and topics of each workspace, from what Spark has counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

import pandas as pd
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as f

from vori.analytics.engine.topics import to_pandas
from vori.analytics.insights.trends import LEAST_WITH, Subject, Talk, find_trends
from vori.analytics.model import TopicRow, TrendRow

TERMS = 100
"""Terms of a workspace that are tried: those that most utterances say."""


def trends(spoken: DataFrame, terms: DataFrame, stretches: pd.DataFrame, topics: Sequence[TopicRow]) -> list[TrendRow]:
    """From `words` and `said` of `text`, and what `topics` gave. A term's share is of all utterances, a topic's of all
    stretches of its language."""
    return [*_of_terms(spoken, terms), *_of_topics(stretches, topics)]


def _of_terms(spoken: DataFrame, terms: DataFrame) -> list[TrendRow]:
    often = terms.groupBy("workspace_id", "term").agg(
        f.count("*").alias("meetings"),
        f.sum("utterances").alias("said"),
        f.mode("language", deterministic=True).alias("mostly"),
    )
    order = Window.partitionBy("workspace_id").orderBy(f.desc("said"), "term")
    tried = (
        often.where(f.col("meetings") >= LEAST_WITH)
        .withColumn("nth", f.row_number().over(order))
        .where(f.col("nth") <= TERMS)
        .select("workspace_id", "term", "mostly")
    )
    counts = to_pandas(
        terms.join(f.broadcast(tried), ["workspace_id", "term"]).select(
            "workspace_id", "term", "mostly", "meeting_id", "utterances"
        )
    )
    totals = to_pandas(spoken.groupBy("workspace_id", "meeting_id", "week").agg(f.count("*").alias("total")))
    rows = []
    for workspace, of_it in sorted(totals.groupby("workspace_id")):
        talk = {one.meeting_id: Talk(one.week, int(one.total)) for one in of_it.itertuples()}
        group = counts[counts["workspace_id"] == workspace].groupby(["term", "mostly"])
        subjects = [
            Subject(term, term, mostly, dict(zip(one["meeting_id"], one["utterances"].astype(int), strict=True)))
            for (term, mostly), one in group
        ]
        rows += find_trends(UUID(workspace), "term", talk, subjects)
    return rows


def _of_topics(stretches: pd.DataFrame, topics: Sequence[TopicRow]) -> list[TrendRow]:
    labels = {(str(row.workspace_id), row.number): row.label for row in topics}
    rows = []
    for (workspace, language), group in stretches.groupby(["workspace_id", "language"]):
        totals: dict[str, Talk] = {}
        counts: dict[int, dict[str, int]] = defaultdict(dict)
        for one in group.itertuples():
            so_far = totals.get(one.meeting_id, Talk(one.week, 0))
            totals[one.meeting_id] = Talk(one.week, so_far.total + int(one.stretches))
            counts[int(one.number)][one.meeting_id] = int(one.stretches)
        subjects = [
            Subject(str(number), labels[workspace, number], language, counts[number]) for number in sorted(counts)
        ]
        rows += find_trends(UUID(workspace), "topic", totals, subjects)
    return rows
