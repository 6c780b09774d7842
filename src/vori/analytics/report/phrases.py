"""The words of the weekly digest, and numbers as people read them, in Korean and English. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vori.analytics.report.team import Name, Unit
from vori.events import Language

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's."""

    title: str
    meetings: str
    no_meetings: str
    numbers: str
    measure: str
    week: str
    before: str
    withheld: str
    insights: str
    support: str
    work: str
    done: str
    cycle: str
    carried: str
    slow: str
    talk: str
    rising: str
    falling: str
    topics: str
    keywords: str
    anomalies: str
    minutes: str
    hours: str
    days: str
    measures: Mapping[Name, str]

    def tell(self, unit: Unit, value: float | None) -> str:
        """A number with its unit; a dash for none."""
        if value is None:
            return "–"
        if unit == "share":
            return f"{100 * value:.0f} %"
        if unit == "points":
            return f"{value:.0f}"
        if unit == "count":
            return f"{value:g}"
        size = abs(value)
        if size < 2 * HOUR:
            return self.minutes.format(value / MINUTE)
        return self.hours.format(value / HOUR) if size < 2 * DAY else self.days.format(value / DAY)


EN = Phrases(
    title="The week from {first} to {last}",
    meetings="Meetings",
    no_meetings="No meeting was held in this week, as far as analytics has reckoned.",
    numbers="How meetings went",
    measure="Measure",
    week="This week",
    before="Week before",
    withheld="Numbers of the team are told when at least {least} people spoke; {people} did.",
    insights="What the data supports",
    support="(n = {n})",
    work="How work went",
    done="Tickets done: {count} (week before: {before}).",
    cycle="From begun to done: half took {median} or less, 85 % took {slow} or less.",
    carried="Open when the week began and when it ended: {count} (week before: {before}).",
    slow="In their status for longer than 85 % usually are: {count}.",
    talk="What was talked about",
    rising="Rising",
    falling="Falling",
    topics="Topics",
    keywords="Keywords",
    anomalies="Out of the ordinary",
    minutes="{:.0f} min",
    hours="{:.1f} h",
    days="{:.1f} days",
    measures={
        "score": "Productivity score (0–100)",
        "actionable_part": "– its part: actionable tickets",
        "decision_time_part": "– its part: time to a decision",
        "participation_part": "– its part: participation",
        "meetings": "Meetings",
        "length": "Length (median)",
        "talk": "Talk",
        "silence": "Silence",
        "turns": "Turns",
        "interruptions": "Interruptions",
        "monologues": "Monologues",
        "questions": "Questions",
        "answered": "Questions answered",
        "decisions": "Decisions",
        "decision_time": "Time to a decision (mean)",
        "created": "Tickets opened",
        "actionable": "Actionable tickets",
        "blockers": "Blockers",
        "carried": "Carried over (median)",
        "late": "Began late by (median)",
        "over": "Ran over by (median)",
    },
)
KO = Phrases(
    title="{first} ~ {last} 주간 요약",
    meetings="회의",
    no_meetings="분석이 끝난 회의 중에 이 주에 열린 회의가 없어요.",
    numbers="회의는 어땠나요",
    measure="지표",
    week="이번 주",
    before="지난주",
    withheld="팀 수치는 {least}명 이상 말했을 때 보여 드려요. 이 주에는 {people}명이 말했어요.",
    insights="데이터로 확인된 것",
    support="(n = {n})",
    work="일은 어땠나요",
    done="완료한 티켓: {count}건 (지난주 {before}건)",
    cycle="시작해서 완료하기까지: 절반은 {median}, 85 %는 {slow} 안에 끝났어요.",
    carried="주가 시작할 때도 끝날 때도 열려 있던 티켓: {count}건 (지난주 {before}건)",
    slow="한 상태에 평소(85 %)보다 오래 머무는 티켓: {count}건",
    talk="무엇을 이야기했나요",
    rising="늘어난 이야기",
    falling="줄어든 이야기",
    topics="주제",
    keywords="키워드",
    anomalies="평소와 달랐던 것",
    minutes="{:.0f}분",
    hours="{:.1f}시간",
    days="{:.1f}일",
    measures={
        "score": "생산성 점수 (0~100)",
        "actionable_part": "– 구성: 실행 가능한 티켓",
        "decision_time_part": "– 구성: 결정까지 걸린 시간",
        "participation_part": "– 구성: 참여",
        "meetings": "회의",
        "length": "길이 (중앙값)",
        "talk": "말한 시간",
        "silence": "침묵",
        "turns": "발언 차례",
        "interruptions": "끼어들기",
        "monologues": "긴 발언",
        "questions": "질문",
        "answered": "답을 얻은 질문",
        "decisions": "결정",
        "decision_time": "결정까지 걸린 시간 (평균)",
        "created": "새 티켓",
        "actionable": "실행 가능한 티켓",
        "blockers": "막힌 일",
        "carried": "넘어온 일 (중앙값)",
        "late": "늦게 시작한 시간 (중앙값)",
        "over": "예정을 넘긴 시간 (중앙값)",
    },
)
PHRASES: Mapping[Language, Phrases] = {"ko": KO, "en": EN}
