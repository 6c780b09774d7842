"""The dashboard over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from vori.analytics.spans import span_of
from vori.audio.store import read_recorded
from vori.clock import now
from vori.dashboard.model import Held, Period, periods
from vori.dashboard.show import Dashboard, dashboard
from vori.database.connection import Database, Transaction
from vori.meetings.store import read_held, read_rehearsals
from vori.minutes.store import read_talk
from vori.people.api import CurrentWorkspace
from vori.tickets.course.store import read_courses
from vori.tickets.settings.store import read_settings


def routes(database: Database) -> APIRouter:
    router = APIRouter(tags=["dashboard"])

    @router.get("/api/dashboard")
    async def numbers(
        workspace_id: CurrentWorkspace,
        first: Annotated[date | None, Query(alias="from", description="The first day; else `days` before.")] = None,
        last: Annotated[date | None, Query(alias="to", description="The last day, included; else today.")] = None,
        days: Annotated[int, Query(ge=1, le=366, description="How many, where `from` isn't given.")] = 30,
    ) -> Dashboard:
        """What happened in a span of days, in the workspace's time zone, beside as many days before.

        Undone changes don't count. Rehearsals are left out, with the tickets that they opened. A span that isn't over
        ends now.
        """
        at = now()
        async with database.transaction(workspace_id) as tx:
            settings = await read_settings(tx)
            period, before = periods(span_of(first, last, days, settings.day(at)), at, settings.zone)
            return dashboard(
                period,
                before,
                await _meetings(tx, before, period),
                await read_courses(tx, period.until),
                await read_rehearsals(tx),
                time_zone=settings.time_zone,
            )

    return router


async def _meetings(tx: Transaction, before: Period, period: Period) -> list[Held]:
    """Those of both periods. How much was recorded say the minutes, which outlast the sound; else the archive does."""
    meetings = await read_held(tx, before.since, period.until)
    ids = [meeting.meeting_id for meeting in meetings]
    recorded, talk = await read_recorded(tx, ids), await read_talk(tx, ids)
    found = []
    for meeting in meetings:
        spoke, outcome = talk.get(meeting.meeting_id, ((), None))
        captured = max((stream.captured_ms for stream in outcome.streams), default=0) if outcome else 0
        found.append(
            Held(
                meeting_id=meeting.meeting_id,
                title=meeting.title,
                started_at=meeting.started_at,
                rehearsal=meeting.rehearsal,
                recorded_ms=max(captured, recorded.get(meeting.meeting_id, 0)),
                talk=tuple(person for person in spoke if person.talk_ms),
            )
        )
    return found
