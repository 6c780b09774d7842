"""No page has a fault that axe knows, in either theme and language, wide or on a phone."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import Launch, Theme, at

from stack import Stack
from vori.sample.script import FOLDER

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

AXE = (Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def meeting_id(stack: Stack) -> str:
    """A meeting with tickets of every state around it."""
    for status in ("TODO", "IN_PROGRESS", "DONE"):
        ticket = {"title": f"Ticket that is {status}", "status": status, "due": "2026-03-06", "blocked": True}
        stack.ask("POST", "/api/tickets", json=ticket).raise_for_status()
    script = json.loads((FOLDER / "en.json").read_text())
    made = stack.ask("POST", "/api/meetings", json={"title": script["title"]})
    return str(made.json()["meeting_id"])


def faults(page: Any) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
    return [f"{fault['id']}: {node['html'][:200]}" for fault in found["violations"] for node in fault["nodes"]]


@pytest.mark.parametrize("look", list(product(("light", "dark"), ("en", "ko"), (1440, 390))), ids=str)
def test_axe_finds_nothing(stack: Stack, launch: Launch, meeting_id: str, look: tuple[Theme, str, int]) -> None:
    theme, language, width = look
    with at(launch(), stack.url, theme=theme, language=language, width=width) as page:
        for address in ("/", "/board/", f"/meeting/?id={meeting_id}", f"/minutes/?id={meeting_id}", "/nowhere/"):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(500)
            assert faults(page) == [], address
