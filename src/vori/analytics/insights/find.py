"""From rows of meetings, stays, tickets and topics to insights and anomalies, corrected for all that was tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from vori.analytics.insights.course import ask_course, ask_flow, ask_topics
from vori.analytics.insights.meetings import COUNTS, Held, ask_counts, ask_length, ask_score
from vori.analytics.insights.trial import Asked, Correction, Stated, state
from vori.analytics.insights.unusual import Far, look
from vori.analytics.insights.work import Stays, ask_labels, ask_reopened, ask_teams, ask_waiting
from vori.analytics.model import (
    AnalyticsSettings,
    AnomalyRow,
    InsightRow,
    Kind,
    MeetingRow,
    Row,
    StayRow,
    TicketRow,
    TopicRow,
)
from vori.analytics.schedule import monday

ALPHA = 0.03
"""Less than the promised 5 % of runs, so that luck doesn't break the promise over a hundred of them."""
R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Found:
    """What the data supports, the surest of each question first, and what is far from usual."""

    insights: list[InsightRow]
    anomalies: list[AnomalyRow]
    tried: int
    """How many differences were looked at for both."""


@dataclass(frozen=True, slots=True)
class Teams:
    """Whose rows may be told of: how many people spoke in each, and what each wants."""

    people: Mapping[UUID, int]
    settings: Mapping[UUID, AnalyticsSettings]

    def tells(self, workspace: UUID) -> bool:
        wanted = self.settings.get(workspace, AnalyticsSettings())
        return wanted.tells(self.people.get(workspace, 0))

    @property
    def least(self) -> int:
        """A series of fewer people isn't asked about."""
        return max((one.least_of_series for one in self.settings.values()), default=AnalyticsSettings().least_of_series)


def find(
    meetings: Sequence[MeetingRow],
    stays: Sequence[StayRow],
    tickets: Sequence[TicketRow],
    topics: Sequence[TopicRow] = (),
    *,
    day: date,
    people: Mapping[UUID, int],
    settings: Mapping[UUID, AnalyticsSettings] | None = None,
    zones: Mapping[UUID, str] | None = None,
    over: date | None = None,
    alpha: float = ALPHA,
) -> Found:
    """All that can be said up to `day`. Teams of one call are compared and taken together, so give only one owner's.

    `zones` are IANA names of the workspaces' clocks (UTC where there is none), by which `day` and the rows' days are.
    A week is looked at as a whole when it ends by the day `over`; None: by `day`.
    The chance that anything is stated although nothing differs is at most `alpha`, insights and anomalies together.
    """
    teams = Teams(people, settings or {})
    usable = _usable(meetings, teams, day), _usable(stays, teams, day), _usable(tickets, teams, day)
    held = Held(usable[0], teams.least)
    over = over or day
    questions = [*_questions(held, usable[1], usable[2], over, zones or {}), ask_topics(_usable(topics, teams, day))]
    far = list(look(held, over)) if held.rows else []
    correction = Correction(alpha)
    first = [(asked, asked(())) for asked in questions]
    for _, trials in first:
        for trial in trials:
            correction.count(trial.question, trial.weight)
    for one in far:
        correction.count(one.question)
    levels = correction.levels()
    stated = [said for asked, trials in first for said in state(asked, trials, levels)]
    return Found(
        [_insight(said, correction.tried, day) for said in stated],
        _anomalies(far, levels),
        correction.tried,
    )


def conclude(
    results: Mapping[Kind, Sequence[Row]], people: Mapping[UUID, int], zones: Mapping[UUID, str] | None = None
) -> dict[Kind, list[Row]]:
    """Rows of the kinds insight and anomaly from the other rows of the same run; `people` and `zones` as in `find`."""
    meetings = [row for row in results.get("meeting", ()) if isinstance(row, MeetingRow)]
    stays = [row for row in results.get("stay", ()) if isinstance(row, StayRow)]
    tickets = [row for row in results.get("ticket", ()) if isinstance(row, TicketRow)]
    topics = [row for row in results.get("topic", ()) if isinstance(row, TopicRow)]
    if not meetings and not tickets:
        return {"insight": [], "anomaly": []}
    days = {row.day for row in (*meetings, *stays, *tickets)}
    found = find(meetings, stays, tickets, topics, day=max(days), people=people, zones=zones, over=_over(days))
    return {"insight": [*found.insights], "anomaly": [*found.anomalies]}


def _over(days: Iterable[date]) -> date:
    """The last of the days; the Sunday after it when the last week goes as far as most weeks do, say until Friday."""
    ends = {monday(day): day for day in sorted(days)}
    first, last = monday(max(ends)), ends.pop(max(ends))
    usual = Counter(day.weekday() for day in ends.values())
    as_far = usual and last.weekday() >= max(usual, key=lambda weekday: (usual[weekday], weekday))
    return first + timedelta(days=6) if as_far else last


def _usable(rows: Iterable[R], teams: Teams, day: date) -> list[R]:
    """Each row once, of teams that are told of, in an order of their own."""
    kept = {(row.workspace_id, row.key): row for row in rows if row.day <= day and teams.tells(row.workspace_id)}
    return [kept[name] for name in sorted(kept)]


def _questions(
    held: Held, stays: list[StayRow], tickets: list[TicketRow], over: date, zones: Mapping[UUID, str]
) -> list[Asked]:
    asked: list[Asked] = []
    if held.rows:
        asked += [ask_counts(held, measure) for measure in COUNTS]
        asked += [ask_score(held), ask_length(held), ask_course(held)]
    columns = Stays(stays, _known_until(held.rows, stays, tickets))
    if columns.rows:
        asked += [ask_labels(columns), ask_teams(columns), ask_waiting(columns)]
    if tickets:
        first: dict[UUID, date] = {}
        for row in (*held.rows, *tickets):
            first[row.workspace_id] = min(first.get(row.workspace_id, row.day), row.day)
        asked += [ask_reopened(tickets), ask_flow(tickets, first, over, zones)]
    return asked


def _known_until(
    meetings: Iterable[MeetingRow], stays: Iterable[StayRow], tickets: Iterable[TicketRow]
) -> dict[UUID, datetime]:
    """The last moment that is known of each team: what still goes on then goes on for longer."""
    known: dict[UUID, datetime] = {}
    for row in (*meetings, *stays, *tickets):
        match row:
            case MeetingRow():
                at = row.ended_at
            case StayRow():
                at = row.until or row.since
            case TicketRow():
                at = row.done_at or row.opened_at
        known[row.workspace_id] = max(known.get(row.workspace_id, at), at)
    return known


def _anomalies(far: Iterable[Far], levels: Mapping[str, float]) -> list[AnomalyRow]:
    """The farthest first."""
    sure = [one.row() for one in far if one.estimate.chance < levels[one.question]]
    return sorted(sure, key=lambda row: (-abs(row.score), row.workspace_id, row.key))


def _insight(stated: Stated, tried: int, day: date) -> InsightRow:
    trial, words = stated.trial, stated.words
    together = f"{len(trial.workspaces)} teams/" if len(trial.workspaces) > 1 else ""
    return InsightRow(
        workspace_id=trial.workspaces[0],
        key=together + trial.key,
        day=day,
        about=trial.about,
        effect=trial.estimate.effect,
        unit=trial.unit,
        low=stated.low,
        high=stated.high,
        n=trial.n,
        others=trial.others,
        tried=tried,
        level=stated.level,
        workspaces=list(trial.workspaces),
        sentence_ko=words.ko,
        sentence_en=words.en,
        try_ko=words.try_ko,
        try_en=words.try_en,
        meetings=list(trial.meetings),
        tickets=list(trial.tickets),
    )
