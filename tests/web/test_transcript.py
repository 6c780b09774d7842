"""What readers do with a transcript: play, find, mark, correct, name, copy and strike what was said."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect
from psycopg.conninfo import make_conninfo
from tests.web.conftest import Launch, Theme, at, clip
from tests.web.test_accessible import faults

from stack import Stack
from vori.database.embedded import SUPERUSER, EmbeddedPostgres
from vori.people.model import LOCAL_WORKSPACE
from vori.sample.script import FOLDER

pytestmark = pytest.mark.flow

SLOW_MS = 60_000
SCRIPT = json.loads((FOLDER / "en.json").read_text())
RELEASE = "Not now. We decided to move the release to next Tuesday."
Rehearse = Callable[..., str]


@pytest.fixture
def rehearse(stack: Stack) -> Rehearse:
    """Hold the demo's meeting at once, in real sound and scripted words; the meeting's id, while it still runs."""

    def held(*voices: str, shared: bool = False) -> str:
        names = voices or tuple(SCRIPT["voices"])
        lines = [
            {"stream_id": line["voice"], "start_ms": line["start_ms"], "end_ms": line["end_ms"], "text": line["text"]}
            for line in SCRIPT["lines"]
            if line["voice"] in names
        ]
        asked = {"title": SCRIPT["title"], "language": "en", "participants": list(names), "script": lines}
        with stack.client() as client:
            meeting_id = str(client.post("/api/meetings", json=asked).json()["meeting_id"])
            for name in names:
                told = {"stream_id": name} | ({} if shared else {"speaker": name})
                sound = clip(f"en-{name.lower()}").read_bytes()
                client.post(f"/api/meetings/{meeting_id}/audio", params=told, content=sound).raise_for_status()
            before = time.monotonic() + 60
            while len(said_in(stack, meeting_id)) < len(lines) and time.monotonic() < before:
                time.sleep(0.2)
        return meeting_id

    return held


def said_in(stack: Stack, meeting_id: str) -> list[dict[str, Any]]:
    with stack.client() as client:
        return list(client.get(f"/api/meetings/{meeting_id}/transcript").json()["items"])


def line(page: Page, words: str) -> Locator:
    return page.get_by_role("log").get_by_role("listitem").filter(has_text=words)


def choose(page: Page, words: str, act: str) -> None:
    """Something in the menu of a line."""
    held = line(page, words)
    held.hover()
    held.get_by_role("button", name="More about the line").click()
    page.get_by_role("menuitem", name=act).click()


def more(page: Page, act: str, role: Any = "menuitem") -> None:
    """Something in the menu of the whole transcript."""
    page.get_by_role("button", name="More about the transcript").click()
    page.get_by_role(role, name=act).click()


HEARD = """() => {
  const [word] = CSS.highlights.get("heard") ?? [];
  return word ? word.startContainer.data.slice(word.startOffset, word.endOffset) : "";
}"""


def test_a_clicked_word_is_played_from_there_and_the_words_follow(
    stack: Stack, launch: Launch, rehearse: Rehearse
) -> None:
    meeting_id = rehearse("Robert")
    words = next(said for said in said_in(stack, meeting_id) if "documentation" in said["text"])["words"]
    starts = {word["text"]: word["start_ms"] for word in words}
    with at(launch(), stack.url) as page:
        page.goto(f"/meeting/?id={meeting_id}")
        text = line(page, "I have started").locator("[data-words]")
        with page.expect_request(re.compile(r"/audio\?from_ms=")) as asked:
            text.click(position={"x": 130, "y": 10})
        from_ms = int(asked.value.url.split("from_ms=")[1])
        assert from_ms in starts.values()
        assert from_ms > words[0]["start_ms"]
        player = page.get_by_role("group", name="Player")
        expect(player.get_by_role("button", name="Pause")).to_be_visible()
        heard = {page.evaluate(HEARD) for _ in pause(page, 20)}
        assert len(heard & starts.keys()) > 1
        player.get_by_role("combobox", name="Speed").select_option("2")
        player.get_by_role("button", name="Pause").click()
        player.get_by_role("button", name="10 s back").click()
        expect(player.get_by_role("button", name="Pause")).to_be_visible()
        player.get_by_role("button", name="Close").click()
        expect(player).to_have_count(0)


def pause(page: Page, times: int) -> Any:
    for _ in range(times):
        page.wait_for_timeout(100)
        yield


def test_a_text_is_edited_where_it_stands_and_everybody_reads_it(
    stack: Stack, launch: Launch, rehearse: Rehearse
) -> None:
    meeting_id, browser = rehearse("Maya"), launch()
    with at(browser, stack.url) as page, at(browser, stack.url) as other:
        for each in (page, other):
            each.goto(f"/meeting/?id={meeting_id}")
        choose(page, RELEASE, "Edit the text")
        box = page.get_by_role("textbox", name="What was said", exact=True)
        expect(box).to_be_focused()
        box.fill("We decided to ship on Friday.")
        page.keyboard.press("Enter")
        for each in (page, other):
            expect(line(each, "We decided to ship on Friday.")).to_be_visible()
            expect(line(each, RELEASE)).to_have_count(0)
        choose(page, "We decided to ship on Friday.", "Edit the text")
        expect(page.get_by_text(f"Heard: {RELEASE}")).to_be_visible()
        page.keyboard.press("Escape")
        expect(box).to_have_count(0)


def test_voices_get_names_and_two_with_one_name_are_one(stack: Stack, launch: Launch, rehearse: Rehearse) -> None:
    meeting_id = rehearse("Maya", "Alan", shared=True)
    with at(launch(), stack.url) as page:
        page.goto(f"/meeting/?id={meeting_id}")
        line(page, RELEASE).get_by_role("button", name=re.compile("Voice")).click()
        page.get_by_role("dialog").get_by_role("button", name="Maya").click()
        line(page, "spreadsheet export for").get_by_role("button", name=re.compile("Voice")).click()
        page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("maya")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("log").get_by_role("button", name="Maya")).to_have_count(
            len(said_in(stack, meeting_id))
        )
        expect(page.get_by_role("log").get_by_text("Voice")).to_have_count(0)


def test_who_speaks_alone_is_renamed_everywhere(stack: Stack, launch: Launch, rehearse: Rehearse) -> None:
    meeting_id = rehearse()
    browser = launch()
    with at(browser, stack.url) as page, at(browser, stack.url) as other:
        for each in (page, other):
            each.goto(f"/meeting/?id={meeting_id}")
        log = other.get_by_role("log")
        theirs = log.get_by_role("button", name="Maya", exact=True)
        expect(theirs.first).to_be_visible()
        count = theirs.count()
        page.get_by_role("log").get_by_role("button", name="Maya", exact=True).first.click()
        page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Maja Berg")
        page.keyboard.press("Enter")
        expect(log.get_by_role("button", name="Maja Berg")).to_have_count(count)
        expect(theirs).to_have_count(0)
        page.reload()
        expect(page.get_by_role("log").get_by_role("button", name="Maja Berg")).to_have_count(count)
        assert "Maja Berg" in {said["speaker"] for said in said_in(stack, meeting_id)}
        shares = other.get_by_role("region", name="Who spoke how much").get_by_role("listitem")
        expect(shares.filter(has_text="Maja Berg")).to_have_count(1)
        people = shares.count()
        page.get_by_role("log").get_by_role("button", name="Maja Berg").first.click()
        page.get_by_role("dialog").get_by_role("button", name="Alan", exact=True).click()
        expect(shares.filter(has_text="Maja Berg")).to_have_count(0)
        expect(shares).to_have_count(people - 1)


def test_words_are_found_one_after_the_other(stack: Stack, launch: Launch, rehearse: Rehearse) -> None:
    meeting_id = rehearse()
    with at(launch(), stack.url) as page:
        page.goto(f"/meeting/?id={meeting_id}")
        field = page.get_by_role("textbox", name="Search what was said")
        field.fill("SPREADSHEET")
        search = page.get_by_role("search")
        expect(search.locator("[aria-live]")).to_have_text("2 found")
        field.press("Enter")
        expect(search.locator("[aria-live]")).to_have_text("1 of 2")
        search.get_by_role("button", name="Next").click()
        expect(line(page, "I will build the spreadsheet")).to_be_in_viewport()
        search.get_by_role("button", name="Next").click()
        expect(search.locator("[aria-live]")).to_have_text("1 of 2")
        assert 2 in {page.evaluate("() => CSS.highlights.get('found')?.size") for _ in pause(page, 10)}
        field.fill("nobody said this")
        expect(search.locator("[aria-live]")).to_have_text("0 found")


def test_a_bookmark_leads_back_to_its_line(stack: Stack, launch: Launch, rehearse: Rehearse) -> None:
    meeting_id = rehearse("Maya")
    with at(launch(), stack.url) as page:
        page.goto(f"/meeting/?id={meeting_id}")
        choose(page, RELEASE, "Bookmark")
        expect(line(page, RELEASE).get_by_role("img", name="Bookmarked")).to_be_visible()
        page.reload()
        page.get_by_role("button", name="Bookmarks (1)").click()
        page.get_by_role("menuitem", name=re.compile("We decided")).click()
        expect(line(page, RELEASE)).to_be_in_viewport()
        choose(page, RELEASE, "Take the bookmark away")
        expect(page.get_by_role("button", name="Bookmarks (0)")).to_be_visible()


def test_the_last_minute_is_struck_for_everybody_and_comes_back(
    stack: Stack, launch: Launch, rehearse: Rehearse
) -> None:
    meeting_id, browser, greeting = rehearse("Maya"), launch(), "Good morning everybody."
    with at(browser, stack.url) as page, at(browser, stack.url) as other:
        for each in (page, other):
            each.goto(f"/meeting/?id={meeting_id}")
            expect(line(each, greeting)).to_be_visible()
        more(page, "Strike the last minute")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("stays in the recording's files")
        dialog.get_by_role("button", name="Strike it").click()
        for each in (page, other):
            expect(line(each, greeting)).to_have_count(0)
        expect(line(page, RELEASE)).to_be_visible()  # sound that was brought in is "said" later than this minute
        page.get_by_role("button", name="Undo").click()
        for each in (page, other):
            expect(line(each, greeting)).to_be_visible()


def test_new_lines_are_announced_to_those_who_ask_for_it(stack: Stack, launch: Launch, rehearse: Rehearse) -> None:
    meeting_id = rehearse("Maya")
    with at(launch(), stack.url) as page:
        page.goto(f"/meeting/?id={meeting_id}")
        expect(line(page, RELEASE)).to_be_visible()
        spoken = page.locator("[aria-live=polite]").filter(has_text=RELEASE)
        expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
        expect(spoken).to_have_count(0)
        more(page, "Read new lines aloud", "menuitemcheckbox")
        expect(spoken).to_have_count(1)
        page.reload()
        expect(spoken).to_have_count(1)


def test_all_of_it_is_copied_as_text(stack: Stack, launch: Launch, rehearse: Rehearse) -> None:
    meeting_id = rehearse("Robert")
    with at(launch(), stack.url) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"/meeting/?id={meeting_id}")
        expect(line(page, "I have started")).to_be_visible()
        more(page, "Copy all as text")
        expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
        lines = page.evaluate("() => navigator.clipboard.readText()").splitlines()
        assert lines[-1].endswith(" Robert: Sure, I will write the release notes by Thursday.")
        page.get_by_role("button", name="Copy the meeting's link").click()
        expect(page.get_by_text("The link is copied.", exact=False).first).to_be_visible()
        assert page.evaluate("() => navigator.clipboard.readText()") == page.url


LATE = """(button) => {
  const until = performance.now() + 500;
  while (performance.now() < until);
  button.click();
}"""
"""Pieces of sound from before the click wait behind it, as they do on a busy machine."""


def test_who_pauses_goes_on_later_on_the_same_stream_and_nothing_is_missing(stack: Stack, launch: Launch) -> None:
    with at(launch(clip("en-robert")), stack.url) as page:
        page.goto("/")
        page.get_by_role("button", name="Start a meeting").click()
        page.wait_for_url(re.compile(r"/meeting/\?id="))
        page.get_by_role("textbox", name="Your name").fill("Robert")
        page.get_by_role("button", name="Speak").click()
        state = page.get_by_role("status").first
        expect(state).to_contain_text("Listening to Robert", timeout=SLOW_MS)
        page.get_by_role("button", name="Pause").evaluate(LATE)
        expect(state).to_contain_text("Paused")
        page.wait_for_timeout(3000)
        page.get_by_role("button", name="Speak").click()
        expect(page.get_by_role("button", name="Mute")).to_be_visible()
        page.wait_for_timeout(1500)
        page.get_by_role("button", name="End the meeting").click()
        expect(state).to_contain_text("Ended", timeout=SLOW_MS)
        meeting_id = page.url.split("id=")[1]
        page.goto("/")
        assert page.evaluate("() => localStorage.getItem('vori.name')") == "Robert"
    with stack.client() as client:
        outcome = client.get(f"/api/meetings/{meeting_id}/outcome").json()
    [stream] = outcome["streams"]
    assert (stream["speaker"], stream["gaps"]) == ("Robert", [])
    assert stream["captured_ms"] > 3000 + 1500


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_while_it_is_worked_with(
    stack: Stack, launch: Launch, rehearse: Rehearse, theme: Theme
) -> None:
    meeting_id = rehearse(shared=True)
    with at(launch(), stack.url, theme=theme) as page:
        page.goto(f"/meeting/?id={meeting_id}")
        choose(page, RELEASE, "Bookmark")
        line(page, RELEASE).get_by_role("button", name=re.compile("Play from")).click()
        page.get_by_role("textbox", name="Search what was said").fill("release")
        choose(page, "I will build", "Edit the text")
        expect(page.get_by_role("log").get_by_role("textbox")).to_be_visible()
        assert faults(page) == []
        line(page, RELEASE).get_by_role("button", name=re.compile("Voice")).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        assert faults(page) == []
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        more(page, "Strike the last minute")
        expect(dialog).to_be_visible()
        assert faults(page) == []


LINES = 1000
LONG = """
insert into utterance (utterance_id, workspace_id, meeting_id, stream, speaker, start_ms, end_ms, language, text, words,
                       model)
select gen_random_uuid(), %(workspace)s, %(meeting)s, gen_random_uuid(), 'Maya', n * 3600, n * 3600 + 3000, 'en',
       'Line ' || n || repeat(' with words about the release', n %% 4 + 1), '[]', 'test'
from generate_series(1, %(lines)s) n
"""


def test_an_hour_of_talk_is_read_searched_and_edited_like_a_short_one(stack: Stack, launch: Launch) -> None:
    with stack.client() as client:
        meeting_id = client.post("/api/meetings", json={"title": "An hour"}).json()["meeting_id"]
    with psycopg.connect(make_conninfo(EmbeddedPostgres(stack.home).url, user=SUPERUSER)) as admin:
        admin.execute(LONG, {"workspace": LOCAL_WORKSPACE, "meeting": meeting_id, "lines": LINES})
    with at(launch(), stack.url) as page:
        page.goto(f"/meeting/?id={meeting_id}")
        expect(page.get_by_role("log").get_by_role("listitem")).to_have_count(LINES)
        expect(line(page, f"Line {LINES} with")).to_be_in_viewport()
        field = page.get_by_role("textbox", name="Search what was said")
        field.press_sequentially("line 5", delay=50)
        field.press("Enter")
        expect(line(page, "Line 5 with")).to_be_in_viewport()
        page.get_by_role("log").hover()
        for _ in range(10):
            page.mouse.wheel(0, 900)
        choose(page, "Line 500 with", "Edit the text")
        page.keyboard.type(" and more")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="To the newest words").click()
        expect(line(page, f"Line {LINES} with")).to_be_in_viewport()
