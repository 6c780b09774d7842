"""Insights and anomalies: what is planted is found with its numbers, and nothing is said without it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import get_args, get_type_hints
from uuid import UUID

import numpy as np
import pytest
from tests.analytics.insight_rows import MONDAY, OTHER, TEAM, THIRD, meeting_row, meetings, topic_row, work

from vori.analytics.insights.find import Found, conclude, find
from vori.analytics.insights.korean import with_particle
from vori.analytics.insights.trial import FIRST, FIRST_SHARE, Correction
from vori.analytics.model import AnalyticsSettings, MeetingRow, SpeakerRow, StayRow, TicketRow, TopicRow

DAY = MONDAY + timedelta(weeks=12) - timedelta(days=1)
PEOPLE = {TEAM: 8, OTHER: 8, THIRD: 8}


def found(
    rows: Sequence[MeetingRow] = (),
    stays: Sequence[StayRow] = (),
    tickets: Sequence[TicketRow] = (),
    topics: Sequence[TopicRow] = (),
) -> Found:
    return find(rows, stays, tickets, topics, day=DAY, people=PEOPLE)


def at_ten(_: UUID, __: date, hour: int) -> float:
    return 3.2 if hour == 10 else 2.0


def test_without_a_difference_nothing_is_said() -> None:
    for seed in range(20, 26):
        said = found(meetings(seed), *work(seed))
        assert (said.insights, said.anomalies) == ([], [])
        assert said.tried > 100


def test_an_hour_at_which_more_tickets_are_opened_is_said_in_both_languages() -> None:
    rows = [row.model_copy(update={"title": f"Series {row.weekday}"}) for row in meetings(1, actionable=at_ten)]
    (said,) = found(rows).insights
    assert (said.about, said.key, said.unit, said.n, said.others) == ("hour", "hour/10/actionable", "share", 60, 240)
    assert 0 < said.low < 0.6 < said.high
    assert said.sentence_ko == (
        "오전 10시 회의에서 평균 52% 더 많은 실행 가능한 티켓 생성 (회의당 3.2개, 다른 시간은 2.1개."
        " 보정한 구간 +22 ~ +90%, 회의 60회와 240회 비교)"
    )
    assert said.sentence_en == (
        "Meetings that begin at 10 a.m. have on average 52% more actionable tickets (3.2 a meeting, 2.1 at other hours;"
        " corrected interval +22 ~ +90%; 60 meetings against 240)"
    )
    assert said.try_ko == "회의 하나를 이때로 옮겨 보고 몇 주 뒤에 다시 비교해 보세요."
    of = {row.meeting_id for row in rows if row.hour == 10}
    assert len(said.meetings) == 50
    assert set(said.meetings) < of


def test_an_hour_of_one_series_alone_says_so() -> None:
    (said,) = found(meetings(1, actionable=at_ten)).insights
    assert "모두 'Series 10' 회의이니" in said.try_ko
    assert "All of them are “Series 10”" in said.try_en


def test_a_weekday_on_which_less_is_decided_is_found_and_the_other_days_are_not_said_to_have_more() -> None:
    said = found(meetings(2, decisions=lambda _, day, __: 0.7 if day.isoweekday() == 5 else 2.0)).insights
    assert [one.key for one in said] == ["weekday/5/decisions"]
    assert said[0].high < 0
    assert said[0].sentence_ko.startswith("금요일 회의에서 평균")
    assert "더 적은 결정 (회의당" in said[0].sentence_ko


def test_teams_are_taken_together_and_what_only_one_has_is_said_of_that_one() -> None:
    everywhere = found(meetings(3, teams=(TEAM, OTHER), actionable=at_ten)).insights
    assert [(one.key, one.workspaces) for one in everywhere] == [("2 teams/hour/10/actionable", [TEAM, OTHER])]
    here = found(
        meetings(
            3, teams=(TEAM, OTHER, THIRD), actionable=lambda team, _, hour: 4.0 if (team, hour) == (OTHER, 14) else 2
        )
    ).insights
    assert [(one.key, one.workspace_id) for one in here] == [("hour/14/actionable", OTHER)]


def test_a_series_that_gets_longer_and_meetings_of_which_more_comes_when_they_last() -> None:
    longer = found(
        meetings(21, minutes=lambda _, day, hour: 45 if hour == 9 and day >= date(2026, 2, 16) else 30)
    ).insights
    assert [one.key for one in longer] == ["course/Series 9/length"]
    assert longer[0].sentence_en.startswith("Since 2026-02-16 the length of “Series 9” went up by")
    rows = [
        row.model_copy(update={"actionable": round(row.actionable * (row.length_ms / 1_800_000) ** 3)})
        for row in meetings(5)
    ]
    assert "length/actionable" in {one.key for one in found(rows).insights}


def test_a_label_that_stays_long_is_found_and_others_are_not_said_to_be_quick() -> None:
    stays, tickets = work(6, days=lambda _, label: 2.7 if label == "backend" else 0.7)
    (said,) = found(stays=stays, tickets=tickets).insights
    assert (said.key, said.about, said.others > said.n) == ("stay/IN_PROGRESS/backend", "stay", True)
    assert said.sentence_ko.startswith(
        "backend 관련 티켓이 IN_PROGRESS 상태에 평균 2.8일 체류 (다른 티켓은 1일, 2.9배. 보정한 구간"
    )
    assert said.sentence_en.startswith(
        "Tickets labelled backend stay IN_PROGRESS for 2.8 days on average, 2.9 times as long as others (1 day;"
    )
    assert 1 + said.low < 3 < 1 + said.high


def test_one_team_s_reviews_are_a_bottleneck_beside_others_and_when_they_take_most_of_the_time() -> None:
    stays, tickets = work(7, teams=(TEAM, OTHER, THIRD), review=lambda team: 4.0 if team == OTHER else 0.3)
    said = found(stays=stays, tickets=tickets).insights
    assert {(one.workspace_id, one.key) for one in said} == {
        (OTHER, "bottleneck/IN_PROGRESS/"),
        (OTHER, "bottleneck/IN_PROGRESS/review"),
        (OTHER, "waiting/IN_PROGRESS/review"),
    }
    korean = [
        one.model_copy(update={"blocked": dict(zip(["리뷰"], one.blocked.values(), strict=False))}) for one in stays
    ]
    mixed = [ko if ko.workspace_id == TEAM else en for ko, en in zip(korean, stays, strict=True)]
    assert [one.effect for one in found(stays=mixed, tickets=tickets).insights] == [one.effect for one in said]
    alone = [one for one in stays if one.workspace_id == OTHER]
    assert [one.key for one in found(stays=alone).insights] == ["waiting/IN_PROGRESS/review"]


def test_stays_that_still_go_on_lengthen_the_mean() -> None:
    stays, _ = work(8, days=lambda _, label: 12 if label == "backend" else 1.0)
    ended = [one for one in stays if one.until is not None]
    assert len(ended) < len(stays)
    (with_open,), (without,) = found(stays=stays).insights, found(stays=ended).insights
    assert with_open.effect > without.effect


def test_tickets_that_are_opened_again_and_those_that_heap_up() -> None:
    stays, tickets = work(9, tickets=300)
    again = [
        one.model_copy(update={"reopened": int(number % 3 == 0 and one.labels == ("design",))})
        for number, one in enumerate(tickets)
    ]
    (said,) = found(stays=stays, tickets=again).insights
    assert said.key == "reopened/design"
    heaped = [
        one.model_copy(update={"done_at": None}) if number % 2 and one.opened_at.date() > date(2026, 1, 18) else one
        for number, one in enumerate(tickets)
    ]
    assert "backlog" in {one.key for one in found(tickets=heaped).insights}


def test_a_week_unlike_the_others_is_found_and_named() -> None:
    odd = date(2026, 2, 9)

    def is_odd(day: date) -> bool:
        return odd <= day < odd + timedelta(days=7)

    rows = meetings(
        10,
        minutes=lambda _, day, __: 60 if is_odd(day) else 30,
        decisions=lambda _, day, __: 6 if is_odd(day) else 1.5,
    )
    said = found([row for number, row in enumerate(rows) if not is_odd(row.day) or number % 2]).anomalies
    assert {(one.measure, one.scope, one.day) for one in said} == {("length", "week", odd), ("decisions", "week", odd)}
    length = next(one for one in said if one.measure == "length")
    assert length.value == pytest.approx(2 * length.usual, rel=0.15)
    assert length.sentence_ko.startswith("2026-02-09 주의 회의 길이는 ")
    assert length.sentence_en.startswith("In the week of 2026-02-09 the length came to ")
    unfinished = find(rows, [], [], day=odd + timedelta(days=5), people=PEOPLE)
    assert [one for one in unfinished.anomalies if one.scope == "week"] == [], "a week is looked at when it is over"


def test_a_meeting_unlike_its_series_is_found() -> None:
    rows = meetings(11, weeks=12)
    rows[100] = rows[100].model_copy(update={"length_ms": 5 * 3_600_000})
    (said,) = [one for one in found(rows).anomalies if one.scope == "meeting" and one.measure == "length"]
    assert (said.meeting_id, said.series) == (rows[100].meeting_id, "Series 9")
    assert said.value == pytest.approx(18_000_000)


def test_a_topic_that_rises_is_found() -> None:
    chance = np.random.default_rng(12)
    share = np.linspace(0.1, 0.4, 12)
    totals = [60] * 12
    flat = [int(one) for one in chance.binomial(60, 0.1, 12)]
    rising = [int(one) for one in chance.binomial(60, share)]
    (said,) = found(topics=[topic_row(0, flat, totals), topic_row(1, rising, totals)]).insights
    assert (said.key, said.about) == ("topic/1", "topic")
    assert "'topic 1' 이야기의 비중이" in said.sentence_ko


def test_neither_the_order_of_rows_nor_a_repeated_row_changes_anything() -> None:
    rows = meetings(13, teams=(TEAM, OTHER), actionable=at_ten)
    stays, tickets = work(13, teams=(TEAM, OTHER), days=lambda _, label: 3.0 if label == "design" else 1.0)
    once = found(rows, stays, tickets)
    assert once.insights
    chance = random.Random(1)
    mixed = [chance.sample(many, len(many)) for many in (rows + rows[:50], stays + stays[:50], tickets + tickets[:50])]
    assert found(*mixed) == once  # type: ignore[arg-type]
    fewer = found(rows[:-1], stays[:-3], tickets)
    assert [one.effect for one in fewer.insights] != [one.effect for one in once.insights]


def test_teams_and_series_of_few_people_are_not_told_of() -> None:
    rows = meetings(14, actionable=at_ten)
    assert find(rows, [], [], day=DAY, people={TEAM: 4}).insights == []
    shown = {TEAM: AnalyticsSettings(small_teams="show")}
    assert find(rows, [], [], day=DAY, people={TEAM: 4}, settings=shown).insights
    pair = [
        row.model_copy(update={"speakers": 2, "length_ms": row.length_ms * (4 if row.day > date(2026, 2, 16) else 1)})
        for row in meetings(15)
        if row.hour == 9
    ]
    assert [one for one in found(pair).insights if one.about in ("series", "trend", "change")] == []
    large = [row.model_copy(update={"speakers": 6}) for row in pair]
    assert {one.about for one in found(large).insights} == {"change"}


def test_nobody_s_own_numbers_come_in() -> None:
    """Whoever talks, asks or takes turns how much: what is said is the same, and names nobody."""
    assert SpeakerRow not in {part for kind in get_type_hints(find).values() for part in (kind, *get_args(kind))}
    rows = meetings(14, actionable=at_ten)
    told = [
        conclude({"meeting": rows, "speaker": voices(rows, loud)}, PEOPLE)
        for loud in (lambda _: False, lambda row: row.hour == 10)
    ]
    assert told[0] == told[1] == conclude({"meeting": rows}, PEOPLE)
    assert [row.key for row in told[0]["insight"]] == ["hour/10/actionable"]
    assert "Somebody" not in str(told)


def voices(rows: Sequence[MeetingRow], is_loud: Callable[[MeetingRow], bool]) -> list[SpeakerRow]:
    """Six in each meeting; the first has all to themselves in those that are loud."""
    return [
        SpeakerRow(
            workspace_id=row.workspace_id,
            key=f"{row.meeting_id}/Somebody {who}",
            day=row.day,
            meeting_id=row.meeting_id,
            who=f"Somebody {who}",
            talk_ms=row.talk_ms // 6 if not is_loud(row) else row.talk_ms * (who == 0),
            share=1 / 6 if not is_loud(row) else float(who == 0),
            turns=9 if not is_loud(row) else 50 * (who == 0),
            questions=1 if not is_loud(row) else 20 * (who == 0),
            longest_ms=60_000,
        )
        for row in rows
        for who in range(6)
    ]


def test_a_run_s_results_are_concluded_up_to_their_last_day() -> None:
    rows = meetings(17, actionable=at_ten)
    stays, tickets = work(17)
    concluded = conclude({"meeting": rows, "stay": stays, "ticket": tickets}, PEOPLE)
    last = DAY + timedelta(days=1)
    assert concluded["insight"] == find(rows, stays, tickets, day=last, people=PEOPLE).insights != []
    assert {row.day for row in concluded["insight"]} == {last}
    assert conclude({"meeting": rows}, {})["insight"] == []
    assert conclude({}, PEOPLE) == {"insight": [], "anomaly": []}


def test_all_errors_together_are_those_allowed() -> None:
    correction = Correction(0.05)
    tries = {FIRST: 12, "label": 30, "team": 6}
    for question, many in tries.items():
        for _ in range(many):
            correction.count(question)
    levels = correction.levels()
    assert sum(levels[question] * many for question, many in tries.items()) == pytest.approx(0.05)
    assert levels[FIRST] * 12 == pytest.approx(0.05 * FIRST_SHARE)
    assert correction.tried == 48


def test_rows_after_the_day_are_not_looked_at() -> None:
    rows = meetings(16, actionable=at_ten)
    later = [meeting_row(TEAM, 10_000 + number, DAY + timedelta(days=1), 10, actionable=9) for number in range(40)]
    assert found(rows + later) == found(rows)


@pytest.mark.parametrize(
    ("word", "particle", "told"),
    [
        ("결정", "이/가", "결정이"),
        ("회의", "은/는", "회의는"),
        ("데일리", "을/를", "데일리를"),
        ("서울", "으로/로", "서울로"),
        ("61.5분", "으로/로", "61.5분으로"),
        ("'회고'", "과/와", "'회고'와"),
        ("backend", "은/는", "backend는"),
        ("team", "이/가", "team이"),
        ("3", "을/를", "3을"),
        ("2", "이/가", "2가"),
        ("", "은/는", "는"),
    ],
)
def test_particles_suit_the_last_sound(word: str, particle: str, told: str) -> None:
    assert with_particle(word, particle) == told
