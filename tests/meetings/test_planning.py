"""Meetings planned ahead: a plan keeps its id, and so its link, when it begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.meetings.conftest import World

from vori.events import MeetingStarted, Topic

PLAN = {"title": "Weekly planning", "starts_at": "2026-12-01T10:00:00+09:00", "language": "ko"}


async def planned(world: World, **other: Any) -> dict[str, Any]:
    answer = await world.client.post("/api/plans", json=PLAN | other)
    assert answer.status_code == 201, answer.text
    plan: dict[str, Any] = answer.json()
    return plan


async def test_a_plan_becomes_a_live_meeting_under_its_own_id_once(world: World) -> None:
    plan = await planned(world, participants=["Tom", "민지", "Tom"], minutes=45)
    path = f"/api/plans/{plan['meeting_id']}"
    assert (await world.client.get(path)).json() == plan
    assert plan["starts_at"] == "2026-12-01T01:00:00Z"
    assert (await world.client.get("/api/meetings")).json()["items"] == [], "it hasn't begun"
    begun = (await world.client.post(f"{path}/start")).json()
    assert (begun["meeting_id"], begun["status"], begun["title"], begun["language"]) == (
        plan["meeting_id"],
        "live",
        "Weekly planning",
        "ko",
    )
    again = (await world.client.post(f"{path}/start")).json()
    assert (again["started_at"], again["participants"]) == (begun["started_at"], ["Tom", "민지"])
    assert (await world.client.get("/api/plans")).json() == []
    events = [record.event async for record in world.log.read(Topic.MEETING_STARTED, begun["meeting_id"])]
    told = [(e.title, e.planned_at, e.planned_until) for e in events if isinstance(e, MeetingStarted)]
    at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    assert (len(events), told) == (1, [("Weekly planning", at, at + timedelta(minutes=45))])


async def test_plans_are_listed_soonest_first_changed_and_dropped(world: World) -> None:
    later = await planned(world)
    sooner = await planned(world, title="Kick-off", starts_at="2026-11-30T10:00:00Z")
    listed = (await world.client.get("/api/plans")).json()
    assert [plan["meeting_id"] for plan in listed] == [sooner["meeting_id"], later["meeting_id"]]
    path = f"/api/plans/{later['meeting_id']}"
    moved = (await world.client.patch(path, json={"starts_at": "2026-11-29T10:00:00Z"})).json()
    assert (moved["title"], moved["starts_at"]) == ("Weekly planning", "2026-11-29T10:00:00Z")
    assert (await world.client.get("/api/plans")).json()[0] == moved
    for minutes, answered in ((25, 200), (None, 200), (0, 422), (1441, 422)):
        asked = await world.client.patch(path, json={"minutes": minutes})
        assert asked.status_code == answered
        assert answered == 422 or asked.json()["minutes"] == minutes
    assert (await world.client.patch(path, json={})).status_code == 422
    assert (await world.client.delete(path)).status_code == 204
    for answer in (
        await world.client.delete(path),
        await world.client.get(path),
        await world.client.post(f"{path}/start"),
        await world.client.post(f"/api/plans/{uuid4()}/start"),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_time_without_a_zone_is_no_time(world: World) -> None:
    refused = await world.client.post("/api/plans", json=PLAN | {"starts_at": "2026-12-01T10:00:00"})
    assert refused.status_code == 422


async def test_a_meeting_is_renamed_for_everyone(world: World) -> None:
    meeting = (await world.client.post("/api/meetings", json={})).json()
    path = f"/api/meetings/{meeting['meeting_id']}"
    assert (await world.client.patch(path, json={"title": "  이름  "})).json()["title"] == "이름"
    assert (await world.client.get(path)).json()["title"] == "이름"
    for title in ("", " ", "x" * 201):
        assert (await world.client.patch(path, json={"title": title})).status_code == 422
    assert (await world.client.patch(f"/api/meetings/{UUID(int=0)}", json={"title": "x"})).status_code == 404


async def test_meetings_are_found_by_words_state_and_day(world: World) -> None:
    first, second, _third = [
        (await world.client.post("/api/meetings", json=asked)).json()
        for asked in ({"title": "Budget 100%"}, {"title": "Review", "participants": ["Maya"]}, {"title": "1000"})
    ]
    await world.client.post(f"/api/meetings/{first['meeting_id']}/end")

    async def found(**asked: str) -> list[str]:
        answer = await world.client.get("/api/meetings", params=asked)
        return [meeting["title"] for meeting in answer.json()["items"]]

    assert await found(text="bUdG") == ["Budget 100%"]
    assert await found(text="100%") == ["Budget 100%"], "a sign that means something to SQL is just a sign"
    assert await found(text="maya") == ["Review"]
    assert await found(status="ended") == ["Budget 100%"]
    assert await found(status="live", since=second["started_at"]) == ["1000", "Review"]
    assert await found(until=second["started_at"]) == ["Budget 100%"]
