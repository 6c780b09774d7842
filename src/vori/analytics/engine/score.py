"""A meeting's productivity score: the mean of three parts, 0–100, by the workspace's weights."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as f

from vori.analytics.model import (
    FULL_ACTIONABLE_PER_HOUR,
    LEAST_MS,
    LEAST_SPEAKERS,
    LEAST_UTTERANCES,
    SLOWEST_DECISION_MS,
    Weights,
)

HOUR_MS = 3_600_000.0
PARTS = tuple(Weights.model_fields)
"""In the order in which they are added."""


def score() -> Column:
    """As in `model.Score`, of rows with speakers, utterances, length_ms, actionable, decisions, decision_ms, evenness
    and the weights as `weight_…`. A part of no weight may be missing."""
    too_little = (
        f.when(f.col("speakers") < LEAST_SPEAKERS, "few_speakers")
        .when(f.col("utterances") < LEAST_UTTERANCES, "few_words")
        .when(f.col("length_ms") < LEAST_MS, "short")
    )
    per_hour = f.col("actionable") * f.lit(HOUR_MS) / f.col("length_ms")
    quickness = 1.0 - f.col("decision_ms") / f.lit(float(SLOWEST_DECISION_MS))
    undecided = f.when(f.col("decisions") == 0, "no_decision").when(f.col("decision_ms").isNull(), "no_mention")
    values = {
        "actionable": 100.0 * f.least(f.lit(1.0), per_hour / FULL_ACTIONABLE_PER_HOUR),
        "decision_time": 100.0 * f.greatest(f.lit(0.0), quickness),
        "participation": 100.0 * f.col("evenness"),
    }
    missing = {
        "actionable": too_little,
        "decision_time": f.coalesce(too_little, undecided),
        "participation": f.coalesce(too_little, f.when(f.col("evenness").isNull(), "no_talk")),
    }
    weights = [f.col(f"weight_{part}") for part in PARTS]
    counted = [
        f.when(weight > 0, f.when(missing[part].isNull(), values[part]) * weight).otherwise(0.0)
        for part, weight in zip(PARTS, weights, strict=True)
    ]
    total = weights[0] + weights[1] + weights[2]
    mean = f.when(total > 0, (counted[0] + counted[1] + counted[2]) / total)
    return f.struct(
        f.when(too_little.isNull(), mean).alias("value"),
        *(
            f.struct(
                f.when(missing[part].isNull(), values[part]).alias("value"),
                f.coalesce(missing[part], f.lit("")).alias("missing"),
            ).alias(part)
            for part in PARTS
        ),
    )
