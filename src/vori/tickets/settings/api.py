"""The settings for tickets over HTTP: read them, replace them."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from vori.database.connection import Database
from vori.errors import Invalid
from vori.people.api import CurrentWorkspace
from vori.tickets.edit import Label
from vori.tickets.settings.model import TicketSettings
from vori.tickets.settings.store import read_labels, read_settings, save_settings

Certainty = Annotated[float, Field(ge=0.0, le=1.0)]


class Settings(BaseModel):
    """How sure VORI must be to change the board by itself, the workspace's labels, and its time zone."""

    model_config = ConfigDict(extra="forbid")
    applied: Certainty | None = Field(
        default=None, description="What is this sure is applied, all else never. Null: as the extractor thinks best."
    )
    pending: Certainty | None = Field(
        default=None,
        description="What isn't applied waits for a yes or no from here on, and is listed for review below."
        " Null: as the extractor thinks best.",
    )
    labels: list[Label] = Field(
        default=[], max_length=100, description="A new ticket whose title or quotes name one of these gets it."
    )
    time_zone: str | None = Field(
        default=None, description="Where meetings are held, like Asia/Seoul: days are told there. Null: the server's."
    )


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/settings/tickets", tags=["tickets"])

    @router.get("")
    async def settings(workspace_id: CurrentWorkspace) -> Settings:
        """The workspace's settings for tickets."""
        async with database.transaction(workspace_id) as tx:
            return _shown(await read_settings(tx))

    @router.put("")
    async def replace(asked: Settings, workspace_id: CurrentWorkspace) -> Settings:
        """Replace the workspace's settings for tickets. They hold from the next utterance on."""
        if asked.applied is not None and asked.pending is not None and asked.pending > asked.applied:
            raise Invalid("`pending` is above `applied`.", remedy="Make it the lower one.")
        if asked.time_zone is not None and asked.time_zone not in available_timezones():
            raise Invalid(f"There is no time zone {asked.time_zone[:40]!r}.", remedy="Write it like Asia/Seoul.")
        made = TicketSettings(asked.applied, asked.pending, tuple(dict.fromkeys(asked.labels)), asked.time_zone)
        async with database.transaction(workspace_id) as tx:
            await save_settings(tx, made)
        return _shown(made)

    @router.get("/labels")
    async def labels(workspace_id: CurrentWorkspace) -> list[str]:
        """The labels there are: those of the settings, then those that tickets have."""
        async with database.transaction(workspace_id) as tx:
            return await read_labels(tx)

    return router


def _shown(settings: TicketSettings) -> Settings:
    return Settings(
        applied=settings.applied, pending=settings.pending, labels=list(settings.labels), time_zone=settings.time_zone
    )
