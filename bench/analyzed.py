"""What `vori analyze` states of made-up histories, from their events: with nothing planted, and with truths.

    python bench/analyzed.py [--none 100] [--each 3] [--weeks 8] [--teams 2] [--seed 1]

Each run is a file of events of its own seed, through all that the command does, in one Spark session; stderr tells how
each went.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from insights import PLANTS, Told, judge, truths_of
from vori.analytics.engine.compute import compute
from vori.analytics.engine.parse import events, read_lines
from vori.analytics.engine.session import open_session
from vori.analytics.insights.find import Found
from vori.analytics.model import Kind
from vori.analytics.simulate.write import Wanted, make_histories, write_history


@dataclass(frozen=True)
class Run:
    """What came of one history."""

    told: Told
    trends: int
    took_s: float


def run(spark: SparkSession, wanted: Wanted, folder: Path) -> Run:
    """All that `vori analyze` does with a history's events."""
    folder.mkdir()
    file = folder / "events.jsonl"
    write_history(wanted, file)
    zones = {str(one.team.workspace_id): one.team.time_zone for one in make_histories(wanted)}
    began = time.monotonic()
    found: Mapping[Kind, Sequence[Any]] = compute(
        events(read_lines(spark, str(file))), folder, zones=zones, weights={}, until=None
    )
    took_s = time.monotonic() - began
    shutil.rmtree(folder)
    stated = Found(list(found["insight"]), list(found["anomaly"]), 0)
    told = judge(stated, truths_of(wanted, found["topic"]))
    print(f"seed {wanted.seed}: {len(told.false)} false, {took_s:.0f} s", file=sys.stderr, flush=True)
    return Run(told, len(found["trend"]), took_s)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--none", type=int, default=100, help="runs without a planted truth")
    asked.add_argument("--each", type=int, default=3, help="runs of each planted truth, of 12 weeks and 4 teams")
    asked.add_argument("--weeks", type=int, default=8, help="of a history without a planted truth")
    asked.add_argument("--teams", type=int, default=2, help="the same")
    asked.add_argument("--seed", type=int, default=1, help="of the first run of each")
    given = asked.parse_args()
    numbers = count()
    with tempfile.TemporaryDirectory() as place, open_session(Path(place) / "spark", memory="1g") as spark:
        print(
            "| planted | weeks | teams | runs | found | runs that state something false | runs with trends | s a run |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for sizes in ({}, *PLANTS):
            weeks, teams = (12, 4) if sizes else (given.weeks, given.teams)
            each = [
                run(spark, Wanted(weeks, teams, 8, seed, sizes), Path(place) / str(next(numbers)))
                for seed in range(given.seed, given.seed + (given.each if sizes else given.none))
            ]
            if each:
                show(sizes, (weeks, teams), each)


def show(sizes: Mapping[str, float], large: tuple[int, int], each: Sequence[Run]) -> None:
    """A row of the table, and each false statement beneath it as a comment."""
    name = ", ".join(f"{key} {value:g}" for key, value in sizes.items()) or "none"
    found = ", ".join(f"{sum(key in one.told.found for one in each)}/{len(each)}" for key in sizes) or "–"
    false, trends = sum(bool(one.told.false) for one in each), sum(bool(one.trends) for one in each)
    took_s = sum(one.took_s for one in each) / len(each)
    print(
        f"| {name} | {large[0]} | {large[1]} | {len(each)} | {found} | {false} ({100 * false / len(each):.1f} %) | "
        f"{trends} | {took_s:.0f} |",
        flush=True,
    )
    for one in each:
        for sentence in one.told.false:
            print(f"<!-- {sentence} -->", flush=True)


if __name__ == "__main__":
    main()
