"""Results from cold facts: day by day or all at once, they are the same."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from vori.analytics.cold.archive import sort_rows, write_files
from vori.analytics.cold.place import Cold
from vori.analytics.model import (
    ROWS,
    AnalyticsSettings,
    KeywordRow,
    Kind,
    MeetingRow,
    Row,
    SpeakerRow,
    TopicRow,
    Weights,
)
from vori.analytics.simulate.write import Wanted, make_histories
from vori.analytics.store import R, Run, What, ask_run, begin_run, end_run, read_results, read_runs
from vori.analytics.store import save_settings as save_analytics
from vori.clock import now
from vori.database.connection import Database
from vori.eventlog import Partition, Record, partition_of
from vori.events import Event, TicketCreated, UtteranceFinal, decode
from vori.foundation import foundation
from vori.settings import Settings
from vori.tickets.settings.model import TicketSettings
from vori.tickets.settings.store import save_settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from vori.analytics.engine.batch import Results, Team
    from vori.analytics.engine.rollup import Rollup

WEEKS = 1
LATER = timedelta(days=27)


class World:
    """Two teams' history, and cold storage that gets it in parts."""

    def __init__(self, cold: Cold) -> None:
        histories = make_histories(Wanted(WEEKS, 2, 4, 3, {}))
        self.zones = {one.team.workspace_id: one.team.time_zone for one in histories}
        self.events = sorted(
            (decode(line.encode()) for one in histories for _, line in one.lines()), key=lambda one: one.occurred_at
        )
        self.found_later = self._find_later()
        self.cold = cold
        self._offsets = count()
        self._came: set[UUID] = set()

    def _find_later(self) -> UtteranceFinal:
        """One utterance is found weeks after its meeting, in another month, when that is heard again."""
        at, said = next((at, one) for at, one in enumerate(self.events) if isinstance(one, UtteranceFinal))
        found = said.model_copy(update={"occurred_at": self.events[0].occurred_at + LATER})
        self.events = [*self.events[:at], *self.events[at + 1 :], found]
        return found

    def talk_ms(self, said: UtteranceFinal) -> int:
        """Of its meeting."""
        spoken = (one for one in self.events if isinstance(one, UtteranceFinal) and one.meeting_id == said.meeting_id)
        return sum(one.end_ms - one.start_ms for one in spoken)

    def archive(self, events: Iterable[Event], at: datetime) -> None:
        records = [
            Record(Partition(event.topic, partition_of(event.key)), next(self._offsets), event) for event in events
        ]
        write_files(sort_rows(self.cold, records, at))

    def come(self, night: datetime, *, early: bool) -> list[Event]:
        """What came by that night for the first time; of what happened early, some is late."""
        late = set(random.Random(1).sample(range(len(self.events)), len(self.events) // 20)) if early else set()
        new = [
            event
            for nth, event in enumerate(self.events)
            if event.occurred_at <= night and nth not in late and event.event_id not in self._came
        ]
        self._came |= {event.event_id for event in new}
        return new

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


def ordered(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row.kind, row.day, row.key))


async def kept(database: Database, workspace_id: UUID) -> list[Row]:
    kinds: tuple[Kind, ...] = ("meeting", "speaker", "stay", "ticket")
    async with database.transaction(workspace_id) as tx:
        return ordered([row for kind in kinds for row in await read_results(tx, ROWS[kind])])


async def read(database: Database, workspace_id: UUID, of: type[R]) -> list[R]:
    async with database.transaction(workspace_id) as tx:
        return await read_results(tx, of)


async def ask(database: Database, workspace_id: UUID, what: What, *days: date) -> None:
    async with database.transaction(workspace_id) as tx:
        await ask_run(tx, what, now(), *days)


async def note_week(database: Database, workspace_id: UUID, at: datetime) -> None:
    """A week's run was there."""
    async with database.transaction(workspace_id) as tx:
        run = await ask_run(tx, "week", at)
        await begin_run(tx, run.run_id, at)
        await end_run(tx, run.run_id, at)


async def runs(database: Database, workspace_id: UUID) -> list[Run]:
    async with database.transaction(workspace_id) as tx:
        return await read_runs(tx)


async def weigh_talk_alone(database: Database, workspace_id: UUID) -> None:
    async with database.transaction(workspace_id) as tx:
        await save_analytics(tx, AnalyticsSettings(weights=Weights(actionable=0, decision_time=0, participation=1)))


async def fail_for(broken: UUID, well: UUID, rollup: Rollup, at: datetime) -> None:
    """Both want a back-fill of a day, and what is reckoned for one of them fails."""

    def reckoned(_: object, __: object, teams: Sequence[Team], *___: object, **____: object) -> Results:
        if any(team.workspace_id == broken for team in teams):
            raise ValueError("broken")
        return {}

    for workspace_id in (broken, well):
        await ask(rollup._database, workspace_id, "back-fill", date(2026, 1, 5), date(2026, 1, 5))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("vori.analytics.engine.rollup.reckon", reckoned)
        await rollup.look(at)


async def test_results_kept_day_by_day_are_those_of_a_back_fill_and_runs_tell_of_it(
    spark: SparkSession, database: Database, database_url: str, world: World, tmp_path: Path
) -> None:
    """A part of the facts each night, some of them late; then all days at once, keywords, and a week's run."""
    from vori.analytics.engine.batch import Team, changed
    from vori.analytics.engine.rollup import Rollup

    teams = [Team(workspace_id, zone) for workspace_id, zone in world.zones.items()]
    later = world.found_later
    nights = [world.events[0].occurred_at + timedelta(days=days) for days in (3, LATER.days)]
    async with foundation(Settings(home=tmp_path, database_url=database_url)) as base:
        parts = base.database, base.log_database, base.log
        rollup = Rollup(*parts, cold=world.cold, spark=spark, scratch=tmp_path / "scratch")
        before: datetime | None = None
        for night in nights:
            world.archive(world.come(night, early=before is None), night)
            days = changed(spark, world.cold, teams, before and before + timedelta(seconds=1))
            await rollup.reckon(teams, days, until=night)
            before = night
        by_day = {workspace_id: await kept(database, workspace_id) for workspace_id in world.zones}
        for workspace_id, rows in by_day.items():
            assert {row.kind for row in rows} == {"meeting", "speaker", "stay", "ticket"}
            assert {row.workspace_id for row in rows} == {workspace_id}
            heard = [row for row in rows if isinstance(row, SpeakerRow) and row.meeting_id == later.meeting_id]
            assert sum(row.talk_ms for row in heard) == world.talk_ms(later) * (workspace_id == later.workspace_id)
            await ask(database, workspace_id, "back-fill", min(world.days(workspace_id)), max(world.days(workspace_id)))
        one, other = world.zones
        await note_week(database, other, nights[-1])
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("vori.analytics.engine.topics.COARSE", (3,))
            await rollup.look(nights[-1])
            assert {workspace_id: await kept(database, workspace_id) for workspace_id in world.zones} == by_day
            done = await runs(database, one)
            assert {run.what for run in done} == {"changes", "week", "back-fill"}
            assert all(run.begun_at and run.ended_at and not run.problem for run in done)
            await rollup.look(nights[-1])
            assert await runs(database, one) == done, "nothing is due"
            topics = await read(database, one, TopicRow)
            assert len(topics) >= 2
            await weigh_talk_alone(database, one)
            await rollup.look(nights[-1])
        for workspace_id in (one, other):
            assert {row.scope for row in await read(database, workspace_id, KeywordRow)} == {"meeting", "week"}
        assert [run.what for run in await runs(database, one)].count("changes") == 2
        scores = [row.score for row in await read(database, one, MeetingRow)]
        assert [score.value for score in scores] == [score.participation.value for score in scores]
        assert await read(database, one, TopicRow) == topics, "counted again, they are the same"
        assert await read(database, other, TopicRow) == []
        await fail_for(one, other, rollup, nights[-1])
        assert "ValueError: broken" in (await runs(database, one))[0].problem
        assert not (await runs(database, other))[0].problem
        assert await kept(database, other) == by_day[other]
    assert not list((tmp_path / "scratch").iterdir())


async def test_only_days_that_changed_are_reckoned(spark: SparkSession, world: World) -> None:
    from vori.analytics.engine.batch import Team, changed

    teams = [Team(workspace_id, zone) for workspace_id, zone in world.zones.items()]
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
