"""People undo one change or a whole meeting's, and redo; nothing that came since is lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
from tests.tickets.scene import SCRIPT, Scene

from vori.events import Status
from vori.tickets.model import Ticket


async def happened(client: httpx.AsyncClient, ticket: Ticket) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = (await client.get(f"/api/tickets/{ticket.ticket_id}/history")).json()
    return changes


async def test_one_change_is_undone_and_redone_and_what_came_since_stays(
    scene: Scene, client: httpx.AsyncClient
) -> None:
    await scene.say(SCRIPT[:3])
    await scene.work()
    ticket = (await scene.tickets())["백엔드 API 문서화"]
    url = f"/api/tickets/{ticket.ticket_id}"
    await client.patch(url, json={"title": "API 문서", "priority": "high"})
    _, moved, edited = await happened(client, ticket)
    assert (await client.post(f"{url}/redo")).status_code == 409, "nothing was undone"

    undone = (await client.post(f"{url}/changes/{moved['change_id']}/undo")).json()
    assert (undone["status"], undone["title"], undone["priority"]) == ("TODO", "API 문서", "high")
    again = await client.post(f"{url}/changes/{moved['change_id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    redone = (await client.post(f"{url}/redo")).json()
    assert (redone["status"], redone["title"], redone["version"]) == ("IN_PROGRESS", "API 문서", 5)
    history = await happened(client, ticket)
    assert [(change["kind"], change["undone"]) for change in history] == [
        ("created", False),
        ("moved", False),
        ("edited", False),
        ("undone", True),
        ("redone", False),
    ]
    assert history[4]["undoes"] == history[3]["change_id"]

    await client.patch(url, json={"status": "DONE"})
    late = await client.post(f"{url}/changes/{moved['change_id']}/undo")
    assert (late.status_code, late.json()["code"]) == (409, "changed_since")
    assert "person" in late.json()["detail"]
    created = await client.post(f"{url}/changes/{history[0]['change_id']}/undo")
    assert created.json()["code"] == "changed_since", "a ticket that is in use doesn't vanish"
    title = (await client.post(f"{url}/changes/{edited['change_id']}/undo")).json()
    assert (title["title"], title["priority"], title["status"]) == ("백엔드 API 문서화", None, "DONE")


async def test_a_ticket_comes_back_when_its_creation_is_redone(scene: Scene, client: httpx.AsyncClient) -> None:
    await scene.say(SCRIPT[:5])
    await scene.work()
    made = (await scene.tickets())["결제 오류 안내 문구 작성"]
    url = f"/api/tickets/{made.ticket_id}"
    assert (await client.post(f"{url}/undo")).json() is None
    assert (await client.get(url)).status_code == 404
    back = (await client.post(f"{url}/redo")).json()
    assert (back["title"], back["assignee"], back["key"]) == (made.fields.title, "수현", made.key)
    assert (await client.get(url)).json() == back
    assert (await client.post(f"{url}/undo")).json() is None, "and can be undone again"


async def test_all_of_a_meeting_is_undone_as_far_as_it_goes_and_what_is_left_is_told(
    scene: Scene, client: httpx.AsyncClient
) -> None:
    before = {title: ticket.fields for title, ticket in (await scene.tickets()).items()}
    await scene.say(SCRIPT)
    await scene.work()
    tickets = await scene.tickets()
    checklist, login = tickets["배포 체크리스트 정리 및 공유"], tickets["프론트엔드 로그인 페이지 구현"]
    await client.patch(f"/api/tickets/{checklist.ticket_id}", json={"assignee": "지민"})
    url = f"/api/meetings/{scene.meeting_id}/tickets/undo"
    refused = await client.post(url, params={"all_or_nothing": True})
    assert refused.status_code == 409
    assert set(await scene.tickets()) == set(tickets), "nothing was undone"

    answer = (await client.post(url)).json()
    assert {left["key"] for left in answer["left"]} == {checklist.key}
    opened = next(left for left in answer["left"] if left["change"]["kind"] == "created")
    assert opened["why"].startswith(f"{checklist.key} has been changed since, by person")
    now = {title: ticket.fields for title, ticket in (await scene.tickets()).items()}
    assert now.pop(checklist.fields.title).assignee == "지민"
    assert now == before
    assert [change["undone"] for change in await happened(client, login)] == [False, True, False]

    assert (await client.post(url)).json()["undone"] == [], "what is undone is undone once"
    await scene.end()
    for speaker in ("지민", "수현", "도윤"):
        await scene.close(speaker)
    await scene.work()
    assert (await scene.tickets())[login.fields.title].fields.status is Status.IN_PROGRESS
    unknown = await client.post(f"/api/meetings/{UUID(int=1)}/tickets/undo")
    assert unknown.status_code == 404


async def test_words_that_people_strike_are_quoted_no_more_until_they_come_back(
    scene: Scene, client: httpx.AsyncClient
) -> None:
    await scene.say(SCRIPT[:2])
    await scene.work()
    ticket = (await scene.tickets())["백엔드 API 문서화"]
    (said,) = (await happened(client, ticket))[1]["evidence"]
    for version, text in enumerate(("", "고친 말", "다시 고친 말"), 1):
        await scene.correct(1, text, version)
        await scene.work()
        (now,) = (await happened(client, ticket))[1]["evidence"]
        assert now == said | {"quote": "고친 말" if version > 1 else ""}, "a mere correction leaves quotes as they were"
