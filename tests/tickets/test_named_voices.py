"""When a voice gets a name, or whoever speaks alone another, its tickets get an assignee and its quotes a speaker."""

from __future__ import annotations

import httpx
import pytest
from tests.tickets.scene import SCRIPT, Scene

from vori.audio.model import stream_key
from vori.database.connection import Database
from vori.events import Topic
from vori.gateway import build_app
from vori.people.api import current_workspace
from vori.tickets.apply import apply
from vori.tickets.edit import by_hand
from vori.tickets.history import api as history
from vori.tickets.model import Ticket
from vori.tickets.store import lock_board

LINES = [({"지민": 0, "수현": 1, "도윤": 2}[name], text) for name, text in SCRIPT]
MADE = "결제 오류 안내 문구 작성"


async def made(scene: Scene) -> Ticket:
    return (await scene.tickets())[MADE]


async def spoken(scene: Scene, stream: str = "table", voice: int | None = 1) -> list[str | None]:
    """By which names a voice is quoted for the ticket, as its history shows them."""
    app = build_app([history.routes(scene.database, scene.log, scene.feed)])
    app.dependency_overrides[current_workspace] = lambda: scene.workspace
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        told = (await client.get(f"/api/tickets/{(await made(scene)).ticket_id}/history")).json()
    said = str(stream_key(scene.meeting_id, stream)), voice
    return [quote["speaker"] for quote in told[0]["evidence"] if (quote["stream"], quote["voice"]) == said]


@pytest.fixture
async def table(scene: Scene) -> Scene:
    """The scene's meeting around one microphone."""
    await scene.share("table", LINES)
    await scene.work()
    return scene


async def test_who_took_work_on_is_filled_in_when_the_voice_is_named(table: Scene) -> None:
    assert (await made(table)).fields.assignee is None
    assert set(await spoken(table)) == {None}
    before = {title: ticket.fields.status for title, ticket in (await table.tickets()).items()}
    await table.name("table", 1, "수현")
    await table.work()
    assert (await made(table)).fields.assignee == "수현"
    assert set(await spoken(table)) == {"수현"}
    assert {title: ticket.fields.status for title, ticket in (await table.tickets()).items()} == before
    await table.name("table", 1, "박수현", 2)
    await table.work()
    assert (await made(table)).fields.assignee == "박수현"
    assert set(await spoken(table)) == {"박수현"}


async def test_a_name_changes_no_ticket_that_a_person_has_changed(table: Scene) -> None:
    ticket = await made(table)
    change = by_hand(ticket.ticket_id, "edited", ticket.fields, ticket.fields)
    async with table.database.transaction(table.workspace) as tx:
        await lock_board(tx)
        await apply(tx, table.log, table.feed, ticket, change)
    await table.name("table", 1, "수현")
    await table.work()
    assert (await made(table)).fields.assignee is None
    assert set(await spoken(table)) == {"수현"}, "but it shows in the quotes"


async def test_the_report_has_the_names_and_reading_all_again_changes_nothing(
    table: Scene, log_database: Database
) -> None:
    await table.name("table", 1, "수현")
    await table.name("table", 0, "지민")
    await table.end()
    for stream in ("지민", "수현", "도윤", "table"):
        await table.close(stream)
    await table.work()
    (reported,) = await table.events(Topic.MEETING_REPORTED)
    quoted = {said.voice: said.speaker for item in reported.tickets for said in item.evidence}
    assert quoted | {0: "지민"} == {0: "지민", 1: "수현", 2: None}
    assert {said.speaker for made in reported.decisions for said in made.evidence} == {"지민"}
    before = await table.told()
    async with log_database.transaction() as tx:
        await tx.execute("update log_progress set next_offset = 0")
    await table.work()
    assert await table.told() == before


async def test_work_of_whoever_speaks_alone_follows_another_name_and_the_first_one_once_it_is_back(
    scene: Scene,
) -> None:
    await scene.say(SCRIPT)
    await scene.work()
    assert (await made(scene)).fields.assignee == "수현"
    for version, (name, now) in enumerate([("박수현", "박수현"), (None, "수현")], 1):
        await scene.name("수현", None, name, version)
        await scene.work()
        assert (await made(scene)).fields.assignee == now
        assert set(await spoken(scene, "수현", None)) == {now}
