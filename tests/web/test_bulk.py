"""Many tickets changed at once in the list: what is told of it, how it is taken back, and what is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect
from tests.web.conftest import Launch, at
from tests.web.test_board import opened

from stack import Stack

pytestmark = pytest.mark.flow


def test_what_was_changed_at_once_is_taken_back_at_once(stack: Stack, launch: Launch) -> None:
    opened(stack, "Bulk one")
    again = opened(stack, "Bulk two")
    opened(stack, "Bulk three", status="DONE")
    with at(launch(), stack.url) as page:
        page.goto("/tickets/")
        page.get_by_role("searchbox").fill("Bulk")
        page.get_by_role("checkbox", name="Select all").check()
        page.get_by_role("combobox", name="Status…").select_option(label="Done")
        expect(page.get_by_text("2 tickets moved to Done")).to_be_visible()
        with stack.client() as client:
            client.patch(f"/api/tickets/{again['ticket_id']}", json={"assignee": "Omar"})
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("1 ticket is as it was")).to_be_visible()
        expect(page.get_by_text("1 ticket stays as it is: Somebody else changed it meanwhile.")).to_be_visible()
        with stack.client() as client:
            now = {one["title"]: one["status"] for one in client.get("/api/tickets?text=Bulk").json()["items"]}
        assert now == {"Bulk one": "TODO", "Bulk two": "DONE", "Bulk three": "DONE"}


def test_a_change_of_many_leaves_alone_and_selected_what_somebody_changed_meanwhile(
    stack: Stack, launch: Launch
) -> None:
    opened(stack, "Swept one")
    other = opened(stack, "Swept two")
    with at(launch(), stack.url) as page:
        page.goto("/tickets/")
        page.get_by_role("searchbox").fill("Swept")
        page.get_by_role("checkbox", name="Select all").check()

        def just_before(route: Route) -> None:
            with stack.client() as client:
                client.patch(f"/api/tickets/{other['ticket_id']}", json={"labels": ["theirs"]})
            route.continue_()

        page.route("**/api/tickets/bulk", just_before, times=1)
        page.get_by_role("textbox", name="Add a label").fill("ours")
        page.get_by_role("button", name="Set: Add a label").click()
        expect(page.get_by_text("1 ticket changed")).to_be_visible()
        expect(page.get_by_text("1 ticket could not be changed: Somebody else changed it meanwhile.")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="1 selected")).to_be_visible()
        page.get_by_role("button", name="Set: Add a label").click()
        expect(page.get_by_role("row").filter(has_text="Swept two")).to_contain_text("#theirs #ours")


def test_when_the_line_breaks_between_two_parts_what_was_done_can_be_taken_back(stack: Stack, launch: Launch) -> None:
    made = bulk(stack, [{"do": "create", "ticket": {"title": f"Heap {n}"}} for n in range(201)])
    asked: list[str] = []

    def first_alone(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_() if len(asked) == 1 else route.abort()

    with at(launch(), stack.url) as page:
        page.goto("/tickets/")
        page.get_by_role("searchbox").fill("Heap")
        page.get_by_role("checkbox", name="Select all").check()
        expect(page.get_by_role("status").filter(has_text="201 selected")).to_be_visible()
        page.route("**/api/tickets/bulk", first_alone)
        page.get_by_role("textbox", name="Add a label").fill("heaped")
        page.get_by_role("button", name="Set: Add a label").click()
        expect(page.get_by_text("200 tickets changed")).to_be_visible()
        expect(page.get_by_text("1 ticket could not be changed: VORI can't be reached.")).to_be_visible()
        expect(page.get_by_role("status").filter(has_text="1 selected")).to_be_visible()
        page.unroute("**/api/tickets/bulk")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_text("200 tickets are as they were")).to_be_visible()
    with stack.client() as client:
        now = [client.get(f"/api/tickets/{ticket['ticket_id']}").json() for ticket in made]
    assert [ticket["labels"] for ticket in now] == [[]] * 201
    bulk(stack, [{"do": "undo", "ticket_id": ticket["ticket_id"]} for ticket in made])
    with stack.client() as client:
        assert client.get("/api/tickets?text=Heap").json()["items"] == []  # no other test finds a full board


def bulk(stack: Stack, operations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Asks in parts that the API takes; the tickets as they are then."""
    with stack.client() as client:
        parts = [operations[at : at + 200] for at in range(0, len(operations), 200)]
        answers = [client.post("/api/tickets/bulk", json={"operations": part}).raise_for_status() for part in parts]
    return [result["ticket"] for answer in answers for result in answer.json()]
