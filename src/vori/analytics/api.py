"""How analytics stands, over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from vori.analytics.model import Standing
from vori.analytics.standing import standing as stands
from vori.database.connection import Database
from vori.people.api import CurrentWorkspace


def routes(database: Database, master: str) -> APIRouter:
    """`master` is VORI_ANALYTICS_MASTER."""
    router = APIRouter(prefix="/api/analytics/standing", tags=["analytics"])

    @router.get("")
    async def standing(workspace_id: CurrentWorkspace) -> Standing:
        """Whether analytics works, or why not and what to do. All else works without it."""
        async with database.transaction(workspace_id) as tx:
            return await stands(tx, master)

    return router
