"""A photograph of every page, in both languages and themes, on a desk and on a phone.

    python bench/screenshots.py [--out out/screenshots] [--page board]

The pages are those of `pages.py`; what they show comes of a meeting that this command has the demo's people rehearse
(`staged.py`), in a throw-away VORI per language, and of made-up months of analytics (`months.py`). Look at them;
nothing else will.
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Browser, sync_playwright

from browser import QUIET, find_chromium
from months import months, of_one
from pages import LANGUAGES, PAGES, THEMES, WIDTHS, Shown, settle
from reckoned import put_into
from stack import Stack
from staged import Language, staged
from vori.people.model import LOCAL_WORKSPACE
from vori.people.owner import link


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("out/screenshots"), help="where they go")
    parser.add_argument("--page", action="append", choices=[shown.name for shown in PAGES], help="only this one")
    parser.add_argument("--language", choices=LANGUAGES, help="only this one")
    asked = parser.parse_args()
    shown = [page for page in PAGES if page.name in (asked.page or [page.name])]
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        for language in [asked.language] if asked.language else LANGUAGES:
            with Stack() as stack:
                photograph(browser, stack, language, shown, asked.out)
        browser.close()


def photograph(browser: Browser, stack: Stack, language: Language, shown: list[Shown], out: Path) -> None:
    with staged(stack.url, stack.key, language) as stage:
        rows = [*months(LOCAL_WORKSPACE, language), *of_one(LOCAL_WORKSPACE, UUID(stage.ended), language)]
        put_into(stack.database_url, rows)
        for theme, (width, height) in product(THEMES, WIDTHS.items()):
            context = browser.new_context(
                base_url=stack.url,
                viewport={"width": width, "height": height},
                color_scheme=theme,
                locale=language,
                reduced_motion="reduce",
            )
            page = context.new_page()
            page.goto(link(stack.url, stack.key))
            for each in shown:
                settle(page, each.at(stage), each.press)
                file = out / f"{each.name}-{language}-{theme}-{width}.png"
                page.screenshot(path=file, full_page=True, animations="disabled")
                print(file, flush=True)
            context.close()


if __name__ == "__main__":
    main()
