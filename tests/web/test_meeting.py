"""A meeting as people hold it: they speak into a browser, and see words, tickets and minutes come of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import Launch, Line, at, clip

from stack import Stack
from vori.sample.script import FOLDER

pytestmark = pytest.mark.flow

SAID = re.compile("i have started the documentation", re.I)
GREETING = re.compile("look at our open", re.I)
DOCUMENTATION = re.compile("documentation", re.I)
SLOW_MS = 60_000


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A VORI of its own: what is on the board is what these meetings made of it."""
    with Stack() as started:
        yield started


@pytest.fixture
def tickets(stack: Stack) -> None:
    """The tickets that the demo's people speak of."""
    for ticket in json.loads((FOLDER / "en.json").read_text())["tickets"]:
        answer = stack.ask("POST", "/api/tickets", json=ticket)
        assert answer.status_code == 201, answer.text


def begin(page: Page) -> str:
    """Start a meeting from the first page; its id."""
    page.goto("/")
    page.get_by_role("button", name="Start a meeting").click()
    page.wait_for_url(re.compile(r"/meeting/\?id="))
    return page.url.split("id=")[1]


def words_of(stack: Stack, meeting_id: str) -> str:
    said = stack.ask("GET", f"/api/meetings/{meeting_id}/transcript").json()["items"]
    return " ".join(line["text"] for line in said).lower()


@pytest.mark.usefixtures("tickets")
def test_who_speaks_sees_words_a_ticket_moves_and_everybody_sees_it(
    stack: Stack, launch: Launch, tmp_path: Path
) -> None:
    browser = launch(clip("en-robert"))
    with at(browser, stack.url) as page, at(browser, stack.url) as other:
        other.goto("/board/")
        todo, doing = (other.get_by_role("region", name=name) for name in ("To do", "In progress"))
        expect(todo.get_by_role("button", name=DOCUMENTATION)).to_be_visible()
        meeting_id = begin(page)
        page.get_by_role("button", name="Speak").click()
        expect(page.get_by_role("log").get_by_text(SAID)).to_be_visible(timeout=SLOW_MS)
        mine = page.get_by_role("complementary").get_by_role("article").first
        expect(mine.get_by_text(SAID)).to_be_visible(timeout=SLOW_MS)
        expect(doing.get_by_role("button", name=DOCUMENTATION)).to_be_visible()
        play = mine.get_by_role("button", name=re.compile("Play from"))
        play.click()
        expect(play).to_have_attribute("aria-pressed", "true")
        mine.get_by_role("button", name="Undo").click()
        expect(todo.get_by_role("button", name=DOCUMENTATION)).to_be_visible()
        page.get_by_role("button", name="End the meeting").click()
        expect(page.get_by_role("status")).to_contain_text("Ended", timeout=SLOW_MS)
        page.get_by_role("link", name="Minutes").click()
        with page.expect_download() as download:
            page.get_by_role("link", name="PDF").click()
        download.value.save_as(tmp_path / "minutes.pdf")
        assert (tmp_path / "minutes.pdf").read_bytes().startswith(b"%PDF-")
        page.get_by_role("textbox", name="Add a line: Decisions").fill("We ship on Monday.")
        page.keyboard.press("Enter")
        expect(page.get_by_text("We ship on Monday.")).to_be_visible()
    assert "documentation" in words_of(stack, meeting_id)


def test_a_line_cut_in_mid_sentence_loses_nothing(stack: Stack, launch: Launch, line: Line) -> None:
    with at(launch(clip("en-robert")), line.url) as page:
        meeting_id = begin(page)
        page.get_by_role("button", name="Speak").click()
        page.wait_for_timeout(1500)
        line.cut()
        expect(page.get_by_role("status")).to_contain_text("Reconnecting", timeout=SLOW_MS)
        page.wait_for_timeout(20_000)
        line.mend()
        expect(page.get_by_role("log").get_by_text(SAID)).to_be_visible(timeout=SLOW_MS)
        page.get_by_role("button", name="End the meeting").click()
        expect(page.get_by_role("status")).to_contain_text("Ended", timeout=SLOW_MS)
    outcome = stack.ask("GET", f"/api/meetings/{meeting_id}/outcome").json()
    assert [gap for stream in outcome["streams"] for gap in stream["gaps"]] == []
    assert outcome["streams"][0]["captured_ms"] > 20_000


def test_a_meeting_ends_only_when_what_the_page_still_held_has_come(stack: Stack, launch: Launch, line: Line) -> None:
    with at(launch(clip("en-robert")), line.url) as page:
        meeting_id = begin(page)
        page.get_by_role("button", name="Speak").click()
        expect(page.get_by_role("status")).to_contain_text("Listening", timeout=SLOW_MS)
        line.cut()
        page.wait_for_timeout(4000)
        page.get_by_role("button", name="End the meeting").click()
        expect(page.get_by_role("status")).to_contain_text("Reconnecting")
        line.mend()
        expect(page.get_by_role("status")).to_contain_text("Ended", timeout=SLOW_MS)
    [stream] = stack.ask("GET", f"/api/meetings/{meeting_id}/outcome").json()["streams"]
    assert stream["gaps"] == []
    assert stream["captured_ms"] > 4000


def test_a_reload_in_mid_sentence_loses_nothing(stack: Stack, launch: Launch, line: Line) -> None:
    with at(launch(clip("en-maya")), line.url) as page:
        meeting_id = begin(page)
        page.get_by_role("button", name="Speak").click()
        page.wait_for_timeout(1500)
        line.cut()
        page.wait_for_timeout(5000)  # all of this is on the page's disk alone
        line.mend()
        page.reload()
        greeting = page.get_by_role("listitem").filter(has_text=GREETING)
        expect(greeting.get_by_role("button", name=re.compile("Play from"))).to_be_visible(timeout=SLOW_MS)  # final
    streams = stack.ask("GET", f"/api/meetings/{meeting_id}/streams").json()
    assert len(streams) == 1
    words = words_of(stack, meeting_id)
    assert "morning" in words, "from before the cut"
    assert "this week" in words, "from the page's disk"
