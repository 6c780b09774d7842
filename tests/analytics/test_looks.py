"""An insight is told from the look that found it until the next look."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import httpx
from tests.analytics.asking import FIVE, TODAY, ago, ask

from months import months
from reckoned import meeting, put, spoke
from vori.analytics.model import InsightRow
from vori.database.connection import Database


def looked(workspace: UUID, day: date) -> list[InsightRow]:
    """What a look at the days up to this one found."""
    rows = [row for row in months(workspace, "en") if isinstance(row, InsightRow)]
    return [row.model_copy(update={"key": f"{row.key}/{day}", "day": day}) for row in rows]


async def told(client: httpx.AsyncClient, **asked: object) -> set[str]:
    """The days of the looks of which insights, best times and bottlenecks are told; the three agree."""
    rows = (await ask(client, "insights", **asked))["items"]
    elsewhere = (await ask(client, "team", **asked))["best"] + (await ask(client, "workflow", **asked))["bottlenecks"]
    assert sorted(row["key"] for row in rows) == sorted(row["key"] for row in elsewhere)
    return {row["day"] for row in rows}


async def test_the_last_look_holds_until_the_next_however_short_the_span(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    held = [meeting(workspace, ago(past)) for past in range(0, 40, 2)]
    voices = [row for one in held for row in spoke(one, *FIVE)]
    await put(database, [*held, *voices, *looked(workspace, ago(7))])
    for days in (2, 7, 30):
        assert await told(client, days=days) == {str(ago(7))}
    assert await told(client, **{"from": ago(9), "to": ago(7)}) == {str(ago(7))}
    assert await told(client, **{"from": ago(10), "to": ago(8)}) == set(), "nobody had looked by then"
    sentence = "Meetings at 10 in the morning yield 23 % more"
    assert sentence in (await client.get("/api/analytics/week", params={"language": "en", "day": str(TODAY)})).text


async def test_what_a_later_look_does_not_find_any_more_is_told_of_its_time_alone(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    held = [meeting(workspace, ago(past)) for past in range(0, 40, 2)]
    voices = [row for one in held for row in spoke(one, *FIVE)]
    await put(database, [*held, *voices, *looked(workspace, ago(10)), *looked(workspace, ago(3))])
    assert await told(client, days=30) == {str(ago(3))}
    assert await told(client, **{"from": ago(20), "to": ago(4)}) == {str(ago(10))}
