"""What a browser can tell of a page: what it loads, when it has painted, how soon it answers, what it holds."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Response, ViewportSize

from stack import KEYS
from vori.people.owner import link

WINDOW: ViewportSize = {"width": 1440, "height": 900}
WATCH_PAINT = """
new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.painted = entry.startTime })
  .observe({ type: "largest-contentful-paint", buffered: true });
"""
WATCH_ANSWERS = """() => {
  window.answers = new Map(); window.frames = []; window.long = [];
  new PerformanceObserver((list) => {
    for (const { interactionId, duration } of list.getEntries())
      if (interactionId) window.answers.set(interactionId, Math.max(duration, window.answers.get(interactionId) ?? 0));
  }).observe({ type: "event", durationThreshold: 16 });
  new PerformanceObserver((list) => window.long.push(...list.getEntries().map((task) => task.duration)))
    .observe({ type: "longtask" });
  window.before = performance.interactionCount;
  addEventListener("wheel", ({ timeStamp }) =>
    requestAnimationFrame(() => setTimeout(() => window.frames.push(performance.now() - timeStamp))),
    { passive: true });
}"""
READ_ANSWERS = """() => ({
  slow: [...window.answers.values()], all: performance.interactionCount - window.before,
  frames: window.frames, long: window.long,
})"""
SOURCE = re.compile(r'<script[^>]* src="([^"]+)"')
FLOOR_MS = 16.0
"""Event Timing tells nothing of interactions that are answered sooner: they count as this."""


@dataclass(frozen=True)
class Answers:
    """How soon a page answered, in ms: `interactions` (keys, clicks) until the next paint, `wheel` until its frame."""

    interactions: list[float]
    wheel: list[float]
    long_tasks: list[float]


def at(values: list[float], share: float) -> float:
    """A percentile; `share` 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def let_in(browser: Browser, address: str) -> BrowserContext:
    """A context of its own, with nothing in its cache; a VORI that was started here lets it in."""
    context = browser.new_context(viewport=WINDOW, locale="en", reduced_motion="reduce")
    url = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    if url in KEYS:
        context.request.get(link(url, KEYS[url]), max_redirects=0)
    return context


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """The page, and everything on it."""
    context = let_in(browser, address)
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    yield page
    context.close()


@dataclass(frozen=True)
class Scripts:
    """JavaScript that a page loads, in bytes: `first` and `whole` are what its HTML names, gzipped and as it is run;
    `later` is the rest until it falls idle, gzipped: what is lazy, and other pages' before they are asked for.
    """

    first: int
    whole: int
    later: int


def scripts(browser: Browser, address: str) -> Scripts:
    context = let_in(browser, address)
    page = context.new_page()
    answers: dict[str, Response] = {}

    def keep(answer: Response) -> None:
        answers[answer.url] = answer

    page.on("response", keep)
    shown = page.goto(address)
    page.wait_for_load_state("networkidle")
    assert shown is not None
    named = {urljoin(address, source) for source in SOURCE.findall(shown.text())}
    bodies = {
        url: answer.body() for url, answer in answers.items() if answer.request.resource_type == "script" and answer.ok
    }
    context.close()
    packed = {url: len(gzip.compress(body, 6)) for url, body in bodies.items()}
    first = sum(size for url, size in packed.items() if url in named)
    whole = sum(len(body) for url, body in bodies.items() if url in named)
    return Scripts(first, whole, sum(packed.values()) - first)


def largest_paint(browser: Browser, address: str, runs: int) -> float:
    """Median of so many cold loads, ms from the start of the navigation."""
    times = []
    for _ in range(runs):
        context = let_in(browser, address)
        context.add_init_script(WATCH_PAINT)
        page = context.new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.wait_for_function("window.painted > 0")
        times.append(float(page.evaluate("window.painted")))
        context.close()
    return median(times)


def use(page: Page, box: str, rounds: int) -> Answers:
    """Page through a scrolling `box` (a selector) by keys, by the wheel and by clicks, and see how soon it answers."""
    page.evaluate(WATCH_ANSWERS)
    area = page.locator(box)
    middle = area.bounding_box()
    assert middle is not None
    x, y = middle["x"] + middle["width"] - 40, middle["y"] + middle["height"] / 2
    for round_ in range(rounds):
        area.focus()
        for key in ("PageUp", "PageUp", "ArrowUp", "PageDown", "Home" if round_ % 5 == 0 else "ArrowDown", "End"):
            page.keyboard.press(key)
            page.wait_for_timeout(60)
        page.mouse.move(x, y)
        for delta in (-900, -900, 700):
            page.mouse.wheel(0, delta)
            page.wait_for_timeout(60)
        page.mouse.click(x, y)
        page.wait_for_timeout(60)
    page.wait_for_timeout(300)
    told = page.evaluate(READ_ANSWERS)
    quick = max(0, told["all"] - len(told["slow"]))
    return Answers([*map(float, told["slow"]), *[FLOOR_MS] * quick], told["frames"], told["long"])


@dataclass(frozen=True)
class Held:
    """What a page holds after its garbage is collected."""

    at_s: float
    heap: float
    """JavaScript's, bytes."""
    nodes: int
    listeners: int


def held(session: CDPSession, at_s: float) -> Held:
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    counters = session.send("Memory.getDOMCounters")
    return Held(at_s, float(heap), counters["nodes"], counters["jsEventListeners"])


def slope(samples: list[Held]) -> float:
    """Of the heap, by least squares, in bytes per minute."""
    mean_t = sum(sample.at_s for sample in samples) / len(samples)
    mean_h = sum(sample.heap for sample in samples) / len(samples)
    above = sum((sample.at_s - mean_t) * (sample.heap - mean_h) for sample in samples)
    below = sum((sample.at_s - mean_t) ** 2 for sample in samples)
    return above / below * 60 if below else 0.0
