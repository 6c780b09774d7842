"""Insights once a week, from a workspace's own results alone; a new one is told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from tests.analytics.insight_rows import MONDAY, meetings

from vori.analytics.model import InsightRow, Row, SpeakerRow
from vori.analytics.store import Scope, read_results, save_results
from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import InsightFound, Topic

DAY = MONDAY + timedelta(weeks=12) - timedelta(days=1)
AT = datetime(2026, 3, 30, 3, tzinfo=UTC)


def at_ten(_: UUID, __: date, hour: int) -> float:
    return 3.2 if hour == 10 else 2.0


def voice(workspace: UUID, meeting: int, who: str) -> SpeakerRow:
    return SpeakerRow(
        workspace_id=workspace,
        key=f"{meeting}/{who}",
        day=DAY,
        meeting_id=UUID(int=meeting),
        who=who,
        talk_ms=1,
        share=0.2,
        turns=1,
        questions=0,
        longest_ms=1,
    )


SIX = [f"P{nth}" for nth in range(6)]


async def keep(database: Database, workspace: UUID, rows: Sequence[Row], voices: Sequence[str] = SIX) -> None:
    mine = [row.model_copy(update={"workspace_id": workspace}) for row in rows]
    async with database.transaction(workspace) as tx:
        await save_results(tx, "meeting", mine, Scope(), AT)
        await save_results(tx, "speaker", [voice(workspace, nth, who) for nth, who in enumerate(voices)], Scope(), AT)


async def found(database: Database, log: PostgresEventLog, workspace: UUID, at: datetime) -> list[str]:
    from vori.analytics.engine.weekly import find_insights

    await find_insights(database, log, workspace, DAY, at)
    async with database.transaction(workspace) as tx:
        return [row.key for row in await read_results(tx, InsightRow)]


async def told(log: PostgresEventLog, workspace: UUID) -> list[str]:
    records = [record.event async for record in log.read(Topic.ANALYTICS_INSIGHTS, str(workspace))]
    return [event.insight for event in records if isinstance(event, InsightFound)]


async def test_an_insight_is_kept_while_it_holds_and_told_when_it_is_new(
    database: Database, log_database: Database, workspace: UUID
) -> None:
    other = new_id()
    async with database.transaction(other) as tx:
        await tx.execute("insert into workspace (workspace_id, name) values (%s, 'other')", (other,))
    async with PostgresEventLog(log_database) as log:
        planted = [row.model_copy(update={"title": f"{row.weekday}"}) for row in meetings(1, actionable=at_ten)]
        await keep(database, workspace, planted)
        await keep(database, other, meetings(20))
        assert await found(database, log, workspace, AT) == ["hour/10/actionable"]
        assert await found(database, log, other, AT) == []
        assert await found(database, log, workspace, AT + timedelta(weeks=1)) == ["hour/10/actionable"]
        assert (await told(log, workspace), await told(log, other)) == (["hour/10/actionable"], [])
        await keep(database, workspace, planted, SIX[:4])
        assert await found(database, log, workspace, AT) == [], "too few people to tell of"
        await keep(database, workspace, planted, [f"{new_id()}:1" for _ in range(6)])
        assert await found(database, log, workspace, AT) == [], "one who was never named may be in each meeting"
