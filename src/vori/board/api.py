"""The live WebSocket of pages, and the health of this VORI."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response, WebSocket, WebSocketDisconnect
from pydantic import BaseModel

from vori import __version__
from vori.analytics.model import Standing
from vori.analytics.standing import standing
from vori.board.live import Hub
from vori.board.show import Showing
from vori.database.connection import Database
from vori.errors import NotFound, Unavailable, VoriError
from vori.eventlog import EventLog
from vori.people.api import CurrentWorkspace
from vori.settings import OFF

PATIENCE_S = 5.0


class Part(BaseModel):
    """One part of VORI. `behind` is how many events wait for it."""

    name: str
    status: Literal["ok", "starting", "off", "failed"]
    """`starting`: nobody does this work at the moment; `off`: nobody is going to."""
    needed: bool = True
    """VORI's own status is told by the parts that it needs."""
    behind: int = 0
    detail: str = ""


class Health(BaseModel):
    """How this VORI is doing."""

    status: Literal["ok", "starting", "failed"]
    version: str
    parts: list[Part]


def routes(
    database: Database, log: EventLog, hub: Hub, groups: Sequence[str] = (), analytics_master: str = OFF
) -> APIRouter:
    """`groups` are the consumer groups whose backlog shows in the health; `analytics_master` is the setting."""
    router = APIRouter()

    @router.websocket("/api/live")
    async def live(
        socket: WebSocket, workspace_id: CurrentWorkspace, meeting_id: str | None = None, after: str = ""
    ) -> None:
        await socket.accept()
        with contextlib.suppress(WebSocketDisconnect):
            try:
                about = _meeting_id(meeting_id)
                async with asyncio.timeout(PATIENCE_S):
                    await hub.listening.wait()
                await Showing(socket, database, workspace_id, hub.room(workspace_id), about).run(after)
            except TimeoutError:
                await _refuse(socket, Unavailable("Live news isn't flowing yet.", remedy="Try again in a moment."))
            except VoriError as error:
                await _refuse(socket, error)

    @router.get("/api/health", tags=["health"], responses={503: {"model": Health}})
    async def health(workspace_id: CurrentWorkspace, response: Response) -> Health:
        """Whether VORI's parts work, and how many events wait for each worker."""
        listening: Literal["ok", "failed"] = "ok" if hub.listening.is_set() else "failed"
        parts = [Part(name="live feed", status=listening, detail=hub.feed.trouble)]
        try:
            async with asyncio.timeout(PATIENCE_S):
                async with database.transaction(workspace_id) as tx:
                    parts.append(_analytics(await standing(tx, analytics_master)))
                    parts.append(Part(name="database", status="ok"))
                for group in groups:
                    progress = await log.progress(group)
                    waiting = sum(end - at for at, end in progress.values())
                    working = await log.members(group) > 0
                    told = "" if working else "It is getting ready, or its process ended: the log says which."
                    parts.append(Part(name=group, status="ok" if working else "starting", behind=waiting, detail=told))
        except TimeoutError:
            parts.append(Part(name="database", status="failed", detail="It doesn't answer."))
        except VoriError as error:
            parts.append(Part(name="database", status="failed", detail=str(error)))
        found = {part.status for part in parts if part.needed}
        worst: Literal["ok", "starting", "failed"] = (
            "failed" if "failed" in found else "starting" if "starting" in found else "ok"
        )
        response.status_code = 503 if worst == "failed" else 200
        return Health(status=worst, version=__version__, parts=parts)

    return router


def _analytics(stands: Standing) -> Part:
    status: Literal["ok", "starting", "off"] = "ok" if stands.state == "working" else stands.state
    return Part(name="analytics", status=status, needed=False, detail=f"{stands.reason} {stands.remedy}".strip())


def _meeting_id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text is not None else None
    except ValueError:
        raise NotFound(f"There is no meeting {text!r}.", remedy="`GET /api/meetings` lists them.") from None


async def _refuse(socket: WebSocket, error: VoriError) -> None:
    """Say what is wrong and close. The close code is 4000 + the error's HTTP status."""
    await socket.send_text(json.dumps(error.problem() | {"type": "error"}, ensure_ascii=False))
    await socket.close(4000 + error.status, error.code)
