"""What is asked of meetings: at which hour, on which weekday, in which series and of how long ones more comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

import numpy as np

from vori.analytics.insights.estimate import LEAST_EVENTS, Array, Estimate, count_ratio, mean_difference
from vori.analytics.insights.numbers import adjusted
from vori.analytics.insights.said_of_meetings import (
    Place,
    as_if_had,
    at_hour,
    count_words,
    length_words,
    of_series,
    on_weekday,
    score_words,
)
from vori.analytics.insights.trial import FIRST, LEAST, Asked, Trial
from vori.analytics.model import LEAST_TOGETHER, MeetingRow

COUNTS = ("actionable", "decisions")
MOST_BEHIND = 50
"""An insight names no more of the meetings or tickets behind it."""


@dataclass(slots=True)
class Held:
    """Meetings as columns, in an order of their own."""

    rows: list[MeetingRow]
    people: int
    """A series in which so many never spoke together isn't asked about."""
    team: Array = field(init=False)
    series: Array = field(init=False)
    teams: list[UUID] = field(init=False)
    titles: list[tuple[UUID, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = sorted(self.rows, key=lambda row: (row.started_at, row.workspace_id, row.key))
        self.teams, self.team = numbered(row.workspace_id for row in self.rows)
        self.titles, self.series = numbered((row.workspace_id, row.title) for row in self.rows)

    def column(self, name: str) -> Array:
        values: Array = np.array([getattr(row, name) for row in self.rows], dtype=float)
        return values

    def only(self, chosen: Array) -> Held:
        return Held([self.rows[one] for one in np.flatnonzero(chosen)], self.people)

    def is_large(self, people: int) -> Array:
        """By series, whether so many ever spoke together."""
        most = np.zeros(len(self.titles))
        np.maximum.at(most, self.series, self.column("speakers"))
        return np.asarray(most >= people)

    def is_public(self) -> Array:
        """By meeting, whether it is of a series that isn't two persons' own."""
        return np.asarray(self.is_large(LEAST_TOGETHER)[self.series])

    def behind(self, chosen: Array) -> tuple[UUID, ...]:
        """The latest of the chosen, newest first."""
        return tuple(self.rows[one].meeting_id for one in np.flatnonzero(chosen)[::-1][:MOST_BEHIND])


def numbered(of: Iterable[Any]) -> tuple[list[Any], Array]:
    values = list(of)
    names = sorted(set(values))
    places = {name: place for place, name in enumerate(names)}
    return names, np.array([places[value] for value in values], dtype=int)


def one_hot(groups: Array) -> Array:
    """A column per group that there is: each has a level of its own."""
    return np.asarray(np.equal.outer(groups, np.unique(groups)), dtype=float)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Some of the meetings, which are compared with the others of `scope`."""

    question: str
    place: Place
    key: str
    teams: tuple[UUID, ...]
    chosen: Array
    scope: Array


def candidates(held: Held, *, with_series: bool) -> list[Candidate]:
    """Hours and weekdays of all teams together and of each one, and series; those of which there are enough.

    An hour or weekday of whose meetings most are two persons' own would be about them, and is left out.
    """
    public, large = held.is_public(), held.is_large(held.people)
    hours, weekdays = held.column("hour").astype(int), held.column("weekday").astype(int)
    everywhere = np.ones(len(held.rows), dtype=bool)
    scopes = [(FIRST, tuple(held.teams), everywhere)]
    if len(held.teams) > 1:
        scopes += [("time of one team", (team,), held.team == place) for place, team in enumerate(held.teams)]
    found = []
    for question, teams, scope in scopes:
        found += [
            Candidate(question, at_hour(hour), f"hour/{hour}", teams, hours == hour, scope)
            for hour in np.unique(hours[scope]).tolist()
        ]
        found += [
            Candidate(question, on_weekday(day), f"weekday/{day}", teams, weekdays == day, scope)
            for day in np.unique(weekdays[scope]).tolist()
        ]
    if with_series:
        found += [
            Candidate(
                "series",
                of_series(title),
                f"series/{title}",
                (team,),
                held.series == place,
                held.team == held.teams.index(team),
            )
            for place, (team, title) in enumerate(held.titles)
            if large[place]
        ]
    return [
        one
        for one in found
        if min((one.scope & one.chosen).sum(), (one.scope & ~one.chosen).sum()) >= LEAST
        and 2 * (one.scope & one.chosen & public).sum() >= (one.scope & one.chosen).sum()
    ]


def ask_counts(held: Held, measure: str) -> Asked:
    """Which hours, weekdays and series have more of something than the rest; what is stated is taken into account."""
    counts = held.column(measure)
    offered = candidates(held, with_series=True)
    by_subject = {(one.teams, f"{one.key}/{measure}"): one for one in offered}

    def asked(stated: tuple[Trial, ...]) -> list[Trial]:
        known = [by_subject[trial.subject] for trial in stated]
        told = [_count_trial(held, counts, measure, one, known) for one in offered if one not in known]
        return [trial for trial in told if trial is not None]

    return asked


def _count_trial(held: Held, counts: Array, measure: str, one: Candidate, known: Sequence[Candidate]) -> Trial | None:
    scope, chosen = one.scope, one.chosen & one.scope
    x = one.chosen[scope].astype(float)
    columns = [(other.chosen & other.scope)[scope].astype(float) for other in known]
    taken = [column for column in columns if np.ptp(column)]
    beside = np.column_stack([one_hot(held.team[scope]), *taken])
    estimate, few = _ratio(counts[scope], x, taken, beside, held.series[scope])
    if estimate is None:
        return None
    names = {held.rows[place].title for place in np.flatnonzero(chosen)}
    alone = names.pop() if len(names) == 1 and one.place.about != "series" else None
    n, others = int(chosen.sum()), int((scope & ~one.chosen).sum())
    question = one.question if measure == COUNTS[0] else measure
    means = float(counts[chosen].mean()), float(counts[scope & ~one.chosen].mean())
    note = adjusted(teams=len(np.unique(held.team[scope])) > 1, found=bool(taken)) + as_if_had(
        LEAST_EVENTS if few else 0
    )
    return Trial(
        question=question,
        about=one.place.about,
        key=f"{one.key}/{measure}",
        workspaces=one.teams,
        estimate=estimate,
        unit="share",
        n=n,
        others=others,
        weight=n * others / (n + others),
        words=count_words(one.place, measure, means, note, alone),
        meetings=held.behind(chosen),
    )


def _ratio(
    counts: Array, x: Array, taken: Sequence[Array], beside: Array, groups: Array
) -> tuple[Estimate | None, bool]:
    """`count_ratio`, and whether the chosen have too few events to tell it.

    Then it is reckoned as if they had as many as it takes, which makes the ratio smaller and less sure, and said only
    if they have fewer still.
    """
    few = bool(counts[x > 0].sum() < LEAST_EVENTS)
    for chosen in (x, *taken):
        counts = _raised(counts, chosen > 0)
    estimate = count_ratio(counts, x, beside, groups)
    return (None if estimate is None or (few and estimate.value >= 0) else estimate), few


def _raised(counts: Array, chosen: Array) -> Array:
    """As if the chosen had `LEAST_EVENTS` at least."""
    places = np.flatnonzero(chosen)
    lacking = max(0, LEAST_EVENTS - int(counts[places].sum()))
    raised = counts.copy()
    raised[places[np.linspace(0, len(places) - 1, lacking).round().astype(int)]] += 1
    return raised


def ask_score(held: Held) -> Asked:
    """At which hour and on which weekday the same series scores higher; series differ in length, and so in score."""
    held = held.only(held.is_public())
    kept = held.only(np.array([row.score.value is not None for row in held.rows], dtype=bool))
    scores = np.array([row.score.value for row in kept.rows], dtype=float)
    offered = candidates(kept, with_series=False) if kept.rows else []
    return _within(kept, scores, [(one, partial(_score_trial, kept, one)) for one in offered])


def _within(held: Held, values: Array, offered: Sequence[tuple[Candidate, Callable[..., Trial]]]) -> Asked:
    """Differences inside of each series: each has a level of its own."""

    def asked(stated: tuple[Trial, ...]) -> list[Trial]:
        known = [one for one, _ in offered if any(trial.subject == (one.teams, f"{one.key}/score") for trial in stated)]
        found = []
        for one, make in offered:
            scope, series = one.scope, held.series[one.scope]
            *taken, x = [(other.chosen & other.scope)[scope].astype(float) for other in [*known, one]]
            moving = np.bincount(series, np.abs(_centred(x, series)))[series] > 0
            n, others = int((moving & (x > 0)).sum()), int((moving & (x == 0)).sum())
            if one in known or min(n, others) < LEAST:
                continue
            beside = np.column_stack([one_hot(series[moving]), *(column[moving] for column in taken)])
            estimate = mean_difference(values[scope][moving], x[moving], beside, np.arange(n + others))
            if estimate is not None:
                found.append(make(estimate, n=n, others=others))
        return found

    return asked


def _centred(values: Array, groups: Array) -> Array:
    means = np.bincount(groups, values) / np.maximum(1, np.bincount(groups))
    return np.asarray(values - means[groups])


def _score_trial(held: Held, one: Candidate, estimate: Estimate, *, n: int, others: int) -> Trial:
    return Trial(
        question="score",
        about=one.place.about,
        key=f"{one.key}/score",
        workspaces=one.teams,
        estimate=estimate,
        unit="points",
        n=n,
        others=others,
        words=score_words(one.place),
        meetings=held.behind(one.chosen & one.scope),
    )


def ask_length(held: Held) -> Asked:
    """Whether more comes of a meeting that lasts longer than its series usually does, for all teams and for each."""
    held = held.only(held.is_public())
    scopes: list[tuple[tuple[UUID, ...], Array]] = []
    if held.rows:
        scopes.append((tuple(held.teams), np.ones(len(held.rows), dtype=bool)))
    if len(held.teams) > 1:
        scopes += [((team,), held.team == place) for place, team in enumerate(held.teams)]

    def asked(stated: tuple[Trial, ...]) -> list[Trial]:
        done = {(trial.key, team) for trial in stated for team in trial.workspaces}
        told = [
            _length_trial(held.only(scope), measure, teams)
            for teams, scope in scopes
            for measure in COUNTS
            if (f"length/{measure}", teams[0]) not in done
        ]
        return [trial for trial in told if trial is not None]

    return asked


def _length_trial(held: Held, measure: str, teams: tuple[UUID, ...]) -> Trial | None:
    often = held.only(np.bincount(held.series)[held.series] >= 4)
    if len(often.rows) < 2 * LEAST:
        return None
    x = np.log2(np.maximum(often.column("length_ms"), 1.0))
    estimate = count_ratio(often.column(measure), _centred(x, often.series), one_hot(often.series), np.arange(len(x)))
    if estimate is None:
        return None
    return Trial(
        question="length",
        about="length",
        key=f"length/{measure}",
        workspaces=teams,
        estimate=estimate,
        unit="share",
        n=len(often.rows),
        others=0,
        words=length_words(measure),
        meetings=often.behind(np.ones(len(often.rows), dtype=bool)),
    )
