"""Rows to try insights on: teams whose meetings, tickets and topics depend on nothing but what a test plants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np

from vori.analytics.model import MeetingRow, Score, ScorePart, StayRow, TicketRow, TopicRow
from vori.events import Status

MONDAY = date(2026, 1, 5)
TEAM, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)
HOURS = (9, 10, 11, 14, 15)
DAY_MS = 86_400_000


def meeting_row(team: UUID, number: int, day: date, hour: int, **facts: object) -> MeetingRow:
    """A meeting of half an hour in UTC; `facts` say what is different."""
    began = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    length = facts.get("length_ms", 1_800_000)
    assert isinstance(length, int)
    meeting = UUID(int=team.int * 1_000_000 + number)
    row = MeetingRow(
        workspace_id=team,
        key=str(meeting),
        day=day,
        meeting_id=meeting,
        title=f"Series {hour}",
        language="en",
        started_at=began,
        ended_at=began + timedelta(milliseconds=length),
        length_ms=length,
        hour=hour,
        weekday=day.isoweekday(),
        late_ms=None,
        over_ms=None,
        speakers=6,
        utterances=100,
        turns=50,
        talk_ms=int(0.85 * length),
        silence_ms=0,
        interruptions=0,
        monologues=0,
        questions=5,
        answered=4,
        decisions=1,
        decision_ms=None,
        created=2,
        actionable=2,
        blockers=0,
        carried=3,
        evenness=0.9,
        score=Score(
            value=50.0,
            actionable=ScorePart(value=50),
            decision_time=ScorePart(value=50),
            participation=ScorePart(value=50),
        ),
        behind={},
    )
    return row.model_copy(update=dict(facts))


Mean = Callable[[UUID, date, int], float]
"""Of a team's meetings on a day at an hour."""


def meetings(
    seed: int,
    *,
    teams: tuple[UUID, ...] = (TEAM,),
    weeks: int = 12,
    actionable: Mean = lambda *_: 2.0,
    decisions: Mean = lambda *_: 1.5,
    minutes: Mean = lambda *_: 30.0,
) -> list[MeetingRow]:
    """A meeting at each of `HOURS` every working day, each hour its own series."""
    chance = np.random.default_rng(seed)
    rows: list[MeetingRow] = []
    for team in teams:
        for week in range(weeks):
            for weekday in range(5):
                for hour in HOURS:
                    day = MONDAY + timedelta(weeks=week, days=weekday)
                    opened = int(chance.binomial(6, actionable(team, day, hour) / 6))
                    length = int(minutes(team, day, hour) * 60_000 * chance.lognormal(0, 0.15))
                    facts = {
                        "actionable": opened,
                        "created": opened + int(chance.binomial(2, 0.3)),
                        "decisions": int(chance.binomial(8, decisions(team, day, hour) / 8)),
                        "length_ms": length,
                        "talk_ms": int(length * chance.normal(0.85, 0.02)),
                    }
                    rows.append(meeting_row(team, len(rows), day, hour, **facts))
    return rows


def work(
    seed: int,
    *,
    teams: tuple[UUID, ...] = (TEAM,),
    tickets: int = 200,
    days: Callable[[UUID, str], float] = lambda *_: 1.0,
    review: Callable[[UUID], float] = lambda *_: 0.3,
) -> tuple[list[StayRow], list[TicketRow]]:
    """Tickets opened evenly over twelve weeks, in progress for so many days, then in review; at the end all stops."""
    chance = np.random.default_rng(seed)
    stays, lives = [], []
    begin = datetime(2026, 1, 5, 9, tzinfo=UTC)
    end = begin + timedelta(days=84)
    for team in teams:
        for number in range(tickets):
            ticket = UUID(int=team.int * 1_000_000 + number)
            label = ("backend", "frontend", "design")[int(chance.integers(3))]
            opened = begin + timedelta(days=84 * (number + 0.5) / tickets)
            waits = float(chance.gamma(2, review(team) / 2))
            steps = [opened]
            for mean in (1.5, days(team, label)):
                steps.append(steps[-1] + timedelta(days=float(chance.gamma(2, mean / 2))))
            steps[-1] += timedelta(days=waits)
            known = [at for at in steps if at < end]
            for place, (since, status) in enumerate(zip(known, Status, strict=False)):
                until = known[place + 1] if place + 1 < len(known) else None
                blocked = {"review": int(waits * DAY_MS)} if status == Status.IN_PROGRESS and until else {}
                stays.append(stay_row(team, ticket, place, status, (since, until), labels=(label,), blocked=blocked))
            lives.append(ticket_row(team, ticket, known, label))
    return stays, lives


def stay_row(
    team: UUID, ticket: UUID, number: int, status: Status, span: tuple[datetime, datetime | None], **facts: object
) -> StayRow:
    row = StayRow(
        workspace_id=team,
        key=f"{ticket}/{number}",
        day=span[0].date(),
        ticket_id=ticket,
        number=number,
        status=status,
        since=span[0],
        until=span[1] if status != Status.DONE else None,
        next_status=None,
        blocked={},
        title="Work",
        labels=(),
        assigned=True,
    )
    return row.model_copy(update=dict(facts))


def ticket_row(team: UUID, ticket: UUID, steps: list[datetime], label: str) -> TicketRow:
    return TicketRow(
        workspace_id=team,
        key=str(ticket),
        day=steps[0].date(),
        ticket_id=ticket,
        title="Work",
        labels=(label,),
        status=tuple(Status)[len(steps) - 1],
        opened_at=steps[0],
        opened_in=None,
        begun_at=steps[1] if len(steps) > 1 else None,
        done_at=steps[2] if len(steps) > 2 else None,
        cycle_ms=None,
        lead_ms=None,
        reopened=0,
        meetings=(),
    )


def topic_row(number: int, counts: list[int], totals: list[int]) -> TopicRow:
    return TopicRow(
        workspace_id=TEAM,
        key=str(number),
        day=MONDAY + timedelta(weeks=len(counts) - 1),
        number=number,
        language="en",
        label=f"topic {number}",
        words=("word",),
        size=sum(counts),
        weeks=[MONDAY + timedelta(weeks=week) for week in range(len(counts))],
        counts=counts,
        totals=totals,
        meetings=[],
        utterances=[],
    )
