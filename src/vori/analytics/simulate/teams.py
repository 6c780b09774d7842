"""Teams that nobody is in: people, how much each talks, when they meet, where their clocks stand. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from vori.events import Language

SLOTS = (9, 10, 11, 13, 14, 15, 16)
"""Hours, by the team's clock, at which meetings begin; each team has one at 10."""
SERIES = (("Daily", "데일리", 15, (0, 1, 2, 3, 4)), ("Planning", "계획", 60, (0,)), ("Review", "리뷰", 45, (2,)),
          ("Design", "설계", 50, (1, 3)), ("Retro", "회고", 45, (4,)), ("Sync", "싱크", 30, (1, 4)))  # fmt: skip
"""In English and Korean, minutes, weekdays (0: Monday)."""
NAMES: dict[str, tuple[str, ...]] = {
    "en": ("Maya", "Jun", "Alan", "Nora", "Omar", "Iris", "Theo", "Lena", "Hugo", "Ada", "Ravi", "Elif", "Sam", "Zoe",
           "Nils", "Ines", "Kofi", "Mei", "Ivan", "Rosa"),
    "ko": ("김민지", "박준호", "이서연", "최지우", "정하늘", "강도윤", "조은서", "윤시우", "장예린", "임건우", "한소율",
           "오지호", "서가은", "신태민", "권나은", "황유찬", "안채원", "송현우", "류다인", "홍승민"),
}  # fmt: skip
ZONES = (("ko", "Asia/Seoul"), ("en", "Europe/Berlin"), ("en", "America/New_York"), ("ko", "Asia/Seoul"))
KINDS = ("platform", "mobile", "growth", "data", "billing", "support", "infra", "studio")
"""What teams are called."""
HOLIDAYS = {(1, 1), (3, 1), (5, 5), (10, 3), (12, 25)}
"""Month and day; nobody meets then."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and how much they talk beside the others."""

    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class Series:
    """A meeting that comes again."""

    name: str
    hour: int
    minutes: int
    weekdays: tuple[int, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace."""

    number: int
    workspace_id: UUID
    name: str
    language: Language
    zone: ZoneInfo
    people: tuple[Person, ...]
    series: tuple[Series, ...]

    def meets(self, day: date) -> list[Series]:
        """In the order of the day; none on weekends and holidays."""
        if (day.month, day.day) in HOLIDAYS:
            return []
        return sorted((one for one in self.series if day.weekday() in one.weekdays), key=lambda one: one.hour)


def new_id(chance: Random) -> UUID:
    """An id that the seed alone decides."""
    return UUID(int=chance.getrandbits(128), version=4)


def team(number: int, size: int, chance: Random) -> Team:
    language, zone = ZONES[number % len(ZONES)]
    known = NAMES[language]
    first = chance.sample(known, len(known))
    people = tuple(
        Person(first[k % len(first)] + (f" {k // len(first) + 1}" if k >= len(first) else ""), chance.uniform(0.4, 2.5))
        for k in range(size)
    )
    slots = chance.sample([hour for hour in SLOTS if hour != 10], len(SERIES) - 1)
    slots.insert(chance.randrange(len(SERIES)), 10)
    series = tuple(
        Series(
            name=korean if language == "ko" else english,
            hour=hour,
            minutes=minutes,
            weekdays=weekdays,
            people=people if len(people) <= 8 else tuple(chance.sample(people, chance.randint(5, 8))),
        )
        for (english, korean, minutes, weekdays), hour in zip(SERIES, slots, strict=True)
    )
    name = f"{KINDS[number % len(KINDS)]} {number // len(KINDS) + 1}" if number >= len(KINDS) else KINDS[number]
    return Team(number, new_id(chance), name, "ko" if language == "ko" else "en", ZoneInfo(zone), people, series)


def days(start: date, weeks: int) -> list[date]:
    return [start + timedelta(days=n) for n in range(7 * weeks)]
