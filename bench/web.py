"""What the pages weigh, how soon they show and answer, what they hold, and how soon a change is on another's screen.

    python bench/web.py [--part size] [--part paint] [--part hour] [--part memory] [--part news] [--minutes 10]

Debian's Chromium is driven against a throw-away VORI on loopback; the pages are those of `pages.py`. Beside them stand
an empty Next.js page of the same versions, a page without scripts, both by the same gateway, and a bare NOTIFY.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from browsed import Answers, Held, Scripts, at, held, largest_paint, opened, scripts, slope, use
from browser import QUIET, find_chromium
from pages import PAGES
from plain import empty_next, plain_html, served
from stack import Stack
from staged import staged
from talking import MOVES, Talk, bare_notify

ROUNDS = 25
"""Of paging through the transcript: each has six keys, three turns of the wheel and a click."""
SAMPLE_S = 15.0
FIRST_S = 20.0
"""Until caches are full: the heap is not looked at before."""
LOG = "[role=log]"
WATCH_CARD = """(key) => {
  const column = () => [...document.querySelectorAll("main section[aria-label]")]
    .find((each) => [...each.querySelectorAll("[data-ticket]")].some((card) => card.textContent.includes(key)))
    ?.getAttribute("aria-label");
  let seen = column();
  window.moves = [];
  new MutationObserver(() => {
    const now = column();
    if (now && now !== seen) { seen = now; window.moves.push(Date.now()); }
  }).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
}"""


@dataclass(frozen=True)
class Bench:
    """What every part needs."""

    browser: Browser
    asked: argparse.Namespace
    folder: Path


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--part", action="append", choices=PARTS, help="only this one")
    parser.add_argument("--runs", type=int, default=5, help="cold loads per page")
    parser.add_argument("--utterances", type=int, default=1000, help="how long the long meeting is")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long memory is watched")
    parser.add_argument("--moves", type=int, default=50, help="changes of a ticket's status")
    asked = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="vori-web-") as folder:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=QUIET)
        print(f"Chromium {browser.version}.")
        for part in asked.part or PARTS:
            print()
            PARTS[part](Bench(browser, asked, Path(folder)))
        browser.close()


def size(bench: Bench) -> None:
    print("| page | JavaScript at its first load, gzipped | as it is run | until idle, gzipped |\n|---|---|---|---|")
    with Stack() as stack, staged(stack.url, stack.key, "en") as stage:
        for shown in PAGES:
            if not shown.press:
                print(_weight(shown.name, scripts(bench.browser, stack.url + shown.at(stage))), flush=True)
    with served(empty_next()) as url:
        print(_weight("an empty Next.js page", scripts(bench.browser, url)))
    print(
        "\nTarget: ≤ 220 KB gzipped at first load. What comes later is lazy, or another page's before it is asked for."
    )


def _weight(name: str, loaded: Scripts) -> str:
    first, whole, later = (size / 1000 for size in (loaded.first, loaded.whole, loaded.later))
    return f"| {name} | {first:.0f} KB | {whole:.0f} KB | + {later:.0f} KB |"


def paint(bench: Bench) -> None:
    print("| page | largest paint, median |\n|---|---|")
    with Stack() as stack, staged(stack.url, stack.key, "en") as stage:
        for shown in PAGES:
            took = largest_paint(bench.browser, stack.url + shown.at(stage), bench.asked.runs)
            print(f"| {shown.name} | {took:.0f} ms |", flush=True)
    others = {
        "an empty Next.js page, same gateway": empty_next(),
        "plain HTML, same gateway": plain_html(bench.folder / "plain", 20),
    }
    for name, files in others.items():
        with served(files) as url:
            print(f"| {name} | {largest_paint(bench.browser, url, bench.asked.runs):.0f} ms |", flush=True)
    print(f"\n{bench.asked.runs} loads each, nothing cached. Target: ≤ 1500 ms.")


def hour(bench: Bench) -> None:
    with talked(bench) as (page, talk):
        talk.go_on()
        ours = use(page, LOG, ROUNDS)
        talk.pause()
        lines = page.locator(f"{LOG} li").count()
    with served(plain_html(bench.folder / "plain", lines)) as url, opened(bench.browser, url) as page:
        theirs = use(page, LOG, ROUNDS)
    print("| | interactions | p50 / p98 / worst | wheel to frame p98 | tasks over 50 ms |\n|---|---|---|---|---|")
    print(_answers(f"{lines} lines on the page, while words and tickets come in", ours))
    print(_answers(f"{lines} lines of plain HTML, nothing coming in", theirs))
    print("\nKeys and clicks until the next paint (Event Timing, in steps of 8 ms from 16 on). Target: p98 ≤ 100 ms.")


def _answers(name: str, told: Answers) -> str:
    took = told.interactions
    worst = f"{len(told.long_tasks)}, longest {max(told.long_tasks, default=0):.0f} ms"
    figures = f"{at(took, 0.5):.0f} / {at(took, 0.98):.0f} / {max(took):.0f} ms"
    return f"| {name} | {len(took)} | {figures} | {at(told.wheel, 0.98):.0f} ms | {worst} |"


def memory(bench: Bench) -> None:
    minutes = bench.asked.minutes
    with talked(bench) as (page, talk):
        session = page.context.new_cdp_session(page)
        session.send("HeapProfiler.enable")
        talk.go_on()
        page.wait_for_timeout(FIRST_S * 1000)
        began = time.monotonic()
        samples: list[Held] = []
        while not samples or time.monotonic() - began < minutes * 60:
            samples.append(held(session, time.monotonic() - began))
            page.wait_for_timeout(min(SAMPLE_S, minutes * 60 / 8) * 1000)
        samples.append(held(session, time.monotonic() - began))
    first, last, grows = samples[0], samples[-1], slope(samples)
    print("| | at first | at last | change in 10 min |\n|---|---|---|---|")
    share = grows * 10 / first.heap
    change = f"{_mb(grows * 10)} ({share:+.1%}) by least squares"
    print(f"| JavaScript heap | {_mb(first.heap)} | {_mb(last.heap)} | {change} |")
    print(f"| nodes | {first.nodes} | {last.nodes} | |\n| listeners | {first.listeners} | {last.listeners} | |")
    lines = f"{bench.asked.utterances} utterances on the page; {len(samples)} samples in {minutes:g} min"
    print(f"\n{lines}, each after the garbage was collected. Nothing is added meanwhile: what is there changes.")


def _mb(size: float) -> str:
    return f"{size / 1e6:.2f} MB"


def news(bench: Bench) -> None:
    """Only the last browser is looked at; another one has the board open too, as people do."""
    with Stack() as stack, Talk(stack.database_url, stack.home) as talk, ExitStack() as pages:
        ticket_id = talk.ticket("The card that moves")
        first = talk.move(ticket_id, MOVES[1])
        for _ in range(2):
            page = pages.enter_context(opened(bench.browser, f"{stack.url}/board/"))
        page.get_by_text(first.key).first.wait_for()
        page.evaluate(WATCH_CARD, first.key)
        notify = pages.enter_context(bare_notify(stack.database_url))
        took, bare = [], []
        for number in range(bench.asked.moves):
            page.wait_for_timeout(random.Random(number).uniform(150, 450))
            moved = talk.move(ticket_id, MOVES[(number + 2) % len(MOVES)])
            page.wait_for_function("number => window.moves.length > number", arg=number)
            took.append(float(page.evaluate("window.moves.at(-1)")) - moved.at_ms)
            bare.append(notify())
    print("| | p50 / p95 / worst |\n|---|---|")
    for name, times in (("from the commit to the card in its new column", took), ("a bare NOTIFY", bare)):
        print(f"| {name} | {at(times, 0.5):.1f} / {at(times, 0.95):.1f} / {max(times):.1f} ms |")
    print(f"\n{len(took)} changes, from before the commit. Target: p95 ≤ 300 ms.")


@contextmanager
def talked(bench: Bench) -> Iterator[tuple[Page, Talk]]:
    """The page of a meeting that it has followed for an hour."""
    with Stack() as stack, Talk(stack.database_url, stack.home) as talk:
        meeting_id = talk.begin()
        with opened(bench.browser, f"{stack.url}/meeting/?id={meeting_id}") as page:
            page.locator(LOG).wait_for()
            talk.say(bench.asked.utterances)
            page.wait_for_timeout(2000)
            yield page, talk


PARTS: dict[str, Callable[[Bench], None]] = {"size": size, "paint": paint, "hour": hour, "memory": memory, "news": news}


if __name__ == "__main__":
    main()
