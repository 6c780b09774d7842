"""Weeks as insights count them: by a team's own clock, from its own first day to the last week that is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from tests.analytics.insight_rows import MONDAY, OTHER, TEAM, meetings, ticket_row

from vori.analytics.insights.find import conclude, find
from vori.analytics.insights.meetings import Held
from vori.analytics.insights.unusual import WEEK, look
from vori.analytics.model import AnomalyRow, InsightRow, TicketRow

DAY = MONDAY + timedelta(weeks=12) - timedelta(days=1)
PEOPLE = {TEAM: 8, OTHER: 8}


def weekly(team: UUID, hour: float, *, done: int = 3, weeks: range = range(12)) -> Iterator[TicketRow]:
    """Five tickets are opened on Mondays, so many hours after midnight in Seoul, and some done within the hour."""
    for week in weeks:
        monday = MONDAY + timedelta(weeks=week)
        opened = datetime(monday.year, monday.month, monday.day, tzinfo=UTC) + timedelta(hours=hour - 9)
        for nth in range(5):
            steps = [opened + timedelta(minutes=one) for one in ((0, 10, 20) if nth < done else (0,))]
            row = ticket_row(team, UUID(int=team.int * 1_000 + 10 * week + nth), steps, "web")
            yield row.model_copy(update={"day": monday})


def test_a_ticket_done_on_monday_morning_in_seoul_is_done_in_that_week() -> None:
    tickets = list(weekly(TEAM, 8.2))
    (said,) = find([], [], tickets, day=DAY, people=PEOPLE, zones={TEAM: "Asia/Seoul"}).insights
    assert (said.key, said.effect) == ("backlog", 2)


def test_a_team_that_came_later_does_not_seem_to_do_more_and_more() -> None:
    rows = [row for row in meetings(1, teams=(TEAM, OTHER), weeks=24) if row.workspace_id == TEAM or row.day > DAY]
    tickets = [*weekly(TEAM, 12, done=5, weeks=range(24)), *weekly(OTHER, 12, done=5, weeks=range(12, 24))]
    said = find(rows, [], tickets, day=DAY + timedelta(weeks=12), people=PEOPLE).insights
    assert [one.key for one in said if one.about in ("throughput", "backlog")] == []


def test_one_to_ones_are_in_no_week_of_the_team() -> None:
    odd = MONDAY + timedelta(weeks=5)
    rows = [
        row.model_copy(update={"speakers": 2, "decisions": 8 if odd <= row.day < odd + timedelta(days=7) else 1})
        if row.hour > 9
        else row
        for row in meetings(5)
    ]
    assert find(rows, [], [], day=DAY, people=PEOPLE).anomalies == []
    large = [row.model_copy(update={"speakers": 6}) for row in rows]
    told = find(large, [], [], day=DAY, people=PEOPLE).anomalies
    assert [row.key for row in told if row.scope == "week"] == [f"decisions/{odd}"]


def test_from_week_to_week_a_change_stays_the_same_statement() -> None:
    change = MONDAY + timedelta(weeks=26)
    rows = meetings(4, weeks=40, minutes=lambda _, day, hour: 45 if hour == 9 and day >= change else 30)
    for week in range(34, 41):
        last = MONDAY + timedelta(weeks=week) - timedelta(days=1)
        seen = [row for row in rows if last - timedelta(weeks=26) <= row.day <= last]
        (said,) = find(seen, [], [], day=last, people=PEOPLE).insights
        assert said.key == "course/Series 9/length"
        assert said.sentence_en.startswith(f"Since {change} ")


def test_a_weekly_series_of_ten_meetings_that_lasts_twice_as_long_at_once_is_stated() -> None:
    change = MONDAY + timedelta(weeks=6)
    rows = meetings(2, minutes=lambda _, day, hour: 60 if hour == 9 and day >= change else 30)
    rows = [row for row in rows if row.hour > 9 or (row.weekday == 2 and MONDAY + timedelta(weeks=2) <= row.day)]
    assert sum(row.hour == 9 for row in rows) == 10
    (said,) = find(rows, [], [], day=DAY, people=PEOPLE).insights
    assert (said.key, said.n, said.others) == ("course/Series 9/length", 6, 4)


def test_the_last_week_of_a_file_that_ends_on_a_friday_is_looked_at() -> None:
    odd, friday = MONDAY + timedelta(weeks=11), DAY - timedelta(days=2)
    rows = meetings(10, minutes=lambda _, day, __: 60 if day >= odd else 30)
    assert max(row.day for row in rows) == friday
    for last, keys in ((friday, [f"length/{odd}"]), (friday - timedelta(days=1), [])):
        found = conclude({"meeting": [row for row in rows if row.day <= last]}, PEOPLE)["anomaly"]
        assert [row.key for row in found if isinstance(row, AnomalyRow) and row.scope == "week"] == keys


def test_what_is_done_in_the_last_week_of_a_file_counts() -> None:
    rows, tickets = meetings(1), list(weekly(TEAM, 8.2))
    (said,) = conclude({"meeting": rows, "ticket": tickets}, PEOPLE, {TEAM: "Asia/Seoul"})["insight"]
    assert isinstance(said, InsightRow)
    assert (said.key, said.effect, said.n, said.day) == ("backlog", 2, 10, DAY - timedelta(days=2))


def test_a_team_that_at_once_gets_half_as_much_done_is_told_since_when() -> None:
    change = MONDAY + timedelta(weeks=14)
    chance = np.random.default_rng(3)
    tickets = [
        row.model_copy(update={"key": str(UUID(int=1_000 * nth + place)), "ticket_id": UUID(int=1_000 * nth + place)})
        for nth in range(8)
        for place, row in enumerate(weekly(TEAM, 12, weeks=range(26)))
        if chance.random() < (0.9 if row.day < change else 0.45)
    ]
    said = find([], [], tickets, day=MONDAY + timedelta(weeks=26, days=-1), people=PEOPLE).insights
    (less,) = [one for one in said if one.about == "throughput"]
    assert less.key == "throughput", "from look to look it stays the same statement"
    assert less.low < -0.5 < less.high < 0
    since = less.sentence_en.removeprefix("Since ").split()[0]
    assert abs(date.fromisoformat(since) - change) <= timedelta(weeks=1), "by chance one week seems to belong to before"
    assert less.sentence_en.startswith(f"Since {since} the number of tickets done a week went down by ")
    assert less.sentence_ko.startswith(f"{since}부터 주마다 끝나는 티켓이 ")


@pytest.mark.parametrize("times", [2.5, 0.15])
def test_a_week_of_far_more_or_fewer_decisions_is_stated(times: float) -> None:
    odd = MONDAY + timedelta(weeks=5)
    rows = meetings(9, decisions=lambda _, day, __: 1.5 * times if odd <= day < odd + timedelta(days=7) else 1.5)
    told = find([row for row in rows if row.hour < 14], [], [], day=DAY, people=PEOPLE).anomalies
    (week,) = [row for row in told if row.scope == "week"]
    assert week.key == f"decisions/{odd}"
    assert week.value == pytest.approx(times * week.usual, rel=0.3)


def test_a_week_of_other_series_than_usual_is_not_odd() -> None:
    odd = MONDAY + timedelta(weeks=5)
    planned = meetings(9, decisions=lambda _, __, hour: 6.0 if hour == 9 else 0.4)
    mixed = [row for row in planned if row.hour in (9, 10) or not odd <= row.day < odd + timedelta(days=7)]
    share = [row.decisions for row in mixed if odd <= row.day < odd + timedelta(days=7)]
    assert sum(share) / len(share) > 2, "of other meetings, so many more a meeting"
    assert [row.key for row in find(mixed, [], [], day=DAY, people=PEOPLE).anomalies] == []


@pytest.mark.parametrize("draw", ["poisson", "rare", "bursts", "even"])
def test_a_week_like_the_others_is_taken_for_odd_no_more_often_than_is_allowed(draw: str) -> None:
    chance, draws = np.random.default_rng(4), {"poisson": (2.0, 1.0), "rare": (0.3, 1.0), "bursts": (2.0, 3.0)}
    below = tried = 0
    for _ in range(40):
        if draw == "even":
            counts = chance.binomial(4, 0.5, 12 * 25)
        else:
            mean, over = draws[draw]
            counts = chance.poisson(mean * chance.gamma(mean / max(over - 1, 1e-6), max(over - 1, 1e-6) / mean, 300))
        rows = [
            row.model_copy(update={"created": int(count)})
            for row, count in zip(meetings(1), counts.tolist(), strict=True)
        ]
        weeks = [one for one in look(Held(rows, 3), DAY) if one.question == WEEK]
        chances = [one.estimate.chance for one in weeks if one.row().measure == "created"]
        below, tried = below + sum(one < 0.01 for one in chances), tried + len(chances)
    assert tried == 480
    assert below <= 10, "1 % allowed: with 5 awaited, one time in a hundred there are more than ten"
