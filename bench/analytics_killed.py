"""Driver and JVM of the stream are killed with -9 at random moments while events arrive; how many rows differ then.

    python bench/analytics_killed.py [KILLS]

Every other kill waits for a step to begin and falls at a random moment soon after. After each the stream starts again;
once it has read all there is, its tables are compared with one pass of SQL.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from happening import Meetings, differences
from streamed import Streamed
from vori.clock import now
from vori.database.connection import LOG_ROLE, Database
from vori.database.embedded import SUPERUSER, EmbeddedPostgres
from vori.database.migrate import migrate
from vori.eventlog.postgres import PostgresEventLog

RATE, LONGEST_S, PATIENCE_S = 40, 15.0, 240.0
INTO_STEP_S, LOOK_S = 0.6, 0.01
"""How far into a step a kill that waits for one falls at most; how often it looks."""
TWICE = """
select (select count(*) - count(distinct convert_from(value, 'utf8')::jsonb -> 'event' ->> 'event_id') from log_event
  where topic = 'analytics.metrics'), (select count(*) from log_event where topic <> 'analytics.metrics')
"""


@dataclass
class Row:
    """What came of one kill."""

    after_s: float
    """Since the stream had started."""
    unfinished: int
    """Steps begun and not finished when it was killed."""
    events: int
    differing: int
    told_twice: int


async def arrive(url: str, meetings: Meetings, chance: random.Random, going: asyncio.Event) -> None:
    """Events arrive while `going` is set, some of them twice, for ever."""
    async with Database(url, role=LOG_ROLE) as database, PostgresEventLog(database) as log:
        await log.publish(list(meetings.begin(now())))
        while True:
            await going.wait()
            fresh = [meetings.next(now() - timedelta(milliseconds=chance.randrange(3000))) for _ in range(RATE // 4)]
            await log.publish([*fresh, *chance.sample(fresh, 1)])
            await asyncio.sleep(0.25)


async def kill_often(kills: int, url: str, folder: Path, seed: int = 1) -> list[Row]:
    chance, going = random.Random(seed), asyncio.Event()
    found: list[Row] = []
    streamed = Streamed(url, folder)
    arriving = asyncio.create_task(arrive(url, Meetings(8, seed=seed), chance, going))
    await asyncio.to_thread(streamed.start)
    for number in range(kills):
        going.set()
        began = time.monotonic()
        await asyncio.sleep(chance.uniform(0, LONGEST_S) + (0 if number else LONGEST_S))
        if number % 2:
            async with asyncio.timeout(PATIENCE_S):
                while not steps_unfinished(folder):  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_S)
            await asyncio.sleep(chance.uniform(0, INTO_STEP_S))
        after = time.monotonic() - began
        streamed.kill()
        unfinished = steps_unfinished(folder)
        await asyncio.to_thread(streamed.start)
        await asyncio.sleep(3)
        going.clear()
        differing = await asyncio.to_thread(settle, url)
        with psycopg.connect(make_conninfo(url, user=SUPERUSER)) as admin:
            twice, events = admin.execute(TWICE).fetchone() or (0, 0)
        found.append(Row(after, unfinished, events, differing, twice))
    arriving.cancel()
    await asyncio.wait([arriving])
    streamed.kill()
    return found


def settle(url: str) -> int:
    """How many rows differ; looked at again for a while, since the stream may have to read on."""
    until = time.monotonic() + PATIENCE_S
    while (found := sum(differences(url).values())) and time.monotonic() < until:
        time.sleep(2)
    return found


def steps_unfinished(folder: Path) -> int:
    """How many steps the streams' checkpoints tell of that were begun and not committed."""

    def last(checkpoint: Path, what: str) -> int:
        return max((int(path.name) for path in (checkpoint / what).glob("*") if path.name.isdigit()), default=-1)

    return sum(last(one, "offsets") - last(one, "commits") for one in (folder / "checkpoints").glob("*"))


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="vori-killed-", dir="/tmp"))
    home.chmod(0o711)
    server = EmbeddedPostgres(home)
    try:
        url = server.start()
        migrate(url)
        rows = asyncio.run(kill_often(int(sys.argv[1]) if len(sys.argv) > 1 else 10, url, home / "analytics"))
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    print("| kill | s after start | steps unfinished | events so far | rows that differ | told twice |")
    print("|---|---|---|---|---|---|")
    for number, row in enumerate(rows, start=1):
        print(
            f"| {number} | {row.after_s:.1f} | {row.unfinished} | {row.events:,} | {row.differing} | {row.told_twice} |"
        )


if __name__ == "__main__":
    main()
