"""Sentences about what is far from usual, in Korean and English."""

from __future__ import annotations

from datetime import date

from vori.analytics.insights.korean import with_particle
from vori.analytics.insights.numbers import number, percent
from vori.analytics.insights.trial import Words

MINUTE_MS = 60_000
MEASURES = {
    "length": ("회의 길이", "length", "{}분", "{} min"),
    "decisions": ("회의당 결정", "decisions a meeting", "{}개", "{}"),
    "created": ("회의당 새 티켓", "new tickets a meeting", "{}개", "{}"),
    "talk": ("회의 중 말한 시간의 비율", "share of talk in meetings", "{}", "{}"),
    "meetings": ("회의한 날의 회의 수", "meetings on a day with any", "{}회", "{}"),
}


def _values(measure: str, value: float) -> tuple[str, str]:
    *_, ko, en = MEASURES[measure]
    shown = {"length": number(value / MINUTE_MS), "talk": percent(value)}.get(measure, number(value))
    return ko.format(shown), en.format(shown)


def week_words(measure: str, monday: date, value: float, usual: float, n: int) -> Words:
    """Of a team's week."""
    ko, en, *_ = MEASURES[measure]
    (value_ko, value_en), (usual_ko, usual_en) = _values(measure, value), _values(measure, usual)
    return Words(
        f"{monday.isoformat()} 주의 {with_particle(ko, '은/는')} {with_particle(value_ko, '으로/로')}"
        f" 평소 {with_particle(usual_ko, '과/와')} 크게 다릅니다 ({n}주와 비교)",
        f"In the week of {monday.isoformat()} the {en} came to {value_en}, far from the usual {usual_en}"
        f" (compared with {n} weeks)",
    )


def meeting_words(measure: str, of: tuple[str, date], value: float, usual: float, n: int) -> Words:
    """Of a meeting, by its title and day, among those of its series."""
    ko, en, *_ = MEASURES[measure]
    (value_ko, value_en), (usual_ko, usual_en) = _values(measure, value), _values(measure, usual)
    ko, en = ko.removeprefix("회의당 "), en.removesuffix(" a meeting").replace(" in meetings", "")
    title, day = of
    ko = with_particle(ko.removeprefix("회의 "), "은/는")
    return Words(
        f"{day} '{title}' 회의의 {ko} {value_ko}로 이 회의의 평소 {usual_ko}와 크게 다릅니다 ({n}회와 비교)",
        f"The {en} of “{title}” on {day} came to {value_en}, far from its usual {usual_en}"
        f" (compared with {n} meetings)",
    )
