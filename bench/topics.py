"""Topics and trends against made-up histories whose talk is known: `python bench/topics.py --seeds 3 --weeks 8`."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from vori.analytics.engine.measures import utterances
from vori.analytics.engine.parse import events, meetings, read_lines
from vori.analytics.engine.session import open_session
from vori.analytics.engine.text import said, words
from vori.analytics.engine.topics import STRETCH_MS, assign, read_fitted, stretches, to_pandas, topics
from vori.analytics.engine.trends import trends
from vori.analytics.model import TopicRow, TrendRow
from vori.analytics.simulate.write import Wanted, truth_path, write_history

RISES = {"rising_topic": 4.0}
STRETCH = ["meeting_id", "nth"]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=3)
    asked.add_argument("--weeks", type=int, default=8)
    asked.add_argument("--teams", type=int, default=2)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_session(Path(folder) / "spark", memory="1g") as spark:
        for rises in (False, True):
            for seed in range(1, told.seeds + 1):
                wanted = Wanted(told.weeks, told.teams, 8, seed, RISES if rises else {})
                found = run(spark, wanted, Path(folder))
                print(json.dumps({"seed": seed, "rises": rises} | found, ensure_ascii=False), flush=True)


def run(spark: SparkSession, wanted: Wanted, folder: Path) -> dict[str, Any]:
    """One history: how well its topics are found, how stable they are, and the trends."""
    place = folder / f"{wanted.seed}-{len(wanted.sizes)}"
    place.mkdir()
    write_history(wanted, place / "events.jsonl")
    truth = json.loads(truth_path(place / "events.jsonl").read_text())
    events(read_lines(spark, str(place / "events.jsonl"))).write.parquet(str(place / "events"))
    found = spark.read.parquet(str(place / "events"))
    zones = {team["workspace_id"]: team["time_zone"] for team in truth["teams"]}
    words(utterances(found), meetings(found), zones).write.parquet(str(place / "words"))
    spoken = spark.read.parquet(str(place / "words"))
    about = true_topics(spoken.join(utterances(found).select("utterance_id", "text"), "utterance_id"), truth)

    shorter = spoken.where(f.col("week") < spoken.agg(f.max("week")).collect()[0][0])
    began = time.perf_counter()
    topics(shorter, known=place / "kept", fresh=True)
    seconds = time.perf_counter() - began
    before = numbers(shorter, place / "kept")
    topics(shorter, known=place / "again", fresh=True)
    same = all(path.read_bytes() == twin(path, place).read_bytes() for path in (place / "kept").rglob("*.npz"))
    rows, counted = topics(spoken, known=place / "kept", fresh=True)
    after = numbers(spoken, place / "kept")
    stated = trends(spoken, said(spoken), counted, rows)
    return agreement(after, about) | {
        "topics": list(Counter(row.workspace_id for row in rows).values()),
        "same bytes": same,
        "kept numbers": kept(before, after),
        "seconds a workspace": round(seconds / wanted.teams, 1),
        "trends": told_trends(stated, rows, truth),
    }


def twin(path: Path, place: Path) -> Path:
    return place / "again" / path.relative_to(place / "kept")


def numbers(spoken: DataFrame, known: Path) -> pd.DataFrame:
    """Each stretch's topic, by the topics in a folder."""
    return to_pandas(assign(stretches(spoken), read_fitted(known)).select(*STRETCH, "workspace_id", "number"))


def kept(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """The share of stretches that have the number they had."""
    both = before.merge(after, on=STRETCH)
    return round(float((both["number_x"] == both["number_y"]).mean()), 4)


def true_topics(lines: DataFrame, truth: Mapping[str, Any]) -> pd.DataFrame:
    """Each stretch's subject: the one whose terms most of its utterances say; none for small talk."""
    told = to_pandas(lines.select("meeting_id", "language", "start_ms", "text"))
    terms = {
        (language, word): name
        for name, one in truth["topics"].items()
        for language, words_of in one["words"].items()
        for word in words_of
    }
    known = {
        text: next((name for (of, word), name in terms.items() if of == language and word in text), "")
        for text, language in set(zip(told["text"], told["language"], strict=True))
    }
    told["subject"] = told["text"].map(known)
    told["nth"] = told["start_ms"] // STRETCH_MS
    counts = told[told["subject"] != ""].groupby([*STRETCH, "subject"]).size().rename("count").reset_index()
    return counts.sort_values(["count", "subject"], ascending=[False, True]).drop_duplicates(STRETCH)


def agreement(found: pd.DataFrame, about: pd.DataFrame) -> dict[str, float]:
    """Normalised mutual information and purity over all stretches about one of the ten subjects, mean of workspaces."""
    both = found.merge(about, on=STRETCH)
    tables = [pd.crosstab(one["subject"], one["number"]).to_numpy() for _, one in both.groupby("workspace_id")]
    return {
        "nmi": round(float(np.mean([mutual(table / table.sum()) for table in tables])), 3),
        "purity": round(float(np.mean([table.max(axis=0).sum() / table.sum() for table in tables])), 3),
    }


def mutual(shares: Any) -> float:
    def entropy(one: Any) -> float:
        return float(-(one[one > 0] * np.log(one[one > 0])).sum())

    rows, columns = entropy(shares.sum(axis=1)), entropy(shares.sum(axis=0))
    return 2 * (rows + columns - entropy(shares.ravel())) / (rows + columns)


def told_trends(stated: list[TrendRow], rows: list[TopicRow], truth: Mapping[str, Any]) -> dict[str, Any]:
    """The planted topic rises, in so many workspaces; others that rise; what falls, as it must where one rises."""
    planted = truth["planted"].get("rising_topic", {"words": {"ko": [], "en": []}})["words"]
    text = {language: " ".join(words) for language, words in planted.items()}
    said_by = {(row.workspace_id, row.key): row for row in rows}
    right, wrong = set(), []
    for row in stated:
        topic = said_by.get((row.workspace_id, row.key.removeprefix("topic/"))) if row.of == "topic" else None
        named = topic.words[:3] if topic else (row.name,)
        if row.slope > 0 and sum(word in text[row.language] for word in named) * 2 > len(named):
            right.add((str(row.workspace_id)[:4], row.of))
        elif row.slope > 0 or not any(text.values()):
            wrong.append(row.name)
    return {"planted": sorted(map(list, right)), "false": wrong}


if __name__ == "__main__":
    main()
