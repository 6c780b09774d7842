"""The retention setting over HTTP: read it, replace it, and see first what that would delete."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from vori.audio.retention.model import LONGEST_DAYS, ended_before
from vori.audio.retention.store import read_due, read_keep_days, save_keep_days
from vori.clock import now
from vori.database.connection import Database
from vori.people.api import CurrentWorkspace


class Retention(BaseModel):
    """How long sound is kept."""

    model_config = ConfigDict(extra="forbid")
    keep_days: int | None = Field(
        ge=1, le=LONGEST_DAYS, description="Days after a meeting's end; then its sound is deleted. Null: it is kept."
    )


class RetentionEffect(BaseModel):
    """What a setting would delete within the hour."""

    before: datetime = Field(description="The sound of meetings that ended before this goes.")
    meetings: int = Field(description="How many such meetings there are that still have theirs.")


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/settings/retention", tags=["audio"])

    @router.get("")
    async def retention(workspace_id: CurrentWorkspace) -> Retention:
        """How long the workspace keeps sound. Transcripts, tickets and minutes are always kept."""
        async with database.transaction(workspace_id) as tx:
            return Retention(keep_days=await read_keep_days(tx))

    @router.put("")
    async def replace(asked: Retention, workspace_id: CurrentWorkspace) -> Retention:
        """Say how long sound is kept. Within the hour what is older is deleted, which can't be undone."""
        async with database.transaction(workspace_id) as tx:
            await save_keep_days(tx, asked.keep_days)
        return asked

    @router.get("/effect")
    async def effect(
        keep_days: Annotated[int, Query(ge=1, le=LONGEST_DAYS)], workspace_id: CurrentWorkspace
    ) -> RetentionEffect:
        """What keeping sound for so many days would delete now. Nothing is changed."""
        before = ended_before(keep_days, now())
        async with database.transaction(workspace_id) as tx:
            return RetentionEffect(before=before, meetings=len(await read_due(tx, before)))

    return router
