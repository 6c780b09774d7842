"""When "next Friday" and "다음 주 금요일" are."""

from __future__ import annotations

from datetime import date

import pytest

from vori.tickets.offline.dates import due, without_dates

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


def test_titles_lose_their_dates() -> None:
    assert without_dates("send the report by next Friday") == "send the report"
    assert without_dates("send the report to Ana tomorrow morning") == "send the report to Ana"
    assert without_dates("send the Monday report") != ""
