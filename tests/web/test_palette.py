"""By keyboard alone: what was said is found and gone to, tickets are narrowed down, keys can be silenced."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import Launch, at

from stack import Stack
from staged import staged

pytestmark = pytest.mark.flow


def test_the_palette_finds_what_was_said_and_goes_there(stack: Stack, launch: Launch) -> None:
    with stack.client() as client, staged(stack.url, stack.key, "en") as stage, at(launch(), stack.url) as page:
        said = client.get(f"/api/meetings/{stage.ended}/transcript").raise_for_status().json()["items"][1]
        page.goto("/")
        expect(page.get_by_role("heading", name="Meetings")).to_be_visible()
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Search").press_sequentially(said["text"][:30])
        expect(page.get_by_role("option").filter(has_text=said["text"]).first).to_be_visible()
        option = page.locator("[role=option]").filter(has_text=said["text"]).filter(has_text="Said")
        for _ in range(page.get_by_role("option").count()):
            if any(one.get_attribute("aria-selected") == "true" for one in option.all()):
                break
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/meeting/?id=*&at=*")
        there = parse_qs(urlsplit(page.url).query)
        heard = client.get(f"/api/meetings/{there['id'][0]}/transcript").raise_for_status().json()["items"]
        assert [line["start_ms"] for line in heard if line["text"] == said["text"]] == [int(there["at"][0])]
        expect(page.get_by_role("combobox", name="Search")).to_have_count(0)


def test_keys_go_places_but_never_while_one_types_nor_when_switched_off(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url) as page:
        page.goto("/settings/")
        expect(page.get_by_role("heading", name="Settings")).to_be_visible()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_label("Your name").press_sequentially("gt?/")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_label("Keyboard shortcuts").uncheck()
        press_away(page, "?")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_label("Keyboard shortcuts").check()
        press_away(page, "g", "b")
        page.wait_for_url("**/board/")


def press_away(page: Page, *keys: str) -> None:
    page.get_by_role("heading", name="Settings", exact=True).click()
    for key in keys:
        page.keyboard.press(key)


def made(client: httpx.Client, title: str, assignee: str) -> None:
    client.post("/api/tickets", json={"title": title, "assignee": assignee}).raise_for_status()


def test_my_tickets_are_found_by_my_name_and_changed_at_once(stack: Stack, launch: Launch) -> None:
    with stack.client() as client:
        for title, assignee in (("Paint the fence", "Robin"), ("Mend the gate", "Robin"), ("Feed the cat", "Kim")):
            made(client, title, assignee)
    with at(launch(), stack.url) as page:
        page.goto("/settings/")
        page.get_by_label("Your name").fill("Robin")
        page.goto("/tickets/")
        expect(page.get_by_role("link", name="Feed the cat")).to_be_visible()
        page.get_by_role("button", name="My tickets").click()
        expect(page.get_by_role("link", name="Feed the cat")).to_have_count(0)
        page.get_by_label("Select all").check()
        page.get_by_label("Status…").select_option("DONE")
        for title in ("Paint the fence", "Mend the gate"):
            expect(page.get_by_role("row", name=title)).to_contain_text("Done")
    with stack.client() as client:
        found = client.get("/api/tickets", params={"assignee": "Robin"}).json()["items"]
    assert {ticket["status"] for ticket in found} == {"DONE"}


def test_what_is_set_is_kept(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url) as page:
        page.goto("/settings/")
        page.get_by_label("Names and terms, one a line").fill("Kubernetes\n\n  지민 ")
        page.get_by_role("region", name="Vocabulary").get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved").first).to_be_visible()
        page.get_by_label("Time zone").fill("Mars/Olympus")
        page.get_by_role("region", name="Tickets").get_by_role("button", name="Save").click()
        expect(page.get_by_text("There is no time zone 'Mars/Olympus'")).to_be_visible()
    with stack.client() as client:
        assert client.get("/api/vocabulary").json() == {"terms": ["Kubernetes", "지민"]}
        assert client.get("/api/settings/tickets").json()["time_zone"] is None
