"""What is in cold storage, over HTTP; and all facts there now, if somebody asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from vori.analytics.cold.archive import FactArchive
from vori.analytics.cold.place import Cold, Kind
from vori.people.api import CurrentWorkspace

KINDS: tuple[Kind, ...] = ("events", "metrics", "audio")


class ColdMonth(BaseModel):
    """A month of the workspace's in cold storage."""

    kind: Kind
    month: str = Field(examples=["2026-03"])
    files: int
    bytes: int
    rows: int
    first: datetime | None
    last: datetime | None


def routes(facts: FactArchive) -> APIRouter:
    router = APIRouter(prefix="/api/analytics/cold", tags=["analytics"])

    @router.get("")
    async def stored(workspace_id: CurrentWorkspace) -> list[ColdMonth]:
        """What is in cold storage, by kind and month."""
        return await asyncio.to_thread(lambda: list(_stored(facts.cold, workspace_id)))

    @router.post("")
    async def flush(workspace_id: CurrentWorkspace) -> list[ColdMonth]:
        """Write all facts that are in the event log now to cold storage; then what is there."""
        await facts.flush()
        return await asyncio.to_thread(lambda: list(_stored(facts.cold, workspace_id)))

    return router


def _stored(cold: Cold, workspace_id: UUID) -> Iterator[ColdMonth]:
    from vori.analytics.cold.parquet import span

    with cold.reading():
        for kind in KINDS:
            for folder in cold.folders(kind, workspace_id):
                paths = sorted(folder.glob("[!.]*.parquet"))
                rows, first, last = span(paths, kind)
                yield ColdMonth(
                    kind=kind,
                    month=folder.name.partition("=")[2],
                    files=len(paths),
                    bytes=sum(path.stat().st_size for path in paths),
                    rows=rows,
                    first=first,
                    last=last,
                )
