"""How often insights find what is planted in made-up histories, and how often they state what isn't there.

    python bench/insights.py [--none 200] [--each 20] [--weeks 12] [--teams 4] [--seed 1] [--keep FOLDER]

Each run is a history of its own seed; its rows go to `vori.analytics.insights.find.find` together.
"""

from __future__ import annotations

import argparse
import os
import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from quick_rows import Rows, make_rows
from vori.analytics.insights.find import Found, find
from vori.analytics.model import TopicRow
from vori.analytics.simulate.people import FIRST_DAY
from vori.analytics.simulate.sentences import TOPICS, terms
from vori.analytics.simulate.write import Wanted, make_histories
from vori.events import Status

PEOPLE = 8
PLANTS: tuple[Mapping[str, float], ...] = (
    {"ten_oclock": 0.23},
    {"ten_oclock": 0.5},
    {"backend_slow": 3},
    {"backend_slow": 2},
    {"backend_slow": 0.5},
    {"review_bottleneck": 4},
    {"review_bottleneck": 1},
    {"odd_week": 0.5},
    {"rising_topic": 4},
    {"ten_oclock": 0.4, "backend_slow": 3, "review_bottleneck": 4, "odd_week": 0.5, "rising_topic": 6},
)
"""Each alone at the size it has unless given, then others, then all at once."""
REVIEW = ("review",)


@dataclass(frozen=True)
class Told:
    """What a run states: of which planted truths, and how many statements are of none."""

    found: frozenset[str]
    true: int
    false: tuple[str, ...]


def tell(wanted: Wanted, rows: Rows) -> Told:
    """Hold what is stated against what was planted."""
    stated = find(
        rows.meetings, rows.stays, rows.tickets, rows.topics, day=rows.day, people=rows.people, zones=rows.zones
    )
    return judge(stated, truths_of(wanted, rows.topics))


def judge(stated: Found, truth: Mapping[str, Truth]) -> Told:
    """Which of the truths are stated, and what else."""
    found: set[str] = set()
    false = []
    count = 0
    for sentence, names in statements(stated, truth):
        count += bool(names)
        found |= names
        if not names:
            false.append(sentence)
    return Told(frozenset(found), count, tuple(false))


Truth = Callable[[str, str, tuple[str, ...]], bool]
"""Whether a statement (its key, its direction, its workspaces) says what was planted, or what follows from it: a
series at ten has more, a slow review makes its status long, and where one topic rises the others fall."""


def truths_of(wanted: Wanted, topics: Iterable[TopicRow]) -> dict[str, Truth]:
    """For each planted truth, how to tell a statement of it."""
    sizes, histories = wanted.sizes, make_histories(wanted)
    truths = histories[0].truths
    slow, odd = (str(histories[one].team.workspace_id) for one in (truths.team, truths.odd_team))
    titles = {
        (str(history.team.workspace_id), f"{history.team.name} · {series.title}")
        for history in histories
        for series in history.series
        if series.at.hour == 10
    }
    ten = {f"series/{title}/actionable" for _, title in titles}
    up = {
        "backend_slow": sizes.get("backend_slow", 1) > 1,
        "review_bottleneck": sizes.get("review_bottleneck", 1) > 0.3,
    }
    waits = {f"bottleneck/{Status.IN_PROGRESS}/", *(f"bottleneck/{Status.IN_PROGRESS}/{one}" for one in REVIEW)}
    waits |= {f"waiting/{Status.IN_PROGRESS}/{one}" for one in REVIEW}
    week = (FIRST_DAY + timedelta(weeks=truths.odd_week)).isoformat()
    rising = {(str(row.workspace_id), f"topic/{row.key}") for row in topics if topic_of(row) == truths.topic}
    told: dict[str, Truth] = {
        "ten_oclock": lambda key, sign, _: sign == "+" and (key.endswith("hour/10/actionable") or key in ten),
        "backend_slow": lambda key, sign, _: (
            (sign == "+") == up["backend_slow"] and key.endswith(f"stay/{Status.IN_PROGRESS}/backend")
        ),
        "review_bottleneck": lambda key, sign, of: (
            (sign == "+") == up["review_bottleneck"] and key in waits and of == (slow,)
        ),
        "odd_week": lambda key, _, of: key.endswith(f"/{week}") and of == (odd,),
        "rising_topic": lambda key, sign, of: sign == "+" and (of[0], key) in rising,
    }
    return {name: told[name] for name in sizes}


def topic_of(row: TopicRow) -> str:
    """The generator's topic that most of a row's words are of, or that it is named after."""
    said = set(row.words)
    return max(TOPICS, key=lambda topic: (topic == row.label, len(said & {*terms(row.language, topic)})))


def statements(stated: Found, truth: Mapping[str, Truth]) -> Iterator[tuple[str, set[str]]]:
    for row in stated.insights:
        of = tuple(str(one) for one in row.workspaces)
        sign = "+" if row.effect > 0 else "-"
        yield row.sentence_en, {name for name, holds in truth.items() if holds(row.key, sign, of)}
    for far in stated.anomalies:
        sign, of = "+" if far.score > 0 else "-", (str(far.workspace_id),)
        yield far.sentence_en, {name for name, holds in truth.items() if holds(far.key, sign, of)}


def run(keep: Path | None, wanted: Wanted) -> Told:
    """Make a history's rows (or take those that are kept) and try them."""
    name = "+".join(f"{key}={value:g}" for key, value in wanted.sizes.items()) or "none"
    kept = keep / f"{name}.{wanted.weeks}.{wanted.teams}.{wanted.seed}.pickle" if keep else None
    if kept and kept.exists():
        rows: Rows = pickle.loads(kept.read_bytes())
    else:
        rows = make_rows(wanted)
        if kept:
            kept.write_bytes(pickle.dumps(rows))
    return tell(wanted, rows)


def show(sizes: Mapping[str, float], told: list[Told]) -> None:
    """A row of the table, and each false statement beneath it as a comment."""
    name = ", ".join(f"{key} {value:g}" for key, value in sizes.items()) or "none"
    found = ", ".join(f"{sum(key in one.found for one in told)}/{len(told)}" for key in sizes) or "–"
    false = sum(bool(one.false) for one in told)
    true, untrue = sum(one.true for one in told), sum(len(one.false) for one in told)
    print(
        f"| {name} | {len(told)} | {found} | {false} ({100 * false / len(told):.1f} %) | {true} | {untrue} |",
        flush=True,
    )
    for one in told:
        for sentence in one.false:
            print(f"<!-- {sentence} -->", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--none", type=int, default=200, help="runs without a planted truth")
    parser.add_argument("--each", type=int, default=20, help="runs of each plant")
    parser.add_argument("--weeks", type=int, default=12, help="of each history")
    parser.add_argument("--teams", type=int, default=4, help="the same")
    parser.add_argument("--seed", type=int, default=1, help="of the first run of each row")
    parser.add_argument("--keep", type=Path, help="a folder to keep rows in, for the next time")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    print(f"{options.teams} teams of {PEOPLE}, {options.weeks} weeks.\n")
    print("| planted | runs | found | runs that state something false | true statements | false ones |")
    print("|---|---|---|---|---|---|")
    with ProcessPoolExecutor(options.workers) as pool:
        for sizes in ({}, *PLANTS):
            seeds = range(options.seed, options.seed + (options.each if sizes else options.none))
            wanted = [Wanted(options.weeks, options.teams, PEOPLE, seed, sizes) for seed in seeds]
            told = list(pool.map(partial(run, options.keep), wanted))
            if told:
                show(sizes, told)


if __name__ == "__main__":
    main()
