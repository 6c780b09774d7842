"""What doesn't scatter at all: exact truths are stated, and rounding alone supports nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from tests.analytics.insight_rows import MONDAY, TEAM, meetings, stay_row, ticket_row

from vori.analytics.insights.estimate import (
    TENTH,
    WHOLE,
    count_ratio,
    mean_beyond_zero,
    mean_difference,
    mean_stay,
    part_beyond,
    stay_ratio,
)
from vori.analytics.insights.find import Found, find
from vori.analytics.model import MeetingRow, StayRow, TicketRow
from vori.events import Status

DAY = MONDAY + timedelta(weeks=12) - timedelta(days=1)
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
MINUTE_MS = 60_000


def found(rows: Sequence[MeetingRow] = (), stays: Sequence[StayRow] = (), tickets: Sequence[TicketRow] = ()) -> Found:
    return find(rows, stays, tickets, day=DAY, people={TEAM: 8})


def same(**facts: object) -> list[MeetingRow]:
    return [row.model_copy(update=facts) for row in meetings(3)]


@pytest.mark.parametrize("minutes", [25, 28, 35, 50])
def test_meetings_of_one_length_say_nothing(minutes: int) -> None:
    said = found(same(length_ms=minutes * MINUTE_MS))
    assert (said.insights, said.anomalies) == ([], [])


@pytest.mark.parametrize("count", [2, 3, 7])
def test_as_many_of_something_in_every_meeting_say_nothing(count: int) -> None:
    assert found(same(actionable=count, created=count, decisions=count)).insights == []


def test_one_score_of_all_meetings_says_nothing() -> None:
    rows = [row.model_copy(update={"score": row.score.model_copy(update={"value": 50.1})}) for row in meetings(3)]
    assert found(rows).insights == []


def test_a_series_of_exact_lengths_that_gets_longer_at_once_is_stated() -> None:
    longer = date(2026, 2, 16)
    rows = [
        row.model_copy(update={"length_ms": (45 if row.hour == 9 and row.day >= longer else 30) * MINUTE_MS})
        for row in meetings(3)
    ]
    (said,) = found(rows).insights
    assert said.sentence_en.startswith(f"Since {longer} the length of “Series 9” went up by 50%")
    assert said.effect == pytest.approx(0.5)
    assert 0.25 < said.low < 0.5 < said.high < 0.8


def test_a_series_that_always_decides_one_more_is_stated() -> None:
    rows = [row.model_copy(update={"decisions": 3 if row.hour == 9 else 2}) for row in meetings(3)]
    assert [one.key for one in found(rows).insights] == ["hour/9/decisions"]


def test_one_long_meeting_among_equal_ones_is_unusual_and_one_of_a_few_seconds_more_is_not() -> None:
    rows = same(length_ms=30 * MINUTE_MS)
    for more, keys in ((10_000, []), (30 * MINUTE_MS, [f"length/{rows[100].meeting_id}"])):
        rows[100] = rows[100].model_copy(update={"length_ms": 30 * MINUTE_MS + more})
        assert [one.key for one in found(rows).anomalies if one.scope == "meeting" and one.measure == "length"] == keys


def test_stays_of_exactly_three_days_beside_one_are_stated() -> None:
    stays = []
    for number in range(24):
        slow, at = bool(number % 2), BEGIN + timedelta(days=2 * number)
        span = at, at + timedelta(days=3 if slow else 1)
        labels = ("backend",) if slow else ("web",)
        stays.append(stay_row(TEAM, UUID(int=number), 0, Status.IN_PROGRESS, span, labels=labels))
    (said,) = found(stays=stays).insights
    assert (said.key, said.n, said.others) == ("stay/IN_PROGRESS/backend", 12, 12)
    assert said.effect == pytest.approx(2)
    assert 1.5 < said.low < 2 < said.high < 2.5


def test_two_more_open_tickets_every_week_are_a_backlog() -> None:
    tickets = []
    for number in range(60):
        at = BEGIN + timedelta(weeks=number // 5, days=number % 5)
        steps = [at, at + timedelta(hours=1), at + timedelta(hours=2)] if number % 5 < 3 else [at]
        tickets.append(ticket_row(TEAM, UUID(int=number), steps, "web"))
    (said,) = found(tickets=tickets).insights
    assert (said.key, said.effect) == ("backlog", 2)
    assert 0 < said.low < 2 < said.high


def test_an_exact_difference_has_the_least_error_that_is_known_and_a_chance() -> None:
    x, constant, alone = np.repeat([1.0, 0.0], 20), np.ones((40, 1)), np.arange(40)
    lengths = mean_difference(np.log(30 + 15 * x), x, constant, alone, ratio=True)
    counts = count_ratio(2 + x, x, constant, alone)
    stays = stay_ratio([(mean_stay(np.full(20, 3.0), x[:20] > 0), mean_stay(np.full(20, 1.0), x[:20] > 0))])
    of_counts = WHOLE * math.sqrt((1 / 2**2 + 1 / 3**2) / 20)
    of_times = TENTH * math.sqrt(2 / 20)
    for one, effect, error in ((lengths, 0.5, of_times), (counts, 0.5, of_counts), (stays, 2.0, of_times)):
        assert one is not None
        assert one.effect == pytest.approx(effect)
        assert one.error == pytest.approx(error, rel=0.03)
        assert 0 < one.chance < 1e-10
        assert one.interval(1e-5)[0] > 0
    assert mean_beyond_zero(np.full(9, 2.0)).error == pytest.approx(WHOLE / 3)
    assert mean_beyond_zero(np.zeros(9)).chance == 1
    assert part_beyond(np.full(16, 0.8), np.ones(16), 0.5).error == pytest.approx(TENTH / math.sqrt(15))


def test_of_two_values_the_luck_of_the_draw_is_not_certain() -> None:
    """Six of the one and then six of the other come about by chance in 1 of 2,048 draws."""
    x, constant, alone = np.repeat([1.0, 0.0], 6), np.ones((12, 1)), np.arange(12)
    for one in (
        mean_difference(np.log(30 + 15 * x), x, constant, alone, ratio=True),
        count_ratio(2 + x, x, constant, alone),
    ):
        assert one is not None
        assert one.chance > 1e-5


def test_groups_that_have_a_level_each_leave_nothing_between_them() -> None:
    groups = np.repeat(np.arange(5), 8)
    x = np.tile([0.0, 1.0], 20)
    levels = np.equal.outer(groups, np.arange(5)).astype(float)
    for noise in (0.0, 0.2):
        values = groups + x + noise * np.random.default_rng(1).normal(size=40)
        told = [mean_difference(values, x, levels, named, ratio=True) for named in (groups, np.arange(40))]
        assert told[0] is not None
        assert told[1] is not None
        assert told[0].error == pytest.approx(told[1].error)
