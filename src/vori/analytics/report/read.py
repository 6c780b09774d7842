"""Reads what a span needs from the stores, and makes of it what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from vori.analytics.model import (
    AnalyticsSettings,
    AnomalyRow,
    InsightRow,
    KeywordRow,
    Kind,
    MeetingRow,
    SpeakerRow,
    Standing,
    StayRow,
    TicketRow,
    TopicRow,
    TrendRow,
)
from vori.analytics.report import show, show_work, team, words, workflow
from vori.analytics.report.model import Withheld, withheld
from vori.analytics.report.workflow import Place, Work, by_label, by_reason, by_status
from vori.analytics.spans import Span, day_of
from vori.analytics.store import read_reckoned, read_results
from vori.analytics.voices import people_in
from vori.database.connection import Transaction

WHEN = ("hour", "weekday")
"""Questions about when to meet."""
WHERE = ("bottleneck", "stay")
"""Questions about where work waits."""
TERMS = 100


@dataclass(frozen=True, slots=True)
class Reader:
    """One request's: a span of days by the workspace's clock, in one transaction."""

    tx: Transaction
    span: Span
    zone: ZoneInfo
    now: datetime
    settings: AnalyticsSettings
    standing: Standing

    @property
    def today(self) -> date:
        return day_of(self.now, self.zone)

    async def asked(self, kind: Kind) -> show.Asked:
        return show.Asked(
            standing=self.standing,
            period=show.Period.of(self.span),
            previous=show.Period.of(self.span.before),
            time_zone=self.zone.key,
            reckoned_at=await read_reckoned(self.tx, kind),
        )

    async def team(self) -> show.Team:
        span, asked, settings = self.span, await self.asked("meeting"), self.settings
        speakers, speakers_before = await self._speakers(span), await self._speakers(span.before)
        hidden, hidden_before = withheld(speakers, settings), withheld(speakers_before, settings)
        first = span.first if hidden_before else span.before.first
        rows = [] if hidden else await read_results(self.tx, MeetingRow, first, span.last)
        return show.Team(
            **dict(asked),
            people=people_in(speakers),
            withheld=show.WithheldOut.of(hidden),
            withheld_before=show.WithheldOut.of(hidden_before),
            weights=settings.weights,
            figures=[] if hidden else [show.FigureOut.of(one) for one in team.figures(rows, span, settings)],
            series=[] if hidden else [show.PointOut.of(one) for one in team.series(rows, span, settings)],
            pattern=[show.CellOut.of(one) for one in team.pattern(rows, span, settings)],
            best=[] if hidden else [row for row in await self._insights(WHEN) if row.low > 0],
            meetings=show.MeetingNamed.each(rows),
        )

    async def workflow(self) -> show_work.Workflow:
        span, work = self.span, await self.work()
        asked = await self.asked("stay")
        again, done = workflow.reopened(work, span)
        again_before, done_before = workflow.reopened(work, span.before)
        shown = show_work.Workflow(
            **dict(asked),
            statuses=_places(workflow.places(work, span, by_status)),
            labels=_places(workflow.places(work, span, by_label)),
            reasons=_places(workflow.places(work, span, by_reason)),
            moves=[show_work.MoveOut.model_validate(one, from_attributes=True) for one in workflow.moves(work, span)],
            throughput=[show_work.WeekOut(week=week, tickets=found) for week, found in workflow.throughput(work, span)],
            done_before=len(work.done(span.before)),
            cycle=show_work.TimesOut.of(workflow.cycle(work, span), workflow.cycle(work, span.before)),
            ageing=[show_work.AgeOut.model_validate(one, from_attributes=True) for one in workflow.ageing(work, span)],
            reopened=show_work.Reopened(
                rate=len(again) / len(done) if done else None,
                before=len(again_before) / len(done_before) if done_before else None,
                again=again,
                done=done,
            ),
            carried=show_work.Carried(
                before=len(workflow.carried(work, span.before)), tickets=workflow.carried(work, span)
            ),
            bottlenecks=[] if await self.hidden() else await self._insights(WHERE),
            tickets=[],
        )
        shown.tickets = show.TicketNamed.each(work.tickets, _behind(shown))
        return shown

    async def work(self) -> Work:
        stays = await read_results(self.tx, StayRow, None, self.span.last)
        tickets = await read_results(self.tx, TicketRow, None, self.span.last)
        return Work(stays, tickets, self.zone, self.now)

    async def keywords(self) -> show.Keywords:
        first = self.span.before.first - 2 * words.WEEK
        rows = await read_results(self.tx, KeywordRow, first, self.span.last)
        found = words.terms(rows, await read_results(self.tx, TrendRow), self.span, self.today)
        items = [show.TermOut.of(one) for one in found[:TERMS]]
        return show.Keywords(**dict(await self.asked("keyword")), items=items)

    async def topics(self) -> show.Topics:
        rows = await read_results(self.tx, TopicRow)
        found = words.topics(rows, await read_results(self.tx, TrendRow), self.span, self.today)
        items = [show.TopicOut.of(one) for one in found]
        named = await self.named(meeting for one in items for meeting in one.meetings)
        return show.Topics(**dict(await self.asked("topic")), items=items, meetings=named)

    async def insights(self, about: str | None) -> show.Insights:
        hidden = await self.hidden()
        items = [] if hidden else await self._insights((about,) if about else None)
        asked = await self.asked("insight")
        tickets = await read_results(self.tx, TicketRow)
        return show.Insights(
            **dict(asked),
            withheld=show.WithheldOut.of(hidden),
            items=items,
            meetings=await self.named(show.ids(items)),
            tickets=show.TicketNamed.each(tickets, (ticket for row in items for ticket in row.tickets)),
        )

    async def anomalies(self) -> show.Anomalies:
        hidden = await self.hidden()
        items = [] if hidden else await read_results(self.tx, AnomalyRow, self.span.first, self.span.last)
        items.sort(key=lambda row: (-row.day.toordinal(), -abs(row.score)))
        asked, named = await self.asked("anomaly"), await self.named(show.ids(items))
        return show.Anomalies(**dict(asked), withheld=show.WithheldOut.of(hidden), items=items, meetings=named)

    async def meetings(self) -> list[MeetingRow]:
        """Of the span and of the one before."""
        return await read_results(self.tx, MeetingRow, self.span.before.first, self.span.last)

    async def hidden(self) -> Withheld | None:
        return withheld(await self._speakers(self.span), self.settings)

    async def named(self, wanted: Iterable[UUID]) -> list[show.MeetingNamed]:
        keys = {str(meeting) for meeting in wanted}
        return show.MeetingNamed.each(await read_results(self.tx, MeetingRow, keys=keys) if keys else ())

    async def _speakers(self, span: Span) -> list[SpeakerRow]:
        return await read_results(self.tx, SpeakerRow, span.first, span.last)

    async def _insights(self, about: tuple[str, ...] | None) -> list[InsightRow]:
        """Of the latest look at the span's end or before it, those with the most behind them first."""
        rows = await read_results(self.tx, InsightRow, None, self.span.last)
        rows = [row for row in rows if row.day == rows[-1].day]
        found = [row for row in rows if about is None or row.about in about]
        return sorted(found, key=lambda row: (-min(abs(row.low), abs(row.high)) / (abs(row.effect) or 1), row.key))


def _places(found: list[Place]) -> list[show_work.PlaceOut]:
    total = sum(each.ms for one in found for each in one.now.lasted) or 1
    return [
        show_work.PlaceOut(
            status=one.status,
            label=one.label,
            reason=one.reason,
            share=sum(each.ms for each in one.now.lasted) / total,
            times=show_work.TimesOut.of(one.now, one.before),
        )
        for one in found
    ]


def _behind(shown: show_work.Workflow) -> set[UUID]:
    places = [*shown.statuses, *shown.labels, *shown.reasons]
    return {
        *(one.ticket_id for place in places for one in place.times.tickets),
        *(ticket for move in shown.moves for ticket in move.tickets),
        *(ticket for week in shown.throughput for ticket in week.tickets),
        *(one.ticket_id for one in shown.cycle.tickets),
        *(one.ticket_id for one in shown.ageing),
        *shown.reopened.again,
        *shown.reopened.done,
        *shown.carried.tickets,
    }
