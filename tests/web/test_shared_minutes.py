"""Minutes in other hands: a link opens them for who has it, and nothing else of VORI; on paper they are a document."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.web.conftest import Launch, at

from stack import Stack

pytestmark = pytest.mark.flow

LINE = "We ship on Tuesday."
PASSWORD = "open sesame"


@pytest.fixture
def meeting_id(stack: Stack) -> str:
    """An ended meeting with a line in its minutes."""
    with stack.client() as client:
        made = client.post("/api/meetings", json={"title": "Planning"}).raise_for_status().json()["meeting_id"]
        client.post(f"/api/meetings/{made}/end").raise_for_status()
        url, until = f"/api/meetings/{made}/minutes", time.monotonic() + 60
        while (written := client.get(url)).status_code != 200:
            assert time.monotonic() < until, written.text
            time.sleep(0.2)
        add = {"operations": [{"do": "add", "section": "decisions", "text": LINE}]}
        client.patch(url, json=add, headers={"if-match": "*"}).raise_for_status()
        return str(made)


@contextmanager
def stranger(browser: Browser, url: str) -> Iterator[Page]:
    """A page of somebody who has never had the owner's link."""
    context = browser.new_context(base_url=url, locale="en")
    assert context.request.get("/api/meetings").status == 401
    yield context.new_page()
    context.close()


def share(page: Page, meeting_id: str, password: str = "") -> str:
    """Make a link on the page of the minutes, and have it."""
    page.goto(f"/minutes/?id={meeting_id}")
    page.get_by_role("button", name="Share").click()
    page.get_by_label("The link lasts").select_option("1 day")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("textbox", name="Link", exact=True)
    expect(link).to_be_visible()
    return link.input_value()


def test_a_link_opens_the_minutes_alone_until_it_is_revoked(stack: Stack, launch: Launch, meeting_id: str) -> None:
    browser = launch()
    with at(browser, stack.url) as page, stranger(browser, stack.url) as guest:
        link = share(page, meeting_id)
        asked: list[str] = []
        guest.on("request", lambda request: asked.append(request.url))
        guest.goto(link)
        expect(guest.get_by_role("heading", name="Planning")).to_be_visible()
        expect(guest.get_by_text(LINE)).to_be_visible()
        expect(guest.get_by_role("navigation")).to_have_count(0)
        expect(guest.get_by_role("button")).to_have_count(0)
        assert guest.locator("meta[name=robots]").get_attribute("content") == "noindex, nofollow"
        called = [url for url in asked if "/api/" in url]
        assert called == [f"{stack.url}/api/shared/minutes"], "a guest's page asks for nothing else"
        token = link.split("#t=")[1]
        assert not any(token in url.split("#")[0] for url in asked), "no server's log has the token"
        page.get_by_role("button", name=re.compile("Revoke the link")).click()
        expect(page.get_by_text("There are none.")).to_be_visible()
        guest.reload()
        expect(guest.get_by_role("alert").filter(has_text="opens nothing")).to_be_visible()
        expect(guest.get_by_text(LINE)).to_have_count(0)


def test_a_password_is_asked_for_and_a_wrong_one_opens_nothing(stack: Stack, launch: Launch, meeting_id: str) -> None:
    browser = launch()
    with at(browser, stack.url) as page, stranger(browser, stack.url) as guest:
        guest.goto(share(page, meeting_id, PASSWORD))
        guest.get_by_label("Password").fill("wrong")
        guest.keyboard.press("Enter")
        expect(guest.get_by_role("alert").filter(has_text="isn't the password")).to_be_visible()
        expect(guest.get_by_text(LINE)).to_have_count(0)
        guest.get_by_label("Password").fill(PASSWORD)
        guest.keyboard.press("Enter")
        expect(guest.get_by_text(LINE)).to_be_visible()


def test_an_address_without_a_link_says_what_to_do(stack: Stack, launch: Launch) -> None:
    with stranger(launch(), stack.url) as guest:
        guest.goto("/shared/")
        expect(guest.get_by_text("Open the link as it was sent to you")).to_be_visible()


def test_minutes_are_copied_as_text_and_printed_as_a_document(stack: Stack, launch: Launch, meeting_id: str) -> None:
    with at(launch(), stack.url, theme="dark") as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"/minutes/?id={meeting_id}")
        page.get_by_role("button", name="Copy as text").click()
        expect(page.get_by_text("The minutes are copied.").first).to_be_visible()
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert copied.startswith("Planning\n")
        assert f"Decisions\n- {LINE}\n" in copied
        page.emulate_media(media="print")
        expect(page.get_by_text(LINE)).to_be_visible()
        for kept_off_paper in (page.get_by_role("navigation"), page.get_by_role("button"), page.get_by_role("textbox")):
            expect(kept_off_paper.filter(visible=True)).to_have_count(0)
        paper = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
        assert paper == "rgb(255, 255, 255)", "even in the dark"
