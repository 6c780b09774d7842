"""What is said as content words, and the keywords of meetings and weeks: TF-IDF."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

import pandas as pd
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as f

from vori.analytics.engine.decisions import tokens

KEYWORDS = 10
"""Of a meeting or week, at most."""
LEAST_COUNT = 2
"""What is said less often in a meeting or week is no keyword of it."""
PROOFS = 3
"""Utterances that are kept of those that say a keyword."""


def words(said: DataFrame, meetings: DataFrame, zones: Mapping[str, str]) -> DataFrame:
    """`utterances` of `measures` as content words: workspace_id, meeting_id, utterance_id, language, start_ms, day,
    week (the meeting's first day and its Monday, by the workspace's clock), tokens.

    The names of who speaks there are no content: nothing is told about a person.
    """
    began = meetings.select("workspace_id", "meeting_id", "started_at")
    local = f.from_utc_timestamp(f.col("started_at"), _zone(zones))
    days = began.select("meeting_id", f.to_date(local).alias("day"))
    names = (
        said.where("named")
        .select("workspace_id", "who")
        .distinct()
        .select("workspace_id", f.explode(f.concat(tokens("who"), f.split(f.lower("who"), r"\s+"))).alias("name"))
        .groupBy("workspace_id")
        .agg(f.collect_set("name").alias("names"))
    )
    return (
        said.select("workspace_id", "meeting_id", "utterance_id", "language", "start_ms", "tokens")
        .join(f.broadcast(days), "meeting_id")
        .join(f.broadcast(names), "workspace_id", "left")
        .withColumn("names", f.coalesce("names", f.array().cast("array<string>")))
        .select(
            "workspace_id",
            "meeting_id",
            "utterance_id",
            "language",
            "start_ms",
            "day",
            f.to_date(f.date_trunc("week", "day")).alias("week"),
            f.filter("tokens", lambda one: ~f.array_contains(f.col("names"), one)).alias("tokens"),
        )
    )


def _zone(zones: Mapping[str, str]) -> Column:
    """The workspace's time zone; UTC when it has none."""
    pairs = [f.lit(part) for pair in sorted(zones.items()) for part in pair]
    known = f.create_map(*pairs)[f.col("workspace_id")] if pairs else f.lit(None)
    return f.coalesce(known, f.lit("UTC"))


def said(spoken: DataFrame) -> DataFrame:
    """How often a term is said in each meeting, from `words`: workspace_id, meeting_id, day, week, term, language (in
    which it is mostly said there), count, utterances (how many say it), first (ids of the first of them)."""
    meeting = ("workspace_id", "meeting_id", "day", "week")
    told = "term string, language string, count long, utterances long, first array<string>"
    schema = f"workspace_id string, meeting_id string, day date, week date, {told}"
    each = spoken.select(*meeting, "language", "start_ms", "utterance_id", "tokens")
    return each.groupBy(*meeting).applyInPandas(_said_in_meeting, schema)


def _said_in_meeting(meeting: tuple[str, str, date, date], spoken: pd.DataFrame) -> pd.DataFrame:
    """By position, the columns of `said`. Python counts a meeting's terms faster than Spark sorts all words by term."""
    counts: Counter[str] = Counter()
    languages: defaultdict[str, Counter[str]] = defaultdict(Counter)
    places: defaultdict[str, list[str]] = defaultdict(list)
    spoken = spoken.sort_values(["start_ms", "utterance_id"])
    for language, utterance, content in zip(spoken["language"], spoken["utterance_id"], spoken["tokens"], strict=True):
        counts.update(content)
        for term in set(content):
            languages[term][language] += 1
            places[term].append(utterance)
    rows = [
        (
            *meeting,
            term,
            min(languages[term], key=lambda one: (-languages[term][one], one)),
            counts[term],
            len(places[term]),
            places[term][:PROOFS],
        )
        for term in sorted(counts)
    ]
    return pd.DataFrame(rows)


def keywords(terms: DataFrame) -> DataFrame:
    """Rows of `KeywordRow`, from `said`: the terms of each meeting and week with the highest TF-IDF.

    TF is how often it is said there; IDF is ln((n + 1) / (m + 1)), as Spark ML has it, where m of the workspace's n
    meetings say it. Weeks have the same IDF: nearly every term is said every week, so that weeks would have none.
    """
    meetings = terms.groupBy("workspace_id").agg(f.countDistinct("meeting_id").alias("n"))
    rarity = (
        terms.groupBy("workspace_id", "term")
        .agg(f.count("*").alias("m"), f.mode("language", deterministic=True).alias("mostly"))
        .join(f.broadcast(meetings), "workspace_id")
        .select("workspace_id", "term", "mostly", f.log((f.col("n") + 1) / (f.col("m") + 1)).alias("idf"))
    )
    weeks = terms.groupBy("workspace_id", "week", "term").agg(
        f.sum("count").alias("count"),
        f.slice(
            f.flatten(f.array_sort(f.collect_list(f.struct("day", "meeting_id", "first")))["first"]), 1, PROOFS
        ).alias("utterances"),
    )
    of_weeks = weeks.join(rarity, ["workspace_id", "term"]).select(
        "workspace_id",
        f.col("week").alias("day"),
        f.lit("week").alias("scope"),
        f.lit(None).cast("string").alias("meeting_id"),
        f.col("mostly").alias("language"),
        "term",
        (f.col("count") * f.col("idf")).alias("weight"),
        "count",
        "utterances",
    )
    of_meetings = terms.join(rarity, ["workspace_id", "term"]).select(
        "workspace_id",
        "day",
        f.lit("meeting").alias("scope"),
        "meeting_id",
        "language",
        "term",
        (f.col("count") * f.col("idf")).alias("weight"),
        "count",
        f.col("first").alias("utterances"),
    )
    return _best(of_meetings.unionByName(of_weeks))


def _best(rows: DataFrame) -> DataFrame:
    told = f.coalesce("meeting_id", f.date_format("day", "yyyy-MM-dd"))
    place = Window.partitionBy("workspace_id", "scope", told).orderBy(f.desc("weight"), f.desc("count"), "term")
    return (
        rows.where((f.col("count") >= LEAST_COUNT) & (f.col("weight") > 0))
        .withColumn("nth", f.row_number().over(place))
        .where(f.col("nth") <= KEYWORDS)
        .withColumn("key", f.concat_ws("/", "scope", told, "term"))
        .drop("nth")
    )
