"""Results and settings of analytics: kept per workspace, replaced as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from vori.analytics.model import KeywordRow, SpeakerRow
from vori.analytics.runs import api as runs
from vori.analytics.settings import api
from vori.analytics.store import (
    Scope,
    begin_run,
    end_run,
    read_last_run,
    read_results,
    read_runs,
    read_waiting_runs,
    save_results,
)
from vori.clock import new_id
from vori.database.connection import Database
from vori.gateway import build_app
from vori.livefeed.postgres import PostgresLiveFeed
from vori.people.api import current_workspace

AT = datetime(2026, 3, 2, 3, tzinfo=UTC)
MEETINGS = [UUID(int=number) for number in range(1, 5)]
DAYS = [date(2026, 3, day) for day in range(1, 5)]


def spoke(workspace: UUID, nth: int, who: str, **changed: Any) -> SpeakerRow:
    meeting = MEETINGS[nth]
    row = SpeakerRow(
        workspace_id=workspace,
        key=f"{meeting}/{who}",
        day=DAYS[nth],
        meeting_id=meeting,
        who=who,
        talk_ms=60_000,
        share=0.5,
        turns=3,
        questions=1,
        longest_ms=20_000,
    )
    return row.model_copy(update=changed)


async def save(database: Database, workspace: UUID, rows: list[SpeakerRow], scope: Scope) -> None:
    async with database.transaction(workspace) as tx:
        await save_results(tx, "speaker", rows, scope, AT)


async def read(database: Database, workspace: UUID, *days: date, **wanted: Any) -> list[SpeakerRow]:
    async with database.transaction(workspace) as tx:
        return await read_results(tx, SpeakerRow, *days, **wanted)


async def test_what_is_not_found_again_is_gone_and_the_rest_of_the_kind_stays(
    database: Database, workspace: UUID
) -> None:
    first = [spoke(workspace, nth, who) for nth in range(4) for who in ("지민", "Kim")]
    await save(database, workspace, first, Scope())
    assert await read(database, workspace) == sorted(first, key=lambda row: (row.day, row.key))
    again = [spoke(workspace, 1, "지민", talk_ms=1), spoke(workspace, 2, "Lee")]
    await save(database, workspace, again, Scope(days=DAYS[1:3]))
    kept = [row for row in first if row.day in (DAYS[0], DAYS[3])]
    assert await read(database, workspace) == sorted(kept + again, key=lambda row: (row.day, row.key))
    await save(database, workspace, [], Scope(keys=[kept[0].key, "unknown"]))
    assert await read(database, workspace, DAYS[0], DAYS[0]) == [kept[1]]
    await save(database, workspace, [again[0]], Scope())
    assert await read(database, workspace) == [again[0]]


async def test_a_result_that_moved_to_another_day_is_there_once(database: Database, workspace: UUID) -> None:
    await save(database, workspace, [spoke(workspace, 0, "지민")], Scope(days=DAYS[:1]))
    moved = spoke(workspace, 0, "지민", day=DAYS[3])
    await save(database, workspace, [moved], Scope(days=DAYS[3:]))
    assert await read(database, workspace) == [moved]


async def test_results_are_read_by_day_meeting_and_key(database: Database, workspace: UUID) -> None:
    rows = [spoke(workspace, nth, "지민") for nth in range(4)]
    await save(database, workspace, rows, Scope())
    assert await read(database, workspace, DAYS[1], DAYS[2]) == rows[1:3]
    assert await read(database, workspace, meeting_id=MEETINGS[2]) == [rows[2]]
    assert await read(database, workspace, keys=[rows[3].key]) == [rows[3]]
    async with database.transaction(workspace) as tx:
        assert await read_results(tx, KeywordRow) == []


async def test_one_workspace_s_results_are_nothing_to_another(database: Database, workspace: UUID) -> None:
    other = new_id()
    async with database.transaction(other) as tx:
        await tx.execute("insert into workspace (workspace_id, name) values (%s, 'other')", (other,))
    mine, theirs = spoke(workspace, 0, "지민"), spoke(other, 0, "지민", talk_ms=2)
    await save(database, workspace, [mine], Scope())
    await save(database, other, [theirs], Scope())
    await save(database, other, [theirs], Scope())
    assert (await read(database, workspace), await read(database, other)) == ([mine], [theirs])
    with pytest.raises(AssertionError):
        await save(database, other, [mine], Scope())
    async with database.transaction() as tx:
        assert await read_results(tx, SpeakerRow) == []


@pytest.fixture
async def client(database: Database, log_database: Database, workspace: UUID) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app([api.routes(database, PostgresLiveFeed(log_database))])
    app.dependency_overrides[current_workspace] = lambda: workspace
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as opened:
        yield opened


async def test_settings_are_kept_and_nonsense_is_refused(client: httpx.AsyncClient) -> None:
    url = "/api/analytics/settings"
    unset = {
        "weights": {"actionable": 1.0, "decision_time": 1.0, "participation": 1.0},
        "least_people": 5,
        "small_teams": "hide",
    }
    assert (await client.get(url)).json() == unset
    wanted = {
        "weights": {"actionable": 2.0, "decision_time": 0.0, "participation": 1.0},
        "least_people": 3,
        "small_teams": "show",
    }
    assert (await client.put(url, json=wanted)).json() == wanted == (await client.get(url)).json()
    nothing = {"actionable": 0, "decision_time": 0, "participation": 0}
    for wrong in ({"weights": nothing}, {"weights": {"actionable": -1}}, {"least_people": 1}, {"small_teams": "?"}):
        assert (await client.put(url, json=wrong)).status_code == 422
    assert (await client.get(url)).json() == wanted


async def test_days_are_asked_to_be_reckoned_anew_and_nonsense_is_refused(database: Database, workspace: UUID) -> None:
    app = build_app([runs.routes(database)])
    app.dependency_overrides[current_workspace] = lambda: workspace
    url = "/api/analytics/runs"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        for first, last in (("2026-03-02", "2026-03-01"), ("2001-01-01", "2026-01-01"), ("today", "2026-01-01")):
            assert (await client.post(url, json={"first_day": first, "last_day": last})).status_code == 422
        assert (await client.get(url)).json() == []
        asked = (await client.post(url, json={"first_day": "2026-03-01", "last_day": "2026-03-01"})).json()
        assert (await client.get(url)).json() == [asked]
        async with database.transaction(workspace) as tx:
            (waiting,) = await read_waiting_runs(tx)
            await begin_run(tx, waiting.run_id, AT, "Asia/Seoul")
            assert [run.run_id for run in await read_waiting_runs(tx)] == [waiting.run_id], "it may have been cut off"
            await end_run(tx, waiting.run_id, AT, "no Java")
            assert await read_waiting_runs(tx) == []
            ended = await read_last_run(tx, "back-fill", well=False)
            assert ended
            assert (ended.begun_at, ended.basis) == (AT, "Asia/Seoul")
            assert await read_last_run(tx, "back-fill", well=True) is None
        (told,) = (await client.get(url)).json()
    assert (told["run_id"], told["problem"]) == (asked["run_id"], "no Java")
    async with database.transaction(new_id()) as tx:
        assert await read_runs(tx) == []
