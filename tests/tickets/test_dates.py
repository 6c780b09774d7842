"""When "next Friday" and "다음 주 금요일" are."""

from __future__ import annotations

from datetime import date

import pytest

from vori.tickets.offline.dates import due, mentions, without_dates
from vori.tickets.offline.days import Kind

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("오늘 중으로 할게요", "2026-03-04"),
        ("내일 오전까지 드릴게요", "2026-03-05"),
        ("모레까지요", "2026-03-06"),
        ("금요일까지 보내겠습니다", "2026-03-06"),
        ("수요일까지 보내겠습니다", "2026-03-11"),
        ("다음 주 월요일까지", "2026-03-09"),
        ("이번 주 안에 끝내겠습니다", "2026-03-06"),
        ("다음 주 중에 할게요", "2026-03-13"),
        ("이번 달 말까지", "2026-03-31"),
        ("3월 20일까지 제출", "2026-03-20"),
        ("1월 5일까지", "2027-01-05"),
        ("이틀 안에", "2026-03-06"),
        ("2주 뒤에", "2026-03-18"),
        ("지난 금요일에 했습니다", None),
        ("어제 했습니다", None),
        ("내일부터 시작합니다", None),
        ("2월 30일까지", None),
        ("문서를 정리하겠습니다", None),
        ("by tomorrow", "2026-03-05"),
        ("by Friday", "2026-03-06"),
        ("on Wednesday", "2026-03-11"),
        ("next Monday morning", "2026-03-09"),
        ("this week", "2026-03-06"),
        ("by the end of next week", "2026-03-13"),
        ("by March 20th", "2026-03-20"),
        ("by the twentieth", "2026-03-20"),
        ("before the first", "2026-04-01"),
        ("in two days", "2026-03-06"),
        ("right after this", "2026-03-04"),
        ("end of the month", "2026-03-31"),
        ("I sent it last Friday", None),
        ("since Monday", None),
        ("I may do that", None),
        ("20 percent", None),
    ],
)
def test_due(said: str, day: str | None) -> None:
    assert due(said, WEDNESDAY) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("8월 말까지만 되면 돼요", ["08-31"]),
        ("팔월 칠일까지", ["08-07"]),
        ("유월 십 이일 이요 금요일", ["06-12", "06-12"]),
        ("마감이 15일이에요", ["03-15"]),
        ("이십오 일까지 드릴게요", ["03-25"]),
        ("다음 달 오 일까지", ["04-05"]),
        ("다음 주 월요일이나 화요일에", ["03-09", "03-10"]),
        ("담주 수욜까지", ["03-11"]),
        ("주말 전에", ["03-06"]),
        ("행사는 20일이니까 그 전날까지", ["03-20", "03-19"]),
        ("금요일까지 모아 주시면 그다음 주 수요일까지 쓸게요", ["03-06", "03-11"]),
        ("열 시 전에는 하셔야 돼요", ["03-04"]),
        ("내일 세 시까지", ["03-05"]),
        ("2~3일 안에", ["03-07"]),
        ("어제 했어요", ["03-03"]),
        ("문서를 보낼게요, 이 일은 제가 할게요", []),
        ("3일 전에 보냈어요", []),
        ("Thursday the second", ["04-02"]),
        ("by the thirty first", ["03-31"]),
        ("before the end of May", ["05-31"]),
        ("a week today", ["03-11"]),
        ("a week on Friday", ["03-13"]),
        ("they gave us a fortnight", ["03-18"]),
        ("next Monday or Tuesday", ["03-09", "03-10"]),
        ("this arvo", ["03-04"]),
        ("by noon", ["03-04"]),
        ("Friday at three", ["03-06"]),
        ("before I log off", ["03-04"]),
        ("Monday, first thing", ["03-09"]),
        ("The launch is the twentieth, so the day before", ["03-20", "03-19"]),
        ("the first time, on the third floor", []),
        ("one of them, at one point", []),
        ("February 30th", []),
    ],
)
def test_all_days_of_a_text_are_found(said: str, days: list[str]) -> None:
    assert [mention.day.isoformat()[5:] for mention in mentions(said, WEDNESDAY)] == days


def test_a_day_may_be_told_from_one_that_was_named_before() -> None:
    assert mentions("전날까지요", WEDNESDAY) == []
    (found,) = mentions("전날까지요", WEDNESDAY, before=date(2026, 3, 20))
    assert (found.day, found.kind, found.by) == (date(2026, 3, 19), Kind.BESIDE, True)
    (found,) = mentions("the Saturday before", WEDNESDAY, before=date(2026, 3, 20))
    assert found.day == date(2026, 3, 14)


@pytest.mark.parametrize("said", ["목요일, 아니다 금요일까지네", "on Thursday, no, sorry, by Friday"])
def test_a_correction_retracts_the_day_before_it(said: str) -> None:
    first, second = mentions(said, WEDNESDAY)
    assert (first.retracted, first.corrects, first.by) == (True, False, False)
    assert (second.retracted, second.corrects, second.by) == (False, True, True)


@pytest.mark.parametrize(
    ("said", "flag"),
    [
        ("월요일부터 합니다", "onwards"),
        ("from Monday", "onwards"),
        ("지난 금요일에 했습니다", "past"),
        ("yesterday", "past"),
        ("수요일이니까 빨리 주세요", "cause"),
        ("it prints on Thursday, so hurry", "cause"),
        ("Monday's report", "possessive"),
        ("Friday latest", "by"),
        ("주인은 월요일에 정합시다", "talk"),
        ("same time next Friday", "talk"),
        ("내일은 좀…", "retracted"),
        ("I won't write it today", "retracted"),
    ],
)
def test_what_stands_around_a_day_is_told(said: str, flag: str) -> None:
    (found,) = mentions(said, WEDNESDAY)
    flags = ("by", "onwards", "past", "cause", "possessive", "talk", "corrects", "retracted")
    assert [name for name in flags if getattr(found, name)] == [flag]


def test_titles_lose_their_dates() -> None:
    assert without_dates("send the report by next Friday") == "send the report"
    assert without_dates("send the report to Ana tomorrow morning") == "send the report to Ana"
    assert without_dates("send the Monday report") != ""
