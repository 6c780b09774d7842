"""When a team meets: its series, slot by slot, day by day, and when its working days begin and end."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from vori.analytics.simulate.effects import Truths
from vori.analytics.simulate.people import FIRST_DAY, Team, generator

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
"""In ms; moments are ms since 1970, UTC."""
OPENS, CLOSES = time(9), time(18)
DAILY_SLOTS = (time(9, 30), time(11), time(13, 30), time(16))
TEN = time(10)
SLOTS = (time(11), time(13, 30), time(14, 30), time(15, 30), time(16, 30))
TEN_UNITS = 3
"""How many weekly meetings are at ten, in teams whose daily isn't."""
Unit = tuple[str, str, tuple[int, ...]]
"""Kind, title and people of a series."""
LATEST = 25 * MINUTE
"""A meeting that can't begin so soon after its time, because the one before lasts, is left out."""
LANGUAGE_WORDS = {
    "ko": {"daily": "데일리", "planning": "주간 계획", "review": "설계 리뷰", "retro": "회고", "demo": "데모"},
    "en": {
        "daily": "Daily",
        "planning": "Weekly planning",
        "review": "Design review",
        "retro": "Retro",
        "demo": "Demo",
    },
}
MINUTES = {"daily": 18, "planning": 55, "review": 45, "retro": 50, "demo": 35, "1:1": 28}


@dataclass(frozen=True, slots=True)
class Series:
    """Meetings under one name. `people` are indices into the team's; `every` so many weeks, from week `first` on."""

    kind: str
    title: str
    people: tuple[int, ...]
    weekdays: tuple[int, ...]
    at: time
    every: int = 1
    first: int = 0

    def told(self, team: Team) -> dict[str, Any]:
        return {
            "title": f"{team.name} · {self.title}",
            "weekdays": [day + 1 for day in self.weekdays],
            "at": f"{self.at:%H:%M}",
            "minutes": MINUTES[self.kind],
            "every_weeks": self.every,
            "first_week": self.first + 1,
            "people": len(self.people),
        }


@dataclass(frozen=True, slots=True)
class Slot:
    """A meeting that will be held."""

    nth: int
    series: Series
    day: date
    hour: int
    week: int
    planned: int
    start: int
    end: int
    people: tuple[int, ...]
    """Who came."""

    @property
    def planned_end(self) -> int:
        return self.planned + MINUTES[self.series.kind] * MINUTE


@dataclass(frozen=True, slots=True)
class Calendar:
    """A team's meetings, none beside another, and its working days, all in order."""

    slots: list[Slot]
    starts: list[int]
    opens: list[int]
    closes: list[int]

    def meeting_at(self, moment: int) -> int:
        """The latest meeting that began by then; -1: none."""
        return bisect_right(self.starts, moment) - 1

    def day_at(self, moment: int) -> int:
        """The latest working day that began by then; -1: none."""
        return bisect_right(self.opens, moment) - 1


def make_series(team: Team, seed: int) -> list[Series]:
    """A daily, weekly planning and review, retro and demo in turn, and 1:1s of the lead with one after another."""
    chance = generator(seed, 1, team.index)
    words, everyone = LANGUAGE_WORDS[team.language], tuple(range(len(team.people)))
    at_ten = team.index % 3 == 0
    daily = TEN if at_ten else DAILY_SLOTS[chance.integers(len(DAILY_SLOTS))]
    taken = {daily}
    places = [(day, at) for day in range(5) for at in SLOTS if at not in taken]
    chance.shuffle(places)
    if not at_ten:
        places[:0] = [(int(day), TEN) for day in chance.permutation(5)[:TEN_UNITS]]
    some = tuple(sorted(chance.permutation(len(everyone))[: max(4, len(everyone) - 3)].tolist()))
    units: list[list[Unit]] = [
        [("planning", words["planning"], everyone)],
        [("review", words["review"], some)],
        [("retro", words["retro"], everyone), ("demo", words["demo"], everyone)],
    ]
    pairs: list[tuple[str, str, tuple[int, ...]]] = [
        ("1:1", f"1:1 {team.people[0]}, {team.people[one]}", (0, one)) for one in everyone[1:]
    ]
    units += [pairs[0::2], pairs[1::2]]
    found = [Series("daily", words["daily"], everyone, (0, 1, 2, 3, 4), daily)]
    for which, (day, at) in zip(chance.permutation(len(units)).tolist(), places, strict=False):
        unit = units[which]
        found += [
            Series(kind, title, people, (day,), at, len(unit), first)
            for first, (kind, title, people) in enumerate(unit)
        ]
    return found


def make_calendar(team: Team, series: list[Series], truths: Truths, seed: int) -> Calendar:
    """The meetings of all weeks, with lateness, lengths and who came."""
    chance = generator(seed, 2, team.index)
    days = [FIRST_DAY + timedelta(days=day) for day in range(7 * truths.weeks)]
    working = [day for day in days if team.works_on(day)]
    planned = [
        (_utc(day, one.at, team), number, day, week)
        for day in working
        for week in [(day - FIRST_DAY).days // 7]
        for number, one in enumerate(series)
        if day.weekday() in one.weekdays and week % one.every == one.first
    ]
    odd = [at for at, _, _, week in sorted(planned) if truths.held(team.index, week) < 1]
    keep = round(len(odd) * truths.held(team.index, truths.odd_week))
    dropped = set(generator(seed, 2, team.index, 1).permutation(odd)[keep:].tolist())
    slots: list[Slot] = []
    free = 0
    for at, number, day, week in sorted(planned):
        late = min(int(chance.exponential(2.5 * MINUTE)), 15 * MINUTE)
        length = MINUTES[series[number].kind] * chance.lognormal(0, 0.15) / truths.held(team.index, week)
        people = _who_came(series[number], chance)
        start = max(at + late, free)
        if at in dropped or start > at + LATEST or len(people) < 2:
            continue
        end = start + int(length * MINUTE)
        free = end + MINUTE
        slots.append(Slot(len(slots), series[number], day, series[number].at.hour, week, at, start, end, people))
    return Calendar(
        slots,
        [slot.start for slot in slots],
        [_utc(day, OPENS, team) for day in working],
        [_utc(day, CLOSES, team) for day in working],
    )


def _who_came(series: Series, chance: np.random.Generator) -> tuple[int, ...]:
    present = chance.random(len(series.people)) < 0.92
    return tuple(person for person, here in zip(series.people, present.tolist(), strict=True) if here)


def _utc(day: date, at: time, team: Team) -> int:
    return int(datetime.combine(day, at, team.zone).astimezone(UTC).timestamp()) * SECOND
