"""Insights into meetings and work where data is uneven: small series, work that still goes on, what others never do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tests.analytics.insight_rows import MONDAY, OTHER, TEAM, THIRD, meetings

from vori.analytics.insights.find import Found, find
from vori.analytics.model import MeetingRow, StayRow, TicketRow

DAY = MONDAY + timedelta(weeks=12) - timedelta(days=1)
PEOPLE = {TEAM: 8, OTHER: 8, THIRD: 8}


def found(rows: Sequence[MeetingRow] = (), stays: Sequence[StayRow] = (), tickets: Sequence[TicketRow] = ()) -> Found:
    return find(rows, stays, tickets, day=DAY, people=PEOPLE)


def test_meetings_of_two_count_neither_for_an_hour_or_weekday_nor_for_length_or_score() -> None:
    pair = []
    for row in meetings(30):
        value = 20.0 + row.length_ms % 7 + 60 * (row.weekday == 1)
        long = row.length_ms > 1_800_000
        facts = {"title": "1:1 Kim, Lee", "speakers": 2, "actionable": 12 * long, "decisions": 0}
        if row.hour == 14:
            pair.append(row.model_copy(update={**facts, "score": row.score.model_copy(update={"value": value})}))
    rest = [row for row in meetings(31) if row.hour != 14]
    assert found([*pair, *rest]).insights == []
    many = [row.model_copy(update={"speakers": 6}) for row in pair]
    assert {one.about for one in found([*many, *rest]).insights} == {"hour", "weekday", "length"}
