"""Whole flows without a mouse: one always sees where one is, and is never thrown back to the page's beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.web.conftest import Launch, at

from stack import Stack
from staged import Stage, staged

pytestmark = pytest.mark.flow

MOST_TABS = 120
SEEN = """() => {
  const here = document.activeElement;
  const look = getComputedStyle(here);
  return here !== document.body && (look.outlineStyle !== "none" || here.id === "content");
}"""


@pytest.fixture(scope="module")
def stage(stack: Stack) -> Iterator[Stage]:
    with staged(stack.url, stack.key, "en") as made:
        yield made


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until that has the focus; on the way one sees where one is."""
    expect(wanted).to_be_visible(timeout=20_000)
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("(element) => element === document.activeElement"):
            assert page.evaluate(SEEN), "nothing shows where one is"
            return
    raise AssertionError(f"Tab never comes to {wanted}")


def test_a_meeting_is_begun_and_ended_and_its_neighbour_s_minutes_are_edited(
    stack: Stack, launch: Launch, stage: Stage
) -> None:
    with at(launch(), stack.url) as page:
        page.goto("/")
        tab_to(page, page.get_by_role("button", name="Start a meeting"))
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/meeting/\?id="))
        tab_to(page, page.get_by_role("button", name="End the meeting"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Ended", timeout=30_000)

        page.goto(f"/meeting/?id={stage.ended}")
        tab_to(page, page.get_by_role("link", name="Minutes"))
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/minutes/\?id="))
        tab_to(page, page.get_by_role("textbox", name="Add a line: Decisions"))
        page.keyboard.type("We ship on Monday.")
        page.keyboard.press("Enter")
        expect(page.get_by_text("We ship on Monday.")).to_be_visible()


def test_a_ticket_is_moved_from_its_menu_and_focus_stays_with_it(stack: Stack, launch: Launch) -> None:
    key = stack.ask("POST", "/api/tickets", json={"title": "Book the room"}).json()["key"]
    with at(launch(), stack.url) as page:
        page.goto("/board/?q=Book+the+room")
        more = page.get_by_role("button", name=f"Move to… {key}")
        tab_to(page, more)
        page.keyboard.press("Enter")
        expect(page.get_by_role("menuitem", name="In progress")).to_be_focused()
        page.keyboard.press("Escape")
        expect(more).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("menuitem", name="In progress")).to_be_focused()
        page.keyboard.press("Enter")
        doing = page.get_by_role("region", name="In progress", exact=True)
        expect(doing.get_by_role("button", name=re.compile(f"^{key} "))).to_be_visible()


def test_the_drawer_gives_focus_back(stack: Stack, launch: Launch) -> None:
    key = stack.ask("POST", "/api/tickets", json={"title": "Water the ferns"}).json()["key"]
    with at(launch(), stack.url) as page:
        page.goto("/board/?q=Water+the+ferns")
        card = page.get_by_role("button", name=re.compile(f"^{key} "))
        tab_to(page, card)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_label("Title")).to_have_value("Water the ferns")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(card).to_be_focused()
