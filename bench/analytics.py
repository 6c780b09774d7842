"""Live numbers: how soon, how many events, at what cost, and what one pass of plain SQL takes over the same events.

    python bench/analytics.py [soon] [most] [history] [meetings]

Everything runs on this machine: PostgreSQL, the stream (`local[2]`), and whoever publishes and listens here.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo

from analytics_killed import settle as differ
from costs import Meter
from happening import PIECES, WINDOWS, Meetings
from streamed import Streamed
from vori.analytics.model import QUESTION
from vori.clock import now
from vori.database.connection import LOG_ROLE, Database
from vori.database.embedded import SUPERUSER, EmbeddedPostgres
from vori.database.migrate import migrate
from vori.eventlog.postgres import PostgresEventLog
from vori.events import Event
from vori.livefeed import LiveMessage, open_livefeed

LAST_S, WARM_S, TICK_S, QUIET_S = 60.0, 40.0, 0.25, 12.0


@dataclass
class Watch:
    """When which event was published, and how long it took until a page was told of it."""

    waiting: defaultdict[UUID, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    waits_s: list[float] = field(default_factory=list)

    async def listen(self, url: str) -> None:
        async with (
            Database(url, role=LOG_ROLE) as database,
            open_livefeed("postgres:", database) as feed,
            feed.subscribe() as messages,
        ):
            async for message in messages:
                if isinstance(message, LiveMessage) and message.kind == "metrics" and message.data:
                    heard, until = now(), datetime.fromisoformat(message.data["at"])
                    told = self.waiting[message.id]
                    while told and told[0] <= until:
                        self.waits_s.append((heard - told.pop(0)).total_seconds())


@contextmanager
def stack() -> Iterator[tuple[str, Streamed]]:
    """A database and the stream over it, at work."""
    home = Path(tempfile.mkdtemp(prefix="vori-bench-", dir="/tmp"))
    home.chmod(0o711)
    server = EmbeddedPostgres(home)
    try:
        url = server.start()
        migrate(url)
        streamed = Streamed(url, home / "analytics")
        streamed.start()
        yield url, streamed
        streamed.kill()
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


async def publish(url: str, meetings: Meetings, rate: float, last_s: float, watch: Watch | None = None) -> int:
    """So many events a second, as they happen; how many it were."""
    count, begun = 0, time.monotonic()
    async with Database(url, role=LOG_ROLE) as database, PostgresEventLog(database) as log:
        await log.publish(list(meetings.begin(now())))
        while (passed := time.monotonic() - begun) < last_s:
            fresh: list[Event] = [meetings.next(now()) for _ in range(int(rate * passed) - count)]
            count += len(fresh)
            if watch is not None:
                for event in fresh:
                    watch.waiting[event.meeting_id].append(event.occurred_at)
            if fresh:
                await log.publish(fresh)
            await asyncio.sleep(TICK_S)
    return count


async def flood(url: str, meetings: Meetings, count: int) -> None:
    """So many events that happened in the last eight minutes, at once."""
    began = now() - timedelta(minutes=8)
    async with Database(url, role=LOG_ROLE) as database, PostgresEventLog(database) as log:
        await log.publish(list(meetings.begin(began)))
        pace = timedelta(minutes=8) / count
        for first in range(0, count, 1000):
            await log.publish([meetings.next(began + pace * nth) for nth in range(first, min(count, first + 1000))])


def steps(streamed: Streamed, since: int = 0) -> list[dict[str, Any]]:
    return [step for step in streamed.told("stream.step")[since:] if step["events"]]


def settle(url: str, streamed: Streamed) -> None:
    """Until no step takes anything in any more, and then until the numbers are those that SQL counts: it is asked only
    afterwards, for it takes a processor."""
    known, since = -1, time.monotonic()
    while time.monotonic() - since < QUIET_S:
        if len(steps(streamed)) != known:
            known, since = len(steps(streamed)), time.monotonic()
        time.sleep(0.5)
    assert differ(url) == 0, "the numbers aren't those that SQL counts"


def soon(rate: int) -> None:
    """Event to page."""
    with stack() as (url, streamed):

        async def measure() -> Watch:
            listening = asyncio.create_task((watch := Watch()).listen(url))
            await publish(url, Meetings(20, seed=1, name="warm"), rate, WARM_S)
            await asyncio.to_thread(settle, url, streamed)
            await publish(url, Meetings(20, seed=2), rate, LAST_S, watch)
            await asyncio.to_thread(settle, url, streamed)
            listening.cancel()
            return watch

        with Meter([streamed.process.pid]) as meter:  # type: ignore[union-attr]
            watch = asyncio.run(measure())
        waits = sorted(watch.waits_s)
        took = [step["took_s"] for step in steps(streamed)[-8:]]
        print(
            f"| {rate:,} | {len(waits):,} | {statistics.median(waits):.1f} | {waits[int(0.95 * len(waits))]:.1f} | "
            f"{statistics.median(took):.1f} | {max(took):.1f} | {meter.pss_mb:,.0f} |",
            flush=True,
        )


def most(count: int = 100_000) -> None:
    """A flood: how fast it is taken in, and plain SQL over the same events."""
    with stack() as (url, streamed):
        asyncio.run(publish(url, Meetings(20, seed=1, name="warm"), 50, WARM_S))
        settle(url, streamed)
        known = len(streamed.told("stream.step"))
        asyncio.run(flood(url, Meetings(50, seed=2), count))
        settle(url, streamed)
        found = steps(streamed, known)
        busy, events = sum(step["took_s"] for step in found), sum(step["events"] for step in found)
        longest = max(step["took_s"] for step in found)
        with psycopg.connect(make_conninfo(url, user=SUPERUSER)) as connection:
            begun = time.monotonic()
            connection.execute("create temporary table expected_piece as " + PIECES, {"question": QUESTION})
            connection.execute("create temporary table expected_window as " + WINDOWS)
            plain = time.monotonic() - begun
        print(
            f"| {events:,} | {len(found)} | {longest:.1f} | {events / busy:,.0f} | {busy:.1f} | {plain:.1f} | "
            f"{busy / plain:.1f} |",
            flush=True,
        )


def history(before: int = 150_000) -> None:
    """Steps at 100 events a second, with nothing before and with much before."""
    with stack() as (url, streamed):
        asyncio.run(publish(url, Meetings(20, seed=1), 100, LAST_S))
        early = [step["took_s"] for step in steps(streamed)[-6:]]
        asyncio.run(flood(url, Meetings(200, seed=2), before))
        settle(url, streamed)
        known = len(streamed.told("stream.step"))
        asyncio.run(publish(url, Meetings(20, seed=3), 100, LAST_S))
        late = [step["took_s"] for step in steps(streamed, known)[-6:]]
        print(f"| {before:,} | {statistics.median(early):.1f} | {statistics.median(late):.1f} |", flush=True)


def meetings() -> None:
    """Steps at 100 events a second, spread over more and more meetings."""
    with stack() as (url, streamed):
        asyncio.run(publish(url, Meetings(10, seed=1, name="warm"), 100, WARM_S))
        for count in (10, 100, 1000):
            settle(url, streamed)
            known = len(streamed.told("stream.step"))
            asyncio.run(publish(url, Meetings(count, seed=count), 100, LAST_S))
            took = [step["took_s"] for step in steps(streamed, known)[-6:]]
            print(f"| {count:,} | {statistics.median(took):.1f} |", flush=True)


def main() -> None:
    asked = sys.argv[1:] or ["soon", "most", "history", "meetings"]
    if "soon" in asked:
        print("| events/s | events | p50, s | p95, s | step, s | longest, s | PSS, MiB |\n" + 7 * "|---" + "|")
        for rate in (10, 100, 1000, 2000):
            soon(rate)
    if "most" in asked:
        print("| events at once | steps | longest, s | events/s | stream, s | plain SQL, s | ratio |")
        print("|---|---|---|---|---|---|---|")
        most()
    if "history" in asked:
        print("| events before | step before, s | step after, s |\n|---|---|---|")
        history()
    if "meetings" in asked:
        print("| meetings | step, s |\n|---|---|")
        meetings()


if __name__ == "__main__":
    main()
