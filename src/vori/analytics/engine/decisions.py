"""How long meetings took to decide: from a topic's first mention to its decision."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql.pandas.functions import pandas_udf

SHARED = 2
"""So many different content words of a decision's make an utterance a mention of its topic; one, if it has only one."""


def tokens(text: str) -> Column:
    """The content words of a column of texts (array of string)."""

    @pandas_udf("array<string>")  # type: ignore[call-overload, untyped-decorator]
    def read(batches: Iterator[pd.Series]) -> Iterator[pd.Series]:
        from vori.analytics.tokens import tokens_of

        for batch in batches:
            yield pd.Series(tokens_of(batch.tolist()))

    found: Column = read(text)
    return found


def decided(reports: DataFrame) -> DataFrame:
    """A row per decision of a report: meeting_id, nth, words (different content words), at (the place of the last
    utterance that proves it; null: nothing does)."""
    return (
        reports.select("meeting_id", f.posexplode("decisions").alias("nth", "decision"))
        .select(
            "meeting_id",
            "nth",
            f.col("decision.text").alias("text"),
            f.array_max(
                f.transform(
                    "decision.evidence", lambda one: f.struct(one["start_ms"], one["end_ms"], one["utterance_id"])
                )
            ).alias("at"),
        )
        .withColumn("words", f.array_distinct(tokens("text")))
        .drop("text")
    )


def decisions(decided: DataFrame, said: DataFrame) -> DataFrame:
    """A row per meeting with decisions: how many, decision_ms (mean ms from the first mention of a decision's topic to
    the decision, rounded down; null: none is mentioned), and the utterances of both, in the report's order.

    `said` has the utterances, and their content words as `tokens`.
    """
    wanted = decided.where("at is not null and size(words) > 0")
    of_meeting = wanted.groupBy("meeting_id").agg(f.collect_list(f.struct("nth", "words", "at")).alias("wanted"))
    place = f.struct("start_ms", "end_ms", "utterance_id")
    said_of = said.join(of_meeting, "meeting_id").select(
        "meeting_id", "tokens", place.alias("place"), f.explode("wanted").alias("one")
    )
    alike = f.size(f.array_intersect("tokens", "one.words"))
    mention = (f.col("place.start_ms") <= f.col("one.at.start_ms")) & (
        alike >= f.least(f.lit(SHARED), f.size("one.words"))
    )
    first = (
        said_of.where(mention).groupBy("meeting_id", f.col("one.nth").alias("nth")).agg(f.min("place").alias("first"))
    )
    took = f.col("at.start_ms") - f.col("first.start_ms")
    return (
        decided.join(first, ["meeting_id", "nth"], "left")
        .groupBy("meeting_id")
        .agg(
            f.count("*").alias("decided"),
            f.floor(f.sum(took) / f.count(took)).alias("decision_ms"),
            _ids("at").alias("decisions"),
            _ids("first").alias("mentions"),
        )
    )


def _ids(place: str) -> Column:
    known = f.array_sort(f.collect_list(f.when(f.col(place).isNotNull(), f.struct("nth", f"{place}.utterance_id"))))
    return f.transform(known, lambda one: one["utterance_id"])
