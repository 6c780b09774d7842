"""Planned meetings over HTTP: plan one, change it, drop it, begin it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from vori.clock import new_id, now
from vori.database.connection import Database
from vori.database.text import Line
from vori.errors import Invalid
from vori.eventlog import EventLog
from vori.events import Language
from vori.livefeed import LiveFeed
from vori.meetings.api import Name
from vori.meetings.begin import begin
from vori.meetings.planning.model import Plan, meeting_of
from vori.meetings.planning.store import no_plan, read_plan, read_plans, save_plan, take_plan
from vori.meetings.show import MeetingOut
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace

Title = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Minutes = Annotated[int, Field(ge=1, le=1440)]


class NewPlan(BaseModel):
    """A meeting to come."""

    model_config = ConfigDict(extra="forbid")
    title: Title
    starts_at: AwareDatetime
    minutes: Minutes | None = None
    """How long it is to last; null: open."""
    language: Language | Literal["auto"] = "auto"
    participants: list[Name] = Field(default=[], max_length=200)


class PlanChange(BaseModel):
    """What is planned otherwise; what isn't named stays."""

    model_config = ConfigDict(extra="forbid")
    title: Title | None = None
    starts_at: AwareDatetime | None = None
    minutes: Minutes | None = None
    """Named and null: open."""
    language: Language | Literal["auto"] | None = None
    participants: list[Name] | None = Field(default=None, max_length=200)


class PlanOut(BaseModel):
    """A planned meeting. `meeting_id` is that of the meeting once it has begun."""

    meeting_id: UUID
    title: str
    language: Language | Literal["auto"]
    participants: list[str]
    starts_at: AwareDatetime
    minutes: int | None

    @classmethod
    def of(cls, plan: Plan) -> PlanOut:
        return cls.model_validate(plan, from_attributes=True)


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/plans", tags=["meetings"])
    _planning(router, database)

    @router.post("/{meeting_id}/start")
    async def start(meeting_id: UUID, workspace_id: CurrentWorkspace) -> MeetingOut:
        """Begin a planned meeting now; it keeps its id. Repeated, it tells of the meeting that has begun."""
        async with database.transaction(workspace_id) as tx:
            plan = await take_plan(tx, meeting_id)
            if plan is None:
                return MeetingOut.of(await read_meeting(tx, meeting_id))
            meeting = meeting_of(plan, now())
            await begin(tx, log, feed, meeting, planned_at=plan.starts_at, planned_until=plan.ends_at)
        return MeetingOut.of(meeting)

    return router


def _planning(router: APIRouter, database: Database) -> None:
    @router.get("")
    async def every(workspace_id: CurrentWorkspace, limit: Annotated[int, Query(ge=1, le=500)] = 200) -> list[PlanOut]:
        """The planned meetings, the soonest first."""
        async with database.transaction(workspace_id) as tx:
            return [PlanOut.of(plan) for plan in await read_plans(tx, limit)]

    @router.post("", status_code=201)
    async def plan_ahead(asked: NewPlan, workspace_id: CurrentWorkspace) -> PlanOut:
        """Plan a meeting. Nothing happens at its time by itself: somebody begins it."""
        plan = Plan(
            new_id(),
            workspace_id,
            asked.title,
            asked.language,
            _names(asked.participants),
            _utc(asked.starts_at),
            asked.minutes,
        )
        async with database.transaction(workspace_id) as tx:
            await save_plan(tx, plan)
        return PlanOut.of(plan)

    @router.get("/{meeting_id}")
    async def one(meeting_id: UUID, workspace_id: CurrentWorkspace) -> PlanOut:
        """One planned meeting, which has not begun yet."""
        async with database.transaction(workspace_id) as tx:
            return PlanOut.of(await read_plan(tx, meeting_id))

    @router.patch("/{meeting_id}")
    async def change(meeting_id: UUID, asked: PlanChange, workspace_id: CurrentWorkspace) -> PlanOut:
        """Change a plan."""
        given: dict[str, Any] = asked.model_dump(exclude_none=True)
        if "minutes" in asked.model_fields_set:
            given["minutes"] = asked.minutes
        if not given:
            raise Invalid("Nothing is changed by this.", remedy="Name at least one field to change; /docs lists them.")
        if "participants" in given:
            given["participants"] = _names(given["participants"])
        if "starts_at" in given:
            given["starts_at"] = _utc(given["starts_at"])
        async with database.transaction(workspace_id) as tx:
            plan = replace(await read_plan(tx, meeting_id), **given)
            await save_plan(tx, plan)
        return PlanOut.of(plan)

    @router.delete("/{meeting_id}", status_code=204)
    async def drop(meeting_id: UUID, workspace_id: CurrentWorkspace) -> None:
        """Drop a plan."""
        async with database.transaction(workspace_id) as tx:
            if await take_plan(tx, meeting_id) is None:
                raise no_plan(meeting_id)


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def _names(names: list[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
