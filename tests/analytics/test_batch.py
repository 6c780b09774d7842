"""Results from cold facts: day by day or all at once, they are the same."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from vori.analytics.cold.archive import sort_rows, write_files
from vori.analytics.cold.place import Cold
from vori.analytics.model import ROWS, KeywordRow, Kind, Row, Weights
from vori.analytics.simulate.write import Wanted, make_histories
from vori.analytics.store import Run, Scope, ask_run, read_results, read_runs, save_results
from vori.clock import now
from vori.database.connection import Database
from vori.eventlog import EventLog, Partition, Record, partition_of
from vori.events import Event, TicketCreated, decode
from vori.foundation import Foundation, foundation
from vori.settings import Settings
from vori.tickets.settings.model import TicketSettings
from vori.tickets.settings.store import save_settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

WEEKS = 1


class World:
    """Two teams' history, and cold storage that gets it in parts."""

    def __init__(self, cold: Cold) -> None:
        histories = make_histories(Wanted(WEEKS, 2, 4, 3, {}))
        self.zones = {one.team.workspace_id: one.team.time_zone for one in histories}
        self.events = sorted(
            (decode(line.encode()) for one in histories for _, line in one.lines()), key=lambda one: one.occurred_at
        )
        self.cold = cold
        self._offsets = count()

    def archive(self, events: Iterable[Event], at: datetime) -> None:
        records = [
            Record(Partition(event.topic, partition_of(event.key)), next(self._offsets), event) for event in events
        ]
        write_files(sort_rows(self.cold, records, at))

    def days(self, workspace_id: UUID) -> set[date]:
        place = ZoneInfo(self.zones[workspace_id])
        first, last = (self.events[at].occurred_at.astimezone(place).date() for at in (0, -1))
        return {first + timedelta(days=day) for day in range((last - first).days + 1)}


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    made = World(Cold.under(tmp_path))
    for workspace_id, zone in made.zones.items():
        async with database.transaction(workspace_id) as tx:
            await tx.execute("insert into workspace (workspace_id, name) values (%s, 'team')", (workspace_id,))
            await save_settings(tx, TicketSettings(time_zone=zone))
    return made


def parts(base: Foundation) -> tuple[Database, Database, EventLog]:
    return base.database, base.log_database, base.log


def ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.kind, row.day, row.key))


async def kept(database: Database, workspace_id: UUID) -> list[Row]:
    kinds: tuple[Kind, ...] = ("meeting", "speaker", "stay", "ticket")
    async with database.transaction(workspace_id) as tx:
        return ordered([row for kind in kinds for row in await read_results(tx, ROWS[kind])])


async def keywords(database: Database, workspace_id: UUID) -> list[KeywordRow]:
    async with database.transaction(workspace_id) as tx:
        return await read_results(tx, KeywordRow)


async def asked(database: Database, workspace_id: UUID, first: date, last: date) -> Run:
    async with database.transaction(workspace_id) as tx:
        return await ask_run(tx, "back-fill", now(), first, last)


async def runs(database: Database, workspace_id: UUID) -> list[Run]:
    async with database.transaction(workspace_id) as tx:
        return await read_runs(tx)


async def test_results_kept_day_by_day_are_those_of_a_back_fill(
    spark: SparkSession, database: Database, database_url: str, world: World, tmp_path: Path
) -> None:
    """A part of the facts each night, some of them late; then all days at once."""
    from vori.analytics.engine.batch import Team, changed, reckon
    from vori.analytics.engine.rollup import Rollup

    teams = [Team(workspace_id, zone, Weights()) for workspace_id, zone in world.zones.items()]
    nights = [world.events[0].occurred_at + timedelta(days=days) for days in (3, 7 * WEEKS + 1)]
    late = set(random.Random(1).sample([event.event_id for event in world.events], len(world.events) // 20))
    came: set[UUID] = set()
    before: datetime | None = None
    async with foundation(Settings(home=tmp_path, database_url=database_url)) as base:
        rollup = Rollup(*parts(base), cold=world.cold, spark=spark, scratch=tmp_path / "scratch")
        for night in nights:
            new = [event for event in world.events if event.event_id not in came and event.occurred_at <= night]
            if before is None:
                new = [event for event in new if event.event_id not in late]
            world.archive(new, night)
            came |= {event.event_id for event in new}
            days = changed(spark, world.cold, teams, before and before + timedelta(seconds=1))
            await rollup.reckon(teams, days, until=night)
            before = night
    assert len(came) == len(world.events)
    everything = {workspace_id: world.days(workspace_id) for workspace_id in world.zones}
    full = reckon(spark, world.cold, teams, everything, until=nights[-1], scratch=tmp_path / "scratch")
    for workspace_id in world.zones:
        rows = ordered([row for of_kind in full[workspace_id].values() for row in of_kind])
        assert {row.kind for row in rows} == {"meeting", "speaker", "stay", "ticket"}
        assert {row.workspace_id for row in rows} == {workspace_id}
        assert await kept(database, workspace_id) == rows
    assert not list((tmp_path / "scratch").iterdir())


async def test_only_days_that_changed_are_reckoned(spark: SparkSession, world: World) -> None:
    from vori.analytics.engine.batch import Team, changed

    teams = [Team(workspace_id, zone, Weights()) for workspace_id, zone in world.zones.items()]
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    opened = next(event for event in world.events if isinstance(event, TicketCreated))
    world.archive(world.events, begin)
    assert changed(spark, world.cold, teams, begin + timedelta(seconds=1)) == {}
    world.archive([opened], begin + timedelta(hours=1))
    (found,) = changed(spark, world.cold, teams, begin + timedelta(seconds=1)).items()
    assert found[0] == opened.workspace_id
    assert opened.occurred_at.astimezone(ZoneInfo(world.zones[found[0]])).date() in found[1]
    assert len(found[1]) < len(world.days(found[0]))
    everything = changed(spark, world.cold, teams, None)
    assert found[1] < everything[found[0]]


async def test_runs_do_what_was_asked_and_what_is_due_and_tell_of_it(
    spark: SparkSession, database: Database, database_url: str, world: World, tmp_path: Path
) -> None:
    from vori.analytics.engine.rollup import Rollup

    one, other = world.zones
    at = world.events[-1].occurred_at + timedelta(days=1)
    world.archive(world.events, at)
    first, last = min(world.days(one)), max(world.days(one))
    async with foundation(Settings(home=tmp_path, database_url=database_url)) as base:
        rollup = Rollup(*parts(base), cold=world.cold, spark=spark, scratch=tmp_path / "scratch")
        await asked(database, one, first, last)
        await rollup.look(at)
        done = await runs(database, one)
        assert {run.what for run in done} == {"changes", "week", "back-fill"}
        assert all(run.begun_at and run.ended_at and not run.problem for run in done)
        everything, words = await kept(database, one), await keywords(database, one)
        assert {row.scope for row in words} == {"meeting", "week"}
        assert len(await kept(database, other)) > 0
        await rollup.look(at)
        assert await runs(database, one) == done, "nothing is due"
        async with database.transaction(one) as tx:
            await save_results(tx, "keyword", [], Scope(), at)
        await asked(database, one, first, last)
        await rollup.look(at)
        assert await keywords(database, one) == words, "after a meeting they are told at once"
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("vori.analytics.engine.rollup.reckon", None)
            await asked(database, one, first, last)
            await rollup.look(at)
        failed = (await runs(database, one))[0]
        assert failed.ended_at
        assert "TypeError" in failed.problem
        assert await kept(database, one) == everything
