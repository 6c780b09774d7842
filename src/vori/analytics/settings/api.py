"""The settings of analytics over HTTP: read them, replace them."""

from __future__ import annotations

from fastapi import APIRouter

from vori.analytics.live.tell import tell_team
from vori.analytics.model import AnalyticsSettings
from vori.analytics.store import read_settings, save_settings
from vori.database.connection import Database
from vori.errors import Invalid
from vori.livefeed import LiveFeed
from vori.people.api import CurrentWorkspace


def routes(database: Database, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/analytics/settings", tags=["analytics"])

    @router.get("")
    async def settings(workspace_id: CurrentWorkspace) -> AnalyticsSettings:
        """What the workspace wants of analytics."""
        async with database.transaction(workspace_id) as tx:
            return await read_settings(tx)

    @router.put("")
    async def replace(asked: AnalyticsSettings, workspace_id: CurrentWorkspace) -> AnalyticsSettings:
        """Replace it. With other weights all scores are reckoned anew, which takes a while."""
        if sum(asked.weights.model_dump().values()) == 0:
            raise Invalid("All weights are 0.", remedy="Give at least one part of the score a weight.")
        async with database.transaction(workspace_id) as tx:
            await save_settings(tx, asked)
            await tell_team(tx, feed)
        return asked

    return router
