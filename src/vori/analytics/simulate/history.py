"""A team's history, week after week, and all teams' together, with what was planted in them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge
from json import dumps
from pathlib import Path
from random import Random
from typing import Any

from vori.analytics.simulate.board import IN_PROGRESS, REVIEW, Board
from vori.analytics.simulate.effects import Effects
from vori.analytics.simulate.meeting import ACTIONABLE, Plan, hold
from vori.analytics.simulate.teams import HOLIDAYS, Series, Team, days, team
from vori.analytics.simulate.words import RISES, TOPICS
from vori.errors import Invalid
from vori.events import Event, encode

START = date(2026, 1, 5)
"""A Monday."""
TEN = 10
LATE_S = 75.0
"""How late meetings begin, on average."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much history there is to be."""

    weeks: int
    teams: int
    seed: int
    effects: Effects
    people: int = 6
    """In each team."""


class History:
    """The same wishes give the same events, byte for byte."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        chance = Random(f"{wanted.seed}:teams")
        self.teams = [team(number, wanted.people, chance) for number in range(wanted.teams)]
        self.odd = (min(1, wanted.teams - 1), wanted.weeks // 2)
        """The team and the week that are unlike the rest, where one is."""

    def events(self) -> Iterator[Event]:
        """All teams', in the order of time."""
        return merge(*map(self._of, self.teams), key=lambda event: (event.occurred_at, event.event_id))

    def truth(self) -> dict[str, Any]:
        """What was planted, and where."""
        wanted = self.wanted
        planted = {name: size for name, size in asdict(wanted.effects).items() if size is not None}
        where: dict[str, dict[str, Any]] = {
            "ten_oclock": {"hour": TEN, "actionable_per_meeting": ACTIONABLE},
            "backend_slow": {"label": "backend", "days_of_others": IN_PROGRESS},
            "review_bottleneck": {"team": self.teams[0].name, "days_of_others": REVIEW},
            "odd_week": {"team": self.teams[self.odd[0]].name, "week": self.odd[1]},
            "rising_topic": {"topic": RISES, "words": TOPICS[RISES]},
        }
        return {
            "weeks": wanted.weeks,
            "seed": wanted.seed,
            "start": START.isoformat(),
            "holidays": sorted(f"{month:02}-{day:02}" for month, day in HOLIDAYS),
            "planted": {name: {"size": size, **where[name]} for name, size in planted.items()},
            "teams": [
                {
                    "name": one.name,
                    "workspace_id": str(one.workspace_id),
                    "language": one.language,
                    "time_zone": one.zone.key,
                    "people": [person.name for person in one.people],
                    "series": {series.name: f"{series.hour}:00" for series in one.series},
                }
                for one in self.teams
            ],
        }

    def _of(self, team: Team) -> Iterator[Event]:
        chance = Random(f"{self.wanted.seed}:{team.number}")
        board = Board(team, self.wanted.effects, team.number == 0, chance)
        for number, day in enumerate(days(START, self.wanted.weeks)):
            week = number // 7
            odd = self.wanted.effects.odd_week if (team.number, week) == self.odd else None
            held = [one for one in team.meets(day) if odd is None or chance.random() < odd]
            for place, series in enumerate(held):
                following = held[place + 1] if place + 1 < len(held) else None
                plan = self._plan(team, series, following, day, week, chance=chance)
                yield from board.until(plan.begin)
                yield from hold(team, board, plan, chance)
        yield from board.until(datetime.combine(START + timedelta(weeks=self.wanted.weeks), time(), team.zone))

    def _plan(
        self, team: Team, series: Series, following: Series | None, day: date, week: int, *, chance: Random
    ) -> Plan:
        effects = self.wanted.effects
        odd = effects.odd_week is not None and (team.number, week) == self.odd
        begin = datetime.combine(day, time(series.hour), team.zone)
        late_s = min(chance.expovariate(1 / LATE_S), 600)
        seconds = series.minutes * 60 * chance.uniform(0.8, 1.15) * (2 if odd else 1)
        if following:
            seconds = min(seconds, (following.hour - series.hour) * 3600 - late_s - 120)
        more = effects.ten_oclock if effects.ten_oclock is not None and series.hour == TEN else 0.0
        topics = dict.fromkeys(TOPICS, 1.0)
        if effects.rising_topic is not None:
            topics[RISES] = 0.2 * effects.rising_topic ** (week / max(self.wanted.weeks - 1, 1))
        absent = chance.sample(series.people, 1 if len(series.people) > 3 and chance.random() < 0.4 else 0)
        return Plan(
            title=f"{team.name} · {series.name}",
            begin=begin + timedelta(seconds=late_s),
            seconds=seconds,
            people=[person for person in series.people if person not in absent],
            actionable=ACTIONABLE * (1 + more),
            decides=not odd,
            topics=topics,
        )


def write(wanted: Wanted, out: Path) -> tuple[int, Path]:
    """Write EVENTS.jsonl and, beside it, EVENTS.truth.json: how many events, and where the truth is.

    Either both are there in the end or what was there before is.
    """
    history = History(wanted)
    truth = out.with_suffix(".truth.json")
    count = 0
    try:
        handle, name = tempfile.mkstemp(prefix=f".{out.name}.", dir=out.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                for event in history.events():
                    file.write(encode(event))
                    count += 1
            truth.write_text(dumps(history.truth(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            Path(name).replace(out)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror or error}.", remedy="Name another file.") from error
    return count, truth
