"""The people of a workspace over HTTP, on the real database: added, renamed, removed, and never two of one name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from vori.clock import new_id
from vori.database.connection import Database
from vori.gateway import build_app
from vori.people.api import MEMBERS, current_workspace, members
from vori.people.model import Member
from vori.people.store import add_member, read_members

URL = "/api/members"


@pytest.fixture
async def client(database: Database, workspace: UUID) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app([members(database)])
    app.dependency_overrides[current_workspace] = lambda: workspace
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as opened:
        yield opened


async def names(client: httpx.AsyncClient) -> list[tuple[str, list[str]]]:
    return [(member["name"], member["also"]) for member in (await client.get(URL)).json()]


async def add(client: httpx.AsyncClient, name: str, *also: str) -> dict[str, Any]:
    answer = await client.post(URL, json={"name": name, "also": also})
    assert answer.status_code == 201, answer.text
    member: dict[str, Any] = answer.json()
    return member


async def test_members_are_added_renamed_and_removed(client: httpx.AsyncClient) -> None:
    assert await names(client) == []
    junho = await add(client, " 박준호 ", "제이", "Jay", " jay ", "박준호", "JAY")
    assert (junho["name"], junho["also"]) == ("박준호", ["제이", "Jay"]), "each name once, as it was written first"
    await add(client, "Ada")
    assert await names(client) == [("Ada", []), ("박준호", ["제이", "Jay"])]
    put = await client.put(f"{URL}/{junho['member_id']}", json={"name": "박준호", "also": ["준"]})
    assert (put.status_code, put.json()["also"]) == (200, ["준"]), "one's own names aren't taken"
    assert await names(client) == [("Ada", []), ("박준호", ["준"])]
    await add(client, "Jay")
    gone = await client.delete(f"{URL}/{junho['member_id']}")
    assert gone.status_code == 204
    assert await names(client) == [("Ada", []), ("Jay", [])]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": " "},
        {"name": "x" * 81},
        {"name": "two\nlines"},
        {"name": "a\0b"},
        {"name": "Bo", "also": [""]},
        {"name": "Bo", "also": ["x" * 81]},
        {"name": "Bo", "also": [str(number) for number in range(11)]},
        {"name": "Bo", "role": "admin"},
    ],
)
async def test_what_is_no_name_is_refused_and_changes_nothing(client: httpx.AsyncClient, body: object) -> None:
    ada = await add(client, "Ada", "Countess")
    for answer in (await client.post(URL, json=body), await client.put(f"{URL}/{ada['member_id']}", json=body)):
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert await names(client) == [("Ada", ["Countess"])]


@pytest.mark.parametrize(
    ("name", "also", "taken"),
    [("Ada", [], "Ada"), ("ＡＤＡ", [], "ＡＤＡ"), ("countess", [], "countess"), ("Bo", ["a d a"], "a d a")],
)
async def test_nobody_is_called_like_another(client: httpx.AsyncClient, name: str, also: list[str], taken: str) -> None:
    await add(client, "Ada", "Countess")
    cleo = await add(client, "Cleo")
    asked = {"name": name, "also": also}
    for answer in (await client.post(URL, json=asked), await client.put(f"{URL}/{cleo['member_id']}", json=asked)):
        assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")
        assert answer.json()["detail"] == f"{taken!r} is a name of 'Ada' already."
    assert await names(client) == [("Ada", ["Countess"]), ("Cleo", [])]


async def test_two_who_add_the_same_name_at_once_leave_one(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(client.post(URL, json={"name": "Bo", "also": [f"b{n}", "Bobo"]}) for n in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(await names(client)) == 1


async def test_there_is_an_end_to_it(client: httpx.AsyncClient, database: Database, workspace: UUID) -> None:
    async with database.transaction(workspace) as tx:
        for number in range(MEMBERS):
            await add_member(tx, Member(new_id(), f"number {number}"))
    answer = await client.post(URL, json={"name": "one more"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many")


async def test_who_is_no_member_is_not_found(client: httpx.AsyncClient) -> None:
    for answer in (
        await client.put(f"{URL}/{new_id()}", json={"name": "Ada"}),
        await client.delete(f"{URL}/{new_id()}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_workspace_sees_its_own_members_only(client: httpx.AsyncClient, database: Database) -> None:
    ada = await add(client, "Ada")
    other = new_id()
    async with database.transaction(other) as tx:
        assert await read_members(tx) == []
        done = await tx.execute("delete from member where member_id = %s", (ada["member_id"],))
        assert done.rowcount == 0
        await tx.execute("insert into workspace (workspace_id, name) values (%s, 'other')", (other,))
        await add_member(tx, Member(new_id(), "Ada"))
    assert await names(client) == [("Ada", [])]
