"""What is asked of the course of things: whether a series, the work done, or a topic grows or shrinks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from vori.analytics.insights.estimate import Array, Estimate, count_ratio, mean_beyond_zero, mean_difference, odds_trend
from vori.analytics.insights.meetings import COUNTS, MOST_BEHIND, Held
from vori.analytics.insights.said_of_meetings import course_words
from vori.analytics.insights.said_of_work import backlog_words, throughput_words, topic_words
from vori.analytics.insights.trial import LEAST, Asked, Trial
from vori.analytics.model import TicketRow, TopicRow
from vori.analytics.schedule import monday

LEAST_WEEKS, BESIDE_CHANGE = 8, 4
"""A course is told over so many weeks, of as many meetings; a change at once has so many before it and after."""
WARM_UP = 2
"""In the first weeks of a history work has only begun: nothing is told of them."""


def ask_course(held: Held) -> Asked:
    """Whether a series gets longer, opens more tickets, decides more or scores higher: evenly, or since a week.

    Every week is tried that has enough on either side, and the surest of all these answers is stated. Its key names no
    week, so that from one look to the next it stays the same statement although the weeks that are looked at move on.
    """

    def asked(stated: tuple[Trial, ...]) -> list[Trial]:
        done = {trial.subject for trial in stated}
        large = held.is_large(held.people)
        return [
            trial
            for place, (team, title) in enumerate(held.titles)
            if large[place]
            for measure in (*COUNTS, "length", "score")
            if ((team,), f"course/{title}/{measure}") not in done
            for trial in _course_trials(held.only(held.series == place), measure)
        ]

    return asked


def _course_trials(series: Held, measure: str) -> Iterable[Trial]:
    if measure == "score":
        series = series.only(np.array([row.score.value is not None for row in series.rows], dtype=bool))
    if len(series.rows) < LEAST_WEEKS:
        return
    first, last = monday(series.rows[0].day), monday(series.rows[-1].day)
    span = (last - first).days // 7 + 1
    if span < LEAST_WEEKS:
        return
    week = np.array([(row.day - first).days // 7 for row in series.rows])
    estimate = _course(series, measure, np.array([(row.day - first).days / (7 * span) for row in series.rows]))
    if estimate is not None:
        yield _course_trial(series, measure, estimate, np.ones(len(week), dtype=bool), span=span)
    for place in range(BESIDE_CHANGE, span - BESIDE_CHANGE + 1):
        after = week >= place
        if min(after.sum(), (~after).sum()) < BESIDE_CHANGE:
            continue
        estimate = _course(series, measure, after.astype(float))
        if estimate is not None:
            since = (first + timedelta(weeks=place)).isoformat()
            yield _course_trial(series, measure, estimate, after, span=span, since=since)


def _course(series: Held, measure: str, x: Array) -> Estimate | None:
    constant, alone = np.ones((len(x), 1)), np.arange(len(x))
    if measure in COUNTS:
        return count_ratio(series.column(measure), x, constant, alone)
    if measure == "length":
        return mean_difference(np.log(np.maximum(series.column("length_ms"), 1.0)), x, constant, alone, ratio=True)
    scores = np.array([row.score.value for row in series.rows], dtype=float)
    return mean_difference(scores, x, constant, alone)


def _course_trial(
    series: Held, measure: str, estimate: Estimate, chosen: Array, *, span: int, since: str | None = None
) -> Trial:
    ((team, title),) = series.titles
    return Trial(
        question="course",
        about="change" if since else "trend",
        key=f"course/{title}/{measure}",
        workspaces=(team,),
        estimate=estimate,
        unit="points" if measure == "score" else "share",
        n=int(chosen.sum()),
        others=int((~chosen).sum()),
        words=course_words(title, measure, since, span),
        meetings=series.behind(chosen),
    )


def ask_flow(tickets: Sequence[TicketRow], first: Mapping[UUID, date], over: date, zones: Mapping[UUID, str]) -> Asked:
    """Whether more or fewer tickets get done, evenly or since a week, and whether more are opened than done.

    `first`: the day on which each team's history begins; `over`: the last one; `zones` as in `find`.
    """
    by_team: dict[UUID, list[TicketRow]] = {}
    for ticket in tickets:
        by_team.setdefault(ticket.workspace_id, []).append(ticket)

    def asked(stated: tuple[Trial, ...]) -> list[Trial]:
        done = {trial.subject for trial in stated}
        return [
            trial
            for team, rows in sorted(by_team.items())
            for trial in _flow_trials(team, rows, first[team], over, ZoneInfo(zones.get(team, "UTC")))
            if trial.subject not in done
        ]

    return asked


def _flow_trials(team: UUID, rows: Sequence[TicketRow], first: date, over: date, zone: ZoneInfo) -> Iterable[Trial]:
    begin = monday(first) + timedelta(weeks=WARM_UP)
    weeks = (over + timedelta(days=1) - begin).days // 7
    if weeks < LEAST_WEEKS:
        return
    ended = _per_week((row.done_at.astimezone(zone).date() for row in rows if row.done_at is not None), begin, weeks)
    opened = _per_week((row.day for row in rows), begin, weeks)
    if ended.sum() < 2 * LEAST:
        return
    latest = sorted((row for row in rows if row.done_at is not None), key=lambda row: (row.done_at, row.key))
    behind = tuple(row.ticket_id for row in latest[::-1][:MOST_BEHIND])
    week = np.arange(weeks)
    for since in (None, *range(BESIDE_CHANGE, weeks - BESIDE_CHANGE + 1)):
        after = week >= (since or 0)
        grows = count_ratio(ended, (week + 0.5) / weeks if since is None else after, np.ones((weeks, 1)), week)
        if grows is None:
            continue
        day = None if since is None else (begin + timedelta(weeks=since)).isoformat()
        yield Trial(
            question="flow",
            about="throughput",
            key="throughput",
            workspaces=(team,),
            estimate=grows,
            unit="share",
            n=int(ended[after].sum()),
            others=int(ended[~after].sum()),
            words=throughput_words(weeks, day),
            tickets=behind,
        )
    yield Trial(
        question="flow",
        about="backlog",
        key="backlog",
        workspaces=(team,),
        estimate=mean_beyond_zero(opened - ended),
        unit="tickets",
        n=weeks,
        others=0,
        words=backlog_words(weeks),
        tickets=tuple(row.ticket_id for row in rows if row.done_at is None)[:MOST_BEHIND],
    )


def _per_week(days: Iterable[date], begin: date, weeks: int) -> Array:
    counts = Counter((day - begin).days // 7 for day in days)
    return np.array([counts[week] for week in range(weeks)], dtype=float)


def ask_topics(topics: Sequence[TopicRow]) -> Asked:
    """Whether a topic's share of the talk rises or falls over the weeks."""

    def asked(stated: tuple[Trial, ...]) -> list[Trial]:
        done = {trial.subject for trial in stated}
        told = [_topic_trial(topic) for topic in topics]
        return [trial for trial in told if trial is not None and trial.subject not in done]

    return asked


def _topic_trial(topic: TopicRow) -> Trial | None:
    totals = np.array(topic.totals, dtype=float)
    spoken = totals > 0
    if spoken.sum() < LEAST_WEEKS or topic.size < 2 * LEAST:
        return None
    place = np.array([(week - topic.weeks[0]).days / 7 for week in topic.weeks])
    span = float(place[-1] - place[0])
    x, counts, totals = (place / span)[spoken], np.array(topic.counts, dtype=float)[spoken], totals[spoken]
    estimate = odds_trend(counts, totals, x)
    if estimate is None:
        return None
    middle = np.log(max(counts.sum(), 0.5) / max(totals.sum() - counts.sum(), 0.5))
    ends = [middle + estimate.value * (at - float(x @ totals / totals.sum())) for at in (0.0, 1.0)]
    first, last = (float(1 / (1 + np.exp(-end))) for end in ends)
    return Trial(
        question="topic",
        about="topic",
        key=f"topic/{topic.key}",
        workspaces=(topic.workspace_id,),
        estimate=estimate,
        unit="share",
        n=int(counts.sum()),
        others=int((totals - counts).sum()),
        words=topic_words(topic.label, round(span) + 1, first, last),
        meetings=tuple(topic.meetings[:MOST_BEHIND]),
    )
