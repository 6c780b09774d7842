"""Keeps cold storage in order, once an hour: small files become one, old live numbers and lists of sound move there.

Everything may be cut off at any moment and done again, by several processes at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID

import structlog

from vori.analytics.cold.archive import GROUP
from vori.analytics.cold.place import Cold
from vori.analytics.cold.store import delete_windows, read_sound, read_sound_days, read_window_days, read_windows
from vori.clock import new_id, now
from vori.database.connection import Database
from vori.errors import SupplierError
from vori.eventlog import EventLog
from vori.people.store import read_workspaces

logger = structlog.get_logger()

EVERY_S = 3600.0
HOT_DAYS = 30
"""So long live numbers stay in the database."""
SETTLED = timedelta(hours=6)
"""Of a day that is over for so long, all sound is archived."""
SMALL, MERGED = 8 << 20, 64 << 20
"""Files of fewer bytes are merged, up to that many bytes at once: a merger needs about twenty times as much memory."""
FEW = 8
"""So many small files of a month that goes on are left as they are."""

Passed = Mapping[str, int]
"""Per lane ("topic-partition") of the log: the offset before which all facts are cold for good."""


async def run(database: Database, log_database: Database, log: EventLog, cold: Cold) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await tidy(database, log_database, log, cold)
        except (SupplierError, OSError) as error:
            logger.warning("cold.not_tidied", reason=str(error))


async def tidy(database: Database, log_database: Database, log: EventLog, cold: Cold) -> None:
    """All of it, once."""
    for workspace_id in await read_workspaces(log_database):
        await keep_sound(database, workspace_id, cold, now())
        await move_windows(database, workspace_id, cold, now())
    passed = {f"{topic}-{number}": done for (topic, number), (done, _) in (await log.progress(GROUP)).items()}
    await asyncio.to_thread(compact, cold, passed, now())


async def move_windows(database: Database, workspace_id: UUID, cold: Cold, at: datetime) -> int:
    """Windows that are old enough, a day at a time: into its file, then out of the database. How many."""
    from vori.analytics.cold.parquet import KEY, read_rows, write_rows

    before, moved = (at - timedelta(days=HOT_DAYS)).astimezone(UTC).date(), 0
    async with database.transaction(workspace_id) as tx:
        days = await read_window_days(tx, before)
    for day in days:
        path = cold.month("metrics", workspace_id, day) / f"{day}.parquet"
        async with database.transaction(workspace_id) as tx:
            rows = await read_windows(tx, day)
            known = await asyncio.to_thread(read_rows, path) if path.exists() else []
            kept = {tuple(row[name] for name in KEY["metrics"]): row for row in [*known, *rows]}
            await asyncio.to_thread(write_rows, path, "metrics", list(kept.values()))
            moved += await delete_windows(tx, day)
    return moved


async def keep_sound(database: Database, workspace_id: UUID, cold: Cold, at: datetime) -> list[date]:
    """A list of what was archived of the meetings that ended on each day, written once; the days written now."""
    from vori.analytics.cold.parquet import write_rows

    midnight = (at - SETTLED).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    written = []
    async with database.transaction(workspace_id) as tx:
        days = await read_sound_days(tx, midnight)
    for day in days:
        path = cold.month("audio", workspace_id, day) / f"{day}.parquet"
        if not path.exists():
            async with database.transaction(workspace_id) as tx:
                rows = await read_sound(tx, day)
            await asyncio.to_thread(write_rows, path, "audio", rows)
            written.append(day)
    return written


def compact(cold: Cold, passed: Passed, at: datetime) -> int:
    """Make one file of a topic's many small ones in each month; how many went. None, while somebody reads."""
    gone = 0
    try:
        with cold.replacing():
            for workspace_id in cold.workspaces("events"):
                for month in cold.folders("events", workspace_id):
                    gone += _compact_month(month, passed, over=month.name < f"month={at.astimezone(UTC):%Y-%m}")
    except BlockingIOError:
        logger.debug("cold.being_read")
    return gone


def _compact_month(month: Path, passed: Passed, *, over: bool) -> int:
    from vori.analytics.cold.parquet import merge, merged_names

    for merged in month.glob("*-merged-*.parquet"):  # of those that it stands for, some may still be there
        for name in merged_names(merged):
            (month / name).unlink(missing_ok=True)
    gone = 0
    for topic, paths in groupby(sorted(month.glob("[!.]*.parquet")), lambda path: path.name.partition("-")[0]):
        small = _small([path for path in paths if _for_good(path, passed)])
        if len(small) >= (2 if over else FEW):
            merge(small, month / f"{topic}-merged-{new_id()}.parquet")
            for path in small:
                path.unlink()
            gone += len(small)
    return gone


def _small(paths: list[Path]) -> list[Path]:
    found, size = [], 0
    for path in paths:
        length = path.stat().st_size
        if length < SMALL and size + length <= MERGED:
            found.append(path)
            size += length
    return found


def _for_good(path: Path, passed: Passed) -> bool:
    """Whether no file of that name is written again."""
    topic, number, offset = path.name.split("-", 3)[:3]
    return number == "merged" or int(offset) < passed.get(f"{topic}-{number}", 0)
