"""Runs over HTTP: have days reckoned anew, and see how it goes."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from vori.analytics.store import Run, What, ask_run, read_runs
from vori.clock import now
from vori.database.connection import Database
from vori.errors import Invalid
from vori.people.api import CurrentWorkspace

MOST_DAYS = 3660


class Asked(BaseModel):
    """Which days to reckon anew, by the workspace's clock."""

    model_config = ConfigDict(extra="forbid")
    first_day: date
    last_day: date = Field(description="Not before the first.")


class RunOut(BaseModel):
    """A run: `changes` after meetings and each night, `week` on Mondays, `back-fill` when somebody asks."""

    run_id: UUID
    what: What
    first_day: date | None
    last_day: date | None
    asked_at: datetime
    begun_at: datetime | None = Field(description="Null: it waits for analytics.")
    ended_at: datetime | None
    problem: str = Field(description="Why it came to nothing; empty: it didn't.")


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/analytics/runs", tags=["analytics"])

    @router.get("")
    async def runs(workspace_id: CurrentWorkspace) -> list[RunOut]:
        """The last twenty, the newest first."""
        async with database.transaction(workspace_id) as tx:
            return [_shown(run) for run in await read_runs(tx)]

    @router.post("", status_code=202)
    async def ask(asked: Asked, workspace_id: CurrentWorkspace) -> RunOut:
        """Have the results of some days reckoned anew, from the facts in cold storage."""
        days = (asked.last_day - asked.first_day).days + 1
        if not 1 <= days <= MOST_DAYS:
            raise Invalid(f"These are no 1 to {MOST_DAYS} days.", remedy="Name the first day, then the last one.")
        async with database.transaction(workspace_id) as tx:
            return _shown(await ask_run(tx, "back-fill", now(), asked.first_day, asked.last_day))

    return router


def _shown(run: Run) -> RunOut:
    return RunOut(
        run_id=run.run_id,
        what=run.what,
        first_day=run.first_day,
        last_day=run.last_day,
        asked_at=run.asked_at,
        begun_at=run.begun_at,
        ended_at=run.ended_at,
        problem=run.problem,
    )
