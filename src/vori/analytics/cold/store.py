"""What cold storage takes from the database: windows of live numbers, and what sound was archived."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from vori.database.connection import Transaction


async def read_window_days(tx: Transaction, before: date) -> list[date]:
    """The days (UTC) before that one of which there are windows."""
    rows = await tx.fetch_all(
        """select distinct (starts_at at time zone 'UTC')::date as day from live_window
           where starts_at < (%s::date)::timestamp at time zone 'UTC' order by day""",
        (before,),
    )
    return [row["day"] for row in rows]


async def read_windows(tx: Transaction, day: date) -> list[dict[str, Any]]:
    """The windows that begin on a day (UTC)."""
    rows = await tx.fetch_all(
        """select workspace_id::text, subject::text, minutes, starts_at, meetings, people, utterances, talk_ms,
                  questions, created, moved, done, decisions
           from live_window where (starts_at at time zone 'UTC')::date = %s order by starts_at, subject, minutes""",
        (day,),
    )
    return [dict(row) for row in rows]


async def delete_windows(tx: Transaction, day: date) -> int:
    """Forget the windows that begin on a day (UTC), and the pieces that they were made of."""
    await tx.execute("delete from live_piece where (starts_at at time zone 'UTC')::date = %s", (day,))
    done = await tx.execute("delete from live_window where (starts_at at time zone 'UTC')::date = %s", (day,))
    return done.rowcount


async def read_sound_days(tx: Transaction, before: datetime) -> list[date]:
    """The days (UTC) on which meetings with sound ended, before that moment."""
    rows = await tx.fetch_all(
        """select distinct (ended_at at time zone 'UTC')::date as day from meeting m
           where status = 'ended' and ended_at < %s
             and exists (select from audio_segment s where s.meeting_id = m.meeting_id)
           order by day""",
        (before,),
    )
    return [row["day"] for row in rows]


async def read_sound(tx: Transaction, day: date) -> list[dict[str, Any]]:
    """The archived segments of the meetings that ended on a day (UTC), whether their sound is still there or not."""
    rows = await tx.fetch_all(
        """select s.workspace_id::text, s.meeting_id::text, s.stream::text, a.speaker, s.first_sample, s.samples,
                  s.sample_rate, s.path,
                  m.started_at + make_interval(secs => a.origin_ms / 1000.0 + s.first_sample::float8 / s.sample_rate)
                    as starts_at
           from meeting m join audio_segment s using (meeting_id) join audio_stream a using (stream)
           where m.status = 'ended' and (m.ended_at at time zone 'UTC')::date = %s
           order by s.meeting_id, s.stream, s.first_sample""",
        (day,),
    )
    return [dict(row) for row in rows]
