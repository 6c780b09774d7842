"""Made-up histories straight to rows, without words and without Spark: what `bench/insights.py` tries insights on.

Words take most of a history's time and insights read none, so here nobody says anything: meetings, tickets and
decisions come of the generator itself, talk and topics are drawn as it draws them, and rows follow the definitions
of docs/analytics.md, but for the score, which has no part for decisions.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import numpy as np

from vori.analytics.model import (
    FULL_ACTIONABLE_PER_HOUR,
    MeetingRow,
    Score,
    ScorePart,
    StayRow,
    TicketRow,
    TopicRow,
)
from vori.analytics.schedule import monday
from vori.analytics.simulate.calendar import Slot
from vori.analytics.simulate.history import History
from vori.analytics.simulate.lines import Line, instant
from vori.analytics.simulate.sentences import TOPICS
from vori.analytics.simulate.talk import Exchange, Meeting, Spoken, _topics
from vori.analytics.simulate.write import Wanted, make_histories
from vori.events import (
    Event,
    Evidence,
    MeetingEnded,
    MeetingReported,
    MeetingStarted,
    Status,
    TicketCreated,
    TicketFacts,
    TicketUpdated,
)


@dataclass
class Rows:
    """What `find` takes."""

    meetings: list[MeetingRow] = field(default_factory=list)
    stays: list[StayRow] = field(default_factory=list)
    tickets: list[TicketRow] = field(default_factory=list)
    topics: list[TopicRow] = field(default_factory=list)
    people: dict[UUID, int] = field(default_factory=dict)
    zones: dict[UUID, str] = field(default_factory=dict)
    day: date = date.min


@dataclass
class Quiet(History):
    """A history whose events are kept as they are."""

    events: list[Event] = field(default_factory=list)
    slots_of: dict[UUID, Slot] = field(default_factory=dict)
    topics_of: dict[UUID, list[str]] = field(default_factory=dict)

    def _line(self, event: Event) -> Line:
        self.events.append(event)
        return 0, ""

    def run(self) -> None:
        with patch("vori.analytics.simulate.history.talk", self._say_nothing):
            for _ in self.lines():
                pass

    def _say_nothing(self, meeting: Meeting, exchanges: Sequence[Exchange], chance: np.random.Generator) -> Spoken:
        slot = meeting.slot
        self.slots_of[meeting.meeting_id] = slot
        segments = 1 + max(meeting.decisions, round((slot.end - slot.start) / 360_000), 1)
        stretches, ends = _topics(meeting, segments, 16 * segments, chance)
        places = stretches[np.concatenate([[0], ends[:-1]])][1:] if segments > 1 else []
        self.topics_of[meeting.meeting_id] = [TOPICS[one] for one in places if one < len(TOPICS)]

        def proof() -> tuple[int, tuple[Evidence, ...]]:
            at = int(chance.integers(slot.start + 5_000, slot.end))
            said = Evidence(
                utterance_id=UUID(bytes=chance.bytes(16)),
                stream=meeting.meeting_id,
                speaker=None,
                start_ms=at - slot.start,
                end_ms=at - slot.start + 1,
                quote="–",
            )
            return at, (said,)

        return Spoken([], [proof() for _ in exchanges], [proof() for _ in range(meeting.decisions)], [])


def make_rows(wanted: Wanted) -> Rows:
    """All rows of a history."""
    found = Rows()
    for made in make_histories(wanted):
        history = Quiet(made.team, made.truths, made.seed)
        history.run()
        team = made.team
        found.people[team.workspace_id] = len(team.people)
        found.zones[team.workspace_id] = team.time_zone
        lives = _lives(history.events)
        found.stays += _stays(team.workspace_id, lives)
        found.tickets += _tickets(team.workspace_id, lives)
        found.meetings += _meetings(history, lives)
        found.topics += _topic_rows(history, found.meetings)
        last = instant(history.calendar.closes[-1]).astimezone(team.zone).date()
        found.day = max(found.day, last + timedelta(days=6 - last.weekday()))
    return found


@dataclass
class Life:
    """What happened to a ticket: when, and how it stood then."""

    opened_in: UUID
    steps: list[tuple[datetime, TicketFacts]]
    gone: bool = False


def _lives(events: Sequence[Event]) -> dict[UUID, Life]:
    lives: dict[UUID, Life] = {}
    for event in events:
        if isinstance(event, TicketCreated):
            lives[event.ticket.ticket_id] = Life(event.meeting_id, [(event.occurred_at, event.ticket)])
        elif isinstance(event, TicketUpdated):
            life = lives[event.before.ticket_id]
            if event.after is None:
                life.gone = True
            else:
                life.steps.append((event.occurred_at, event.after))
    return lives


def _stays(workspace: UUID, lives: dict[UUID, Life]) -> Iterator[StayRow]:
    for ticket, life in lives.items():
        if life.gone:
            continue
        begun = [0, *(n for n in range(1, len(life.steps)) if life.steps[n][1].status != life.steps[n - 1][1].status)]
        for number, (first, after) in enumerate(zip(begun, [*begun[1:], len(life.steps)], strict=True)):
            since, facts = life.steps[first]
            over = life.steps[after] if after < len(life.steps) else None
            blocked: Counter[str] = Counter()
            for place in range(first, after):
                at, here = life.steps[place]
                to = life.steps[place + 1][0] if place + 1 < len(life.steps) else at
                if here.blocked:
                    blocked[here.blocked_reason] += round((to - at).total_seconds() * 1000)
            yield StayRow(
                workspace_id=workspace,
                key=f"{ticket}/{number}",
                day=since.date(),
                ticket_id=ticket,
                number=number,
                status=facts.status,
                since=since,
                until=over[0] if over else None,
                next_status=over[1].status if over else None,
                blocked=dict(blocked),
                title=facts.title,
                labels=facts.labels,
                assigned=facts.assignee is not None,
            )


def _tickets(workspace: UUID, lives: dict[UUID, Life]) -> Iterator[TicketRow]:
    for ticket, life in lives.items():
        if life.gone:
            continue
        opened, last = life.steps[0][0], life.steps[-1][1]
        status = [facts.status for _, facts in life.steps]
        done = [at for n, (at, _) in enumerate(life.steps) if n and status[n] == Status.DONE != status[n - 1]]
        yield TicketRow(
            workspace_id=workspace,
            key=str(ticket),
            day=opened.date(),
            ticket_id=ticket,
            title=last.title,
            labels=last.labels,
            status=last.status,
            opened_at=opened,
            opened_in=life.opened_in,
            begun_at=None,
            done_at=done[-1] if last.status == Status.DONE else None,
            cycle_ms=None,
            lead_ms=None,
            reopened=sum(1 for n in range(1, len(status)) if status[n - 1] == Status.DONE != status[n]),
            meetings=last.meetings,
        )


def _meetings(history: Quiet, lives: dict[UUID, Life]) -> Iterator[MeetingRow]:
    opened: dict[UUID, list[Life]] = {}
    for life in lives.values():
        opened.setdefault(life.opened_in, []).append(life)
    started = {event.meeting_id: event for event in history.events if isinstance(event, MeetingStarted)}
    ended = {event.meeting_id: event for event in history.events if isinstance(event, MeetingEnded)}
    for report in history.events:
        if isinstance(report, MeetingReported):
            made = [life for life in opened.get(report.meeting_id, []) if not life.gone]
            facts = [life.steps[-1][1] for life in made]
            yield _meeting(history, started[report.meeting_id], ended[report.meeting_id], report, facts)


def _meeting(
    history: Quiet, start: MeetingStarted, end: MeetingEnded, report: MeetingReported, facts: Sequence[TicketFacts]
) -> MeetingRow:
    actionable = sum(1 for one in facts if one.assignee is not None or one.due is not None)
    team, slot = history.team, history.slots_of[start.meeting_id]
    chance = np.random.default_rng(start.meeting_id.int)
    length = round((end.occurred_at - start.occurred_at).total_seconds() * 1000)
    local = start.occurred_at.astimezone(team.zone)
    weights = (np.array([team.talkativeness[one] for one in slot.people]) + 0.3) * chance.gamma(8, 1, len(slot.people))
    shares = weights / weights.sum()
    even = float(-(shares * np.log(shares)).sum() / math.log(len(shares)))
    part = min(100.0, 100 * actionable / (length / 3_600_000) / FULL_ACTIONABLE_PER_HOUR)
    rest: dict[str, Any] = dict.fromkeys(
        ("utterances", "turns", "silence_ms", "monologues", "questions", "answered"), 0
    )
    return MeetingRow(
        **rest,
        workspace_id=team.workspace_id,
        key=str(start.meeting_id),
        day=local.date(),
        meeting_id=start.meeting_id,
        title=start.title,
        language=team.language,
        started_at=start.occurred_at,
        ended_at=end.occurred_at,
        length_ms=length,
        hour=local.hour,
        weekday=local.isoweekday(),
        late_ms=None,
        over_ms=None,
        speakers=len(slot.people),
        talk_ms=int(length * chance.normal(0.85, 0.02)),
        interruptions=0,
        decisions=len(report.decisions),
        decision_ms=None,
        created=len(facts),
        actionable=actionable,
        blockers=0,
        carried=len(report.open_before),
        evenness=even,
        score=Score(
            value=(part + 100 * even) / 2,
            actionable=ScorePart(value=part),
            decision_time=ScorePart(value=None),
            participation=ScorePart(value=100 * even),
        ),
        behind={},
    )


def _topic_rows(history: Quiet, meetings: Sequence[MeetingRow]) -> Iterator[TopicRow]:
    weeks = sorted({monday(row.day) for row in meetings if row.workspace_id == history.team.workspace_id})
    of_meeting = {row.meeting_id: monday(row.day) for row in meetings}
    counts = Counter((topic, of_meeting[one]) for one, topics in history.topics_of.items() for topic in topics)
    totals = [sum(counts[topic, week] for topic in TOPICS) for week in weeks]
    for number, topic in enumerate(TOPICS):
        told = [counts[topic, week] for week in weeks]
        yield TopicRow(
            workspace_id=history.team.workspace_id,
            key=str(number),
            day=weeks[-1],
            number=number,
            language=history.team.language,
            label=topic,
            words=(topic,),
            size=sum(told),
            weeks=weeks,
            counts=told,
            totals=totals,
            meetings=[],
            utterances=[],
        )
