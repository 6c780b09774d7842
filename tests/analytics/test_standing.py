"""How analytics stands: what its role says, what is made of its silence, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from vori.analytics import api
from vori.analytics.engine.role import working
from vori.analytics.model import SAYS_EVERY, Standing, heard
from vori.analytics.standing import failed, say
from vori.analytics.store import read_standing
from vori.clock import now
from vori.database.connection import Database
from vori.errors import Invalid, Unavailable
from vori.foundation import foundation
from vori.gateway import build_app
from vori.settings import OFF, Settings

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_who_goes_on_saying_that_it_works_works_and_who_fell_silent_is_awaited() -> None:
    working = Standing(state="working", at=AT)
    assert heard(working, AT + 2 * SAYS_EVERY) == working
    silent = heard(working, AT + timedelta(minutes=1))
    assert (silent.state, silent.at) == ("starting", AT)
    assert "the log says" in silent.reason
    assert heard(None, AT).state == "starting"


def test_what_is_off_stays_off_until_its_role_says_something_else() -> None:
    off = Standing(state="off", reason="Java is not installed.", at=AT)
    assert heard(off, AT + timedelta(days=30)) == off


def test_only_what_a_person_has_to_mend_turns_it_off() -> None:
    lasting = Unavailable("Java is not installed.", remedy="Install it.", code="no_java")
    assert failed(lasting) == Standing(
        state="off", reason="Java is not installed.", remedy="Install it.", code="no_java"
    )
    assert failed(Invalid("No such master.")).state == "off"
    assert failed(Unavailable("Spark's process ended.")).state == "starting"


async def test_the_last_word_holds_and_is_told_over_http(database: Database) -> None:
    async def told(master: str) -> dict[str, str]:
        transport = httpx.ASGITransport(build_app([api.routes(database, master)], allowed_hosts={"vori"}))
        async with httpx.AsyncClient(transport=transport, base_url="http://vori") as client:
            answer: dict[str, str] = (await client.get("/api/analytics/standing")).json()
            return answer

    assert (await told("local[2]"))["state"] == "starting"
    await say(database, Standing(state="working"))
    await say(database, Standing(state="off", reason="No Java.", remedy="Install it.", code="no_java"))
    last = await told("local[2]")
    assert (last["state"], last["reason"], last["remedy"], last["code"]) == (
        "off",
        "No Java.",
        "Install it.",
        "no_java",
    )
    assert now() - datetime.fromisoformat(last["at"]) < timedelta(minutes=1)
    await say(database, Standing(state="working"))
    assert (await told("local[2]"))["state"] == "working"
    turned_off = await told(OFF)
    assert (turned_off["state"], "VORI_ANALYTICS_MASTER" in turned_off["remedy"]) == ("off", True)


async def test_a_role_that_can_t_begin_leaves_the_reason(database_url: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, database_url=database_url, analytics_master="nonsense")
    async with foundation(settings) as base:
        with pytest.raises(Invalid, match="no master that Spark knows"):
            async with working(base.database, settings):
                pytest.fail("it can't work")
        async with base.database.transaction() as tx:
            standing = await read_standing(tx)
    assert standing is not None
    assert (standing.state, "'nonsense'" in standing.reason) == ("off", True)
