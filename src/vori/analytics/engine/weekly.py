"""What months of results support: insights and anomalies, once a week; an insight that is new is told as an event."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from vori.analytics.insights.find import find
from vori.analytics.model import InsightRow, MeetingRow, SpeakerRow, StayRow, TicketRow, TopicRow
from vori.analytics.store import Scope, read_lives, read_results, read_settings, save_results
from vori.analytics.voices import people_in
from vori.database.connection import Database
from vori.eventlog import EventLog
from vori.events import InsightFound
from vori.tickets.settings.store import read_settings as read_ticket_settings

WEEKS = 26
"""So far back results are looked at."""


async def find_insights(database: Database, log: EventLog, workspace_id: UUID, day: date, at: datetime) -> None:
    """Put what a workspace's results up to `day` support in the place of what they did before."""
    first = day - timedelta(weeks=WEEKS)
    async with database.transaction(workspace_id) as tx:
        meetings = await read_results(tx, MeetingRow, first, day)
        stays = await read_results(tx, StayRow, first, day)
        tickets = [_since(first, row) for row in await read_lives(tx, first, day)]
        topics = await read_results(tx, TopicRow)
        people = people_in(await read_results(tx, SpeakerRow, first, day))
        settings = await read_settings(tx)
        zone = (await read_ticket_settings(tx)).zone.key
    found = await asyncio.to_thread(
        find,
        meetings,
        stays,
        tickets,
        topics,
        day=day,
        people={workspace_id: people},
        settings={workspace_id: settings},
        zones={workspace_id: zone},
    )
    async with database.transaction(workspace_id) as tx:
        known = {row.key for row in await read_results(tx, InsightRow)}
        await save_results(tx, "insight", found.insights, Scope(), at)
        await save_results(tx, "anomaly", found.anomalies, Scope(), at)
        for row in found.insights:
            if row.key not in known:
                await log.append(tx, _told(row, at))


def _since(first: date, row: TicketRow) -> TicketRow:
    """A ticket that was opened before the days that are looked at is known from their first on: these begin there."""
    return row.model_copy(update={"day": max(row.day, first)})


def _told(row: InsightRow, at: datetime) -> InsightFound:
    return InsightFound(
        event_id=uuid5(row.workspace_id, f"insight {row.key} {row.day}"),
        workspace_id=row.workspace_id,
        meeting_id=row.workspace_id,
        occurred_at=at,
        insight=row.key,
        day=row.day,
        sentence_ko=row.sentence_ko,
        sentence_en=row.sentence_en,
        n=row.n,
        effect=row.effect,
        unit=row.unit,
        low=row.low,
        high=row.high,
    )
