"""What analytics found, as people see it: each number opens what is behind it, in the language of who looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import expect
from tests.web.conftest import Launch, at

from months import months, of_one
from reckoned import put_into, tell_live
from stack import Stack
from vori.people.model import LOCAL_WORKSPACE

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def found(stack: Stack) -> Iterator[None]:
    """Months of results, and nobody's wish to see them in a smaller team."""
    stack.ask("PUT", "/api/analytics/settings", json={}).raise_for_status()
    put_into(stack.database_url, months(LOCAL_WORKSPACE, "en"))
    yield
    stack.ask("PUT", "/api/analytics/settings", json={}).raise_for_status()


@pytest.mark.usefixtures("found")
def test_the_score_shows_its_three_parts_and_each_opens_its_meetings(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url) as page:
        page.goto("/dashboard/")
        card = page.get_by_role("region", name="How productive are our meetings?")
        names = ("Productivity score", "Actionable tickets", "Time to a decision", "Participation")
        for name in names:
            expect(card.get_by_role("button", name=re.compile(f"^{name}"))).to_be_visible()
        card.get_by_role("button", name=re.compile("^Participation")).click()
        drawer = page.get_by_role("dialog", name="Participation")
        expect(drawer.get_by_role("link", name=re.compile("Planning|Daily|Retro")).first).to_be_visible()
        link = drawer.get_by_role("link").first.get_attribute("href") or ""
        assert re.fullmatch(r"/meeting/\?id=[0-9a-f-]{36}", link)
        page.keyboard.press("Escape")
        expect(card.get_by_role("button", name=re.compile("^Participation"))).to_be_focused()


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    ("language", "sentence", "title"),
    [
        ("en", "Meetings at 10 in the morning yield 23 % more", "When do meetings yield most?"),
        ("ko", "오전 10시 회의에서 실행 가능한 티켓이 평균 23 %", "언제 하는 회의가 가장 알찬가요?"),
    ],
)
def test_what_the_data_supports_is_said_in_the_reader_s_language(
    stack: Stack, launch: Launch, language: str, sentence: str, title: str
) -> None:
    with at(launch(), stack.url, language=language) as page:
        page.goto("/dashboard/")
        heat = page.get_by_role("region", name=title)
        expect(heat).to_contain_text(sentence)
        shown = stack.ask("GET", "/api/analytics/team").json()
        assert heat.get_by_role("table").get_by_role("button").count() == len(shown["pattern"])
        heat.get_by_role("table").get_by_role("button").first.click()
        first = min(shown["pattern"], key=lambda cell: (cell["hour"], cell["weekday"]))
        expect(page.get_by_role("dialog").get_by_role("link")).to_have_count(len(first["meetings"]))


@pytest.mark.usefixtures("found")
def test_work_and_topics_are_tables_too_and_open_their_tickets(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url, width=390) as page:
        page.goto("/dashboard/")
        stays = page.get_by_role("region", name="Where does work spend its time?")
        stays.get_by_role("button", name=re.compile("^Show as a table")).click()
        stays.get_by_role("button", name="In progress · backend").click()
        drawer = page.get_by_role("dialog", name="In progress · backend")
        expect(drawer.get_by_role("link").first).to_have_attribute("href", re.compile(r"/board/\?ticket="))
        page.keyboard.press("Escape")
        topics = page.get_by_role("region", name="What do we talk about?")
        expect(topics.get_by_role("row", name=re.compile("payment · retry · card .* rising"))).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than a phone"


@pytest.mark.usefixtures("found")
def test_lists_and_the_week_can_be_taken_along(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url) as page:
        page.goto("/dashboard/")
        with page.expect_download() as begun:
            page.get_by_role("link", name="Work, CSV").click()
        assert begun.value.suggested_filename == "vori-workflow.csv"
        assert begun.value.path().read_bytes().startswith(b"\xef\xbb\xbfmeasure,status,label")
        with page.expect_download() as begun:
            page.get_by_role("link", name="Digest of this week").click()
        assert begun.value.path().read_text(encoding="utf-8").startswith("# The week from ")


@pytest.mark.usefixtures("found")
def test_a_small_team_is_told_why_and_can_change_that_in_the_settings(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url) as page:
        page.goto("/settings/")
        part = page.get_by_role("region", name="Analytics")
        part.get_by_label("Numbers of the team from so many people on").fill("50")
        part.get_by_label("Participation").fill("2")
        part.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved")).to_be_visible()
        kept = stack.ask("GET", "/api/analytics/settings").json()
        assert (kept["least_people"], kept["weights"]["participation"], kept["small_teams"]) == (50, 2.0, "hide")
        page.goto("/dashboard/")
        expect(page.get_by_text("are told when at least 50 people spoke in these days; 6 did.")).to_be_visible()
        expect(page.get_by_role("region", name="How productive are our meetings?")).to_have_count(0)
        page.goto("/settings/")
        part.get_by_label("Show them to smaller teams too").check()
        part.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved")).to_be_visible()
        page.goto("/dashboard/")
        expect(page.get_by_text("weight 50 %")).to_be_visible()


@pytest.mark.usefixtures("found")
def test_what_happens_now_is_told_while_it_happens(stack: Stack, launch: Launch) -> None:
    with at(launch(), stack.url) as page:
        page.goto("/dashboard/")
        expect(page.get_by_role("region", name="How productive are our meetings?")).to_be_visible()
        card = page.get_by_role("region", name="What is happening now?")
        expect(card).to_have_count(0)
        tell_live(stack.database_url, LOCAL_WORKSPACE, people=5, talk_ms=30_000)
        expect(card.get_by_role("row", name=re.compile("^Who spoke 5"))).to_be_visible()
        expect(card.get_by_role("row", name=re.compile("^Talk 2 min"))).to_be_visible()
        tell_live(stack.database_url, LOCAL_WORKSPACE, people=6, talk_ms=60_000)
        expect(card.get_by_role("row", name=re.compile("^Talk 6 min"))).to_be_visible()
        stack.ask("PUT", "/api/analytics/settings", json={"least_people": 7}).raise_for_status()
        expect(card).to_have_count(0)
        page.reload()
        expect(page.get_by_text("are told when at least 7 people spoke")).to_be_visible()
        expect(card).to_have_count(0)


def test_an_ended_meeting_shows_its_numbers_and_why_its_score_is_missing(stack: Stack, launch: Launch) -> None:
    made = stack.ask("POST", "/api/meetings", json={"title": "Planning", "language": "en"}).raise_for_status().json()
    meeting_id = made["meeting_id"]
    stack.ask("POST", f"/api/meetings/{meeting_id}/end").raise_for_status()
    with at(launch(), stack.url) as page:
        page.goto(f"/meeting/?id={meeting_id}")
        expect(page.get_by_role("heading", name="Tickets of this meeting")).to_be_visible()
        expect(page.get_by_text("This meeting in numbers")).to_have_count(0)
        put_into(stack.database_url, of_one(LOCAL_WORKSPACE, UUID(meeting_id), "en"))
        page.reload()
        numbers = page.get_by_role("region", name="This meeting in numbers")
        expect(numbers.get_by_text("Nothing was decided.")).to_be_visible()
        part = numbers.get_by_role("listitem").filter(has_text="Participation")
        expect(part).to_contain_text("88")
        part.get_by_text("Participation").click()
        expect(part.get_by_text("Chloe")).to_be_visible()
        expect(numbers.get_by_role("listitem").filter(has_text="Questions")).to_contain_text("4 (3 answered)")
