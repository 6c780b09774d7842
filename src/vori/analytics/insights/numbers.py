"""Numbers as sentences say them, rounded so that rounding never makes anything surer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vori.analytics.insights.trial import Told

DAY_MS = 86_400_000


def percent(share: float) -> str:
    """23%, without a sign; 0.4% where nothing would be left of it."""
    value = abs(share) * 100
    return f"{value:.0f}%" if value >= 1 else f"{value:.1g}%"


def between(told: Told) -> str:
    """The interval in percent, rounded outwards: +9 ~ +39%."""
    low, high = 100 * told.low, 100 * told.high
    return f"{_signed(low, math.floor(low))} ~ {_signed(high, math.ceil(high))}%"


def _signed(value: float, rounded: int) -> str:
    return f"{rounded:+d}" if rounded else f"{value:+.1g}"


def times(told: Told) -> str:
    """The interval as factors, rounded outwards: 1.9 ~ 4.3."""
    return f"{math.floor(10 * (1 + told.low)) / 10:.1f} ~ {math.ceil(10 * (1 + told.high)) / 10:.1f}"


def number(value: float) -> str:
    """Two digits at least, and no zeros behind the point: 3, 2.4, 0.35; below a hundredth one digit: 0.004."""
    if abs(value) < 0.01:
        return f"{value:.1g}"
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 0.95 else f"{value:.2f}"


def days(ms: float) -> str:
    """ms in days, as a number."""
    return number(ms / DAY_MS)


def many_days(ms: float) -> str:
    """1 day, 2.4 days."""
    said = days(ms)
    return f"{said} day" if said == "1" else f"{said} days"


@dataclass(frozen=True, slots=True)
class Note:
    """How a difference is meant, in brackets before its interval; empty where it is just that of the means told."""

    ko: str = ""
    en: str = ""

    def __add__(self, other: Note) -> Note:
        return Note(self.ko + other.ko, self.en + other.en)


def adjusted(*, found: bool, teams: bool = False) -> Note:
    """That other differences are taken into account: those between teams, and those that are stated already."""
    names = [("팀 차이", "teams")] * teams + [("따로 밝힌 차이", "other findings")] * found
    if not names:
        return Note()
    ko, en = zip(*names, strict=True)
    return Note(f"{'와 '.join(ko)}를 감안, ", f"adjusted for {' and '.join(en)}; ")


def hour_words(hour: int) -> tuple[str, str]:
    """오전 10시, 10 a.m."""
    half = hour % 12 or 12
    return f"{'오전' if hour < 12 else '오후'} {half}시", f"{half} {'a.m.' if hour < 12 else 'p.m.'}"
