"""What is talked about: stretches of talk by their words' vectors, in clusters that keep their numbers.

Nothing learned from one workspace's words shows in another's: each has vectors and clusters of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from uuid import UUID

import numpy as np
import pandas as pd
from pyspark import StorageLevel
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import Word2Vec
from pyspark.ml.linalg import Vectors
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as f

from vori.analytics.engine.clusters import (
    LABEL_WORDS,
    Array,
    Document,
    Topics,
    distinctive,
    inverse_frequency,
    load,
    points,
    renumber,
    save,
    silhouette,
    squared,
    unit,
)
from vori.analytics.model import TopicRow

STRETCH_MS = 60_000
"""A stretch is what is said in one language in such a part of a meeting, counted from its beginning."""
LEAST_WORDS = 5
"""A stretch with fewer content words is about nothing."""
LEAST_STRETCHES = 100
"""A workspace with fewer in a language has no topics in it."""
SAMPLE = 3_000
"""Stretches that topics are learned from, at most, per workspace and language; all are assigned."""
DIMENSIONS, AROUND, PASSES, LEAST_SAID, SEED = 32, 10, 5, 5, 1
COARSE = (3, 5, 8, 11, 14, 18)
"""Numbers of topics that are tried; then those beside the best."""
LEAST_SIZE = 20
"""Stretches of a topic, on average: no more topics are tried than that leaves."""
CLOSE, CLOSE_TO_LAST = 0.02, 0.05
"""The fewest topics whose silhouette is so near the best are taken; or as many as last time, if that is so near."""
MEETINGS, TYPICAL = 5, 3
Fitted = dict[tuple[str, str], Topics]
"""By workspace and language."""


def stretches(spoken: DataFrame) -> DataFrame:
    """`words` by stretch: workspace_id, meeting_id, language, week, nth, utterances (ids), tokens (of each)."""
    said = f.array_sort(f.collect_list(f.struct("start_ms", "utterance_id", "tokens")))
    return (
        spoken.where(f.size("tokens") > 0)
        .withColumn("nth", f.floor(f.col("start_ms") / STRETCH_MS))
        .groupBy("workspace_id", "meeting_id", "language", "week", "nth")
        .agg(said.alias("said"))
        .select(
            "workspace_id",
            "meeting_id",
            "language",
            "week",
            "nth",
            f.col("said.utterance_id").alias("utterances"),
            f.col("said.tokens").alias("tokens"),
        )
        .where(f.size(f.flatten("tokens")) >= LEAST_WORDS)
    )


def to_pandas(rows: DataFrame) -> pd.DataFrame:
    """All rows, on the driver."""
    return rows.toPandas()


def fit(cut: DataFrame, known: Path | None) -> Fitted:
    """Learn topics from a sample of `stretches`; those of the last run, in the folder `known`, lend their numbers.

    The new ones take their place there. The sample depends on the stretches' own ids, so that more talk changes little.
    """
    order = f.xxhash64("meeting_id", "nth"), "meeting_id", "nth"
    taken = (
        cut.withColumn("place", f.row_number().over(Window.partitionBy("workspace_id", "language").orderBy(*order)))
        .where(f.col("place") <= SAMPLE)
        .select("workspace_id", "language", "place", f.flatten("tokens").alias("tokens"))
    )
    sampled = to_pandas(taken).sort_values(["workspace_id", "language", "place"])
    before, spark = read_fitted(known), cut.sparkSession

    def of_workspace(workspace: str, documents: Mapping[str, Sequence[Document]]) -> Fitted:
        last = {of: one for of, one in before.items() if of[0] == workspace}
        unused = max((number for one in last.values() for number in one.numbers), default=0) + 1
        fitted: Fitted = {}
        for language, some in documents.items():
            found = learn(spark, some, last.get((workspace, language)), unused=unused)
            if found:
                fitted[workspace, language] = found
                unused = max(unused, *(number + 1 for number in found.numbers))
                if known:
                    save(found, _kept(known, workspace, language))
        return fitted

    by_workspace: defaultdict[str, dict[str, list[Document]]] = defaultdict(dict)
    for (workspace, language), group in sampled.groupby(["workspace_id", "language"]):
        if len(group) >= LEAST_STRETCHES:
            by_workspace[workspace][language] = [tuple(tokens) for tokens in group["tokens"]]
    with ThreadPoolExecutor(spark.sparkContext.defaultParallelism) as pool:  # what learns has one partition
        found = pool.map(of_workspace, by_workspace, by_workspace.values())
    return {of: topics for some in found for of, topics in some.items()}


def _kept(known: Path, workspace: str, language: str) -> Path:
    return known / workspace / f"{language}.npz"


def read_fitted(known: Path | None) -> Fitted:
    """What `fit` left in a folder."""
    paths = sorted(known.glob("*/*.npz")) if known else []
    return {(path.parent.name, path.stem): topics for path in paths if (topics := load(path))}


def learn(spark: SparkSession, documents: Sequence[Document], last: Topics | None, *, unused: int) -> Topics | None:
    """Topics of these documents; None if hardly a word comes again. The same documents give the same topics."""
    lines = spark.createDataFrame([(list(one),) for one in documents], "tokens array<string>").coalesce(1)
    if not any(count >= LEAST_SAID for count in _counts(documents).values()):
        return None
    model = Word2Vec(
        vectorSize=DIMENSIONS,
        windowSize=AROUND,
        maxIter=PASSES,
        minCount=LEAST_SAID,
        numPartitions=1,
        seed=SEED,
        inputCol="tokens",
        outputCol="place",
    ).fit(lines)
    learned = sorted((row["word"], row["vector"].toArray()) for row in model.getVectors().collect())
    words = tuple(word for word, _ in learned)
    vectors = unit(np.array([vector for _, vector in learned]))
    idf = inverse_frequency(documents, words)
    places = unit(points(documents, words, vectors, idf))
    about = (places != 0).sum(axis=1) > 0
    told = [one for one, has in zip(documents, about, strict=True) if has]
    if len(told) < LEAST_STRETCHES:
        return None
    centres = choose(_clustering(spark, places[about]), places[about], len(last.numbers) if last else None)
    chosen = squared(places[about], centres).argmin(axis=1)
    count = len(centres)
    old = last.nearest(told)[0] if last else np.full(len(told), -1)
    numbers = renumber(chosen, count, old, last.numbers if last else (), unused)
    return Topics(words, vectors, idf, centres, numbers, tuple(distinctive(told, chosen, count)))


def _counts(documents: Iterable[Document]) -> dict[str, int]:
    counts: dict[str, int] = defaultdict(int)
    for document in documents:
        for word in document:
            counts[word] += 1
    return counts


def _clustering(spark: SparkSession, places: Array) -> Callable[[int], Array]:
    """k → the centres that Spark's k-means finds for so many clusters."""
    rows = spark.createDataFrame([(Vectors.dense(place),) for place in places], ["features"]).coalesce(1)

    def centres(count: int) -> Array:
        return np.array(KMeans(k=count, seed=SEED, maxIter=30).fit(rows).clusterCenters())

    return centres


def choose(clustering: Callable[[int], Array], places: Array, last: int | None) -> Array:
    """The centres for the number of clusters that the silhouette speaks for."""
    tried: dict[int, tuple[float, Array]] = {}

    def attempt(count: int) -> None:
        if count not in tried and 2 <= count <= len(places) // LEAST_SIZE:
            centres = clustering(count)
            chosen = squared(places, centres).argmin(axis=1)
            tried[count] = silhouette(places, chosen, len(centres)), centres

    for count in (*COARSE, *([last] if last else [])):
        attempt(count)
    best = max(tried, key=lambda count: (tried[count][0], -count))
    for count in (best - 1, best + 1):
        attempt(count)
    highest = max(score for score, _ in tried.values())
    if last in tried and tried[last][0] >= highest - CLOSE_TO_LAST:
        return tried[last][1]
    return tried[min(count for count, (score, _) in tried.items() if score >= highest - CLOSE)][1]


def assign(cut: DataFrame, fitted: Fitted) -> DataFrame:
    """Each stretch's topic: workspace_id, meeting_id, language, week, nth, number, near, utterance_id (typical of it).
    Stretches without a known word have none."""

    def each(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for batch in batches:
            for (workspace, language), group in batch.groupby(["workspace_id", "language"]):
                topics = fitted.get((workspace, language))
                if topics:
                    yield _assigned(group, topics)

    schema = (
        "workspace_id string, meeting_id string, language string, week date, nth long, "
        "number int, near double, utterance_id string"
    )
    return cut.mapInPandas(each, schema)


def _assigned(group: pd.DataFrame, topics: Topics) -> pd.DataFrame:
    documents = [[word for tokens in said for word in tokens] for said in group["tokens"]]
    chosen, near = topics.nearest(documents)
    typical = [
        ids[int(np.argmax([len(set(topics.said[one]).intersection(tokens)) for tokens in said]))]
        for one, ids, said in zip(chosen.tolist(), group["utterances"], group["tokens"], strict=True)
    ]
    numbers = np.array(topics.numbers, dtype=np.int32)
    told = group[["workspace_id", "meeting_id", "language", "week", "nth"]].assign(
        number=numbers[chosen], near=near, utterance_id=typical
    )
    return told[chosen >= 0]


def counted(assigned: DataFrame) -> pd.DataFrame:
    """Stretches by topic and meeting, on the driver: … number, stretches, near and utterance_id of the most typical."""
    best = f.max(f.struct("near", "utterance_id")).alias("best")
    by_meeting = (
        assigned.groupBy("workspace_id", "language", "number", "meeting_id", "week")
        .agg(f.count("*").alias("stretches"), best)
        .select(
            "workspace_id",
            "language",
            "number",
            "meeting_id",
            "week",
            "stretches",
            f.col("best.near").alias("near"),
            f.col("best.utterance_id").alias("utterance_id"),
        )
    )
    return to_pandas(by_meeting).sort_values(["workspace_id", "language", "number", "week", "meeting_id"])


def topic_rows(found: pd.DataFrame, fitted: Mapping[tuple[str, str], Topics]) -> list[TopicRow]:
    """From `counted`."""
    rows = []
    for (workspace, language), group in found.groupby(["workspace_id", "language"]):
        topics = fitted[workspace, language]
        said = dict(zip(topics.numbers, topics.said, strict=True))
        totals = group.groupby("week")["stretches"].sum()
        for number, one in group.groupby("number"):
            counts = one.groupby("week")["stretches"].sum().reindex(totals.index, fill_value=0)
            most = one.sort_values(["stretches", "near", "meeting_id"], ascending=[False, False, True])
            typical = one.sort_values(["near", "utterance_id"], ascending=[False, True])
            rows.append(
                TopicRow(
                    workspace_id=UUID(workspace),
                    key=str(number),
                    day=totals.index[-1],
                    number=int(number),
                    language=language,
                    label=" · ".join(said[number][:LABEL_WORDS]),
                    words=said[number],
                    size=int(one["stretches"].sum()),
                    weeks=list(totals.index),
                    counts=[int(count) for count in counts],
                    totals=[int(total) for total in totals],
                    meetings=[UUID(meeting) for meeting in most["meeting_id"][:MEETINGS]],
                    utterances=[UUID(utterance) for utterance in typical["utterance_id"][:TYPICAL]],
                )
            )
    return rows


def topics(spoken: DataFrame, *, known: Path | None, fresh: bool) -> tuple[list[TopicRow], pd.DataFrame]:
    """Topics of `words` of `text`, and the counts behind them (`counted`). `fresh`: learn them anew; else those in the
    folder `known` stand, and talk is only assigned to them."""
    kept = {} if fresh else read_fitted(known)
    if not fresh and not kept:
        return [], pd.DataFrame()
    cut = stretches(spoken).persist(StorageLevel.DISK_ONLY)
    try:
        fitted = fit(cut, known) if fresh else kept
        found = counted(assign(cut, fitted))
    finally:
        cut.unpersist()
    return topic_rows(found, fitted), found


def recounted(kept: Sequence[TopicRow], recent: Sequence[TopicRow], since: date) -> list[TopicRow]:
    """A workspace's rows with the weeks from `since` on as `recent` counts them, whose topics are the same."""
    found = []
    for language in sorted({row.language for row in kept}):
        before = [row for row in kept if row.language == language]
        after = {row.number: row for row in recent if row.language == language}
        weeks, totals = next(((row.weeks, row.totals) for row in after.values()), ([], []))
        for row in before:
            stays = [at for at, week in enumerate(row.weeks) if week < since]
            counts = after[row.number].counts if row.number in after else [0] * len(weeks)
            counts = [*(row.counts[at] for at in stays), *counts]
            found.append(
                row.model_copy(
                    update={
                        "weeks": [*(row.weeks[at] for at in stays), *weeks],
                        "counts": counts,
                        "totals": [*(row.totals[at] for at in stays), *totals],
                        "size": sum(counts),
                        "day": max([*weeks, row.day]),
                    }
                )
            )
    return found
