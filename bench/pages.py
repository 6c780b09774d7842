"""Every page of the web application, in one place: each is photographed, measured and held to axe.

A page that is added to `PAGES` is in all of them; a route that is missing here fails a test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page as Browsed

from staged import Language, Stage

LANGUAGES: tuple[Language, ...] = ("en", "ko")
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = {1440: 900, 390: 844}
"""Of the window, with its height: a desk and a phone, in CSS pixels."""


@dataclass(frozen=True)
class Shown:
    """A page as somebody looks at it.

    In its address `{ended}` and `{live}` are ids of the staged meetings, `{shared}` is the token of a link.
    """

    name: str
    address: str
    press: str = ""
    """A shortcut that opens what is to be seen over the page: a sheet, a palette."""

    def at(self, stage: Stage) -> str:
        return self.address.format(ended=stage.ended, live=stage.live, shared=stage.shared)


PAGES = (
    Shown("meetings", "/"),
    Shown("welcome", "/welcome/"),
    Shown("join-nothing", "/join/"),
    Shown("board", "/board/"),
    Shown("meeting-live", "/meeting/?id={live}"),
    Shown("meeting-ended", "/meeting/?id={ended}"),
    Shown("minutes", "/minutes/?id={ended}"),
    Shown("dashboard", "/dashboard/"),
    Shown("shared", "/shared/#t={shared}"),
    Shown("shared-nothing", "/shared/"),
    Shown("tickets", "/tickets/"),
    Shown("settings", "/settings/"),
    Shown("palette", "/tickets/", press="Control+k"),
    Shown("shortcuts", "/tickets/", press="?"),
    Shown("nowhere", "/nowhere/"),
)


def settle(page: Browsed, address: str, press: str = "") -> None:
    """Open a page and wait until everything on it is there."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.locator("main").filter(has_text=re.compile(r"\S")).wait_for()
    if press:
        page.keyboard.press(press)
        page.get_by_role("dialog").wait_for()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)
