"""What others do to one's tickets reaches one's page: counted, listed, read by keyboard, and switched off by kind."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.web.conftest import Launch, at
from tests.web.test_accessible import faults

from stack import Stack

pytestmark = pytest.mark.flow

MINE = "Translate the handbook"


def ask(stack: Stack, person: str, method: str, path: str, **asked: Any) -> Any:
    answer = stack.ask(method, path, headers={"vori-person": quote(person)}, **asked)
    assert answer.is_success, answer.text
    return answer.json()


def bell(page: Page, name: str = "Notifications") -> Locator:
    return page.get_by_role("button", name=re.compile(f"^{name}"))


def called(page: Page, name: str) -> None:
    """Have the page's browser know its user's name."""
    page.add_init_script(f"localStorage.setItem('vori.name', '{name}')")


def alone(stack: Stack, *people: str) -> None:
    """Leave out the suggestions of meetings of other tests: they concern everyone."""
    for person in people:
        ask(stack, person, "PUT", "/api/settings/notifications", json={"unwanted": ["suggestion"]})


def test_a_move_by_somebody_else_is_counted_told_in_passing_and_read_by_keyboard(stack: Stack, launch: Launch) -> None:
    alone(stack, "Wilhelmina", "Theodore")
    ticket = ask(stack, "Wilhelmina", "POST", "/api/tickets", json={"title": MINE, "assignee": "Wilhelmina"})
    browser = launch()
    with at(browser, stack.url) as mine, at(browser, stack.url) as theirs:
        called(mine, "Wilhelmina")
        called(theirs, "Theodore")
        mine.goto("/")
        expect(bell(mine)).to_have_accessible_name("Notifications")
        mine.wait_for_load_state("networkidle")
        theirs.goto(f"/board/?q={quote(MINE)}")
        theirs.get_by_role("button", name=f"Move to… {ticket['key']}").click()
        theirs.get_by_role("menuitem", name="In progress").click()
        told = f"Theodore moved {ticket['key']} to In progress: {MINE}"
        expect(mine.get_by_role("region", name="News").get_by_text(told)).to_be_visible()
        expect(bell(mine)).to_have_accessible_name("Notifications 1 unread")
        bell(mine).focus()
        mine.keyboard.press("Enter")
        panel = mine.get_by_role("dialog", name="Notifications")
        expect(panel.get_by_role("link", name=f"Unread: {told}")).to_be_visible()
        expect(panel.get_by_role("button", name="Mark all as read")).to_be_visible()
        assert faults(mine) == []
        mine.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        expect(bell(mine)).to_be_focused()
        expect(bell(mine)).to_have_accessible_name("Notifications")
        mine.reload()
        mine.wait_for_load_state("networkidle")
        expect(bell(mine)).to_have_accessible_name("Notifications")
        bell(mine).press("Enter")
        panel.get_by_role("link", name=told).press("Enter")
        mine.wait_for_url(f"**/board/?ticket={ticket['key']}")
        drawer = mine.get_by_role("dialog", name=ticket["key"])
        expect(drawer.get_by_label("Title")).to_have_value(MINE)
        expect(drawer.get_by_text("Theodore ·")).to_be_visible()
        bell(theirs).press("Enter")
        expect(theirs.get_by_text("Nothing yet.")).to_be_visible()
        ask(stack, "Theodore", "POST", f"/api/tickets/{ticket['ticket_id']}/undo")
        mine.keyboard.press("Escape")
        bell(mine).press("Enter")
        expect(mine.get_by_text("Nothing yet.")).to_be_visible()


def test_all_are_marked_as_read_while_the_list_is_open(stack: Stack, launch: Launch) -> None:
    alone(stack, "Ottilie")
    for number in range(21):
        ask(stack, "Theodore", "POST", "/api/tickets", json={"title": f"Page {number}", "assignee": "Ottilie"})
    with at(launch(), stack.url) as page:
        called(page, "Ottilie")
        page.goto("/dashboard/")
        expect(bell(page)).to_have_accessible_name("Notifications 21 unread")
        bell(page).click()
        panel = page.get_by_role("dialog", name="Notifications")
        expect(panel.get_by_role("link")).to_have_count(20)
        panel.get_by_role("button", name="Show earlier ones").click()
        expect(panel.get_by_role("link", name=re.compile("^Unread"))).to_have_count(21)
        panel.get_by_role("button", name="Mark all as read").click()
        expect(panel.get_by_role("link", name=re.compile("^Unread"))).to_have_count(0)
        expect(panel.get_by_role("link")).to_have_count(21)


def test_kinds_are_switched_off_in_the_settings_and_a_page_without_a_name_says_how(
    stack: Stack, launch: Launch
) -> None:
    alone(stack, "분홍")
    with at(launch(), stack.url, width=390, language="ko") as page:
        page.goto("/settings/")
        bell(page, "알림").click()
        expect(page.get_by_text("어떤 티켓이 내 것인지 VORI가 아직 몰라요.")).to_be_visible()
        assert faults(page) == []
        page.keyboard.press("Escape")
        page.get_by_label("내 이름").fill("분홍")
        kinds = page.get_by_role("region", name="알림")
        expect(kinds.get_by_role("checkbox", name="VORI의 제안이")).not_to_be_checked()
        kinds.get_by_role("checkbox", name="티켓이 내 것이 될 때").press("Space")
        expect(kinds.get_by_role("checkbox", name="티켓이 내 것이 될 때")).not_to_be_checked()
        ticket = ask(stack, "지민", "POST", "/api/tickets", json={"title": "번역", "assignee": "분홍"})
        ask(stack, "지민", "PATCH", f"/api/tickets/{ticket['ticket_id']}", json={"status": "DONE"})
        page.reload()
        expect(bell(page, "알림")).to_have_accessible_name("알림 안 읽음 1개")
        page.wait_for_load_state("networkidle")
        fits = "document.documentElement.scrollWidth <= innerWidth"
        assert page.evaluate(fits), "the menu fits on a phone"
        bell(page, "알림").click()
        panel = page.get_by_role("dialog", name="알림")
        expect(panel.get_by_role("link")).to_have_count(1)
        told = f"지민 님이 {ticket['key']} 티켓을 ‘완료’ 칸으로 옮겼어요: 번역"
        expect(panel.get_by_role("link", name=told)).to_be_visible()
        box = panel.bounding_box()
        assert box
        assert box["y"] + box["height"] == pytest.approx(900, abs=1), "a sheet on a phone"
