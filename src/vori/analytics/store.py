"""The tables of what analytics found, of what a workspace wants of it, and of its runs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeVar
from uuid import UUID

from vori.analytics.model import AnalyticsSettings, Kind, Row, Standing, TicketRow
from vori.clock import new_id
from vori.database.connection import Transaction

AT_ONCE = 1000
"""Rows that one statement writes."""

RUN = "run_id, workspace_id, what, first_day, last_day, asked_at, begun_at, ended_at, problem, basis"
KEPT = "90 days"
"""A run is told for so long."""
What = Literal["changes", "week", "back-fill"]
"""What a run reckons: days of which something changed, a week's topics and insights, days that were asked for."""

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which results are meant: those of these days, or with these keys; neither: all of their kind."""

    days: Collection[date] | None = None
    keys: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Results being reckoned: asked for, begun, ended. `problem` says why it came to nothing, `basis` what the results
    depend on besides facts."""

    run_id: UUID
    workspace_id: UUID
    what: What
    first_day: date | None
    last_day: date | None
    asked_at: datetime
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    problem: str = ""
    basis: str = ""


async def save_results(tx: Transaction, kind: Kind, rows: Sequence[Row], scope: Scope, at: datetime) -> None:
    """Put these results in the place of those that `scope` means: what isn't found again is gone. Reckoned at `at`."""
    assert all(row.workspace_id == tx.workspace_id for row in rows), "these are another workspace's"
    await tx.execute(
        """delete from analytics_result
           where kind = %(kind)s and not key = any (%(found)s::text[])
             and (%(days)s::date[] is null or day = any (%(days)s))
             and (%(keys)s::text[] is null or key = any (%(keys)s))""",
        {
            "kind": kind,
            "found": [row.key for row in rows],
            "days": _listed(scope.days),
            "keys": _listed(scope.keys),
        },
    )
    for first in range(0, len(rows), AT_ONCE):
        some = rows[first : first + AT_ONCE]
        await tx.execute(
            """insert into analytics_result (workspace_id, kind, key, day, meeting_id, body, reckoned_at)
               select %s, %s, key, day, meeting_id, body::jsonb, %s
               from unnest(%s::text[], %s::date[], %s::uuid[], %s::text[]) as new (key, day, meeting_id, body)
               on conflict (workspace_id, kind, key) do update
                 set day = excluded.day, meeting_id = excluded.meeting_id, body = excluded.body,
                     reckoned_at = excluded.reckoned_at""",
            (
                tx.workspace_id,
                kind,
                at,
                [row.key for row in some],
                [row.day for row in some],
                [getattr(row, "meeting_id", None) for row in some],
                [row.model_dump_json() for row in some],
            ),
        )


async def read_results(
    tx: Transaction,
    of: type[R],
    first: date | None = None,
    last: date | None = None,
    *,
    meeting_id: UUID | None = None,
    keys: Collection[str] | None = None,
) -> list[R]:
    """The results of a kind, by day and key: of the days from `first` to `last`, of a meeting, with one of the keys."""
    rows = await tx.fetch_all(
        """select body from analytics_result
           where kind = %s and day between coalesce(%s::date, '-infinity') and coalesce(%s::date, 'infinity')
             and (%s::uuid is null or meeting_id = %s) and (%s::text[] is null or key = any (%s))
           order by day, key""",
        (of.kind, first, last, meeting_id, meeting_id, _listed(keys), _listed(keys)),
    )
    return [of.model_validate(row["body"]) for row in rows]


async def read_lives(tx: Transaction, first: date, last: date) -> list[TicketRow]:
    """Tickets that lived in the days from `first` to `last`: opened or done in them, or open all the time."""
    rows = await tx.fetch_all(
        """select body from analytics_result
           where kind = 'ticket' and day <= %s
             and coalesce((body ->> 'done_at')::timestamptz, 'infinity') >= %s::timestamp at time zone 'UTC'
           order by day, key""",
        (last, first),
    )
    return [TicketRow.model_validate(row["body"]) for row in rows]


async def read_reckoned(tx: Transaction, kind: Kind) -> datetime | None:
    """When results of a kind were last written; None: never."""
    row = await tx.fetch_one("select max(reckoned_at) as at from analytics_result where kind = %s", (kind,))
    return row["at"] if row else None


async def ask_run(
    tx: Transaction, what: What, at: datetime, first_day: date | None = None, last_day: date | None = None
) -> Run:
    """Have something reckoned; forget old runs."""
    assert tx.workspace_id is not None
    run = Run(new_id(), tx.workspace_id, what, first_day, last_day, at)
    await tx.execute(f"delete from analytics_run where asked_at < %s - interval '{KEPT}'", (at,))
    await tx.execute(
        """insert into analytics_run (run_id, workspace_id, what, first_day, last_day, asked_at)
           values (%s, %s, %s, %s, %s, %s)""",
        (run.run_id, run.workspace_id, what, first_day, last_day, at),
    )
    return run


async def begin_run(tx: Transaction, run_id: UUID, at: datetime, basis: str = "") -> None:
    await tx.execute("update analytics_run set begun_at = %s, basis = %s where run_id = %s", (at, basis, run_id))


async def end_run(tx: Transaction, run_id: UUID, at: datetime, problem: str = "") -> None:
    await tx.execute("update analytics_run set ended_at = %s, problem = %s where run_id = %s", (at, problem, run_id))


async def read_runs(tx: Transaction, limit: int = 20) -> list[Run]:
    """The last ones, the newest first."""
    rows = await tx.fetch_all(f"select {RUN} from analytics_run order by asked_at desc, run_id desc limit %s", (limit,))
    return [Run(**row) for row in rows]


async def read_waiting_runs(tx: Transaction) -> list[Run]:
    """Those that nobody has ended, the oldest first: not begun, or cut off."""
    rows = await tx.fetch_all(f"select {RUN} from analytics_run where ended_at is null order by asked_at, run_id")
    return [Run(**row) for row in rows]


async def read_last_run(tx: Transaction, what: What, *, well: bool) -> Run | None:
    """The last that was begun and ended; `well`: without a problem."""
    row = await tx.fetch_one(
        f"""select {RUN} from analytics_run
            where what = %s and begun_at is not null and ended_at is not null and (problem = '' or not %s)
            order by begun_at desc limit 1""",
        (what, well),
    )
    return Run(**row) if row else None


async def read_settings(tx: Transaction) -> AnalyticsSettings:
    """The workspace's; as they come if it has none."""
    row = await tx.fetch_one("select body from analytics_settings")
    return AnalyticsSettings.model_validate(row["body"]) if row else AnalyticsSettings()


async def save_settings(tx: Transaction, settings: AnalyticsSettings) -> None:
    """Put these in the place of those before."""
    await tx.execute(
        """insert into analytics_settings (workspace_id, body) values (%s, %s::jsonb)
           on conflict (workspace_id) do update set body = excluded.body""",
        (tx.workspace_id, settings.model_dump_json()),
    )


async def save_standing(tx: Transaction, standing: Standing) -> None:
    """Put it in the place of the one before; it is of all workspaces."""
    await tx.execute(
        """insert into analytics_standing (state, reason, remedy, code, at) values (%s, %s, %s, %s, coalesce(%s, now()))
           on conflict (only_one) do update set state = excluded.state, reason = excluded.reason,
             remedy = excluded.remedy, code = excluded.code, at = excluded.at""",
        (standing.state, standing.reason, standing.remedy, standing.code, standing.at),
    )


async def read_standing(tx: Transaction) -> Standing | None:
    """What the role said last; None: it was never started."""
    row = await tx.fetch_one("select state, reason, remedy, code, at from analytics_standing")
    return Standing.model_validate(row) if row else None


def _listed(some: Collection[R] | Collection[date] | Collection[str] | None) -> list[object] | None:
    return None if some is None else list(some)
