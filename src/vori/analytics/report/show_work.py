"""How work flows, as clients see it: every number with the tickets behind it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from vori.analytics.model import InsightRow
from vori.analytics.report import workflow
from vori.analytics.report.show import Asked, TicketNamed
from vori.events import Status


class Lasted(BaseModel):
    ticket_id: UUID
    ms: int


class TimesOut(BaseModel):
    """How long something took, of tickets, the longest first; `slow_ms` is the 85th percentile."""

    mean_ms: float | None
    median_ms: float | None
    slow_ms: float | None
    before_ms: float | None
    """The median of the span before."""
    tickets: list[Lasted]

    @classmethod
    def of(cls, now: workflow.Times, before: workflow.Times) -> TimesOut:
        return cls(
            mean_ms=now.mean_ms,
            median_ms=now.median_ms,
            slow_ms=now.slow_ms,
            before_ms=before.median_ms,
            tickets=[Lasted(ticket_id=one.ticket_id, ms=one.ms) for one in now.lasted],
        )


class PlaceOut(BaseModel):
    """How long tickets that moved on in the span had been somewhere: in a status, with a label, or held up there."""

    status: Status
    label: str | None
    reason: str | None
    share: float
    """Of the time that was spent in all the places listed with it."""
    times: TimesOut


class MoveOut(BaseModel):
    from_status: Status
    to_status: Status
    before: int
    tickets: list[UUID]
    """Once for each time."""


class WeekOut(BaseModel):
    """Tickets that were done in a week, by its Monday."""

    week: date
    tickets: list[UUID]


class AgeOut(BaseModel):
    """A ticket that was open when the span ended, and how long it had had its status."""

    ticket_id: UUID
    status: Status
    ms: int
    slow: bool
    """Longer than 85 % of the stays in that status that ended in the span."""


class Reopened(BaseModel):
    """How often what was done was opened again; `rate` is of what became done in the span."""

    rate: float | None
    before: float | None
    again: list[UUID]
    done: list[UUID]


class Carried(BaseModel):
    """Tickets that were open when the span began and when it ended."""

    before: int
    tickets: list[UUID]


class Workflow(Asked):
    """What happened to tickets, by the lives that they lead."""

    statuses: list[PlaceOut]
    labels: list[PlaceOut]
    reasons: list[PlaceOut]
    moves: list[MoveOut]
    throughput: list[WeekOut]
    done_before: int
    cycle: TimesOut
    ageing: list[AgeOut]
    reopened: Reopened
    carried: Carried
    bottlenecks: list[InsightRow]
    """What the data supports about where work waits; empty: nothing beyond chance, or too few spoke in these days."""
    tickets: list[TicketNamed]
