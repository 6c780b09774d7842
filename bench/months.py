"""Made-up months of a team of six, as rows of analytics: for pages to show. Nothing in them was reckoned."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from reckoned import DAY_MS, MINUTE_MS, life, meeting, spoke
from vori.analytics.model import (
    AnomalyRow,
    InsightRow,
    KeywordRow,
    MeetingRow,
    Row,
    Score,
    ScorePart,
    TicketRow,
    TopicRow,
    TrendRow,
)
from vori.analytics.schedule import monday
from vori.clock import now
from vori.events import Language

WEEKS = 9
PEOPLE = {"en": ("Ada", "Ben", "Chloe", "Dan", "Eve", "Finn"), "ko": ("민지", "현우", "서연", "도윤", "지우", "하준")}
SERIES = {"en": ("Daily", "Planning", "Retro"), "ko": ("데일리", "기획 회의", "회고")}
HOURS = (10, 14, 16)
TITLES = {
    "en": ("Log-in page", "Payment retries", "Search index", "Release notes", "Load test", "Token expiry"),
    "ko": ("로그인 페이지 다듬기", "결제 재시도", "검색 색인", "배포 노트", "부하 시험", "토큰 만료 처리"),
}
LABELS = ("backend", "frontend", "docs")
TERMS = {
    "en": ("payment", "log-in", "index", "deployment", "token", "test", "review", "design"),
    "ko": ("결제", "로그인", "색인", "배포", "토큰", "시험", "리뷰", "디자인"),
}
TOPICS = {
    "en": (("payment · retry · card", ("payment", "retry", "card")), ("log-in · token", ("log-in", "token"))),
    "ko": (("결제 · 재시도 · 카드", ("결제", "재시도", "카드")), ("로그인 · 토큰", ("로그인", "토큰"))),
}


def months(workspace: UUID, language: Language, today: date | None = None) -> list[Row]:
    """Meetings, tickets and what was found in them, until today; the same each time but for ids."""
    chance, last = random.Random(7), today or now().date()
    held = list(_meetings(workspace, language, last, chance))
    tickets = list(_lives(workspace, language, last, chance))
    voices = [row for each in held for row in spoke(each, *chance.sample(PEOPLE[language], 4))]
    lives = [row for row in tickets if isinstance(row, TicketRow)]
    found = [*_talked(workspace, language, last, held), *_insights(workspace, last, held, lives)]
    return [*held, *tickets, *voices, *found, _anomaly(workspace, held)]


def of_one(workspace: UUID, meeting_id: UUID, language: Language) -> list[Row]:
    """A meeting that there is, in numbers."""
    parts = {"actionable": ScorePart(value=75.0), "participation": ScorePart(value=88.0)}
    held = meeting(
        workspace,
        now().date(),
        key=str(meeting_id),
        meeting_id=meeting_id,
        language=language,
        decisions=0,
        score=Score(value=None, decision_time=ScorePart(value=None, missing="no_decision"), **parts),
    )
    return [held, *spoke(held, *PEOPLE[language][:3])]


def _meetings(workspace: UUID, language: Language, last: date, chance: random.Random) -> Iterator[MeetingRow]:
    for past in range(7 * WEEKS, -1, -1):
        day = last - timedelta(days=past)
        for place, title in enumerate(SERIES[language]):
            if day.isoweekday() > 5 or (place and day.isoweekday() != 2 * place):
                continue
            begins = datetime.combine(day, time(HOURS[place], chance.randrange(6)), ZoneInfo("UTC"))
            length = chance.randint(20, 50) * MINUTE_MS
            questions, actionable = chance.randint(2, 9), chance.randint(0, 3) + (place == 0)
            value = 45.0 + 8 * actionable + chance.uniform(-6, 6)
            silent = int(length * chance.uniform(0.1, 0.3))
            yield meeting(
                workspace,
                day,
                title=title,
                language=language,
                started_at=begins,
                ended_at=begins + timedelta(milliseconds=length),
                length_ms=length,
                hour=HOURS[place],
                late_ms=chance.randint(-1, 5) * MINUTE_MS,
                over_ms=chance.randint(-5, 8) * MINUTE_MS,
                speakers=4,
                turns=chance.randint(30, 90),
                talk_ms=length - silent,
                silence_ms=silent,
                interruptions=chance.randint(0, 8),
                monologues=chance.randint(0, 2),
                questions=questions,
                answered=chance.randint(1, questions),
                decisions=chance.randint(0, 3),
                decision_ms=chance.randint(3, 15) * MINUTE_MS,
                created=actionable + chance.randint(0, 2),
                actionable=actionable,
                blockers=int(chance.random() < 0.3),
                carried=chance.randint(2, 6),
                evenness=chance.uniform(0.6, 0.95),
                score=Score(
                    value=value,
                    actionable=ScorePart(value=min(100.0, 25.0 * actionable)),
                    decision_time=ScorePart(value=chance.uniform(40, 80)),
                    participation=ScorePart(value=chance.uniform(60, 95)),
                ),
            )


def _lives(workspace: UUID, language: Language, last: date, chance: random.Random) -> Iterator[Row]:
    for number in range(60):
        begins = datetime.combine(last - timedelta(days=58 - number % 57), time(11), ZoneInfo("UTC"))
        label = LABELS[number % 3]
        spans = [chance.uniform(0.3, 3), chance.uniform(2, 5) if label == "backend" else chance.uniform(0.4, 2)]
        room = (last - begins.date()).days
        days = (
            [] if room < spans[0] or number % 13 == 5 else spans[:1] if room < sum(spans) or number % 11 == 3 else spans
        )
        reason = ("리뷰" if language == "ko" else "review") if number % 4 == 0 else ""
        yield from life(workspace, TITLES[language][number % 6], begins, *days, labels=(label,), reason=reason)


def _talked(workspace: UUID, language: Language, last: date, held: Sequence[MeetingRow]) -> Iterator[Row]:
    newest = monday(last)
    weeks = [newest - timedelta(weeks=past) for past in range(WEEKS - 1, -1, -1)]
    for week in weeks:
        for place, term in enumerate(TERMS[language]):
            yield KeywordRow(
                workspace_id=workspace,
                key=f"week/{week}/{term}",
                day=week,
                scope="week",
                meeting_id=None,
                language=language,
                term=term,
                weight=2.0 / (place + 1),
                count=20 - 2 * place,
                utterances=[uuid4()],
            )
    for number, (label, words) in enumerate(TOPICS[language]):
        counts = [3 + (week if number == 0 else WEEKS - week) for week in range(WEEKS)]
        yield TopicRow(
            workspace_id=workspace,
            key=str(number),
            day=newest,
            number=number,
            language=language,
            label=label,
            words=words,
            size=sum(counts),
            weeks=weeks,
            counts=counts,
            totals=[30] * WEEKS,
            meetings=[row.meeting_id for row in held[-3:]],
            utterances=[],
        )
        slope = 0.15 if number == 0 else -0.15
        yield TrendRow(
            workspace_id=workspace,
            key=f"topic/{number}",
            day=newest,
            of="topic",
            name=label,
            language=language,
            weeks=weeks,
            shares=[count / 30 for count in counts],
            slope=slope,
            low=slope - 0.08,
            high=slope + 0.08,
            tried=12,
        )


def _insights(
    workspace: UUID, last: date, held: Sequence[MeetingRow], tickets: Sequence[TicketRow]
) -> Iterator[InsightRow]:
    early = [row.meeting_id for row in held if row.hour == 10]
    slow = [row.ticket_id for row in tickets if "backend" in row.labels]
    yield InsightRow(
        workspace_id=workspace,
        key="hour/10",
        day=last,
        about="hour",
        effect=0.23,
        unit="share",
        low=0.09,
        high=0.38,
        n=len(early),
        others=len(held) - len(early),
        tried=14,
        sentence_ko="오전 10시 회의에서 실행 가능한 티켓이 평균 23 % 더 많이 나왔어요.",
        sentence_en="Meetings at 10 in the morning yield 23 % more actionable tickets on average.",
        try_ko="결정이 필요한 회의를 오전 10시로 옮겨 보세요.",
        try_en="Try moving meetings that have to decide something to 10 in the morning.",
        meetings=early,
        tickets=[],
    )
    yield InsightRow(
        workspace_id=workspace,
        key="stay/backend",
        day=last,
        about="stay",
        effect=3.0 * DAY_MS,
        unit="ms",
        low=2.2 * DAY_MS,
        high=3.9 * DAY_MS,
        n=len(slow),
        others=len(tickets) - len(slow),
        tried=14,
        sentence_ko="백엔드 관련 티켓은 진행 중 상태에 평균 3일 머물러요. 다른 티켓은 1일이에요.",
        sentence_en="Tickets labelled backend stay in progress for 3 days on average, others for 1.",
        try_ko="백엔드 티켓을 더 작게 나누거나 리뷰할 사람을 미리 정해 보세요.",
        try_en="Try making backend tickets smaller, or naming who reviews them beforehand.",
        meetings=[],
        tickets=slow,
    )


def _anomaly(workspace: UUID, held: Sequence[MeetingRow]) -> AnomalyRow:
    odd = held[-2]
    return AnomalyRow(
        workspace_id=workspace,
        key=f"length/{odd.meeting_id}",
        day=odd.day,
        measure="length",
        scope="meeting",
        meeting_id=odd.meeting_id,
        series=odd.title,
        value=95.0 * MINUTE_MS,
        usual=33.0 * MINUTE_MS,
        spread=9.0 * MINUTE_MS,
        score=6.9,
        n=len(held),
        sentence_ko=f"“{odd.title}” 회의가 95분 걸렸어요. 보통은 33분이에요.",
        sentence_en=f"“{odd.title}” took 95 minutes; usually it is 33.",
        meetings=[odd.meeting_id],
    )
