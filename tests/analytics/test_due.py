"""A run a day and a run a week by the workspace's clock, also when clocks change and after VORI was off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vori.analytics.schedule import due, latest

ZONES = ["UTC", "Asia/Seoul", "America/New_York", "Europe/Helsinki", "Australia/Lord_Howe", "Pacific/Apia"]


def runs(zone: str, begin: datetime, days: int, *, weekly: bool = False) -> list[datetime]:
    """When runs begin, looked at every quarter of an hour."""
    found: list[datetime] = []
    last: datetime | None = begin
    for quarter in range(days * 96):
        now = begin + timedelta(minutes=15 * quarter)
        if due(now, zone, last, weekly=weekly):
            found.append(now)
            last = now
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_there_is_one_run_each_day_of_a_year_at_three(zone: str) -> None:
    found = [moment.astimezone(ZoneInfo(zone)) for moment in runs(zone, datetime(2026, 1, 1, tzinfo=UTC), 365)]
    assert 364 <= len(found) <= 366
    assert len({moment.date() for moment in found}) == len(found)
    odd = [moment for moment in found if (moment.hour, moment.minute) != (3, 0)]
    assert [str(moment) for moment in odd] == (["2026-03-29 04:00:00+03:00"] if zone == "Europe/Helsinki" else [])


def test_the_week_s_run_is_on_mondays() -> None:
    found = runs("Asia/Seoul", datetime(2026, 1, 1, tzinfo=UTC), 28, weekly=True)
    assert [moment.astimezone(ZoneInfo("Asia/Seoul")).strftime("%a %d %H:%M") for moment in found] == [
        f"Mon {day:02} 03:00" for day in (5, 12, 19, 26)
    ]


def test_what_was_missed_is_caught_up_once() -> None:
    now = datetime(2026, 3, 4, 17, 59, tzinfo=UTC)
    assert latest(now, "Asia/Seoul") == datetime(2026, 3, 3, 18, tzinfo=UTC)
    assert due(now, "Asia/Seoul", None)
    assert due(now, "Asia/Seoul", now - timedelta(days=30))
    assert not due(now, "Asia/Seoul", now - timedelta(hours=20))
    assert due(now + timedelta(minutes=1), "Asia/Seoul", now)
