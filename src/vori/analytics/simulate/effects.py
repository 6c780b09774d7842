"""The truths that can be planted in a history, how large they are, and how things are where none is planted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vori.errors import Invalid

ACTIONABLE = 2.0
"""Tickets with an owner or a due day that a meeting opens, on average."""
LOOSE = 0.5
"""Tickets with neither."""
DECISIONS = 1.5
"""Decisions of a meeting, on average."""
TODO_DAYS = 1.5
"""Mean elapsed days until a ticket is begun, or begun again."""
IN_PROGRESS_DAYS = 1.0
"""Mean elapsed days from its beginning to its end, review included."""
REVIEW_DAYS = 0.3
"""How many of these it waits in review."""
NONE = "none"


@dataclass(frozen=True, slots=True)
class Effect:
    """A truth: what its size means, which it has unless told, and between what it may lie."""

    size: float
    low: float
    high: float
    unit: str
    teams: int = 1
    """How many teams, and weeks, a history must have to show it."""
    weeks: int = 1


EFFECTS: dict[str, Effect] = {
    "ten_oclock": Effect(0.23, 0.01, 5, "share by which meetings at 10:00 open more actionable tickets than others"),
    "backend_slow": Effect(3, 0.5, 30, "mean elapsed days that tickets labelled backend stay IN_PROGRESS"),
    "review_bottleneck": Effect(4, 0.5, 30, "mean elapsed days that one team's tickets wait in review", teams=2),
    "odd_week": Effect(
        0.5,
        0.2,
        0.9,
        "part of its meetings that one team holds in one week; lengths / size, decisions * size²",
        weeks=3,
    ),
    "rising_topic": Effect(
        4, 1.1, 8, "how many times as much of the talk is about a topic in the last week as in the first", weeks=2
    ),
}
KNOWN = "Effects are " + ", ".join(f"{name}[={effect.size:g}]" for name, effect in EFFECTS.items()) + f" and {NONE}."


def read_effects(given: Sequence[str], *, weeks: int, teams: int) -> dict[str, float]:
    """Sizes by name, from `NAME[=SIZE]`. Raises `Invalid` for what is no effect, no size, or can't be shown so."""
    sizes: dict[str, float] = {}
    for text in given:
        name, equals, told = text.partition("=")
        if name == NONE:
            if equals or len(given) > 1:
                raise Invalid(f"{NONE} stands alone and has no size.", remedy=KNOWN)
            return {}
        effect = EFFECTS.get(name)
        if effect is None:
            raise Invalid(f"There is no effect {name!r}.", remedy=KNOWN)
        if name in sizes:
            raise Invalid(f"The effect {name} is named twice.", remedy="Name each effect once.")
        for what, wanted, least in (("weeks", weeks, effect.weeks), ("teams", teams, effect.teams)):
            if wanted < least:
                raise Invalid(f"{name} needs {least} {what} or more.", remedy=f"Name a larger number of --{what}.")
        sizes[name] = _size(name, effect, told) if equals else effect.size
    return sizes


def _size(name: str, effect: Effect, told: str) -> float:
    try:
        size = float(told)
    except ValueError:
        size = math.nan
    if not effect.low <= size <= effect.high:
        raise Invalid(
            f"{told!r} is no size for {name}: it is a number from {effect.low:g} to {effect.high:g}.",
            remedy=f"It means: {effect.unit}.",
        )
    return size


@dataclass(frozen=True, slots=True)
class Truths:
    """The planted truths and where they hold. Teams and weeks count from 0."""

    sizes: Mapping[str, float]
    team: int
    """Whose reviews are slow."""
    odd_team: int
    odd_week: int
    topic: str
    weeks: int

    def actionable(self, hour: int) -> float:
        """Mean number of actionable tickets of a meeting that begins in that local hour."""
        return ACTIONABLE * (1 + self.sizes.get("ten_oclock", 0.0) * (hour == 10))

    def decisions(self, team: int, week: int) -> float:
        """Mean number of decisions of a meeting."""
        return DECISIONS * self.held(team, week) ** 2

    def held(self, team: int, week: int) -> float:
        """The part of its meetings that a team holds in a week; 1, but for the odd week."""
        odd = (team, week) == (self.odd_team, self.odd_week)
        return self.sizes.get("odd_week", 1.0) if odd else 1.0

    def work_days(self, label: str) -> float:
        """Mean days in progress before review."""
        slow = self.sizes.get("backend_slow", IN_PROGRESS_DAYS) if label == "backend" else IN_PROGRESS_DAYS
        return slow - REVIEW_DAYS

    def review_days(self, team: int) -> float:
        """Mean days in review."""
        return self.sizes.get("review_bottleneck", REVIEW_DAYS) if team == self.team else REVIEW_DAYS

    def share(self, topics: int, week: int) -> float:
        """How much of a week's talk is about the topic that rises, if one does, among so many."""
        return (1 + (self.sizes.get("rising_topic", 1.0) - 1) * week / max(1, self.weeks - 1)) / topics
