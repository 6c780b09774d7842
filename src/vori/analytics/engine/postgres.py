"""The embedded event log, read by Spark's own processes: a connection per read, for they share nothing with VORI's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import psycopg

from vori.database.connection import LOG_ROLE, as_role

Lane = tuple[str, int]
"""A topic and a partition of it."""

ENDS = """
select topic, partition, next_offset from log_partition where topic = any (%s)
"""

OLDEST = """
select p.topic, p.partition, coalesce(e.log_offset, p.next_offset) as oldest
from log_partition p left join lateral (
  select log_offset from log_event where topic = p.topic and partition = p.partition order by log_offset limit 1
) e on true
where p.topic = any (%s)
"""

NEXT = """
with waiting as (
  select e.*
  from unnest(%(topics)s::text[], %(partitions)s::int[], %(positions)s::bigint[]) as p (topic, partition, position)
  cross join lateral (
    select topic, partition, log_offset, max(at) over (order by log_offset) as at
    from log_event where topic = p.topic and partition = p.partition and log_offset >= p.position
    order by log_offset limit %(limit)s
  ) e
), taken as (
  select * from waiting order by at, topic, partition, log_offset limit %(limit)s
)
select topic, partition, max(log_offset) + 1 as until from taken group by topic, partition
"""
"""The oldest first, whatever their topic, so that no topic runs ahead of another. Offsets keep their order."""

READ = """
select value, topic, partition, log_offset from log_event
where topic = %s and partition = %s and log_offset >= %s and log_offset < %s order by log_offset
"""

AT_ONCE = 2000
"""Rows that a reader holds at a time."""


class Span(NamedTuple):
    """Offsets of one lane, from the first up to, but without, the last."""

    topic: str
    partition: int
    start: int
    end: int


class LogTables:
    """`url` is a database's; it is read as the log's role. Calls block; each raises what psycopg raises."""

    def __init__(self, url: str) -> None:
        self._conninfo = as_role(url, LOG_ROLE)

    def oldest(self, topics: list[str]) -> dict[Lane, int]:
        """Where each lane begins: what was pruned is not there any more."""
        with self._connect() as connection:
            return {(topic, number): oldest for topic, number, oldest in connection.execute(OLDEST, (topics,))}

    def ends(self, topics: list[str]) -> dict[Lane, int]:
        """The next offset to be written in each lane."""
        with self._connect() as connection:
            return {(topic, number): end for topic, number, end in connection.execute(ENDS, (topics,))}

    def ahead(self, positions: Mapping[Lane, int], limit: int) -> dict[Lane, int]:
        """Where each lane stands once the `limit` oldest events after `positions` are read."""
        found = self.ends(sorted({topic for topic, _ in positions}))
        ends = {lane: max(at, found.get(lane, 0)) for lane, at in positions.items()}
        if sum(ends[lane] - at for lane, at in positions.items()) <= limit:
            return ends
        behind = [(*lane, at) for lane, at in positions.items() if ends[lane] > at]
        topics, partitions, starts = zip(*behind, strict=True)
        params: dict[str, Any] = {"topics": list(topics), "partitions": list(partitions), "positions": list(starts)}
        with self._connect() as connection:
            rows = connection.execute(NEXT, params | {"limit": limit}).fetchall()
        return dict(positions) | {(topic, partition): until for topic, partition, until in rows}

    def read(self, spans: list[Span]) -> Iterator[tuple[str, str, int, int]]:
        """Each event's line, topic, partition and offset. What was pruned meanwhile is left out."""
        with self._connect() as connection:
            for span in spans:
                with connection.cursor(name="events", binary=True) as cursor:
                    cursor.itersize = AT_ONCE
                    for value, topic, partition, offset in cursor.execute(READ, tuple(span)):
                        yield value.partition(b"\n")[0].decode(), topic, partition, offset

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._conninfo, connect_timeout=10)
