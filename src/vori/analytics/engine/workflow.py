"""How work goes: a ticket's stays in its statuses, its life, and what meetings did to tickets."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as f

from vori.analytics.engine import parse

MOMENT = ("at", "event_id")
"""The order of changes."""


def changes(found: DataFrame) -> DataFrame:
    """`parse.changes`, of a ticket only what is measured."""
    return parse.changes(found).withColumns({name: _measured(name) for name in ("before", "after")})


def _measured(ticket: str) -> Column:
    fields = ("title", "status", "assignee", "due", "labels", "blocked", "blocked_reason", "meetings")
    return f.when(f.col(ticket).isNotNull(), f.struct(*(f"{ticket}.{name}" for name in fields)))


def standing(changes: DataFrame) -> DataFrame:
    """Tickets that are there, as they stand now: workspace_id, ticket_id, ticket. Undone ones aren't."""
    return (
        parse.once(changes, "ticket_id", latest=(f.desc("at"),))
        .where("after is not null")
        .select("workspace_id", "ticket_id", f.col("after").alias("ticket"))
    )


def states(changes: DataFrame) -> DataFrame:
    """A row per change: the state of its ticket from `at` to `ended` (ms since 1970: `since_ms`, `until_ms`), status
    (null: gone), blocked (its reason, null: it isn't), begins (another status than before), stay (counted from 0).

    What lasts still is counted up to the column `now`. A ticket whose opening isn't known begins with its first change
    of status.
    """
    order = Window.partitionBy("ticket_id").orderBy(*MOMENT)
    previous = f.coalesce(f.lag("status").over(order), f.when(f.row_number().over(order) == 1, f.col("before.status")))
    return (
        changes.withColumn("status", f.col("after.status"))
        .select(
            "workspace_id",
            "ticket_id",
            "event_id",
            "meeting_id",
            "at",
            "status",
            f.when(f.col("after.blocked"), f.col("after.blocked_reason")).alias("blocked"),
            f.col("before").isNull().alias("opens"),
            (~f.col("status").eqNullSafe(previous)).alias("begins"),
            f.unix_millis("at").alias("since_ms"),
            f.coalesce(f.unix_millis(f.lead("at").over(order)), f.unix_millis("now")).alias("until_ms"),
        )
        .withColumn("stay", f.sum(f.col("begins").cast("int")).over(order))
    )


def stays(states: DataFrame, standing: DataFrame) -> DataFrame:
    """Rows of kind stay but for `key` and `day`; of tickets that are there, labels and owner as they are now."""
    blocked = (
        states.where("blocked is not null and until_ms > since_ms")
        .groupBy("ticket_id", "stay", "blocked")
        .agg(f.sum(f.col("until_ms") - f.col("since_ms")).alias("ms"))
        .groupBy("ticket_id", "stay")
        .agg(f.map_from_entries(f.array_sort(f.collect_list(f.struct("blocked", "ms")))).alias("blocked"))
    )
    order = Window.partitionBy("ticket_id").orderBy("stay")
    found = (
        states.where("begins")
        .select(
            "ticket_id",
            "stay",
            "status",
            f.col("at").alias("since"),
            f.lead("at").over(order).alias("until"),
            f.lead("status").over(order).alias("next_status"),
        )
        .where("status is not null")
    )
    return (
        found.join(standing, "ticket_id")
        .join(blocked, ["ticket_id", "stay"], "left")
        .select(
            "workspace_id",
            "ticket_id",
            (f.row_number().over(order) - 1).alias("number"),
            "status",
            "since",
            "until",
            "next_status",
            f.coalesce("blocked", f.create_map().cast("map<string,bigint>")).alias("blocked"),
            "ticket.title",
            "ticket.labels",
            f.col("ticket.assignee").isNotNull().alias("assigned"),
        )
    )


def lives(stays: DataFrame, states: DataFrame, standing: DataFrame) -> DataFrame:
    """Rows of kind ticket but for `key` and `day`; of tickets whose opening is known."""
    order = Window.partitionBy("ticket_id").orderBy(*MOMENT)
    opened = states.where("opens").withColumn("_nth", f.row_number().over(order)).where("_nth = 1")
    moved = stays.groupBy("ticket_id").agg(
        f.min(f.when(f.col("status") == "IN_PROGRESS", f.col("since"))).alias("begun_at"),
        f.max(f.when((f.col("status") == "DONE") & f.col("until").isNull(), f.col("since"))).alias("done_at"),
        f.count(f.when((f.col("status") == "DONE") & f.col("next_status").isNotNull(), f.lit(1))).alias("reopened"),
    )
    done = f.unix_millis("done_at")
    return (
        opened.select("ticket_id", f.col("at").alias("opened_at"), "meeting_id")
        .join(standing, "ticket_id")
        .join(moved, "ticket_id")
        .select(
            "workspace_id",
            "ticket_id",
            "ticket.title",
            "ticket.labels",
            "ticket.status",
            "opened_at",
            f.when(f.col("meeting_id") != f.col("ticket_id"), f.col("meeting_id")).alias("opened_in"),
            "begun_at",
            "done_at",
            (done - f.unix_millis("begun_at")).alias("cycle_ms"),
            (done - f.unix_millis("opened_at")).alias("lead_ms"),
            "reopened",
            "ticket.meetings",
        )
    )


def opened(changes: DataFrame, standing: DataFrame) -> DataFrame:
    """A row per meeting that opened tickets which are there: ids of all (`created`) and of those with an owner or a due
    day now (`actionable`), in the order in which they were opened."""
    ready = f.col("ticket.assignee").isNotNull() | f.col("ticket.due").isNotNull()
    return (
        changes.where("before is null")
        .groupBy("meeting_id", "ticket_id")
        .agg(f.min(f.struct(*MOMENT)).alias("when"))
        .join(standing, "ticket_id")
        .groupBy("meeting_id")
        .agg(_tickets(f.lit(True)).alias("created"), _tickets(ready).alias("actionable"))
    )


def blockers(changes: DataFrame) -> DataFrame:
    """A row per meeting in whose words tickets became blocked: their ids, in that order."""
    was = f.coalesce("before.blocked", f.lit(False))
    return (
        changes.where(f.col("proven") & f.col("after.blocked") & ~was)
        .groupBy("meeting_id", "ticket_id")
        .agg(f.min(f.struct(*MOMENT)).alias("when"))
        .groupBy("meeting_id")
        .agg(_tickets(f.lit(True)).alias("blockers"))
    )


def carried(reports: DataFrame) -> DataFrame:
    """A row per reported meeting: ids of tickets that were open before and that it didn't finish."""
    finished = f.transform(f.filter("tickets", lambda one: one["ticket"]["status"] == "DONE"), _ticket_id)
    left = f.filter(
        "open_before", lambda one: (one["status"] != "DONE") & ~f.array_contains(finished, one["ticket_id"])
    )
    return reports.select("meeting_id", f.transform(left, lambda one: one["ticket_id"]).alias("carried"))


def _ticket_id(reported: Column) -> Column:
    return reported["ticket"]["ticket_id"]


def _tickets(condition: Column) -> Column:
    found = f.array_sort(f.collect_list(f.when(condition, f.struct("when", "ticket_id"))))
    return f.transform(found, lambda one: one["ticket_id"])
