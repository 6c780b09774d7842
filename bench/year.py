"""A year of 200 people: its facts into cold storage, then all results from there; what it takes in time and memory.

python bench/year.py                             on two cores of this machine
python bench/year.py --cluster                   the same on a spark:// master with two workers of one core each
python bench/year.py --weeks 12 --teams 11       less of it (about a tenth)
python bench/year.py --folder DIR --part talk    keywords, topics and trends alone, of what is there from the last time
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from pyspark.sql import SparkSession

from costs import Meter
from vori.analytics.cold.parquet import write_rows
from vori.analytics.cold.place import Cold
from vori.analytics.engine.batch import AT_ONCE, Team, reckon, reckon_talk
from vori.analytics.engine.session import LOCAL, open_session
from vori.analytics.schedule import each_day
from vori.analytics.simulate.write import Wanted, truth_path, write_history
from vori.clock import now
from vori.events import EVENTS

LANE = 20_000
"""Facts of one file, at most."""


@contextmanager
def step(name: str) -> Iterator[dict[str, Any]]:
    """Prints what it took, and what was noted meanwhile."""
    noted: dict[str, Any] = {}
    began = time.monotonic()
    with Meter([os.getpid()]) as meter:
        yield noted
    took = time.monotonic() - began
    told = ", ".join(f"{value:,} {key}" for key, value in noted.items())
    print(f"{name:32} {took:7.0f} s  {meter.cpu_s:7.0f} s of processors  {meter.pss_mb:6.0f} MiB  {told}", flush=True)


def load(history: Path, cold: Cold) -> int:
    """Each line into the file of its workspace, month and topic; how many."""
    waiting: defaultdict[tuple[UUID, datetime, str], list[dict[str, Any]]] = defaultdict(list)
    written: Counter[tuple[UUID, datetime, str]] = Counter()
    at, lines = now(), 0

    def write(place: tuple[UUID, datetime, str]) -> None:
        workspace_id, month, topic = place
        folder = cold.month("events", workspace_id, month)
        write_rows(folder / f"{topic}-merged-{written[place]:04}.parquet", "events", waiting.pop(place))
        written[place] += 1

    with history.open(encoding="utf-8") as file:
        for line in file:
            wrapped = from_json(line)
            event, topic = wrapped["event"], EVENTS[wrapped["type"]].topic.value
            occurred = datetime.fromisoformat(event["occurred_at"]).astimezone(UTC)
            row = {name: event[name] for name in ("event_id", "workspace_id", "meeting_id")}
            ticket = event.get("ticket") or event.get("before") or {}
            row |= {
                "ticket_id": ticket.get("ticket_id"),
                "type": wrapped["type"],
                "occurred_at": occurred,
                "archived_at": at,
                "value": line.rstrip("\n"),
            }
            month = datetime(occurred.year, occurred.month, 1, tzinfo=UTC)
            place = UUID(event["workspace_id"]), month, topic
            waiting[place].append(row | {"topic": topic, "partition": 0, "offset": lines})
            lines += 1
            if len(waiting[place]) == LANE:
                write(place)
            if lines % (5 * LANE) == 0:
                over = {other for other in waiting if (month - other[1]).days > 2}
                for other in over:
                    write(other)
    for place in list(waiting):
        write(place)
    return lines


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--weeks", type=int, default=52)
    asked.add_argument("--teams", type=int, default=25)
    asked.add_argument("--cluster", action="store_true")
    asked.add_argument("--memory", default="1g", help="heap of Spark's driver, and of each executor")
    asked.add_argument("--folder", type=Path, help="keeps the history and cold storage there, for the next time")
    asked.add_argument("--part", choices=("results", "talk"), help="only these")
    given = asked.parse_args()
    folder = given.folder or Path(tempfile.mkdtemp(prefix="vori-year-"))
    try:
        run(given, folder)
    finally:
        if given.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


def run(given: argparse.Namespace, folder: Path) -> None:
    history, cold = folder / f"{given.weeks}x{given.teams}.jsonl", Cold(folder / f"cold-{given.weeks}x{given.teams}")
    if not truth_path(history).exists():
        with step("history made up") as noted:
            counted = write_history(Wanted(given.weeks, given.teams, 8, 1, {}), history)
            noted |= {"meetings": counted["MeetingStarted"], "utterances": counted["UtteranceFinal"]}
    if not cold.root.exists():
        with step("facts into cold storage") as noted:
            noted["facts"] = load(history, cold)
            noted["MB"] = sum(path.stat().st_size for path in cold.root.rglob("*.parquet")) // 1_000_000
    truth = json.loads(truth_path(history).read_text())
    teams = [Team(UUID(team["workspace_id"]), team["time_zone"]) for team in truth["teams"]]
    days = list(each_day(date.fromisoformat(truth["from"]), date.fromisoformat(truth["to"])))
    with master(given, folder) as url, open_session(folder / "spark", master=url, memory=given.memory) as spark:
        if given.part != "talk":
            results(spark, cold, teams, days, folder)
        if given.part != "results":
            talk(spark, cold, teams, days, folder)


def results(spark: SparkSession, cold: Cold, teams: list[Team], days: list[date], folder: Path) -> None:
    found: Counter[str] = Counter()
    over = datetime.combine(days[-1] + timedelta(days=2), datetime.min.time(), UTC)  # what is later isn't reckoned
    with step(f"results of {len(days)} days, {AT_ONCE} at once") as noted:
        for first in range(0, len(days), AT_ONCE):
            some = days[first : first + AT_ONCE]
            part = {team.workspace_id: some for team in teams}
            of_part = reckon(spark, cold, teams, part, until=over, scratch=folder / "scratch")
            for of_team in of_part.values():
                found.update({kind: len(rows) for kind, rows in of_team.items()})
        noted |= {f"{kind} rows": count for kind, count in found.items()}


def talk(spark: SparkSession, cold: Cold, teams: list[Team], days: list[date], folder: Path) -> None:
    with step("keywords, topics and trends") as noted:
        every = {team.workspace_id: days for team in teams}
        talked = reckon_talk(spark, cold, teams, every, scratch=folder / "scratch", known=folder / "topics")
        found = Counter(row.kind for of_team in talked.values() for rows in of_team.values() for row in rows)
        noted |= {f"{kind} rows": count for kind, count in found.items()}


def master(given: argparse.Namespace, folder: Path) -> Any:
    if not given.cluster:
        return nullcontext(LOCAL)
    from spark_cluster import cluster

    return cluster(folder / "cluster", workers=2, cores=1, memory=given.memory)


if __name__ == "__main__":
    main()
