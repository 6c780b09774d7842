"""Sentences about meetings, in Korean and English."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vori.analytics.insights.korean import with_particle
from vori.analytics.insights.numbers import Note, between, hour_words, number, percent
from vori.analytics.insights.trial import Told, Words

MEASURES = {
    "actionable": ("실행 가능한 티켓", "actionable tickets", " 생성"),
    "decisions": ("결정", "decisions", ""),
}
WEEKDAYS = {
    1: ("월요일", "on Mondays"),
    2: ("화요일", "on Tuesdays"),
    3: ("수요일", "on Wednesdays"),
    4: ("목요일", "on Thursdays"),
    5: ("금요일", "on Fridays"),
    6: ("토요일", "on Saturdays"),
    7: ("일요일", "on Sundays"),
}
Say = Callable[[Told], Words]


@dataclass(frozen=True, slots=True)
class Place:
    """Where or when meetings are: 오전 10시 / that begin at 10 a.m., and what the other ones are."""

    about: str
    ko: str
    en: str
    others_ko: str
    others_en: str


def at_hour(hour: int) -> Place:
    ko, en = hour_words(hour)
    return Place("hour", ko, f"that begin at {en}", "다른 시간", "at other hours")


def on_weekday(weekday: int) -> Place:
    ko, en = WEEKDAYS[weekday]
    return Place("weekday", ko, en, "다른 요일", "on other days")


def of_series(title: str) -> Place:
    return Place("series", f"'{title}'", f"of “{title}”", "다른 회의", "elsewhere")


def as_if_had(many: int) -> Note:
    """That meetings with fewer, or none, are taken to have so many in all."""
    return Note(f"모두 {many}개는 있었다고 보고 계산, ", f"reckoned as if they had {many} in all; ") if many else Note()


def count_words(place: Place, measure: str, means: tuple[float, float], note: Note, alone: str | None) -> Say:
    """How many of something meetings have, and others; `alone`: all of them are of that series."""
    ko, en, made = MEASURES[measure]
    mean, usual = (number(one) for one in means)

    def words(told: Told) -> Words:
        up = told.effect > 0
        same_ko = f" 모두 '{alone}' 회의이니 시간이 아니라 회의의 성격 때문일 수 있습니다." if alone else ""
        same_en = f" All of them are “{alone}”, so its kind may be the cause rather than the time." if alone else ""
        return Words(
            f"{place.ko} 회의에서 평균 {percent(told.effect)} 더 {'많은' if up else '적은'} {ko}{made}"
            f" (회의당 {mean}개, {with_particle(place.others_ko, '은/는')} {usual}개."
            f" {note.ko}보정한 구간 {between(told)}, 회의 {told.n}회와 {told.others}회 비교)",
            f"Meetings {place.en} have on average {percent(told.effect)} {'more' if up else 'fewer'} {en}"
            f" ({mean} a meeting, {usual} {place.others_en}; {note.en}corrected interval {between(told)};"
            f" {told.n} meetings against {told.others})",
            _try_ko(place, up) + same_ko,
            _try_en(place, up) + same_en,
        )

    return words


def _try_ko(place: Place, up: bool) -> str:
    if place.about == "series":
        return "이 회의의 진행 방식이 다른 회의와 무엇이 다른지 살펴보세요."
    return f"회의 하나를 {'이때로' if up else '다른 때로'} 옮겨 보고 몇 주 뒤에 다시 비교해 보세요."


def _try_en(place: Place, up: bool) -> str:
    if place.about == "series":
        return "Look at what is done differently in these meetings."
    return f"Move one meeting {'there' if up else 'to another time'} and compare again in a few weeks."


def score_words(place: Place) -> Say:
    """How the score of the same series changes with the time at which it is held."""

    def words(told: Told) -> Words:
        ko = f"{abs(told.effect):.1f}점 {'높습니다' if told.effect > 0 else '낮습니다'}"
        en = f"{abs(told.effect):.1f} points {'higher' if told.effect > 0 else 'lower'}"
        interval = f"{told.low:+.1f} ~ {told.high:+.1f}"
        return Words(
            f"같은 회의라도 {place.ko}에는 생산성 점수가 평균 {ko}"
            f" (보정한 구간 {interval}점, 회의 {told.n}회와 {told.others}회 비교)",
            f"The same meetings score on average {en} when they are held {place.en.removeprefix('that begin ')}"
            f" (corrected interval {interval} points; {told.n} meetings against {told.others})",
            _try_ko(place, told.effect > 0),
            _try_en(place, told.effect > 0),
        )

    return words


def length_words(measure: str) -> Say:
    """What a meeting has more or less of when it lasts twice as long as its series usually does; and by the hour, where
    the interval tells."""
    ko, en, _ = MEASURES[measure]

    def words(told: Told) -> Words:
        up = told.effect > 0
        grows_ko, grows_en = "많아집니다" if up else "적어집니다", ""
        if up and told.high < 1:
            grows_ko, grows_en = "많아지지만 시간당으로는 줄어듭니다", ", fewer an hour"
        elif told.low > 1:
            grows_ko, grows_en = "많아지고 시간당으로도 늘어납니다", ", more an hour, too"
        return Words(
            f"같은 회의가 두 배로 길어지면 {with_particle(ko, '이/가')} 평균 {percent(told.effect)}"
            f" {grows_ko} (보정한 구간 {between(told)}, 회의 {told.n}회)",
            f"When the same meeting lasts twice as long, it has on average {percent(told.effect)}"
            f" {'more' if up else 'fewer'} {en}{grows_en} (corrected interval {between(told)}; {told.n} meetings)",
            "시간이 모자라 결론 없이 끝나는 안건이 있는지 살펴보세요."
            if up
            else "회의를 짧게 잡아 보고 다시 비교해 보세요.",
            "See whether items end without a result for lack of time." if up else "Plan it shorter, and compare again.",
        )

    return words


COURSES = {
    "actionable": ("실행 가능한 티켓 수", "the number of actionable tickets of"),
    "decisions": ("결정 수", "the number of decisions of"),
    "length": ("길이", "the length of"),
    "score": ("생산성 점수", "the productivity score of"),
}


def course_words(title: str, measure: str, since: str | None, weeks: int) -> Say:
    """How a series changes: evenly over so many weeks, or at once since a day."""
    ko, en = COURSES[measure]

    def words(told: Told) -> Words:
        up = told.effect > 0
        points = measure == "score"
        size_ko = f"{abs(told.effect):.1f}점" if points else percent(told.effect)
        size_en = f"{abs(told.effect):.1f} points" if points else percent(told.effect)
        interval = f"{told.low:+.1f} ~ {told.high:+.1f}" if points else between(told)
        when_ko = f"{since}부터" if since else f"{weeks}주 동안 꾸준히"
        when_en = f"Since {since}" if since else f"Over {weeks} weeks"
        count_ko = f"{told.n}회와 그 전 {told.others}회 비교" if told.others else f"{told.n}회"
        count_en = f"{told.n} meetings against {told.others} before" if told.others else f"{told.n} meetings"
        return Words(
            f"{when_ko} '{title}'의 {with_particle(ko, '이/가')} {size_ko} {'늘었습니다' if up else '줄었습니다'}"
            f" (보정한 구간 {interval}, 회의 {count_ko})",
            f"{when_en} {en} “{title}” went {'up' if up else 'down'} by {size_en}"
            f" (corrected interval {interval}; {count_en})",
            "그 무렵 무엇이 달라졌는지 함께 떠올려 보세요.",
            "Recall together what changed around then.",
        )

    return words
