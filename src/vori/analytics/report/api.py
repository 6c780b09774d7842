"""Analytics over HTTP: meetings, the team, work, topics, what the data supports; as JSON, CSV and Markdown."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from vori.analytics.live.store import read_numbers, read_team, read_windows
from vori.analytics.model import AnomalyRow, KeywordRow, LiveTeam, MeetingRow, SpeakerRow, TicketRow
from vori.analytics.report import show, show_work
from vori.analytics.report.export import to_csv
from vori.analytics.report.model import within
from vori.analytics.report.read import Reader
from vori.analytics.report.tables import TABLES
from vori.analytics.report.week import Week, digest, named
from vori.analytics.spans import span_of, week_of
from vori.analytics.standing import standing
from vori.analytics.store import read_results, read_settings
from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.errors import NotFound
from vori.events import Language
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace
from vori.tickets.settings.store import read_settings as read_ticket_settings
from vori.transcript.store import read_transcript

CSV = "text/csv"
Format = Literal["json", "csv"]


class Question:
    """What every list is asked: which days, and as what."""

    def __init__(
        self,
        request: Request,
        workspace_id: CurrentWorkspace,
        *,
        first: Annotated[date | None, Query(alias="from", description="The first day; else `days` before.")] = None,
        last: Annotated[date | None, Query(alias="to", description="The last day, included; else today.")] = None,
        days: Annotated[int, Query(ge=1, le=366, description="How many, where `from` isn't given.")] = 30,
        form: Annotated[
            Format | None,
            Query(alias="format", description="As a file; `Accept: text/csv` asks for CSV too. Else JSON."),
        ] = None,
    ) -> None:
        self.workspace_id = workspace_id
        self.first, self.last, self.days = first, last, days
        self.form = form
        self.as_csv = form == "csv" or (form is None and CSV in request.headers.get("accept", ""))

    @asynccontextmanager
    async def reader(self, database: Database, master: str) -> AsyncIterator[Reader]:
        """Of the span, in the workspace's time zone. Raises `Invalid` for a span that can't be told of."""
        async with database.transaction(self.workspace_id) as tx:
            yield await _reader(tx, master, self.first, self.last, self.days)

    def answer(self, shown: BaseModel, name: str) -> BaseModel | Response:
        """In the form that is asked for."""
        if not self.as_csv and self.form is None:
            return shown
        if self.as_csv:
            columns, rows = TABLES[name]
            content, kind = to_csv(columns, rows(shown)), f"{CSV}; charset=utf-8"
        else:
            content, kind = shown.model_dump_json(indent=2), "application/json"
        file = f"vori-{name}.{'csv' if self.as_csv else 'json'}"
        return Response(content, media_type=kind, headers={"content-disposition": f'attachment; filename="{file}"'})


Asked = Annotated[Question, Depends()]


async def _reader(tx: Transaction, master: str, first: date | None, last: date | None, days: int) -> Reader:
    at, tickets = now(), await read_ticket_settings(tx)
    span = span_of(first, last, days, tickets.day(at))
    return Reader(tx, span, tickets.zone, at, await read_settings(tx), await standing(tx, master))


def routes(database: Database, master: str) -> APIRouter:
    """`master` is VORI_ANALYTICS_MASTER."""
    router = APIRouter(prefix="/api/analytics", tags=["analytics"])
    _meetings(router, database)
    _spans(router, database, master)
    _found(router, database, master)
    _week(router, database, master)
    return router


def _meetings(router: APIRouter, database: Database) -> None:
    @router.get("/live")
    async def of_all(workspace_id: CurrentWorkspace) -> LiveTeam:
        """What happens in the team's meetings and work: its newest windows of 5, 30 and 60 minutes, oldest first.

        Those in which somebody spoke, but fewer people than the workspace's settings want, are left out.
        """
        async with database.transaction(workspace_id) as tx:
            return await read_team(tx)

    @router.get("/meetings/{meeting_id}/live")
    async def live(meeting_id: UUID, workspace_id: CurrentWorkspace) -> show.LiveShown:
        """A meeting's numbers as they stand while it is held, and its windows of 5, 30 and 60 minutes."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            numbers, windows = await read_numbers(tx, meeting_id), await read_windows(tx, meeting_id)
        return show.LiveShown(numbers=numbers, windows=windows)

    @router.get("/meetings/{meeting_id}")
    async def meeting(meeting_id: UUID, workspace_id: CurrentWorkspace) -> show.MeetingShown:
        """An ended meeting in numbers, its score with its parts, and the words and tickets behind each.

        404 with `not_reckoned` until analytics has looked at it.
        """
        async with database.transaction(workspace_id) as tx:
            return await _meeting(tx, meeting_id)


async def _meeting(tx: Transaction, meeting_id: UUID) -> show.MeetingShown:
    held = await read_meeting(tx, meeting_id)
    rows = await read_results(tx, MeetingRow, meeting_id=meeting_id)
    if not rows:
        raise NotFound(
            f"Analytics hasn't looked at “{held.title}” yet.",
            remedy="It does once the meeting has ended; /api/analytics/standing says whether it works.",
            code="not_reckoned",
        )
    behind = {one for found in rows[0].behind.values() for one in found}
    keywords = await read_results(tx, KeywordRow, meeting_id=meeting_id)
    speakers = await read_results(tx, SpeakerRow, meeting_id=meeting_id)
    said = [one for one in await read_transcript(tx, meeting_id) if one.utterance_id in behind]
    return show.MeetingShown(
        meeting=rows[0],
        weights=(await read_settings(tx)).weights,
        speakers=sorted(speakers, key=lambda row: -row.talk_ms),
        keywords=sorted(keywords, key=lambda row: -row.weight),
        anomalies=await read_results(tx, AnomalyRow, meeting_id=meeting_id),
        quotes=[show.Quote.model_validate(one, from_attributes=True) for one in said],
        tickets=show.TicketNamed.each(await read_results(tx, TicketRow, keys={str(one) for one in behind}), behind),
    )


def _spans(router: APIRouter, database: Database, master: str) -> None:
    @router.get("/team", response_model=show.Team)
    async def team(asked: Asked) -> BaseModel | Response:
        """How the team's meetings went in a span of days, beside as many days before.

        Figures decompose into meetings. They are withheld where fewer people spoke than the workspace's settings want.
        """
        async with asked.reader(database, master) as reader:
            return asked.answer(await reader.team(), "team")

    @router.get("/workflow", response_model=show_work.Workflow)
    async def workflow(asked: Asked) -> BaseModel | Response:
        """How work flowed in a span of days: time in each status, throughput, cycle time, ageing, what came back."""
        async with asked.reader(database, master) as reader:
            return asked.answer(await reader.workflow(), "workflow")


def _found(router: APIRouter, database: Database, master: str) -> None:
    @router.get("/topics", response_model=show.Topics)
    async def topics(asked: Asked) -> BaseModel | Response:
        """What was talked about in the weeks that ended in the span, and in as many before; what rises and falls."""
        async with asked.reader(database, master) as reader:
            return asked.answer(await reader.topics(), "topics")

    @router.get("/keywords", response_model=show.Keywords)
    async def keywords(asked: Asked) -> BaseModel | Response:
        """The terms that tell the weeks that ended in the span from others, and which of them rise and fall."""
        async with asked.reader(database, master) as reader:
            return asked.answer(await reader.keywords(), "keywords")

    @router.get("/insights", response_model=show.Insights)
    async def insights(
        asked: Asked, about: Annotated[str | None, Query(max_length=40, description="One question only.")] = None
    ) -> BaseModel | Response:
        """What the data supported when it was last looked at before the span ended, as far as that look is kept.

        Withheld as the team's measures are.
        """
        async with asked.reader(database, master) as reader:
            return asked.answer(await reader.insights(about), "insights")

    @router.get("/anomalies", response_model=show.Anomalies)
    async def anomalies(asked: Asked) -> BaseModel | Response:
        """Meetings and weeks that were far from what is usual. Withheld as the team's measures are."""
        async with asked.reader(database, master) as reader:
            return asked.answer(await reader.anomalies(), "anomalies")


def _week(router: APIRouter, database: Database, master: str) -> None:
    @router.get("/week", response_class=Response, responses={200: {"content": {"text/markdown": {}}}})
    async def week(
        request: Request,
        workspace_id: CurrentWorkspace,
        day: Annotated[date | None, Query(description="A day of the week that is told of; else today.")] = None,
        language: Language = "ko",
    ) -> Response:
        """The digest of a week, from its Monday, as Markdown."""
        async with database.transaction(workspace_id) as tx:
            asked = await _reader(tx, master, day, day, 1)
            span = week_of(asked.span.first)
            reader = replace(asked, span=span)
            held = show.MeetingNamed.each(within(await reader.meetings(), span))
            made = Week(
                team=await reader.team(),
                held=held,
                workflow=await reader.workflow(),
                topics=await reader.topics(),
                keywords=await reader.keywords(),
                insights=await reader.insights(None),
                anomalies=await reader.anomalies(),
            )
        text = digest(made, language, str(request.base_url).rstrip("/"))
        headers = {"content-disposition": f'attachment; filename="{named(span.first)}"'}
        return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)
