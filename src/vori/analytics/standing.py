"""How analytics stands: said by its role, told by the gateway."""

from __future__ import annotations

from typing import Literal

from vori.analytics.model import Standing, heard
from vori.analytics.store import read_standing, save_standing
from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.errors import VoriError
from vori.settings import OFF

TURNED_OFF = Standing(
    state="off",
    reason="Analytics is turned off.",
    code="turned_off",
    remedy="Set VORI_ANALYTICS_MASTER to local[2] and start VORI again.",
)


async def say(database: Database, standing: Standing) -> None:
    """Keep how it stands from now on. Raises `Unavailable` while the database is away."""
    async with database.transaction() as tx:
        await save_standing(tx, standing.model_copy(update={"at": now()}))


def failed(error: VoriError) -> Standing:
    """How it stands once the role ends by this: off when starting it again is no use."""
    state: Literal["off", "starting"] = "off" if error.lasting else "starting"
    return Standing(state=state, reason=error.message, remedy=error.remedy, code=error.code)


async def standing(tx: Transaction, master: str) -> Standing:
    """How it stands just now. `master` is VORI_ANALYTICS_MASTER."""
    return TURNED_OFF if master == OFF else heard(await read_standing(tx), now())
