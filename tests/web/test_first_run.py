"""The first minutes with VORI: let in by the link, welcomed, heard; then meetings begun in each of their ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect
from tests.web.conftest import Launch, at, clip, spoken

from stack import Stack
from vori.people.owner import link

pytestmark = pytest.mark.flow

SLOW_MS = 60_000


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A VORI that nobody has met in, which other tests' may not be."""
    with Stack() as started:
        yield started


def test_a_stranger_s_browser_is_told_of_the_link_and_the_link_lets_it_in(stack: Stack, launch: Launch) -> None:
    context = launch().new_context(base_url=stack.url, locale="en")
    page = context.new_page()
    page.goto("/board/")
    expect(page.get_by_role("heading", name="Open VORI by your link")).to_be_visible()
    expect(page.get_by_text("vori link")).to_be_visible()
    page.goto(link(stack.url, "x" * 43))
    expect(page.get_by_role("heading", name="Open VORI by your link")).to_be_visible()
    page.goto(link(stack.url, stack.key))
    expect(page.get_by_role("heading", name="Welcome to VORI")).to_be_visible()
    assert page.url == f"{stack.url}/", "the key doesn't stay in the address"
    assert page.evaluate("document.cookie") == "", "no script can read it"
    [cookie] = context.cookies()
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/")
    context.close()


def test_who_is_new_gives_a_name_is_heard_and_watches_the_sample_meeting(stack: Stack, launch: Launch) -> None:
    with at(launch(clip("en-maya")), stack.url) as page:
        page.goto("/")
        page.get_by_role("textbox", name="Your name").fill("Maya")
        page.get_by_role("combobox", name="Microphone").wait_for()
        page.get_by_role("button", name="Test the microphone").click()
        expect(page.get_by_role("meter", name="How loud it is")).to_be_visible()
        expect(page.get_by_text("VORI can hear you.")).to_be_visible(timeout=SLOW_MS)
        page.get_by_role("button", name="Stop the test").click()
        words = page.get_by_role("main").get_by_role("listitem").filter(has_text="Words")
        expect(words).to_contain_text("ready")
        expect(words).not_to_contain_text("not ready")
        page.get_by_role("button", name="Try the sample meeting").click()
        page.wait_for_url(re.compile(r"/meeting/\?id="))
        expect(page.get_by_role("log").get_by_text(re.compile("our open tasks", re.I))).to_be_visible(timeout=SLOW_MS)
        page.get_by_role("button", name="End the meeting").click()
        page.goto("/")
        expect(page.get_by_role("heading", name="Meetings")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text="Weekly planning")).to_be_visible()
        assert page.evaluate("localStorage.getItem('vori.name')") == "Maya"


def test_a_meeting_is_planned_shared_and_begun_and_who_waits_is_taken_along(stack: Stack, launch: Launch) -> None:
    browser = launch()
    with at(browser, stack.url) as page, at(browser, stack.url) as guest:
        page.goto("/welcome/")
        page.get_by_role("button", name="Not now").click()
        page.get_by_role("button", name="Set up…").click()
        page.get_by_role("textbox", name="Title").fill("Kick-off")
        page.get_by_role("textbox", name="Who takes part").fill("Tom, Maya")
        page.get_by_role("combobox", name="When").select_option("Later")
        page.get_by_role("combobox", name="How long").select_option("45 min")
        page.get_by_role("button", name="Plan it").click()
        plan = page.get_by_role("list", name="Planned").get_by_role("listitem").filter(has_text="Kick-off")
        expect(plan).to_contain_text("Tom")
        expect(plan).to_contain_text("45 min")
        with stack.client() as client:
            meeting_id = client.get("/api/plans").json()[0]["meeting_id"]
        guest.goto("/")
        guest.get_by_role("button", name="Join…").click()
        guest.get_by_role("textbox", name="Its link").fill(f"see {stack.url}/join/?id={meeting_id} !")
        guest.get_by_role("button", name="Join", exact=True).click()
        expect(guest.get_by_text("“Kick-off” hasn't begun", exact=False)).to_be_visible()
        plan.get_by_role("button", name="Begin").click()
        page.wait_for_url(f"{stack.url}/meeting/?id={meeting_id}")
        guest.wait_for_url(f"{stack.url}/meeting/?id={meeting_id}")
        expect(guest.get_by_role("heading", name="Kick-off")).to_be_visible()


def test_meetings_are_found_and_renamed(stack: Stack, launch: Launch) -> None:
    with stack.client() as client:
        for title in ("Budget", "Review"):
            meeting = client.post("/api/meetings", json={"title": title}).json()["meeting_id"]
            client.post(f"/api/meetings/{meeting}/end")
    with at(launch(), stack.url) as page:
        page.goto("/")
        held = page.get_by_role("list", name="Meetings").get_by_role("listitem")
        page.get_by_role("searchbox", name="Find a meeting").fill("budg")
        expect(held).to_have_count(1)
        expect(held).to_contain_text("Ended")
        page.get_by_role("button", name="More about Budget").click()
        page.get_by_role("menuitem", name="Rename…").click()
        page.get_by_role("dialog").get_by_role("textbox", name="Title").fill("Budget of May")
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        expect(held).to_contain_text("Budget of May")
        page.get_by_role("combobox", name="State").select_option("Live")
        expect(page.get_by_text("No meeting is like that.")).to_be_visible()
        page.get_by_role("button", name="Show all").click()
        page.get_by_label("From").fill("2099-01-01")
        expect(page.get_by_text("No meeting is like that.")).to_be_visible()


def test_an_upload_that_was_cut_off_goes_on_when_the_same_file_is_chosen_again(
    stack: Stack, launch: Launch, tmp_path: Path
) -> None:
    recording = spoken(clip("en-robert"), tmp_path)
    recording.write_bytes(recording.read_bytes() + bytes(5 << 20))  # more than one piece
    with at(launch(), stack.url) as page:
        page.goto("/")
        cut = 0

        def after_one_piece(route: Route) -> None:
            nonlocal cut
            if "offset=0" in route.request.url:
                route.continue_()
            else:
                cut += 1
                route.abort()

        page.route("**/api/uploads/*?offset=*", after_one_piece)
        page.get_by_role("button", name="Upload a recording…").click()
        page.get_by_label("Recording", exact=True).set_input_files(recording)
        page.get_by_role("button", name="Upload", exact=True).click()
        expect(page.get_by_text("The line broke at", exact=False)).to_be_visible()
        expect(page.get_by_text("It stopped at", exact=False)).to_be_visible(timeout=SLOW_MS)
        assert cut == 5, "it tries again by itself before it asks"
        page.unroute("**/api/uploads/*?offset=*")
        page.reload()
        sent: list[str] = []
        page.on("request", lambda asked: sent.append(asked.url) if "offset=" in asked.url else None)
        page.get_by_role("button", name="Upload a recording…").click()
        page.get_by_label("Recording", exact=True).set_input_files(recording)
        expect(page.get_by_text("of this file has arrived before", exact=False)).to_be_visible()
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(re.compile(r"/meeting/\?id="), timeout=SLOW_MS)
        assert sent
        assert not any("offset=0" in url for url in sent)
        said = page.get_by_text(re.compile("i have started the documentation", re.I)).first
        expect(said).to_be_visible(timeout=SLOW_MS)
