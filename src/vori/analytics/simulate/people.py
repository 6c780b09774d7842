"""The teams: names, people, languages, time zones, and the days on which nobody works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from vori.events import Language

NAMES: dict[Language, str] = {
    "ko": "민지 지호 서연 도윤 하은 준서 수빈 예준 지우 현우 유나 태현 소희 정훈 다은 성민 나연 재원 은채 동현",
    "en": "Maya Tom Priya Ben Sofia Liam Hana Omar Grace Jack Elena Noah Ruth Sam Chloe Dev Ivy Leo Nina Carl",
}
TEAMS: dict[Language, str] = {
    "ko": "결제 검색 회원 주문 추천 플랫폼 물류 정산 광고 모바일",
    "en": "Payments Search Accounts Orders Insights Platform Delivery Billing Growth Mobile",
}
HOLIDAYS = {
    "Asia/Seoul": "01-01 02-16 02-17 02-18 03-02 05-05 05-25 06-03 08-17 09-24 09-25 10-05 10-09 12-25",
    "America/New_York": "01-01 01-19 02-16 05-25 06-19 07-03 09-07 11-26 12-25",
    "Asia/Singapore": "01-01 02-17 02-18 04-03 05-01 05-27 06-01 08-10 11-09 12-25",
}
"""Month and day on which offices are closed: those of 2026, in every year."""
FIRST_DAY = date(2026, 1, 5)
"""A Monday, on which every history begins."""
HOMES: tuple[tuple[Language, str], ...] = (
    ("ko", "Asia/Seoul"),
    ("en", "America/New_York"),
    ("ko", "Asia/Seoul"),
    ("en", "Asia/Singapore"),
)
"""Where teams are, in turn; clocks change in New York alone."""


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace. `index` counts from 0; the first of the people leads."""

    index: int
    workspace_id: UUID
    name: str
    language: Language
    time_zone: str
    people: tuple[str, ...]
    talkativeness: tuple[float, ...]
    """How much of the talk is a person's, beside the others'."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def works_on(self, day: date) -> bool:
        return day.weekday() < 5 and not self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        return f"{day:%m-%d}" in HOLIDAYS[self.time_zone].split()


def generator(seed: int, *path: int) -> np.random.Generator:
    """Chance for one thing alone, so that more or less of another changes nothing there."""
    return np.random.default_rng(np.random.SeedSequence(entropy=seed, spawn_key=path))


def make_teams(count: int, people: int, seed: int) -> list[Team]:
    return [_make_team(index, people, generator(seed, 0, index)) for index in range(count)]


def _make_team(index: int, people: int, chance: np.random.Generator) -> Team:
    language, time_zone = HOMES[index % len(HOMES)]
    names = _numbered(NAMES[language].split(), people)
    return Team(
        index=index,
        workspace_id=UUID(bytes=chance.bytes(16), version=4),
        name=_numbered(TEAMS[language].split(), index // 2 + 1)[index // 2],
        language=language,
        time_zone=time_zone,
        people=tuple(names[person] for person in chance.permutation(len(names))[:people].tolist()),
        talkativeness=tuple(chance.gamma(3.0, 1.0, people).round(3).tolist()),
    )


def _numbered(names: list[str], count: int) -> list[str]:
    """All of the names, and with numbers after them until there are enough."""
    more = -(-count // len(names))
    return [name + (f" {nth}" if nth > 1 else "") for nth in range(1, more + 1) for name in names]
