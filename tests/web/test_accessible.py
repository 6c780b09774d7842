"""No page has a fault that axe knows, in either theme and language, wide or on a phone; and every page is looked at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.web.conftest import Launch, at

from months import months, of_one
from pages import LANGUAGES, PAGES, THEMES, WIDTHS, settle
from reckoned import put_into
from stack import Stack
from staged import Stage, staged
from vori.people.model import LOCAL_WORKSPACE

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]  # every page, in every state

WEB = Path(__file__).parents[2] / "web"
AXE = (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
ROUTES = sorted((WEB / "src" / "app").rglob("page.tsx"))


@pytest.fixture(scope="module")
def stage(stack: Stack) -> Iterator[Stage]:
    """Meetings with all that comes of them, and tickets of every state."""
    for status in ("TODO", "IN_PROGRESS", "DONE"):
        ticket = {"title": f"Ticket that is {status}", "status": status, "due": "2026-03-06", "blocked": True}
        stack.ask("POST", "/api/tickets", json=ticket).raise_for_status()
    with staged(stack.url, stack.key, "en") as made:
        rows = [*months(LOCAL_WORKSPACE, "en"), *of_one(LOCAL_WORKSPACE, UUID(made.ended), "en")]
        put_into(stack.database_url, rows)
        yield made


def faults(page: Any) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [f"{fault['id']}: {node['html'][:200]}" for fault in found["violations"] for node in fault["nodes"]]


@pytest.mark.parametrize("look", list(product(LANGUAGES, WIDTHS)), ids=str)
def test_axe_finds_nothing(stack: Stack, launch: Launch, stage: Stage, look: tuple[str, int]) -> None:
    """Each page is opened once, and then worn in both themes, as it is when the system turns dark."""
    language, width = look
    found = {}
    with at(launch(), stack.url, language=language, width=width) as page:
        for shown in PAGES:
            page.emulate_media(color_scheme=THEMES[0])
            settle(page, shown.at(stage), shown.press)
            for theme in THEMES:
                page.emulate_media(color_scheme=theme)
                page.locator(f"html[data-theme={theme}]").wait_for(state="attached")
                page.wait_for_timeout(200)  # until colours have changed over
                found[shown.name, theme] = faults(page)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.parent.name)
def test_every_route_is_among_the_pages_that_are_looked_at(route: Path) -> None:
    path = route.parent.relative_to(WEB / "src" / "app").as_posix().strip(".")
    wanted = f"/{path}/" if path else "/"
    assert wanted in {shown.address.partition("?")[0] for shown in PAGES}, "add it to bench/pages.py"
