"""Topics of talk on three made-up subjects: found, the same again, and with their numbers kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import pytest

from vori.analytics.engine.clusters import (
    Topics,
    distinctive,
    load,
    renumber,
    save,
    silhouette,
    squared,
)
from vori.analytics.model import TopicRow

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

TEAM = str(UUID(int=1))
SUBJECTS = ("card refund receipt limit", "index ranking filter typo", "rollback staging container script")


def spoken(spark: SparkSession, weeks: int, teams: tuple[str, ...] = (TEAM,)) -> DataFrame:
    """Two meetings a week of twenty minutes; each minute is about one subject, in two utterances of six words."""
    chance = np.random.default_rng(1)
    rows = []
    for number in range(2 * weeks):
        for minute in range(20):
            subject = SUBJECTS[(number + minute // 5) % 3].split()
            for nth in range(2):
                said = [*chance.choice(subject, 5).tolist(), str(chance.choice(["customer", "page"]))]
                ids = str(UUID(int=100 + number)), str(UUID(int=10_000 + 40 * number + 2 * minute + nth))
                week = f"2026-{1 + number // 2 // 4:02}-{5 + 7 * (number // 2 % 4):02}"
                rows += [(team, *ids, "en", 60_000 * minute + 20_000 * nth, week, said) for team in teams]
    schema = "workspace_id string, meeting_id string, utterance_id string, language string, start_ms long, week string"
    return spark.createDataFrame(rows, f"{schema}, tokens array<string>").selectExpr(
        "* except (week)", "date(week) as week"
    )


def test_topics_are_found_and_keep_their_numbers(spark: SparkSession, tmp_path: Path) -> None:
    from vori.analytics.engine.topics import topics

    first, _ = topics(spoken(spark, 3), known=tmp_path / "one", fresh=True)
    assert sorted(sorted(set(row.words[:4])) for row in first) == sorted(sorted(one.split()) for one in SUBJECTS)
    assert [row.number for row in first] == [1, 2, 3]
    assert sum(row.size for row in first) == 120
    assert [sum(week) for week in zip(*(row.counts for row in first), strict=True)] == first[0].totals == [40] * 3
    path = tmp_path / "one" / TEAM / "en.npz"
    learned = path.read_bytes()

    light, _ = topics(spoken(spark, 4), known=tmp_path / "one", fresh=False)
    assert path.read_bytes() == learned
    assert [row.words for row in light] == [row.words for row in first]
    assert sum(row.size for row in light) == 160

    again, _ = topics(spoken(spark, 3).orderBy("tokens"), known=tmp_path / "one", fresh=True)
    assert path.read_bytes() == learned
    assert again == first


def test_the_last_weeks_of_topics_are_counted_again() -> None:
    from vori.analytics.engine.topics import recounted

    def row(number: int, weeks: list[date], counts: list[int], totals: list[int]) -> TopicRow:
        words = ("card", "page")
        return TopicRow(
            workspace_id=UUID(TEAM),
            key=str(number),
            day=weeks[-1],
            number=number,
            language="en",
            label="card",
            words=words,
            size=sum(counts),
            weeks=weeks,
            counts=counts,
            totals=totals,
            meetings=[],
            utterances=[],
        )

    weeks = [date(2026, 1, 5) + timedelta(weeks=nth) for nth in range(4)]
    kept = [row(1, weeks[:3], [4, 5, 6], [9, 9, 9]), row(2, weeks[:3], [5, 4, 3], [9, 9, 9])]
    recent = [row(1, weeks[2:], [7, 8], [11, 8])]
    assert recounted(kept, recent, weeks[2]) == [
        row(1, weeks, [4, 5, 7, 8], [9, 9, 11, 8]),
        row(2, weeks, [5, 4, 0, 0], [9, 9, 11, 8]),
    ]
    assert recounted([], recent, weeks[2]) == [], "what was never learned there isn't known"
    assert recounted(kept, [], weeks[3]) == kept


def test_a_silhouette_is_that_of_its_definition() -> None:
    chance = np.random.default_rng(1)
    places, chosen = chance.normal(size=(30, 3)), chance.integers(3, size=30)
    scores = []
    for one in range(30):
        mean = [squared(places[[one]], places[(chosen == other) & (np.arange(30) != one)]).mean() for other in range(3)]
        own, beside = mean[chosen[one]], min(mean[: chosen[one]] + mean[chosen[one] + 1 :])
        scores.append((beside - own) / max(own, beside))
    assert silhouette(places, chosen, 3) == pytest.approx(np.mean(scores))


def test_a_cluster_takes_the_number_of_the_topic_it_shares_most_with() -> None:
    before = np.array([0] * 10 + [1] * 10 + [2] * 10)
    chosen = np.array([1] * 10 + [0] * 10 + [2] * 4 + [3] * 6)
    assert renumber(chosen, 4, before, (7, 3, 5), 8) == (3, 7, 8, 5)
    assert renumber(chosen, 4, np.full(30, -1), (), 1) == (1, 2, 3, 4)


def test_words_that_all_topics_have_name_none() -> None:
    documents = [("page", "card"), ("page", "card"), ("page", "index"), ("page", "index")]
    assert [one[0] for one in distinctive(documents, np.array([0, 0, 1, 1]), 2)] == ["card", "index"]


def test_topics_are_read_as_they_were_written(tmp_path: Path) -> None:
    kept = Topics(
        ("결제", "card"), np.eye(2), np.array([1.0, 2.0]), np.eye(2), (4, 2), (("결제", "card"), ("card", "결제"))
    )
    save(kept, tmp_path / "a" / "ko.npz")
    found = load(tmp_path / "a" / "ko.npz")
    assert found is not None
    assert (found.words, found.numbers, found.said) == (kept.words, kept.numbers, kept.said)
    chosen, near = found.nearest([("card", "card"), ("결제",), ("?",)])
    assert (chosen.tolist(), near[:2].tolist()) == ([1, 0, -1], [1, 1])
    assert load(tmp_path / "b.npz") is None
