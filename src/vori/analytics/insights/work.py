"""What is asked of work: which labels and teams stay long in a status or wait there, and what is opened again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import numpy as np

from vori.analytics.insights.estimate import Array, Stay, mean_stay, part_beyond, share_ratio, stay_ratio
from vori.analytics.insights.meetings import MOST_BEHIND, numbered
from vori.analytics.insights.said_of_work import (
    NO_REASON,
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
                here = stays.status[status] & stays.of_teams(members)
                for trial in known:
                    here = here & ~(stays.labelled[_label_of(trial)] & stays.of_teams(trial.workspaces))
                for label in stays.labelled:
                    if label not in told:
                        yield from _label_trial(stays, question, members, (status, label), here)

    return lambda stated: list(asked(stated))


def _label_of(trial: Trial) -> str:
    return trial.key.split("/", 2)[2]


def _label_trial(
    stays: Stays, question: str, members: tuple[UUID, ...], what: tuple[Status, str], here: Array
) -> Iterator[Trial]:
    status, label = what
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
        words=label_words(label, status, stays.mean(marked).mean),
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
                    yield from _team_trial(stays, (status, reason), team, here)

    return lambda stated: list(asked(stated))


def _team_trial(stays: Stays, what: tuple[Status, str | None], team: UUID, here: Array) -> Iterator[Trial]:
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
        yield Trial(
            question="team",
            about="bottleneck",
            key=f"bottleneck/{status}/{reason or ''}",
            workspaces=(team,),
            estimate=estimate,
            unit="share",
            n=int(ours.sum()),
            others=int(theirs.sum()),
            words=team_words(status, reason, (pair[0].mean, pair[1].mean), as_if_waited(LEAST if raised else 0)),
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
    teams = sorted({row.workspace_id for row in over})
    everyone = tuple(teams)

    def asked(stated: tuple[Trial, ...]) -> Iterator[Trial]:
        done = {trial.subject for trial in stated}
        for label in sorted({label for row in over for label in row.labels}):
            key = f"reopened/{label}"
            if (everyone, key) not in done:
                whose = (f"{label} 관련", f"tickets labelled {label}")
                yield from _reopened(key, everyone, whose, [(label in row.labels, row) for row in over])
        for team in teams if len(teams) > 1 else []:
            if ((team,), "reopened") not in done:
                whose = ("이 팀의", "this team's tickets")
                yield from _reopened("reopened", (team,), whose, [(row.workspace_id == team, row) for row in over])

    return lambda stated: list(asked(stated))


def _reopened(
    key: str, workspaces: tuple[UUID, ...], whose: tuple[str, str], split: Iterable[tuple[bool, TicketRow]]
) -> Iterator[Trial]:
    pairs = list(split)
    ours, theirs = [row for mine, row in pairs if mine], [row for mine, row in pairs if not mine]
    if min(len(ours), len(theirs)) < LEAST:
        return
    again = [row for row in ours if row.reopened]
    others = sum(1 for row in theirs if row.reopened)
    yield Trial(
        question="reopened",
        about="reopened",
        key=key,
        workspaces=workspaces,
        estimate=share_ratio(len(again), len(ours), others, len(theirs)),
        unit="share",
        n=len(ours),
        others=len(theirs),
        words=reopened_words(whose, len(again)),
        tickets=tuple(row.ticket_id for row in sorted(again, key=lambda row: (row.opened_at, row.key))[:MOST_BEHIND]),
    )
