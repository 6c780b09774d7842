"""Which extractor finds tickets, how it does, and what it has used today, over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from vori.clock import now
from vori.database.connection import Database
from vori.people.api import CurrentWorkspace
from vori.settings import OFFLINE, Settings
from vori.tickets.llm.address import parse
from vori.tickets.llm.extract import limits_of
from vori.tickets.llm.store import read_last_note, read_spent


class Used(BaseModel):
    """Since midnight UTC. `usd` is null where no price is known."""

    requests: int
    input_tokens: int
    output_tokens: int
    usd: Decimal | None


class ExtractorOut(BaseModel):
    """`offline`, or a language model. In the state `fallback` the last attempt failed or the day's limit is reached, as
    `detail` says: `offline` stands in.
    """

    extractor: Literal["offline", "llm"]
    model: str | None
    state: Literal["ok", "fallback"]
    detail: str
    today: Used
    tokens_a_day: int
    usd_a_day: Decimal


def routes(database: Database, settings: Settings) -> APIRouter:
    """Raises `Invalid` when VORI_EXTRACTOR names no model."""
    router = APIRouter(prefix="/api/extractor", tags=["tickets"])
    most = limits_of(settings)
    offline = settings.extractor == OFFLINE
    model = None if offline else parse(settings.extractor).name

    @router.get("")
    async def extractor(workspace_id: CurrentWorkspace) -> ExtractorOut:
        """Which extractor finds tickets in this workspace, whether it works, and what it has used today."""
        async with database.transaction(workspace_id) as tx:
            spent = await read_spent(tx, now().replace(hour=0, minute=0, second=0, microsecond=0))
            last = await read_last_note(tx)
        detail = "" if offline or last is None else last.trouble
        if not offline and most.reached(spent):
            detail = "The day's limit is reached."
        return ExtractorOut(
            extractor="offline" if offline else "llm",
            model=model,
            state="fallback" if detail else "ok",
            detail=detail,
            today=Used(
                requests=spent.requests,
                input_tokens=spent.input_tokens,
                output_tokens=spent.output_tokens,
                usd=spent.usd,
            ),
            tokens_a_day=most.tokens,
            usd_a_day=most.usd,
        )

    return router
