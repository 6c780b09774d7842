"""Several people and programs at one board: nobody overwrites what they haven't seen, and many changes go at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.tickets.scene import SCRIPT, Scene


async def opened(client: httpx.AsyncClient, title: str, **more: Any) -> httpx.Response:
    answer = await client.post("/api/tickets", json={"title": title} | more)
    assert answer.status_code == 201, answer.text
    return answer


async def test_a_change_decided_on_an_older_version_is_refused(client: httpx.AsyncClient) -> None:
    made = await opened(client, "배포 자동화")
    url = f"/api/tickets/{made.json()['ticket_id']}"
    assert made.headers["etag"] == '"1"' == (await client.get(url)).headers["etag"]
    first = await client.patch(url, json={"status": "DONE"}, headers={"if-match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    for ask in (
        client.patch(url, json={"status": "TODO"}, headers={"if-match": '"1"'}),
        client.patch(url, json={"status": "TODO"}, headers={"if-match": "nonsense"}),
        client.post(f"{url}/undo", headers={"if-match": '"1"'}),
    ):
        late = await ask
        assert (late.status_code, late.json()["code"]) == (412, "stale")
        assert "version 2" in late.json()["detail"]
    assert (await client.get(url)).json() == first.json(), "nothing was changed"
    for tag in ('"1", W/"2"', "*"):
        answer = await client.patch(url, json={"status": "DONE"}, headers={"if-match": tag})
        assert answer.status_code == 200
    undone = await client.post(f"{url}/undo", headers={"if-match": '"2"'})
    assert undone.json()["status"] == "TODO"


async def test_many_changes_each_with_its_own_result(scene: Scene, client: httpx.AsyncClient) -> None:
    first, second = [(await opened(client, title)).json() for title in ("하나", "둘")]
    results = (
        await client.post(
            "/api/tickets/bulk",
            json={
                "operations": [
                    {"do": "create", "ticket": {"title": "셋", "labels": ["backend"]}},
                    {"do": "change", "ticket_id": first["ticket_id"], "change": {"status": "DONE", "version": 1}},
                    {"do": "change", "ticket_id": first["ticket_id"], "change": {"title": "새 이름", "version": 1}},
                    {"do": "change", "ticket_id": str(UUID(int=1)), "change": {"title": "x"}},
                    {"do": "change", "ticket_id": first["ticket_id"], "change": {}},
                    {"do": "undo", "ticket_id": first["ticket_id"]},
                    {"do": "undo", "ticket_id": second["ticket_id"]},
                    {"do": "undo", "ticket_id": second["ticket_id"]},
                ]
            },
        )
    ).json()
    assert [result["status"] for result in results] == [201, 200, 409, 404, 422, 200, 200, 409]
    assert [result["problem"] and result["problem"]["code"] for result in results] == [
        None, None, "stale", "not_found", "invalid", None, None, "conflict",
    ]  # fmt: skip
    assert [result["ticket"] and result["ticket"]["title"] for result in results] == [
        "셋", "하나", None, None, None, "하나", None, None,
    ]  # fmt: skip
    assert {"셋", "하나"} <= set(await scene.tickets())
    assert "둘" not in await scene.tickets()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"operations": []},
        {"operations": [{"do": "change", "ticket_id": str(UUID(int=1))}]},
        {"operations": [{"do": "delete", "ticket_id": str(UUID(int=1))}]},
        {"operations": [{"do": "create", "ticket": {"title": ""}}]},
        {"operations": [{"do": "undo", "ticket_id": str(UUID(int=1))}] * 201},
    ],
)
async def test_a_bulk_request_that_is_malformed_does_nothing(
    scene: Scene, client: httpx.AsyncClient, body: dict[str, Any]
) -> None:
    before = await scene.tickets()
    assert (await client.post("/api/tickets/bulk", json=body)).status_code == 422
    assert await scene.tickets() == before


async def test_lists_are_filtered_by_every_field(scene: Scene, client: httpx.AsyncClient) -> None:
    await scene.say(SCRIPT[:2])
    await scene.work()
    await opened(client, "결제 100%", assignee="수현", due="2026-03-06", labels=["backend"], priority="urgent")
    await opened(client, "Login PAGE", due="2026-04-01", blocked=True, content="두 번째\n줄", status="DONE")

    async def found(**wanted: Any) -> set[str]:
        answer = await client.get("/api/tickets", params=wanted)
        assert answer.status_code == 200, answer.text
        return {ticket["key"] for ticket in answer.json()["items"]}

    assert await found(status=["DONE", "IN_PROGRESS"]) == {"VORI-1", "VORI-2", "VORI-4"}
    assert await found(assignee="수현") == {"VORI-3"}
    assert await found(assignee="") == {"VORI-1", "VORI-2", "VORI-4"}
    assert await found(label="backend") == {"VORI-3"}
    assert await found(priority="urgent") == {"VORI-3"}
    assert await found(blocked=True) == {"VORI-4"}
    assert await found(blocked=False, status="TODO") == {"VORI-3"}
    assert await found(due_until="2026-03-06") == {"VORI-3"}
    assert await found(meeting_id=str(scene.meeting_id)) == {"VORI-1"}
    assert await found(text="login page") == {"VORI-4"}
    assert await found(text="두 번째") == {"VORI-4"}
    assert await found(text="vori-2") == {"VORI-2"}
    assert await found(text="%") == {"VORI-3"}
    for wrong in ({"status": "LATER"}, {"priority": "now"}, {"limit": 0}, {"due_until": "soon"}):
        assert (await client.get("/api/tickets", params=wrong)).status_code == 422
