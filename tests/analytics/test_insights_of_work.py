"""Insights into meetings and work where data is uneven: small series, work that still goes on, what others never do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest
from tests.analytics.insight_rows import MONDAY, OTHER, TEAM, THIRD, meetings, stay_row, work

from vori.analytics.insights.estimate import mean_stay, stay_ratio
from vori.analytics.insights.find import Found, find
from vori.analytics.insights.said_of_meetings import length_words
from vori.analytics.insights.said_of_work import NO_REASON
from vori.analytics.insights.trial import Told
from vori.analytics.insights.waits import Waits, stands_for
from vori.analytics.model import MeetingRow, StayRow, TicketRow
from vori.events import Status

DAY = MONDAY + timedelta(weeks=12) - timedelta(days=1)
PEOPLE = {TEAM: 8, OTHER: 8, THIRD: 8}
BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
HOUR_MS = 3_600_000


def found(rows: Sequence[MeetingRow] = (), stays: Sequence[StayRow] = (), tickets: Sequence[TicketRow] = ()) -> Found:
    return find(rows, stays, tickets, day=DAY, people=PEOPLE)


def test_nothing_is_told_of_meetings_of_two() -> None:
    pair = []
    for row in meetings(30):
        value = 20.0 + row.length_ms % 7 + 60 * (row.weekday == 1)
        long = row.length_ms > 1_800_000
        facts = {"title": "1:1 Kim, Lee", "speakers": 2, "actionable": 12 * long, "decisions": 0}
        if row.hour == 14:
            pair.append(row.model_copy(update={**facts, "score": row.score.model_copy(update={"value": value})}))
    rest = [row for row in meetings(31) if row.hour != 14]
    told = found([*pair, *rest]).insights
    assert not [one.key for one in told if one.key.startswith("hour/14/") or one.unit == "points" or "1:1" in one.key]
    assert "length" not in {one.about for one in told}
    many = [row.model_copy(update={"speakers": 6}) for row in pair]
    assert {one.about for one in found([*many, *rest]).insights} == {"hour", "weekday", "length"}


def stays_of(
    team: UUID, hours: Sequence[float], waits: Sequence[float], *, reason: str = "access", still: int = 0
) -> list[StayRow]:
    """Stays in TODO evenly over twelve weeks, of these hours and waits; the last so many `still` go on."""
    rows = []
    for number, (length, wait) in enumerate(zip(hours, waits, strict=True)):
        since = BEGIN + timedelta(days=80 * number / len(hours))
        until = None if number >= len(hours) - still else since + timedelta(hours=length)
        blocked = {reason: round(wait * HOUR_MS)} if wait else {}
        ticket = UUID(int=team.int * 1_000_000 + number)
        rows.append(stay_row(team, ticket, 0, Status.TODO, (since, until), blocked=blocked))
    return rows


def test_what_waits_over_the_weekend_is_no_longer_waiting_than_it_is_known_to_be_there() -> None:
    over = stays_of(TEAM, [10.0] * 40, [3.0] * 40)
    friday = datetime(2026, 3, 27, 17, tzinfo=UTC)
    last = stay_row(TEAM, UUID(int=5), 0, Status.TODO, (friday - timedelta(hours=9), friday + timedelta(minutes=5)))
    opened = [
        stay_row(TEAM, UUID(int=100 + n), 0, Status.TODO, (friday, None), blocked={"access": 58 * HOUR_MS})
        for n in range(30)
    ]
    assert found(stays=[*over, last, *opened]).insights == []


def test_a_wait_that_is_over_while_its_stay_goes_on_is_not_taken_as_a_longer_one() -> None:
    chance = np.random.default_rng(40)
    waits = chance.gamma(2, 2, (2, 200))
    lengths = chance.gamma(2, 12, (2, 200)) + waits
    rows = stays_of(TEAM, lengths[0].tolist(), waits[0].tolist(), still=90)
    rows += stays_of(OTHER, lengths[1].tolist(), waits[1].tolist())
    assert [one.key for one in found(stays=rows).insights if one.key.endswith("access")] == []


def test_mean_waits_are_kaplan_and_meier_s_and_cover_the_truth_also_of_stays_that_are_not_over() -> None:
    chance = np.random.default_rng(41)
    intervals = []
    for _ in range(400):
        pair = []
        for size, mean in ((60, 4.0), (150, 2.0)):
            wait = chance.gamma(2, mean / 2, size) * (chance.random(size) < 0.6)
            length = wait + chance.gamma(2, 3, size)
            seen = np.minimum(length, chance.uniform(3, 60, size))
            pair.append(Waits.of(wait, seen, seen == length).mean())
        estimate = stay_ratio([(pair[0], pair[1])])
        assert estimate is not None
        intervals.append(estimate.interval(0.1))
    assert 0.05 < sum(not low <= 1.0 <= high for low, high in intervals) / 400 < 0.15
    lengths, ended = chance.gamma(2, 3, 50), chance.random(50) < 0.7
    weights = stands_for(lengths, ended)
    assert weights.sum() == pytest.approx(50)
    assert weights @ lengths / 50 == pytest.approx(mean_stay(lengths, ended).mean)


def test_a_team_that_waits_for_what_others_hardly_ever_wait_for_is_named() -> None:
    chance = np.random.default_rng(42)

    def some(team: UUID, waiting: int, reason: str) -> list[StayRow]:
        hours = chance.gamma(2, 20, 120).tolist()
        waits = [hours[n] / 3 if n % 2 and n < 2 * waiting else 0.0 for n in range(120)]
        return stays_of(team, hours, waits, reason=reason)

    here = some(TEAM, 50, "access")
    (said,) = found(stays=[*here, *some(OTHER, 0, "access"), *some(THIRD, 2, "권한")]).insights
    assert (said.key, said.workspace_id, said.n, said.others) == ("bottleneck/TODO/access", TEAM, 120, 240)
    assert 2 < said.effect < 20
    assert "other teams' (0.0" in said.sentence_en
    assert "; reckoned as if 12 of theirs waited, too; corrected interval" in said.sentence_en
    assert "다른 팀도 12번 기다렸다고 보고 계산, 보정한 구간" in said.sentence_ko
    assert found(stays=[*some(TEAM, 14, "access"), *some(OTHER, 4, "access")]).insights == []


def test_what_is_blocked_without_a_reason_is_said_to_be_and_the_whole_time_is_asked_about_still() -> None:
    rows, _ = work(43, teams=(TEAM, OTHER, THIRD), review=lambda team: 4.0 if team == OTHER else 0.3)
    rows = [
        row.model_copy(update={"blocked": dict(zip((" " * (n % 2),), row.blocked.values(), strict=False))})
        for n, row in enumerate(rows)
    ]
    said = {one.key: one for one in found(stays=rows).insights}
    assert set(said) == {
        "bottleneck/IN_PROGRESS/",
        f"bottleneck/IN_PROGRESS/{NO_REASON}",
        f"waiting/IN_PROGRESS/{NO_REASON}",
    }
    whole, blocked, most = (said[key] for key in sorted(said))
    assert whole.sentence_en.startswith("This team's tickets stay IN_PROGRESS for ")
    assert blocked.sentence_en.startswith(
        "This team's tickets are blocked without a reason given while IN_PROGRESS for 4"
    )
    assert blocked.sentence_ko.startswith("이 팀의 티켓은 IN_PROGRESS 상태에서 이유가 적히지 않은 채 평균 4")
    assert "일 막혀 있습니다" in blocked.sentence_ko
    assert "of the time in IN_PROGRESS tickets are blocked without a reason given" in most.sentence_en
    assert "이유가 적히지 않은 채 막힌 시간" in most.sentence_ko
    assert {one.try_en for one in (blocked, most)} == {"Write down what a ticket waits for when it is blocked."}


def opened_again(rows: Sequence[TicketRow], share: Callable[[TicketRow], float], seed: int) -> list[TicketRow]:
    chance = np.random.default_rng(seed)
    return [row.model_copy(update={"reopened": int(chance.random() < share(row))}) for row in rows]


def test_a_label_that_is_opened_again_leaves_no_shadow_on_the_others() -> None:
    for seed in range(3):
        _, tickets = work(50 + seed, tickets=600)
        again = opened_again(tickets, lambda row: 0.4 if row.labels == ("design",) else 0.05, seed)
        (said,) = found(tickets=again).insights
        assert (said.key, said.effect > 3) == ("reopened/design", True)


def test_a_label_is_not_opened_again_more_often_because_its_team_is() -> None:
    _, tickets = work(53, teams=(TEAM, OTHER), tickets=500)
    mixed = [
        row.model_copy(update={"labels": ("design",)}) if row.workspace_id == TEAM and row.ticket_id.int % 3 else row
        for row in tickets
    ]
    again = opened_again(mixed, lambda row: 0.35 if row.workspace_id == TEAM else 0.04, 53)
    said = found(tickets=again).insights
    assert {one.key for one in said} == {"reopened"}
    assert re.search(r"times as often as others \(\d+%; corrected interval", said[0].sentence_en)
    assert re.search(r"다른 티켓\(\d+%\)의 [\d.]+배", said[0].sentence_ko)


def test_both_means_that_are_told_are_measured_and_an_adjusted_difference_says_so() -> None:
    rows = meetings(
        60, teams=(TEAM, OTHER), decisions=lambda team, _, hour: (5 if team == OTHER else 1) * (1 + (hour == 9)) / 2
    )
    rows = [row for row in rows if row.hour != 9 or row.workspace_id == TEAM or row.weekday == 1]
    (said,) = found(rows).insights
    nine, others = ([row.decisions for row in rows if (row.hour == 9) == at] for at in (True, False))
    means = f"{np.mean(nine):.1f} a meeting, {np.mean(others):.1f} at other hours"
    assert f"more decisions ({means}; adjusted for teams; corrected interval" in said.sentence_en
    assert f"다른 시간은 {np.mean(others):.1f}개. 팀 차이를 감안, 보정한 구간" in said.sentence_ko
    assert said.effect == pytest.approx(1, rel=0.3)


def test_a_label_s_mean_and_that_of_the_others_are_measured() -> None:
    def days(team: UUID, label: str) -> float:
        return (5.0 if team == OTHER else 0.5) * {"backend": 4.0, "design": 0.4}.get(label, 1.0)

    stays, _ = work(61, teams=(TEAM, OTHER), tickets=400, days=days, review=lambda _: 0.01)
    said = {one.key: one for one in found(stays=stays).insights}
    design, backend = (said[f"2 teams/stay/IN_PROGRESS/{label}"] for label in ("design", "backend"))
    assert "; adjusted for teams; corrected interval" in design.sentence_en
    assert "; adjusted for teams and other findings; corrected interval" in backend.sentence_en
    assert "팀 차이와 따로 밝힌 차이를 감안, 보정한 구간" in backend.sentence_ko
    plain = [row for row in stays if row.status == Status.IN_PROGRESS and row.labels == ("frontend",)]
    last = max(row.until or row.since for row in stays)
    lengths = np.array([((row.until or last) - row.since).total_seconds() for row in plain])
    usual = mean_stay(lengths, np.array([row.until is not None for row in plain])).mean / 86_400
    told = re.search(r"others \(([\d.]+) days", backend.sentence_en)
    assert told is not None
    assert float(told[1]) == pytest.approx(usual, abs=0.1)


def test_an_hour_without_any_decision_is_found_and_reckoned_as_if_it_had_some() -> None:
    rows = meetings(62, teams=(TEAM, OTHER), decisions=lambda _, __, hour: 0.0 if hour == 14 else 1.5)
    rows = [row.model_copy(update={"title": f"Series {(row.weekday + row.hour) % 7}"}) for row in rows]
    (said,) = found(rows).insights
    assert (said.key, said.n, said.others) == ("2 teams/hour/14/decisions", 120, 480)
    assert -1 < said.low < said.effect < said.high < -0.7
    assert re.search(
        r"decisions \(0 a meeting, 1\.5 at other hours; .*reckoned as if they had 5 in all; ", said.sentence_en
    )
    assert "5개는 있었다고 보고 계산, 보정한 구간" in said.sentence_ko


def test_few_events_alone_say_nothing() -> None:
    none = [row.model_copy(update={"decisions": 0}) for row in meetings(63)]
    some = [row.model_copy(update={"decisions": int(n % 60 == 7)}) for n, row in enumerate(none)]
    assert found(none).insights == found(some).insights == []


def test_of_two_teams_the_slower_is_named() -> None:
    for slow in (TEAM, OTHER):
        stays, tickets = work(64, teams=(TEAM, OTHER), review=lambda team: 4.0 if team == slow else 0.3)  # noqa: B023
        again = opened_again(tickets, lambda row: 0.4 if row.workspace_id == slow else 0.02, 64)  # noqa: B023
        said = [one for one in found(stays=stays, tickets=again).insights if not one.key.startswith("waiting")]
        assert {one.workspace_id for one in said} == {slow}
        assert {one.key for one in said} == {"bottleneck/IN_PROGRESS/", "bottleneck/IN_PROGRESS/review", "reopened"}


@pytest.mark.parametrize(
    ("effect", "low", "high", "ko", "en"),
    [
        (0.3, 0.1, 0.6, "30% 많아지지만 시간당으로는 줄어듭니다", "30% more decisions, fewer an hour (corrected"),
        (0.8, 0.3, 1.4, "80% 많아집니다", "80% more decisions (corrected"),
        (2.0, 1.2, 3.1, "200% 많아지고 시간당으로도 늘어납니다", "200% more decisions, more an hour, too (corrected"),
        (-0.4, -0.6, -0.1, "40% 적어집니다", "40% fewer decisions (corrected"),
    ],
)
def test_what_a_longer_meeting_has_is_told_by_the_hour_where_that_is_sure(
    effect: float, low: float, high: float, ko: str, en: str
) -> None:
    words = length_words("decisions")(Told(effect, low, high, 60, 0))
    assert f"결정이 평균 {ko} (보정한 구간" in words.ko
    assert en in words.en
