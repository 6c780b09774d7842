"""How people talked in meetings: turns, silence, monologues, interruptions, questions, shares of the talk."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as f

from vori.analytics.model import ANSWER_MS, MONOLOGUE_MS, OVERLAP_MS, QUESTION

PLACE = ("start_ms", "end_ms", "utterance_id")
"""The order of a transcript."""
BUCKET_MS = 60_000
"""Who may overlap is looked for within so much time, not in the whole meeting."""


def spoken(said: DataFrame, meetings: DataFrame) -> DataFrame:
    """What was said in meetings that ended, in turns: meeting_id, place (struct of `PLACE`), stream, who, turn (counted
    from 1), korean, question, talk_ms, sound_ms (what it adds to the time in which anybody speaks, within the meeting).

    `said` is what `parse.utterances` gives, `meetings` has meeting_id and length_ms.
    """
    order = Window.partitionBy("meeting_id").orderBy(*PLACE)
    before = order.rowsBetween(Window.unboundedPreceding, -1)
    begins, ends = _within("start_ms"), _within("end_ms")
    return (
        said.join(meetings.select("meeting_id", "length_ms"), "meeting_id")
        .withColumn("_new", (~f.col("who").eqNullSafe(f.lag("who").over(order))).cast("int"))
        .withColumn("_heard", f.coalesce(f.max(ends).over(before), f.lit(0)))
        .select(
            "meeting_id",
            f.struct(*PLACE).alias("place"),
            "stream",
            "who",
            f.sum("_new").over(order).alias("turn"),
            (f.col("language") == "ko").cast("int").alias("korean"),
            f.col("text").rlike(QUESTION).alias("question"),
            (f.col("end_ms") - f.col("start_ms")).alias("talk_ms"),
            f.greatest(f.lit(0), ends - f.greatest(begins, "_heard")).alias("sound_ms"),
        )
    )


def _within(moment: str) -> Column:
    return f.greatest(f.lit(0), f.least(moment, "length_ms"))


def turns(spoken: DataFrame) -> DataFrame:
    """A row per turn: a longest run of utterances by one voice, in the transcript's order. Each counted thing is told
    by its place; a question is answered if the next turn begins soon enough."""
    found = spoken.groupBy("meeting_id", "turn").agg(
        f.min("who").alias("who"),
        f.min("place").alias("first"),
        (f.max("place.end_ms") - f.min("place.start_ms")).alias("length"),
        f.count("*").alias("utterances"),
        f.sum("korean").alias("korean"),
        f.sum("talk_ms").alias("talk_ms"),
        f.sum("sound_ms").alias("sound_ms"),
        f.collect_set("stream").alias("streams"),
        f.collect_list(f.when(f.col("question"), f.col("place"))).alias("questions"),
    )
    following = f.lead("first.start_ms").over(Window.partitionBy("meeting_id").orderBy("turn"))
    return (
        found.withColumn("_next", following)
        .withColumn("answered", f.filter("questions", lambda one: f.col("_next") <= one["end_ms"] + ANSWER_MS))
        .withColumn("monologues", f.when(f.col("length") >= MONOLOGUE_MS, f.array("first")).otherwise(f.array()))
        .drop("_next", "first")
    )


def voices(turns: DataFrame) -> DataFrame:
    """A row per meeting and voice: the sums of its turns, and `share` of the meeting's talk (0 of none)."""
    found = turns.groupBy("meeting_id", "who").agg(
        f.count("*").alias("turns"),
        f.max("length").alias("longest_ms"),
        *(f.sum(name).alias(name) for name in ("utterances", "korean", "talk_ms", "sound_ms")),
        *(_all(name) for name in ("streams", "questions", "answered", "monologues")),
    )
    total = f.sum("talk_ms").over(Window.partitionBy("meeting_id"))
    share = f.when(total > 0, f.col("talk_ms").cast("double") / total).otherwise(f.lit(0.0))
    return found.withColumn("share", share)


def conversations(voices: DataFrame) -> DataFrame:
    """A row per meeting in which something was said: the sums of its voices, ids of what is counted, and how evenly
    the talk was shared: −Σ p ln p / ln n, to six digits, from 0 (one had nearly all) to 1; null of one voice."""
    return voices.groupBy("meeting_id").agg(
        f.count("*").alias("speakers"),
        *(f.sum(name).alias(name) for name in ("turns", "utterances", "korean", "talk_ms", "sound_ms")),
        f.size(f.array_distinct(f.flatten(f.collect_list("streams")))).alias("streams"),
        *(_ids(f.flatten(f.collect_list(name))).alias(name) for name in ("questions", "answered", "monologues")),
        _evenness(f.array_sort(f.collect_list("share")), f.count("*")).alias("evenness"),
    )


def interruptions(said: DataFrame) -> DataFrame:
    """A row per meeting with any: ids of utterances that began while another voice on another stream went on for
    `OVERLAP_MS` or longer."""
    bucket = f.floor(f.col("start_ms") / BUCKET_MS)
    begun = said.select("meeting_id", "stream", "who", *PLACE, bucket.alias("bucket"))
    last = f.floor(f.greatest("start_ms", "end_ms") / BUCKET_MS)
    going = said.where(f.col("end_ms") - f.col("start_ms") > OVERLAP_MS).select(
        f.col("meeting_id").alias("in_meeting"),
        f.col("stream").alias("other_stream"),
        f.col("who").alias("other"),
        f.col("start_ms").alias("since"),
        f.col("end_ms").alias("until"),
        f.explode(f.sequence(bucket, last)).alias("in_bucket"),
    )
    together = (f.col("meeting_id") == f.col("in_meeting")) & (f.col("bucket") == f.col("in_bucket"))
    others = (f.col("stream") != f.col("other_stream")) & (f.col("who") != f.col("other"))
    over = (f.col("since") < f.col("start_ms")) & (f.col("until") >= f.col("start_ms") + OVERLAP_MS)
    found = begun.join(going, together & others & over, "left_semi")
    return found.groupBy("meeting_id").agg(_ids(f.collect_list(f.struct(*PLACE))).alias("interruptions"))


def _all(name: str) -> Column:
    return f.flatten(f.collect_list(name)).alias(name)


def _ids(places: Column) -> Column:
    return f.transform(f.array_sort(places), lambda one: one["utterance_id"])


def _evenness(shares: Column, count: Column) -> Column:
    """In order of size, so that the sum is the same whatever came first."""
    entropy = f.aggregate(shares, f.lit(0.0), lambda sum_, p: sum_ - f.when(p > 0, p * f.ln(p)).otherwise(0.0))
    return f.when((count > 1) & (f.array_max(shares) > 0), f.round(entropy / f.ln(count.cast("double")), 6))
