"""Results kept up to date: after each meeting, each night, each week, and for days that somebody asks for."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from pyspark.sql import SparkSession

from vori.analytics.cold.archive import settled
from vori.analytics.cold.place import Cold
from vori.analytics.engine import process
from vori.analytics.engine.batch import AT_ONCE, Days, Team, changed, reckon, reckon_talk
from vori.analytics.engine.topics import recounted
from vori.analytics.engine.weekly import WEEKS, find_insights
from vori.analytics.model import Kind, TopicRow
from vori.analytics.schedule import due, each_day, monday
from vori.analytics.store import (
    Run,
    Scope,
    ask_run,
    begin_run,
    end_run,
    read_last_run,
    read_results,
    read_settings,
    read_waiting_runs,
    save_results,
)
from vori.clock import now
from vori.database.connection import Database
from vori.errors import SupplierError, Unavailable, VoriError
from vori.eventlog import EventLog, Fenced
from vori.events import Topic
from vori.people.store import read_workspaces
from vori.tickets.settings.store import read_settings as read_ticket_settings

logger = structlog.get_logger()

GROUP = "analytics"
TOPICS = (Topic.MEETING_REPORTED,)
LOOK_S = 5.0
SLACK = timedelta(hours=1)
"""Facts that became cold so long before the last run are looked at again: a file shows a moment after its time."""
BESIDE_WEEKS = 4
"""How rare a word is, is told by so many weeks until the week's run tells it by more."""
LONGEST_PAUSE_S = 60.0
KINDS: tuple[Kind, ...] = ("meeting", "speaker", "stay", "ticket")


class Rollup:
    """One at a time; `scratch` is its own."""

    def __init__(
        self,
        database: Database,
        log_database: Database,
        log: EventLog,
        *,
        cold: Cold,
        spark: SparkSession,
        scratch: Path,
    ) -> None:
        self._database = database
        self._log_database = log_database
        self._log = log
        self._cold = cold
        self._spark = spark
        self._scratch = scratch
        self._known = cold.root.parent / "topics"

    async def run(self) -> None:
        """Until cancelled."""
        pause_s = 0.0
        while True:
            try:
                async with self._log.consumer(GROUP, TOPICS) as consumer:
                    while True:
                        batch = await consumer.poll(wait_s=LOOK_S)
                        await self.look(now(), reported={record.event.workspace_id for record in batch.records})
                        if batch.records:
                            async with self._database.transaction() as tx:
                                passed = {record.partition: record.offset + 1 for record in batch.records}
                                await consumer.commit(tx, passed)
                        pause_s = 0.0
            except Fenced:
                logger.warning("consumer.fenced", group=GROUP)
            except SupplierError as error:
                pause_s = min(max(0.2, 2 * pause_s), LONGEST_PAUSE_S)
                logger.warning("analytics.not_reckoned", reason=str(error), retry_in_s=pause_s)
                await asyncio.sleep(pause_s)

    async def look(self, at: datetime, *, reported: Collection[UUID] = ()) -> None:
        """Do what is due. In `reported` workspaces a meeting was reported since the last look."""
        if reported:
            await settled(self._log)
        teams, runs = [], []
        for workspace_id in await read_workspaces(self._log_database):
            team, waiting = await self._due(workspace_id, at, reported=workspace_id in reported)
            teams += [team]
            runs += waiting
        if runs:
            await self._do(
                runs, [team for team in teams if team.workspace_id in {run.workspace_id for run in runs}], at
            )

    async def _due(self, workspace_id: UUID, at: datetime, *, reported: bool) -> tuple[Team, list[Run]]:
        """A workspace and its runs: those that wait, and what is due by its clock."""
        async with self._database.transaction(workspace_id) as tx:
            settings = await read_settings(tx)
            team = Team(workspace_id, (await read_ticket_settings(tx)).zone.key, settings.weights)
            waiting = await read_waiting_runs(tx)
            last = await read_last_run(tx, "changes", well=False)
            wanted = reported or last is None or last.basis != team.basis or due(at, team.zone, last.begun_at)
            if wanted and all(run.what != "changes" for run in waiting):
                waiting.append(await ask_run(tx, "changes", at))
            last = await read_last_run(tx, "week", well=False)
            wanted = due(at, team.zone, last.begun_at if last else None, weekly=True)
            if wanted and all(run.what != "week" for run in waiting):
                waiting.append(await ask_run(tx, "week", at))
        return team, waiting

    async def _do(self, runs: Sequence[Run], teams: Sequence[Team], began: datetime) -> None:
        """Reckon what these runs want, all of it together; where that fails, each team's by itself."""
        clock = monotonic()
        for team in teams:
            async with self._database.transaction(team.workspace_id) as tx:
                for run in _of(team, runs):
                    await begin_run(tx, run.run_id, began, team.basis)
        problem = ""
        try:
            days = await self._days(runs, teams, began)
            await self.reckon(teams, days, until=began)
            weekly = [team for team in teams if any(run.what == "week" for run in _of(team, runs))]
            await self._talk([team for team in teams if team not in weekly], days, began)
            for team in weekly:
                await self._look_back(team, began)
            logger.info("analytics.reckoned", workspaces=len(days), took_s=round(monotonic() - clock, 1))
        except SupplierError:
            raise
        except Exception as error:
            if process.pid() is None:  # these runs are done again when it is back
                raise Unavailable("Spark's process ended.", remedy="It is started again.") from error
            if len(teams) > 1:
                for team in teams:
                    await self._do(_of(team, runs), [team], began)
                return
            logger.exception("analytics.run_failed")
            problem = error.message if isinstance(error, VoriError) else f"{type(error).__name__}: {error}"[:500]
        for run in runs:
            async with self._database.transaction(run.workspace_id) as tx:
                await end_run(tx, run.run_id, now(), problem)

    async def _talk(self, teams: Sequence[Team], days: Days, at: datetime) -> None:
        """Keywords of the meetings and weeks of days that are not long ago, beside the talk of the weeks before; and
        how much of these weeks' talk is about the topics that are known."""
        beside: dict[UUID, list[date]] = {}
        for team in teams:
            first = monday(_today(team, at)) - timedelta(weeks=BESIDE_WEEKS - 1)
            if any(day >= first for day in days.get(team.workspace_id, ())):
                beside[team.workspace_id] = list(each_day(first, _today(team, at)))
        found = await asyncio.to_thread(
            reckon_talk, self._spark, self._cold, teams, beside, scratch=self._scratch, known=self._known, fresh=False
        )
        for workspace_id, results in found.items():
            meant = set(beside[workspace_id]) & {one for day in days[workspace_id] for one in (day, monday(day))}
            recent = [row for row in results["topic"] if isinstance(row, TopicRow)]
            async with self._database.transaction(workspace_id) as tx:
                some = [row for row in results["keyword"] if row.day in meant]
                await save_results(tx, "keyword", some, Scope(days=meant), at)
                if recent:  # else nothing was said that is about a topic that is known
                    topics = recounted(await read_results(tx, TopicRow), recent, beside[workspace_id][0])
                    await save_results(tx, "topic", topics, Scope(), at)

    async def _look_back(self, team: Team, at: datetime) -> None:
        """What half a year was about, what rose and fell in it, and what its results support."""
        yesterday = _today(team, at) - timedelta(days=1)
        days = {team.workspace_id: list(each_day(monday(yesterday) - timedelta(weeks=WEEKS - 1), yesterday))}
        found = await asyncio.to_thread(
            reckon_talk, self._spark, self._cold, [team], days, scratch=self._scratch, known=self._known
        )
        for workspace_id, results in found.items():
            async with self._database.transaction(workspace_id) as tx:
                for kind, rows in results.items():
                    await save_results(
                        tx, kind, rows, Scope(days=days[workspace_id]) if kind == "keyword" else Scope(), at
                    )
        await find_insights(self._database, self._log, team.workspace_id, yesterday, at)

    async def _days(self, runs: Sequence[Run], teams: Sequence[Team], at: datetime) -> Days:
        """The days that these runs mean. What changes by itself (a stay that lasts) is looked at with each change."""
        days: defaultdict[UUID, set[date]] = defaultdict(set)
        for run in runs:
            if run.first_day and run.last_day:
                days[run.workspace_id] |= set(each_day(run.first_day, run.last_day))
        anew, known, since = [], [], []
        for team in teams:
            if all(run.what != "changes" for run in _of(team, runs)):
                continue
            days[team.workspace_id].add(_today(team, at))
            async with self._database.transaction(team.workspace_id) as tx:
                last = await read_last_run(tx, "changes", well=True)
            if last and last.begun_at and last.basis == team.basis:
                known.append(team)
                since.append(last.begun_at - SLACK)
            else:
                anew.append(team)
        for some, oldest in ((anew, None), (known, min(since, default=None))):
            found = await asyncio.to_thread(changed, self._spark, self._cold, some, oldest)
            for workspace_id, changed_days in found.items():
                days[workspace_id] |= changed_days
        return days

    async def reckon(self, teams: Sequence[Team], days: Days, *, until: datetime) -> None:
        """Put what comes of these days in the place of what was there, a month or so at a time."""
        every = sorted({day for of_team in days.values() for day in of_team})
        for first in range(0, len(every), AT_ONCE):
            some = set(every[first : first + AT_ONCE])
            part = {workspace_id: some & set(of_team) for workspace_id, of_team in days.items() if some & set(of_team)}
            found = await asyncio.to_thread(
                reckon, self._spark, self._cold, teams, part, until=until, scratch=self._scratch
            )
            for workspace_id, results in found.items():
                async with self._database.transaction(workspace_id) as tx:
                    for kind in KINDS:
                        await save_results(tx, kind, results.get(kind, []), Scope(days=part[workspace_id]), until)


def _of(team: Team, runs: Iterable[Run]) -> list[Run]:
    return [run for run in runs if run.workspace_id == team.workspace_id]


def _today(team: Team, at: datetime) -> date:
    return at.astimezone(ZoneInfo(team.zone)).date()
