"""Tickets over HTTP, on the real database, log and live feed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import TicketCreated, TicketUpdated, Topic
from vori.gateway import build_app
from vori.livefeed import LiveMessage
from vori.livefeed.postgres import PostgresLiveFeed
from vori.people.store import ensure_local_workspace
from vori.tickets import api
from vori.tickets.history import api as history


class World:
    def __init__(self, client: httpx.AsyncClient, log: PostgresEventLog, feed: PostgresLiveFeed) -> None:
        self.client = client
        self.log = log
        self.feed = feed

    async def opened(self, title: str, **more: Any) -> dict[str, Any]:
        answer = await self.client.post("/api/tickets", json={"title": title, **more})
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()
        return ticket


@pytest.fixture
async def world(database: Database, log_database: Database) -> AsyncIterator[World]:
    await ensure_local_workspace(database)
    async with PostgresEventLog(log_database) as log, PostgresLiveFeed(log_database) as feed:
        app = build_app([api.routes(database, log, feed), history.routes(database, log, feed)])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            yield World(client, log, feed)


async def test_a_person_opens_changes_and_moves_a_ticket(world: World) -> None:
    ticket = await world.opened(" 배포 자동화 ", assignee="민수", due="2026-03-06")
    assert (ticket["key"], ticket["title"], ticket["status"], ticket["version"]) == ("VORI-1", "배포 자동화", "TODO", 1)
    assert ticket["meeting_id"] is None
    url = f"/api/tickets/{ticket['ticket_id']}"
    assert (await world.client.get(url)).json() == ticket

    done = (await world.client.patch(url, json={"status": "DONE", "assignee": None})).json()
    assert (done["status"], done["assignee"], done["due"], done["version"]) == ("DONE", None, "2026-03-06", 2)
    back = (await world.client.patch(url, json={"status": "TODO"})).json()
    assert back["status"] == "TODO", "a person may move a ticket anywhere"
    same = (await world.client.patch(url, json={"status": "TODO"})).json()
    assert same == back, "no change, no new version"

    history = (await world.client.get(f"{url}/history")).json()
    assert [(change["kind"], change["version"], change["actor"]) for change in history] == [
        ("created", 1, "person"),
        ("moved", 2, "person"),
        ("moved", 3, "person"),
    ]
    assert history[1]["before"]["assignee"] == "민수"
    assert history[1]["after"]["assignee"] is None


async def test_a_ticket_has_priority_labels_and_what_blocks_it(world: World) -> None:
    given = {
        "priority": "high",
        "labels": ["backend", "백엔드", "backend"],
        "blocked": True,
        "blocked_reason": "서버 권한",
    }
    ticket = await world.opened("배포 자동화", **given)
    assert {name: ticket[name] for name in given} == given | {"labels": ["backend", "백엔드"]}
    url = f"/api/tickets/{ticket['ticket_id']}"
    freed = (await world.client.patch(url, json={"blocked": False, "labels": []})).json()
    assert (freed["blocked"], freed["blocked_reason"], freed["labels"], freed["priority"]) == (False, "", [], "high")
    (restored,) = [(await world.client.post(f"{url}/undo")).json()]
    assert {name: restored[name] for name in given} == given | {"labels": ["backend", "백엔드"]}
    assert (await world.client.get(f"{url}/history")).json()[1]["before"]["blocked_reason"] == "서버 권한"


async def column(world: World, status: str = "TODO") -> list[str]:
    tickets = (await world.client.get("/api/tickets", params={"status": status})).json()["items"]
    return [ticket["title"] for ticket in sorted(tickets, key=lambda ticket: ticket["rank"].encode())]


async def test_one_change_puts_a_ticket_between_two_others(world: World) -> None:
    made = {title: (await world.opened(title))["ticket_id"] for title in "dcba"}
    assert await column(world) == list("abcd"), "what is new is on top"

    async def put(title: str, **change: Any) -> httpx.Response:
        return await world.client.patch(f"/api/tickets/{made[title]}", json=change)

    await put("a", after=made["b"])
    assert await column(world) == list("bacd")
    await put("d", after=None)
    assert await column(world) == list("dbac")
    await put("d", after=made["c"])
    assert await column(world) == list("bacd")
    versions = [(await put("d", after=made["c"])).json()["version"] for _ in range(2)]
    assert versions[0] == versions[1], "where it is already"
    await put("a", status="DONE")
    await put("b", status="DONE", after=made["a"])
    assert (await column(world), await column(world, "DONE")) == (["c", "d"], ["a", "b"])
    await put("c", status="DONE", after=made["a"])
    assert await column(world, "DONE") == list("acb")
    await world.client.post(f"/api/tickets/{made['c']}/undo")
    assert await column(world) == ["c", "d"]
    for wrong in (made["a"], made["c"]):
        assert (await put("c", after=wrong)).status_code == 422, "not in this column, or itself"
    assert (await put("c", after=str(UUID(int=1)))).status_code == 404


async def test_changes_are_told_to_the_log_and_to_whoever_looks(world: World) -> None:
    async with world.feed.subscribe() as news:
        ticket = await world.opened("배포 자동화")
        url = f"/api/tickets/{ticket['ticket_id']}"
        await world.client.patch(url, json={"status": "IN_PROGRESS"})
        await world.client.post(f"{url}/undo")
        await world.client.post(f"{url}/undo")
        told = [await asyncio.wait_for(anext(news), 5) for _ in range(4)]
    shown = [message.data for message in told if isinstance(message, LiveMessage) and message.kind == "ticket"]
    assert [data and data["status"] for data in shown] == ["TODO", "IN_PROGRESS", "TODO", None]
    assert shown[0] == ticket

    key = ticket["ticket_id"]
    (created,) = [record.event async for record in world.log.read(Topic.TICKET_CREATED, key)]
    updates = [record.event async for record in world.log.read(Topic.TICKET_UPDATED, key)]
    assert isinstance(created, TicketCreated)
    assert created.ticket.key == "VORI-1"
    assert [event.after and event.after.status for event in updates if isinstance(event, TicketUpdated)] == [
        "IN_PROGRESS",
        "TODO",
        None,
    ]


async def test_undo_until_nothing_is_left(world: World) -> None:
    ticket = await world.opened("배포 자동화")
    url = f"/api/tickets/{ticket['ticket_id']}"
    await world.client.patch(url, json={"title": "배포", "due": "2026-03-06"})
    restored = (await world.client.post(f"{url}/undo")).json()
    assert (restored["title"], restored["due"], restored["version"]) == ("배포 자동화", None, 3)
    gone = await world.client.post(f"{url}/undo")
    assert (gone.status_code, gone.json()) == (200, None)
    assert (await world.client.get("/api/tickets")).json()["items"] == []
    assert (await world.client.get(url)).status_code == 404
    assert (await world.client.patch(url, json={"title": "x"})).status_code == 404
    nothing = await world.client.post(f"{url}/undo")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "conflict")
    history = (await world.client.get(f"{url}/history")).json()
    assert [(change["kind"], change["undone"]) for change in history] == [
        ("created", True),
        ("edited", True),
        ("undone", False),
        ("undone", False),
    ]
    assert (await world.opened("다음"))["key"] == "VORI-2", "a number is never given twice"


async def test_lists_are_filtered_and_paged(world: World) -> None:
    for number in range(1, 8):
        await world.opened(f"ticket {number}", status="DONE" if number % 2 else "TODO")
    first = (await world.client.get("/api/tickets", params={"status": "DONE", "limit": 3})).json()
    assert [ticket["key"] for ticket in first["items"]] == ["VORI-7", "VORI-5", "VORI-3"]
    rest = (
        await world.client.get("/api/tickets", params={"status": "DONE", "limit": 3, "cursor": first["next_cursor"]})
    ).json()
    assert ([ticket["key"] for ticket in rest["items"]], rest["next_cursor"]) == (["VORI-1"], None)
    nobody = await world.client.get("/api/tickets", params={"meeting_id": str(UUID(int=1))})
    assert nobody.json()["items"] == []


async def test_numbers_have_no_gaps_and_no_doubles_when_many_open_at_once(world: World) -> None:
    tickets = await asyncio.gather(*(world.opened(f"ticket {number}") for number in range(12)))
    assert sorted(int(ticket["key"].removeprefix("VORI-")) for ticket in tickets) == list(range(1, 13))


async def test_a_stale_version_is_refused(world: World) -> None:
    ticket = await world.opened("배포 자동화")
    url = f"/api/tickets/{ticket['ticket_id']}"
    assert (await world.client.patch(url, json={"status": "DONE", "version": 1})).status_code == 200
    late = await world.client.patch(url, json={"status": "TODO", "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "stale")


NONSENSE: list[dict[str, Any]] = [
    {},
    {"version": 1},
    {"title": " "},
    {"title": None},
    {"title": "x" * 201},
    {"title": "a\u0000b"},
    {"title": "a\u001b[31mb"},
    {"title": "a\nb"},
    {"content": "a\u009b31mb"},
    {"status": "LATER"},
    {"status": None},
    {"due": "soon"},
    {"priority": "now"},
    {"labels": [" "]},
    {"labels": ["x" * 41]},
    {"labels": [str(number) for number in range(11)]},
    {"blocked": None},
    {"blocked_reason": "a\u001b[31mb"},
    {"rank": "i"},
    {"key": "VORI-9"},
]


async def test_nonsense_is_refused_with_a_word(world: World) -> None:
    ticket = await world.opened("배포 자동화")
    for body in NONSENSE:
        answer = await world.client.patch(f"/api/tickets/{ticket['ticket_id']}", json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json"), body


async def test_what_is_not_there_is_not_found(world: World) -> None:
    url = f"/api/tickets/{UUID(int=1)}"
    for answer in (
        await world.client.get(url),
        await world.client.patch(url, json={"title": "x"}),
        await world.client.get(f"{url}/history"),
        await world.client.post(f"{url}/undo"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for cursor in ("nonsense", "WyItMSJd", "WyI5OTk5OTk5OTk5OTk5OTk5Il0"):
        assert (await world.client.get("/api/tickets", params={"cursor": cursor})).status_code == 422
