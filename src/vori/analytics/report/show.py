"""Analytics as clients see it: every number with the ids of what is behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel

from vori.analytics.model import (
    AnomalyRow,
    InsightRow,
    KeywordRow,
    LiveNumbers,
    LiveWindow,
    MeetingRow,
    SpeakerRow,
    Standing,
    TicketRow,
    TrendRow,
    Weights,
)
from vori.analytics.report import team
from vori.analytics.report.model import Withheld
from vori.analytics.report.words import Direction, Term, Topic, direction
from vori.analytics.spans import Span
from vori.events import Language, Status


class Period(BaseModel):
    """A span of days, both included."""

    first: date
    last: date

    @classmethod
    def of(cls, span: Span) -> Period:
        return cls(first=span.first, last=span.last)


class WithheldOut(BaseModel):
    """Measures of the team that aren't told, since fewer people spoke in the span than the workspace wants."""

    reason: str
    people: int
    least: int

    @classmethod
    def of(cls, found: Withheld | None) -> WithheldOut | None:
        if found is None:
            return None
        reason = (
            f"Measures of the team are told when at least {found.least} people spoke in these days; {found.people} did."
            " /api/analytics/settings says how many, and whether small teams see them."
        )
        return cls(reason=reason, people=found.people, least=found.least)


class Asked(BaseModel):
    """What every answer about a span begins with."""

    standing: Standing
    """What was found before is shown however analytics stands."""

    period: Period
    previous: Period
    time_zone: str
    reckoned_at: datetime | None
    """When analytics last wrote what this is made of; null: never."""


class MeetingNamed(BaseModel):
    """A meeting that is behind a number."""

    meeting_id: UUID
    title: str
    started_at: datetime

    @classmethod
    def each(cls, rows: Iterable[MeetingRow]) -> list[MeetingNamed]:
        found = {row.meeting_id: row for row in rows}
        return [
            cls.model_validate(row, from_attributes=True)
            for row in sorted(found.values(), key=lambda row: row.started_at, reverse=True)
        ]


class TicketNamed(BaseModel):
    """A ticket that is behind a number."""

    ticket_id: UUID
    title: str
    status: Status
    labels: list[str]

    @classmethod
    def each(cls, rows: Iterable[TicketRow], wanted: Iterable[UUID]) -> list[TicketNamed]:
        ids = set(wanted)
        return [
            cls(ticket_id=row.ticket_id, title=row.title, status=row.status, labels=list(row.labels))
            for row in rows
            if row.ticket_id in ids
        ]


class Given(BaseModel):
    """What a meeting gives to a figure; of a ratio `base` is what it is divided by."""

    meeting_id: UUID
    value: float
    base: float | None


class FigureOut(BaseModel):
    """A number of the team's meetings and the same of the span before; null: no meeting tells.

    Of how people talked, meetings in which too few were heard tell nothing.
    """

    name: team.Name
    unit: team.Unit
    how: team.How
    """Made of the meetings' values by it."""
    value: float | None
    before: float | None
    meetings: list[Given]
    meetings_before: list[Given]

    @classmethod
    def of(cls, figure: team.Figure) -> FigureOut:
        def shown(shares: Iterable[team.Share]) -> list[Given]:
            return [Given(meeting_id=one.meeting.meeting_id, value=one.value, base=one.base) for one in shares]

        return cls(
            name=figure.name,
            unit=figure.measure.unit,
            how=figure.measure.how,
            value=figure.value,
            before=figure.before,
            meetings=shown(figure.shares),
            meetings_before=shown(figure.shares_before),
        )


class PointOut(BaseModel):
    """A day or a week (by its Monday) of the span."""

    first: date
    values: dict[team.Name, float | None]
    meetings: list[UUID]

    @classmethod
    def of(cls, point: team.Point) -> PointOut:
        return cls(first=point.first, values=point.values, meetings=[row.meeting_id for row in point.meetings])


class CellOut(BaseModel):
    """Meetings that began on a weekday (1 is Monday) in an hour of the workspace's clock."""

    weekday: int
    hour: int
    actionable: float
    """Tickets with an owner or a due day that a meeting opened, on average."""
    score: float | None
    meetings: list[UUID]

    @classmethod
    def of(cls, cell: team.Cell) -> CellOut:
        ids = [row.meeting_id for row in cell.meetings]
        return cls(weekday=cell.weekday, hour=cell.hour, actionable=cell.actionable, score=cell.score, meetings=ids)


class Team(Asked):
    """How the team's meetings went. Without figures where they are withheld."""

    people: int
    """Who spoke, at least; voices without a name may be anybody's."""
    withheld: WithheldOut | None
    withheld_before: WithheldOut | None
    """Then the figures stand beside nothing."""

    weights: Weights
    figures: list[FigureOut]
    series: list[PointOut]
    pattern: list[CellOut]
    best: list[InsightRow]
    """What the data supports about when to meet; empty: no time is better beyond chance."""
    meetings: list[MeetingNamed]


class TermOut(BaseModel):
    """A term that tells the span's weeks from others: those that ended in it, or else the one that goes on."""

    term: str
    language: Language
    weight: float
    count: int
    before: int | None
    """In as many weeks before; null: its week isn't over."""
    direction: Direction | None
    """Null: its share of the talk neither rises nor falls beyond chance."""
    trend: TrendRow | None
    utterances: list[UUID]

    @classmethod
    def of(cls, one: Term) -> TermOut:
        return cls(
            term=one.term,
            language=one.language,
            weight=one.weight,
            count=one.count,
            before=one.before,
            direction=direction(one.trend),
            trend=one.trend,
            utterances=one.utterances,
        )


class Keywords(Asked):
    items: list[TermOut]


class TopicOut(BaseModel):
    """A topic; its shares are of the stretches of talk in its language in the span's weeks."""

    number: int
    language: Language
    label: str
    words: list[str]
    count: int
    share: float | None
    before: float | None
    direction: Direction | None
    trend: TrendRow | None
    weeks: list[date]
    shares: list[float]
    """In each of the weeks."""
    meetings: list[UUID]
    utterances: list[UUID]

    @classmethod
    def of(cls, one: Topic) -> TopicOut:
        row = one.row
        return cls(
            number=row.number,
            language=row.language,
            label=row.label,
            words=list(row.words),
            count=one.count,
            share=one.count / one.total if one.total else None,
            before=one.before / one.total_before if one.total_before else None,
            direction=direction(one.trend),
            trend=one.trend,
            weeks=row.weeks,
            shares=[count / total if total else 0.0 for count, total in zip(row.counts, row.totals, strict=True)],
            meetings=row.meetings,
            utterances=row.utterances,
        )


class Topics(Asked):
    items: list[TopicOut]
    meetings: list[MeetingNamed]


class Insights(Asked):
    withheld: WithheldOut | None
    items: list[InsightRow]
    meetings: list[MeetingNamed]
    tickets: list[TicketNamed]


class Anomalies(Asked):
    withheld: WithheldOut | None
    items: list[AnomalyRow]
    meetings: list[MeetingNamed]


class LiveShown(BaseModel):
    """A meeting in numbers while it is held; null: none have come yet."""

    numbers: LiveNumbers | None
    windows: list[LiveWindow]


class Quote(BaseModel):
    """What was said, as it stands."""

    utterance_id: UUID
    speaker: str | None
    start_ms: int
    text: str


class MeetingShown(BaseModel):
    """An ended meeting in numbers, for its own page; `quotes` are the utterances behind them, `tickets` the tickets."""

    meeting: MeetingRow
    weights: Weights
    speakers: list[SpeakerRow]
    keywords: list[KeywordRow]
    anomalies: list[AnomalyRow]
    quotes: list[Quote]
    tickets: list[TicketNamed]


def ids(rows: Sequence[InsightRow | AnomalyRow]) -> set[UUID]:
    """The meetings behind them."""
    return {meeting for row in rows for meeting in row.meetings}
