"""The dashboard as people use it: numbers that follow what they did, and what is behind each, a click or a key away."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import Launch, at

from stack import Stack

pytestmark = pytest.mark.flow

AGEING = "How long has open work stood still?"


def ticket(stack: Stack, title: str, *statuses: str) -> str:
    """Open a ticket by hand and move it on; its key."""
    with stack.client() as client:
        made = client.post("/api/tickets", json={"title": title}).raise_for_status().json()
        for status in statuses:
            client.patch(f"/api/tickets/{made['ticket_id']}", json={"status": status}).raise_for_status()
        return str(made["key"])


def number(page: Page, name: str) -> int:
    told = page.get_by_role("button", name=re.compile(rf"^{name} \d")).inner_text()
    return int(told.splitlines()[1])


def test_numbers_follow_what_people_do_and_open_what_is_behind_them(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url) as page:
        first = ticket(stack, "Write the guide", "IN_PROGRESS")
        page.clock.install()
        page.goto("/dashboard/")
        expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
        names = ("Tickets opened", "Tickets moved")
        before = [number(page, name) for name in names]
        second = ticket(stack, "Print the guide", "IN_PROGRESS", "DONE")
        page.clock.fast_forward(31_000)  # it looks again by itself
        expect(page.get_by_role("button", name=re.compile(rf"^Tickets opened {before[0] + 1}\b"))).to_be_visible()
        assert [number(page, name) for name in names] == [before[0] + 1, before[1] + 2]
        page.get_by_role("button", name=re.compile(r"^Tickets done \d")).click()
        drawer = page.get_by_role("dialog", name="Tickets done")
        expect(drawer.get_by_role("link", name=re.compile(f"{second} Print the guide"))).to_be_visible()
        expect(drawer.get_by_text("In progress → Done").first).to_be_visible()
        expect(drawer.get_by_text(first)).to_have_count(0)
        drawer.get_by_role("link", name=re.compile(second)).click()
        page.wait_for_url(re.compile(r"/board/\?ticket="))


def test_by_keyboard_alone_a_number_opens_and_closes_and_one_is_back_where_one_was(
    stack: Stack, launch: Launch
) -> None:
    ticket(stack, "Reach it without a mouse")
    with at(launch(), stack.url) as page:
        page.goto("/dashboard/")
        opened = page.get_by_role("button", name=re.compile(r"^Tickets opened \d"))
        opened.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_text("Reach it without a mouse")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(opened).to_be_focused()


def test_a_chart_is_a_table_too_and_wears_the_theme_s_colours(stack: Stack, launch: Launch) -> None:
    ticket(stack, "Stand still")
    with at(launch(), stack.url) as page:
        page.goto("/dashboard/")
        asked = page.get_by_role("region", name=AGEING)
        bars = asked.locator("[data-chart] svg")
        expect(bars).to_be_visible()
        read_out = asked.get_by_role("row", name=re.compile(r"Under 3 days [1-9]"))
        expect(read_out).to_have_count(1)
        light, dark = (page.locator(f"[data-chart] path[fill='{colour}']") for colour in ("#4a5a6a", "#a3b3c2"))
        expect(light.first).to_be_attached()
        page.emulate_media(color_scheme="dark")
        expect(dark.first).to_be_attached()
        expect(light).to_have_count(0)
        asked.get_by_role("button", name="Show as a table").click()
        expect(bars).to_have_count(0)
        read_out.get_by_role("button", name="Under 3 days").click()
        expect(page.get_by_role("dialog").get_by_text("Stand still")).to_be_visible()


def test_the_range_is_chosen_and_stays_in_the_address(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url, width=390) as page:
        page.goto("/dashboard/")
        expect(page.get_by_text("beside the 30 days before")).to_be_visible()
        page.get_by_role("button", name="7 days").click()
        page.wait_for_url("**/dashboard/?days=7")
        expect(page.get_by_text("beside the 7 days before")).to_be_visible()
        page.reload()
        expect(page.get_by_role("button", name="7 days")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, "nothing hangs out of a phone"
