"""What is asked of work: which labels and teams stay long in a status or wait there, and what is opened again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

import numpy as np

from vori.analytics.insights.estimate import Array, Estimate, Stay, mean_stay, part_beyond, share_ratio, stay_ratio
from vori.analytics.insights.meetings import MOST_BEHIND, numbered
from vori.analytics.insights.numbers import adjusted
from vori.analytics.insights.said_of_work import (
    NO_REASON,
    Say,
    as_if_waited,
    label_words,
    reopened_words,
    team_words,
    waiting_words,
)
from vori.analytics.insights.trial import LEAST, Asked, Trial
from vori.analytics.insights.waits import Waits, wait_ratio
from vori.analytics.model import StayRow, TicketRow
from vori.events import Status

SAME_REASONS = {"리뷰": "review", "코드 리뷰": "review", "code review": "review", "권한": "access"}
"""Reasons that two languages word differently."""
BEFORE_DONE = (Status.TODO, Status.IN_PROGRESS)
LEAST_OF_TEAM = 5
"""A team with fewer stays on either side says nothing to a comparison of several teams."""
MOST_OPEN = 0.5
"""Where more of the stays still go on, their mean can't be told."""
ONE_TEAM = "reopened"
"""The key of a team whose tickets are opened again; a label's has more parts."""
MOST_WAITING = 0.5
"""Waiting for one thing that takes up more than this part of the time in a status is a bottleneck."""


@dataclass(slots=True)
class Stays:
    """Stays before DONE as columns. What still goes on counts up to the last that is known of its team."""

    rows: list[StayRow]
    known_until: dict[UUID, datetime]
    length: Array = field(init=False)
    ended: Array = field(init=False)
    teams: list[UUID] = field(init=False)
    team: Array = field(init=False)
    status: dict[Status, Array] = field(init=False)
    labelled: dict[str, Array] = field(init=False)
    waits: dict[str, Array] = field(init=False)
    """ms of each stay that it was blocked, by reason."""

    def __post_init__(self) -> None:
        kept = [
            row for row in self.rows if row.status != Status.DONE and row.since < self.known_until[row.workspace_id]
        ]
        self.rows = sorted(kept, key=lambda row: (row.since, row.workspace_id, row.key))
        spans = [(row.until or self.known_until[row.workspace_id]) - row.since for row in self.rows]
        self.length = np.array([span.total_seconds() * 1000 for span in spans])
        self.ended = np.array([row.until is not None for row in self.rows], dtype=bool)
        self.teams, self.team = numbered(row.workspace_id for row in self.rows)
        self.status = {one: np.array([row.status == one for row in self.rows], dtype=bool) for one in BEFORE_DONE}
        self.labelled = {
            label: np.array([label in row.labels for row in self.rows], dtype=bool)
            for label in sorted({label for row in self.rows for label in row.labels})
        }
        self.waits = {
            reason: np.zeros(len(self.rows))
            for reason in sorted({same_reason(reason) for row in self.rows for reason in row.blocked})
        }
        for place, row in enumerate(self.rows):
            for reason, ms in row.blocked.items():
                self.waits[same_reason(reason)][place] += ms

    def of_teams(self, teams: Iterable[UUID]) -> Array:
        return np.isin(self.team, [self.teams.index(team) for team in teams])

    def mean(self, chosen: Array) -> Stay:
        return mean_stay(self.length[chosen], self.ended[chosen])

    def waiting(self, reason: str, chosen: Array) -> Waits:
        return Waits.of(self.waits[reason][chosen], self.length[chosen], self.ended[chosen])

    def behind(self, chosen: Array) -> tuple[UUID, ...]:
        """Tickets of the longest of the chosen."""
        places = sorted(np.flatnonzero(chosen).tolist(), key=lambda one: (-self.length[one], one))
        return tuple(dict.fromkeys(self.rows[one].ticket_id for one in places))[:MOST_BEHIND]


def same_reason(reason: str) -> str:
    plain = " ".join(reason.lower().split()) or NO_REASON
    return SAME_REASONS.get(plain, plain)


def ask_labels(stays: Stays) -> Asked:
    """Which labels' tickets stay longer or shorter in a status than others of the same team."""
    teams = stays.teams
    scopes: list[tuple[str, tuple[UUID, ...]]] = [("label", tuple(teams))]
    if len(teams) > 1:
        scopes += [("label of one team", (team,)) for team in teams]

    def asked(stated: tuple[Trial, ...]) -> Iterator[Trial]:
        for question, members in scopes:
            for status in BEFORE_DONE:
                known = [trial for trial in stated if trial.key.startswith(f"stay/{status}/")]
                told = {_label_of(trial) for trial in known if set(members) <= set(trial.workspaces)}
                every = here = stays.status[status] & stays.of_teams(members)
                for trial in known:
                    here = here & ~(stays.labelled[_label_of(trial)] & stays.of_teams(trial.workspaces))
                for label in stays.labelled:
                    if label not in told:
                        yield from _label_trial(
                            stays, (question, members), (status, label), here, found=bool((here < every).any())
                        )

    return lambda stated: list(asked(stated))


def _label_of(trial: Trial) -> str:
    return trial.key.split("/", 2 if trial.about == "stay" else 1)[-1]


def _label_trial(
    stays: Stays, of: tuple[str, tuple[UUID, ...]], what: tuple[Status, str], here: Array, *, found: bool
) -> Iterator[Trial]:
    (question, members), (status, label) = of, what
    marked = here & stays.labelled[label]
    plain = here & ~marked
    pairs: list[tuple[Stay, Stay]] = []
    used = np.zeros(len(here), dtype=bool)
    least = LEAST_OF_TEAM if len(members) > 1 else LEAST
    for team in members:
        ours = stays.of_teams([team])
        both = [marked & ours, plain & ours]
        if all(_tellable(stays, one, least) for one in both):
            pairs.append((stays.mean(both[0]), stays.mean(both[1])))
            used |= ours
    estimate = stay_ratio(pairs)
    marked, plain = marked & used, plain & used
    if estimate is None or min(marked.sum(), plain.sum()) < LEAST:
        return
    yield Trial(
        question=question,
        about="stay",
        key=f"stay/{status}/{label}",
        workspaces=members,
        estimate=estimate,
        unit="share",
        n=int(marked.sum()),
        others=int(plain.sum()),
        words=label_words(
            label,
            status,
            (stays.mean(marked).mean, stays.mean(plain).mean),
            adjusted(teams=len(pairs) > 1, found=found),
        ),
        tickets=stays.behind(marked),
    )


def _tellable(stays: Stays, chosen: Array, least: int) -> bool:
    return bool(chosen.sum() >= least and (~stays.ended[chosen]).sum() <= MOST_OPEN * chosen.sum())


def ask_teams(stays: Stays) -> Asked:
    """In which team tickets stay or wait longer than in the others of the run."""

    def asked(stated: tuple[Trial, ...]) -> Iterator[Trial]:
        for status in BEFORE_DONE:
            for reason in (None, *stays.waits):
                key = f"bottleneck/{status}/{reason or ''}"
                apart = [trial.workspaces[0] for trial in stated if trial.key == key]
                rest = [team for team in stays.teams if team not in apart]
                here = stays.status[status] & stays.of_teams(rest)
                for team in rest if len(rest) > 1 else []:
                    tried = _team_trial(stays, (status, reason), team, here, found=bool(apart))
                    yield from _once(tried, len(rest))

    return lambda stated: list(asked(stated))


def _once(trials: Iterable[Trial], teams: int) -> Iterator[Trial]:
    """Of two teams one has more and the other less by the same difference: only the first is tried."""
    return (trial for trial in trials if teams > 2 or trial.estimate.value > 0)


def _team_trial(
    stays: Stays, what: tuple[Status, str | None], team: UUID, here: Array, *, found: bool
) -> Iterator[Trial]:
    status, reason = what
    mine = stays.of_teams([team])
    ours, theirs = here & mine, here & ~mine
    if not all(_tellable(stays, one, LEAST) for one in (ours, theirs)):
        return
    raised = False
    if reason is None:
        pair = stays.mean(ours), stays.mean(theirs)
        estimate = stay_ratio([pair])
    else:
        waits = stays.waiting(reason, ours), stays.waiting(reason, theirs)
        pair = waits[0].mean(), waits[1].mean()
        estimate, raised = wait_ratio(*waits)
    if estimate is not None:
        note = adjusted(found=found) + as_if_waited(LEAST if raised else 0)
        yield Trial(
            question="team",
            about="bottleneck",
            key=f"bottleneck/{status}/{reason or ''}",
            workspaces=(team,),
            estimate=estimate,
            unit="share",
            n=int(ours.sum()),
            others=int(theirs.sum()),
            words=team_words(status, reason, (pair[0].mean, pair[1].mean), note),
            tickets=stays.behind(ours if reason is None else ours & (stays.waits[reason] > 0)),
        )


def ask_waiting(stays: Stays) -> Asked:
    """Whether most of a team's time in a status is waiting for one thing."""

    def asked(stated: tuple[Trial, ...]) -> Iterator[Trial]:
        done = {trial.subject for trial in stated}
        for team in stays.teams:
            for reason in stays.waits:
                for status in BEFORE_DONE:
                    if ((team,), f"waiting/{status}/{reason}") not in done:
                        yield from _waiting_trial(stays, (status, reason), team)

    return lambda stated: list(asked(stated))


def _waiting_trial(stays: Stays, what: tuple[Status, str], team: UUID) -> Iterator[Trial]:
    status, reason = what
    here = stays.of_teams([team]) & stays.status[status]
    if not _tellable(stays, here, LEAST):
        return
    found = stays.waiting(reason, here)
    if found.told.sum() < LEAST:
        return
    over = found.weights > 0
    wholes = found.weights * stays.length[here]
    estimate = part_beyond((found.weights * found.waits)[over], wholes[over], MOST_WAITING)
    if estimate is not None:
        yield Trial(
            question="waiting",
            about="bottleneck",
            key=f"waiting/{status}/{reason}",
            workspaces=(team,),
            estimate=estimate,
            unit="share",
            n=int(here.sum()),
            others=0,
            words=waiting_words(status, reason, estimate.value + MOST_WAITING),
            tickets=stays.behind(here & (stays.waits[reason] > 0)),
            only_more=True,
        )


def ask_reopened(tickets: Sequence[TicketRow]) -> Asked:
    """Of which labels and teams more tickets are opened again after they were done."""
    over = [row for row in tickets if row.done_at is not None or row.reopened]
    everyone = tuple(sorted({row.workspace_id for row in over}))

    def asked(stated: tuple[Trial, ...]) -> Iterator[Trial]:
        labels = {_label_of(trial) for trial in stated if trial.key != ONE_TEAM}
        apart = {trial.workspaces[0] for trial in stated if trial.key == ONE_TEAM}
        rest = [row for row in over if row.workspace_id not in apart and labels.isdisjoint(row.labels)]
        by_team = [[row for row in rest if row.workspace_id == team] for team in everyone if team not in apart]
        for label in sorted({label for row in rest for label in row.labels}):
            pairs = [_split(rows, [label in row.labels for row in rows]) for rows in by_team]
            words = partial(reopened_words, (f"{label} 관련", f"tickets labelled {label}"))
            yield from _reopened((everyone, f"reopened/{label}"), pairs, words, found=bool(stated))
        for team in everyone if len(by_team) > 1 else ():
            pairs = [_split(rest, [row.workspace_id == team for row in rest])]
            words = partial(reopened_words, ("이 팀의", "this team's tickets"))
            yield from _once(_reopened(((team,), ONE_TEAM), pairs, words, found=bool(stated)), len(by_team))

    return lambda stated: list(asked(stated))


Pair = tuple[list[TicketRow], list[TicketRow]]


def _split(rows: Sequence[TicketRow], mine: Sequence[bool]) -> Pair:
    pairs = list(zip(rows, mine, strict=True))
    return [row for row, ours in pairs if ours], [row for row, ours in pairs if not ours]


def _reopened(
    subject: tuple[tuple[UUID, ...], str], pairs: Iterable[Pair], words: Callable[..., Say], *, found: bool
) -> Iterator[Trial]:
    """Tickets beside others, within each pair that has both."""
    both = [pair for pair in pairs if all(pair)]
    ours, theirs = ([row for pair in both for row in pair[side]] for side in (0, 1))
    if min(len(ours), len(theirs)) < LEAST:
        return
    counts = np.array([[number for rows in pair for number in (_again(rows), len(rows))] for pair in both])
    again = sorted((row for row in ours if row.reopened), key=lambda row: (row.opened_at, row.key))
    shares = len(again) / len(ours), _again(theirs) / len(theirs)
    yield Trial(
        question="reopened",
        about="reopened",
        key=subject[1],
        workspaces=subject[0],
        estimate=_share_ratio(counts.astype(float)),
        unit="share",
        n=len(ours),
        others=len(theirs),
        words=words(shares, adjusted(teams=len(both) > 1, found=found)),
        tickets=tuple(row.ticket_id for row in again[:MOST_BEHIND]),
    )


def _again(rows: Iterable[TicketRow]) -> int:
    return sum(1 for row in rows if row.reopened)


def _share_ratio(counts: Array) -> Estimate:
    """`share_ratio` within each row (some, of, others, of others), by Mantel and Haenszel."""
    if len(counts) == 1:
        return share_ratio(*counts[0].astype(int).tolist())
    some, of, others, of_others = counts.T
    each = of * of_others / (of + of_others)
    some, others = some + 0.5 * each / each.sum(), others + 0.5 * each / each.sum()
    here, there = float((some * each / of).sum()), float((others * each / of_others).sum())
    spread = float(((some + others) * each / (of + of_others) - some * others / (of + of_others)).sum())
    return Estimate(math.log(here / there), math.sqrt(max(spread / (here * there), 1e-12)), math.inf, True)
