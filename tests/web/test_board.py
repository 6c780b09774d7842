"""The board, by hand: tickets are added, opened, changed, spoken of, moved and found, and what one did is undone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import Launch, Line, at

from stack import Stack

pytestmark = pytest.mark.flow


def opened(stack: Stack, title: str, **given: Any) -> dict[str, Any]:
    with stack.client() as client:
        answer = client.post("/api/tickets", json={"title": title, **given})
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()
    return ticket


def column(page: Page, name: str) -> Any:
    return page.get_by_role("region", name=name, exact=True)


def test_a_ticket_is_added_opened_changed_spoken_of_and_taken_back(stack: Stack, launch: Launch) -> None:
    browser = launch()
    with at(browser, stack.url) as page, at(browser, stack.url) as other:
        page.goto("/board/")
        page.get_by_role("button", name="Add a ticket to To do").click()
        page.keyboard.type("Order the new projector")
        page.keyboard.press("Enter")
        expect(column(page, "To do").get_by_text("Order the new projector")).to_be_visible()
        expect(page.get_by_role("textbox", name="What is to be done?")).to_have_value("")
        page.keyboard.press("Escape")
        column(page, "To do").get_by_text("Order the new projector").click()
        drawer = page.get_by_role("dialog")
        page.wait_for_url(re.compile(r"ticket=VORI-\d+"))
        drawer.get_by_label("Assignee").fill("Maya")
        drawer.get_by_label("Due", exact=True).fill("2030-03-06")
        drawer.get_by_label("Priority").select_option(label="High")
        expect(drawer.get_by_text("Assignee: Nobody yet → Maya")).to_be_visible()
        expect(drawer.get_by_text("Priority: Not weighed → High")).to_be_visible()
        other.goto(page.url)
        theirs = other.get_by_role("dialog")
        expect(theirs.get_by_label("Assignee")).to_have_value("Maya")
        drawer.get_by_label("Write a comment").fill("The old one is too dark.")
        drawer.get_by_role("button", name="Comment", exact=True).click()
        expect(theirs.get_by_text("The old one is too dark.")).to_be_visible()
        other.keyboard.press("Escape")
        drawer.get_by_label("Status").select_option(label="Done")
        expect(column(other, "Done").get_by_text("Order the new projector")).to_be_visible()
        page.keyboard.press("Escape")
        expect(drawer).to_have_count(0)
        assert "ticket=" not in page.url
        column(page, "Done").get_by_text("Order the new projector").click()
        drawer.get_by_role("listitem").filter(has_text="To do → Done").first.get_by_role("button", name="Undo").click()
        expect(column(other, "To do").get_by_text("Order the new projector")).to_be_visible()


def test_a_note_in_passing_takes_a_move_back(stack: Stack, launch: Launch) -> None:
    ticket = opened(stack, "Water the plants")
    with at(launch(), stack.url) as page:
        page.goto("/board/")
        page.get_by_role("button", name=f"Move to… {ticket['key']}").click()
        page.get_by_role("menuitem", name="In progress").click()
        expect(column(page, "In progress").get_by_text("Water the plants")).to_be_visible()
        page.get_by_role("button", name="Undo").last.click()
        expect(column(page, "To do").get_by_text("Water the plants")).to_be_visible()


def test_what_narrows_and_groups_the_board_is_in_its_address(stack: Stack, launch: Launch) -> None:
    opened(stack, "Paint the fence", assignee="Nora", labels=["garden"])
    opened(stack, "Mow the lawn", assignee="Omar", labels=["garden"], blocked=True, blocked_reason="rain")
    with at(launch(), stack.url) as page:
        page.goto("/board/")
        page.get_by_role("combobox", name="Label", exact=True).select_option("garden")
        expect(page.get_by_text("Paint the fence")).to_be_visible()
        page.get_by_role("button", name="Blocked", exact=True).click()
        expect(page.get_by_text("Paint the fence")).to_have_count(0)
        page.get_by_role("combobox", name="Grouped").select_option("assignee")
        page.reload()
        omar = column(page, "Omar")
        expect(omar.get_by_text("Mow the lawn")).to_be_visible()
        expect(page.get_by_text("Paint the fence")).to_have_count(0)
        expect(page.get_by_role("button", name="Blocked", exact=True)).to_have_attribute("aria-pressed", "true")
        page.get_by_role("searchbox", name="Find a ticket").fill("nothing is called that")
        expect(page.get_by_text("No ticket fits all of this.")).to_be_visible()


def test_a_ticket_is_moved_and_opened_by_keyboard_alone(stack: Stack, launch: Launch) -> None:
    opened(stack, "Rotate the keys")
    with at(launch(), stack.url) as page:
        page.goto("/board/?q=Rotate")
        card = column(page, "To do").get_by_role("button", name=re.compile("Rotate the keys"))
        card.focus()
        page.keyboard.press("Space")
        expect(page.get_by_text(re.compile("picked up|over To do"))).to_be_attached()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text(re.compile("over In progress"))).to_be_attached()
        page.keyboard.press("Space")
        moved = column(page, "In progress").get_by_role("button", name=re.compile("Rotate the keys"))
        expect(moved).to_be_visible()
        moved.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog").get_by_label("Title")).to_have_value("Rotate the keys")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_broken_line_is_told_and_what_was_missed_is_shown(stack: Stack, launch: Launch, line: Line) -> None:
    opened(stack, "Air the room")
    with at(launch(), line.url) as page:
        page.goto("/board/")
        expect(column(page, "To do").get_by_text("Air the room")).to_be_visible()
        line.cut()
        told = page.get_by_text("The connection broke; trying again.")
        expect(told).to_be_visible()
        opened(stack, "Close the window")
        expect(page.get_by_text("Close the window")).to_have_count(0)
        line.mend()
        expect(column(page, "To do").get_by_text("Close the window")).to_be_visible(timeout=15_000)
        expect(told).to_have_count(0)


def test_a_card_is_changed_where_it_stands_and_never_over_another_s_change_unasked(
    stack: Stack, launch: Launch
) -> None:
    ticket = opened(stack, "Book the rom")
    with at(launch(), stack.url) as page:
        page.goto("/board/?q=Book")
        column(page, "To do").get_by_role("button", name=re.compile("Book the rom")).first.focus()
        page.keyboard.press("F2")
        card = page.get_by_role("form", name=f"Edit {ticket['key']}")
        title = card.get_by_role("textbox", name="What is to be done?")
        expect(title).to_be_focused()
        title.fill(" ")
        expect(card.get_by_role("alert")).to_have_text("A ticket needs a title.")
        title.fill("Book the room")
        card.get_by_role("combobox", name="Assignee").fill("Maya")
        card.get_by_label("Due day").fill("2030-03-06")
        page.keyboard.press("Enter")
        expect(card).to_have_count(0)
        changed = column(page, "To do").get_by_role("button", name=re.compile("Book the room.*Maya"))
        expect(changed.first).to_be_focused()
        page.get_by_role("button", name=f"Edit {ticket['key']}").click()
        title.fill("Book the big room")
        with stack.client() as client:
            client.patch(f"/api/tickets/{ticket['ticket_id']}", json={"title": "Book the garden"})
        expect(card.get_by_text("By now it says “Book the garden”")).to_be_visible()
        card.get_by_role("button", name="Save").click()
        expect(card.get_by_role("alert")).to_contain_text("Somebody else changed it meanwhile.")
        expect(title).to_have_value("Book the big room")
        card.get_by_role("button", name="Save").click()
        expect(column(page, "To do").get_by_text("Book the big room")).to_be_visible()
        page.get_by_role("button", name=f"Edit {ticket['key']}").click()
        title.fill("Never mind")
        page.keyboard.press("Escape")
        expect(column(page, "To do").get_by_text("Book the big room")).to_be_visible()


def test_what_one_writes_on_a_card_outlives_its_move_by_another(stack: Stack, launch: Launch) -> None:
    ticket = opened(stack, "Paint the fence")
    with at(launch(), stack.url) as page:
        page.goto("/board/?q=Paint")
        first = column(page, "To do").get_by_role("button", name=re.compile("Paint the fence")).first
        pencil = page.get_by_role("button", name=f"Edit {ticket['key']}")
        expect(pencil).to_have_css("opacity", "0")
        first.hover()
        expect(pencil).to_have_css("opacity", "1")
        first.focus()
        page.keyboard.press("e")
        card = page.get_by_role("form", name=f"Edit {ticket['key']}")
        title = card.get_by_role("textbox", name="What is to be done?")
        expect(title).to_have_value("Paint the fence")
        title.fill("Paint the gate")
        title.dispatch_event("keydown", {"key": "Escape", "isComposing": True})
        with stack.client() as client:
            theirs = {"status": "IN_PROGRESS", "due": "2031-05-06"}
            client.patch(f"/api/tickets/{ticket['ticket_id']}", json=theirs).raise_for_status()
        moved = column(page, "In progress").get_by_role("form", name=f"Edit {ticket['key']}")
        expect(moved.get_by_text("By now it says “Paint the fence” · Nobody yet · May 6")).to_be_visible()
        expect(title).to_have_value("Paint the gate")
        expect(title).to_be_focused()
        page.keyboard.press("Enter")
        expect(card.get_by_role("alert")).to_contain_text("Somebody else changed it meanwhile.")
        page.keyboard.press("Enter")
        expect(column(page, "In progress").get_by_text("Paint the gate")).to_be_visible()
        with stack.client() as client:
            now = client.get(f"/api/tickets/{ticket['ticket_id']}").json()
        assert (now["title"], now["status"], now["due"]) == ("Paint the gate", "IN_PROGRESS", "2031-05-06")
        page.evaluate("localStorage.setItem('vori.keys', 'off')")
        page.get_by_role("button", name=re.compile("Paint the gate")).first.focus()
        page.keyboard.press("e")
        page.wait_for_timeout(300)
        expect(card).to_have_count(0)


def test_n_offers_a_new_ticket_from_anywhere_unless_single_keys_are_off(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url) as page:
        page.goto("/dashboard/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("n")
        field = page.get_by_role("textbox", name="What is to be done?")
        expect(field).to_be_focused()
        page.keyboard.type("Name the nightly build")
        page.keyboard.press("Enter")
        expect(column(page, "To do").get_by_text("Name the nightly build")).to_be_visible()
        page.keyboard.press("Escape")
        expect(field).to_have_count(0)
        assert "new=" not in page.url
        page.evaluate("localStorage.setItem('vori.keys', 'off')")
        page.reload()
        expect(column(page, "To do").get_by_text("Name the nightly build")).to_be_visible()
        page.keyboard.press("n")
        page.wait_for_timeout(300)
        expect(field).to_have_count(0)
