"""Meetings over HTTP, on the real database and log."""

from __future__ import annotations

import base64
from uuid import UUID

import pytest
from tests.meetings.conftest import World

from vori.clock import new_id
from vori.database.connection import Database
from vori.database.paging import encode_cursor
from vori.events import MeetingEnded, MeetingStarted, Topic
from vori.people.model import LOCAL_WORKSPACE


async def test_a_meeting_starts_and_ends_once_with_its_events(world: World) -> None:
    started = await world.client.post(
        "/api/meetings", json={"title": " 주간 회의 ", "participants": ["민지", "Tom", "Tom"]}
    )
    assert started.status_code == 201
    meeting = started.json()
    assert meeting["title"] == "주간 회의"
    assert meeting["participants"] == ["Tom", "민지"]
    assert (meeting["status"], meeting["language"], meeting["rehearsal"]) == ("live", "auto", False)

    url = f"/api/meetings/{meeting['meeting_id']}"
    first = (await world.client.post(f"{url}/end")).json()
    again = (await world.client.post(f"{url}/end")).json()
    assert first == again == (await world.client.get(url)).json()
    assert (first["status"], first["end_reason"]) == ("ended", "asked")
    assert [told.status for told in world.told] == ["ended", "ended"]

    key = meeting["meeting_id"]
    assert [type(r.event) async for r in world.log.read(Topic.MEETING_STARTED, key)] == [MeetingStarted]
    assert [type(r.event) async for r in world.log.read(Topic.MEETING_ENDED, key)] == [MeetingEnded]


async def test_pages_show_every_meeting_once_newest_first(world: World) -> None:
    made = [(await world.client.post("/api/meetings", json={"title": str(n)})).json()["meeting_id"] for n in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await world.client.get("/api/meetings", params=query)).json()
        seen += [meeting["meeting_id"] for meeting in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"language": "fr"}, "language"),
        ({"participants": [" "]}, "participants"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"participants": ["a\0b"]}, "participants"),
        ({"script": [{"stream_id": "a\0b", "start_ms": 0, "end_ms": 5, "text": "x"}]}, "script.0.stream_id"),
        ({"script": [{"stream_id": "a", "start_ms": 0, "end_ms": 5, "text": "a\0b"}]}, "script.0.text"),
        ({"colour": "red"}, "colour"),
        ({"script": [{"stream_id": "a", "start_ms": 5, "end_ms": 5, "text": "x"}]}, "script"),
    ],
)
async def test_a_wrong_request_is_told_what_is_wrong(world: World, body: dict[str, object], where: str) -> None:
    answer = await world.client.post("/api/meetings", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert where in answer.json()["detail"]


@pytest.mark.parametrize(
    "cursor",
    [
        "nonsense",
        encode_cursor("abc", "def"),
        encode_cursor("2026-01-01T00:00:00+00:00", "def"),
        encode_cursor("abc", str(UUID(int=7))),
        encode_cursor("0001-01-01T00:00:00+23:59", str(UUID(int=7))),
        base64.urlsafe_b64encode(b"[" * 40_000).decode(),
    ],
)
async def test_a_cursor_that_vori_never_gave_is_refused(world: World, cursor: str) -> None:
    answer = await world.client.get("/api/meetings", params={"cursor": cursor})
    assert answer.status_code == 422
    assert "cursor" in answer.json()["detail"]


async def test_what_is_not_there_is_not_found(world: World, database: Database) -> None:
    assert (await world.client.get(f"/api/meetings/{new_id()}")).status_code == 404
    assert (await world.client.post(f"/api/meetings/{new_id()}/end")).status_code == 404
    # another workspace's meeting is no different from none
    meeting_id = UUID((await world.client.post("/api/meetings", json={})).json()["meeting_id"])
    async with database.transaction(LOCAL_WORKSPACE) as tx:
        assert await tx.fetch_one("select 1 from meeting where meeting_id = %s", (meeting_id,))
    async with database.transaction(new_id()) as tx:
        assert await tx.fetch_one("select 1 from meeting where meeting_id = %s", (meeting_id,)) is None
