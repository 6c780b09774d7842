"""People write under a ticket; whose latest change it is can be told of each ticket."""

from __future__ import annotations

import httpx
from tests.tickets.scene import SCRIPT, Scene

from vori.clock import new_id


async def test_comments_are_kept_in_order_and_can_be_removed(client: httpx.AsyncClient) -> None:
    ticket = (await client.post("/api/tickets", json={"title": "Order the crockery"})).json()
    path = f"/api/tickets/{ticket['ticket_id']}/comments"
    first = (await client.post(path, json={"text": " Blue, please. ", "author": "Maya"})).json()
    await client.post(path, json={"text": "Blue it is."})
    assert [(said["author"], said["text"]) for said in (await client.get(path)).json()] == [
        ("Maya", "Blue, please."),
        (None, "Blue it is."),
    ]
    assert (await client.delete(f"{path}/{first['comment_id']}")).status_code == 204
    assert [said["text"] for said in (await client.get(path)).json()] == ["Blue it is."]
    assert (await client.delete(f"{path}/{first['comment_id']}")).status_code == 404


async def test_a_comment_needs_words_and_a_ticket(client: httpx.AsyncClient) -> None:
    ticket = (await client.post("/api/tickets", json={"title": "Order the crockery"})).json()
    assert (await client.post(f"/api/tickets/{ticket['ticket_id']}/comments", json={"text": "  "})).status_code == 422
    assert (await client.post(f"/api/tickets/{new_id()}/comments", json={"text": "Hello"})).status_code == 404


async def test_a_ticket_tells_whether_its_latest_change_is_vori_s(scene: Scene, client: httpx.AsyncClient) -> None:
    await scene.say(SCRIPT)
    await scene.work()
    by_vori = next(ticket for ticket in (await client.get("/api/tickets")).json()["items"] if ticket["by_vori"])
    path = f"/api/tickets/{by_vori['ticket_id']}"
    assert (await client.patch(path, json={"priority": "high"})).json()["by_vori"] is False
    assert (await client.get(path)).json()["by_vori"] is False
    await client.post(f"{path}/undo")
    assert (await client.get(path)).json()["by_vori"] is False
