"""Work that goes on as ever: tickets that are done long after they were opened make no news of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from tests.analytics.insight_rows import ticket_row

from reckoned import meeting, put, spoke
from vori.analytics.engine.weekly import WEEKS, find_insights
from vori.analytics.model import InsightRow, Row, TicketRow
from vori.analytics.store import Scope, read_lives, read_results, save_results
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog

SUNDAY = date(2026, 6, 28)
AT = datetime(2026, 6, 29, 3, tzinfo=UTC)
BEGAN = AT - timedelta(weeks=3 * WEEKS)
FIRST = SUNDAY - timedelta(weeks=WEEKS)


def steady(workspace: UUID, seed: int, lead_days: float) -> list[TicketRow]:
    """For a year and a half some thirteen tickets are opened a week, and each is done after about `lead_days`."""
    chance = np.random.default_rng(seed)
    rows: list[TicketRow] = []
    opened = BEGAN
    while (opened := opened + timedelta(days=float(chance.exponential(0.55)))) < AT:
        done = opened + timedelta(days=float(chance.gamma(2, lead_days / 2)))
        steps = [at for at in (opened, opened + (done - opened) / 2, done) if at < AT]
        rows.append(ticket_row(workspace, UUID(int=1000 * seed + len(rows)), steps, "work"))
    return rows


@pytest.mark.parametrize("lead_days", [28, 35])
async def test_a_steady_process_neither_speeds_up_nor_heaps_up(
    database: Database, log_database: Database, workspace: UUID, lead_days: float
) -> None:
    held = meeting(workspace, SUNDAY)
    await put(database, spoke(held, "Ada", "Ben", "Chloe", "Dan", "Eve"))
    said: list[Row] = []
    async with PostgresEventLog(log_database) as log:
        for seed in range(1, 13):
            async with database.transaction(workspace) as tx:
                await save_results(tx, "ticket", steady(workspace, seed, lead_days), Scope(), AT)
            await find_insights(database, log, workspace, SUNDAY, AT)
            async with database.transaction(workspace) as tx:
                said += await read_results(tx, InsightRow)
    assert said == []


async def test_lives_of_some_days_are_all_that_were_lived_in_them(database: Database, workspace: UUID) -> None:
    rows = steady(workspace, 1, 30)
    async with database.transaction(workspace) as tx:
        await save_results(tx, "ticket", rows, Scope(), AT)
        found = {row.key for row in await read_lives(tx, FIRST, SUNDAY)}
    since = datetime.combine(FIRST, datetime.min.time(), UTC)
    opened = {row.key for row in rows if row.opened_at >= since}
    done = {row.key for row in rows if row.done_at and row.done_at >= since}
    still = {row.key for row in rows if row.done_at is None}
    assert found == opened | done | still
    assert len(done - opened) > 20
    assert len(found) < len(rows)
