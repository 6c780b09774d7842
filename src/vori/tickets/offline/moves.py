"""Moves of tickets that exist: which turn reports on which ticket, and that it is now in another state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from vori.events import Status
from vori.tickets.model import may_move
from vori.tickets.offline.boosting import Trees, table
from vori.tickets.offline.heads import Floats
from vori.tickets.offline.matching import letters, overlap
from vori.tickets.offline.reading import Act, Saying
from vori.tickets.offline.scene import AT, JUDGED_AT, Scene

LOOKED_AT = 0.03
"""Probability of being a report from which a turn is looked at."""
TICKETS = 12
"""So many tickets, the nearest in meaning and in letters, are tried for a report."""
SUPPORT = 4
"""Other turns this near to the report, and half as sure, prove the move with it."""
NAMED = 0.45
"""Part of a title's letters from which it counts as named."""
FULL, OTHER, SAME = 3, 0.3, 0.8
"""Words of a name in full; the part of a title's letters that other work's name has at most, its own at least."""
SAID = 0.3
"""What a report that names the ticket outright, or points back to it, counts more than another on it."""
STATES = tuple(Status)
_DOUBTS = [
    AT[f"trap_{kind}"]
    for kind in (
        "question",
        "noop",
        "neg",
        "future",
        "hedge",
        "other",
        "conditional",
        "issue",
        "retracted",
        "defer",
        "chitchat",
    )
]
_BEFORE = [JUDGED_AT[name] for name in ("target", "report", "evidence")]
_AFTER = [JUDGED_AT[name] for name in ("target", "report")]
_CLAIM = {status: JUDGED_AT[f"claim_{status}"] for status in Status}


class Claim(NamedTuple):
    """Turn, ticket and state: that this turn says this ticket is now there."""

    turn: int
    ticket: int
    to: Status


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket's likeliest move, and the turns that prove it; the last is the report."""

    ticket: int
    to: Status
    turns: tuple[int, ...]
    certainty: float


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near each turn is to each ticket (n, t), in several ways."""

    cosine: Floats
    centred: Floats
    """Cosine less its mean over the talk: a title near to everything says little."""
    overlap: Floats
    lead: Floats
    """Both together, less those of the best other ticket."""

    @staticmethod
    def of(scene: Scene) -> Nearness:
        cosine, overlap = scene.cosine, scene.overlap
        both = 12 * (cosine - cosine.mean(1, keepdims=True)) + overlap
        lead = both.copy()
        for k in range(both.shape[1]):
            others = np.delete(both, k, 1)
            lead[:, k] -= others.max(1) if others.shape[1] else 0.0
        return Nearness(cosine, cosine - cosine.mean(0, keepdims=True), overlap, lead)


def claims(scene: Scene) -> tuple[list[Claim], Floats]:
    """Everything that may have been claimed, with features for each."""
    tickets = scene.talk.tickets
    if not tickets or not scene.size:
        return [], table([])
    near, odds, first = Nearness.of(scene), scene.odds(), _first_reported(scene)
    found: list[Claim] = []
    rows: list[list[float]] = []
    for i in np.flatnonzero(scene.judged[:, JUDGED_AT["report"]] > LOOKED_AT):
        turn = int(i)
        about_turn = _about_turn(scene, odds, turn)
        nearest = np.argsort(-np.max(near.lead[max(0, turn - 3) : turn + 1], axis=0))[:TICKETS]
        for k in sorted(int(k) for k in nearest):
            if first[k] < turn and _of_another(scene, turn, k):
                continue
            about_ticket = _about_ticket(scene, near, turn, k)
            for to in (to for to in STATES if may_move(tickets[k].status, to, reopens=True)):
                found.append(Claim(turn, k, to))
                rows.append([*about_ticket, *about_turn, *_about_state(scene, odds, turn, tickets[k].status, to)])
    return found, table(rows)


def _first_reported(scene: Scene) -> list[int]:
    """For each ticket the first turn that plainly reports on it by its own name; the number of turns if none does."""
    first = [scene.size] * len(scene.talk.tickets)
    titles = [letters(ticket.title) for ticket in scene.talk.tickets]
    for turn in reversed(range(scene.size)):
        for saying in _reports(scene, turn):
            if saying.outright and saying.topic:
                topic = letters(saying.topic)
                for k, title in enumerate(titles):
                    if overlap(topic, title) >= SAME:
                        first[k] = turn
    return first


def _of_another(scene: Scene, turn: int, ticket: int) -> bool:
    """Whether this turn plainly reports on work that is named in full and isn't this ticket's. That counts once the
    ticket was reported on by its own name; without, other words may well be meant for it.
    """
    title = letters(scene.talk.tickets[ticket].title)
    here = _reports(scene, turn)
    return bool(here) and all(
        saying.outright
        and not saying.points_back
        and len(saying.topic.split()) >= FULL
        and overlap(letters(saying.topic), title) < OTHER
        for saying in here
    )


def _reports(scene: Scene, turn: int) -> list[Saying]:
    return [saying for saying in scene.readings[turn].sayings if saying.claim is not None]


def _about_ticket(scene: Scene, near: Nearness, turn: int, k: int) -> list[float]:
    ticket, speakers, n = scene.talk.tickets[k], scene.speakers, scene.size
    row: list[float] = []
    for offset in (0, -1, -2, 1, 2):
        i = turn + offset
        inside = 0 <= i < n
        row += [
            float(table[i, k]) if inside else np.nan for table in (near.cosine, near.centred, near.overlap, near.lead)
        ]
    named_at = next(
        (turn - i for i in range(turn, max(-1, turn - 30), -1) if near.overlap[i, k] > 0.3 or near.lead[i, k] > 1), 99
    )
    owned = [j for j, other in enumerate(scene.talk.tickets) if other.assignee and other.assignee == speakers[turn]]
    rival = max((float(scene.cosine[turn, j]) for j in owned if j != k), default=0.0)
    owner = ticket.assignee
    return [
        *row,
        float(near.lead[max(0, turn - 3) : turn + 1, k].max()),
        named_at,
        owner is not None and owner == speakers[turn],
        owner is None,
        len(owned),
        len(scene.talk.tickets),
        bool(turn and owner and speakers[turn - 1] == owner),
        bool(turn + 1 < n and owner and speakers[turn + 1] == owner),
        scene.names(turn, owner),
        bool(turn and scene.names(turn - 1, owner)),
        float(scene.cosine[turn, k]) - rival,
        sum(scene.talk.tickets[j].status is ticket.status for j in owned),
        STATES.index(ticket.status),
    ]


def _about_turn(scene: Scene, odds: Floats, turn: int) -> list[float]:
    none = [np.nan]
    return [
        *odds[turn],
        *(odds[turn - 1, _BEFORE] if turn else none * len(_BEFORE)),
        *(odds[turn + 1, _AFTER] if turn + 1 < scene.size else none * len(_AFTER)),
        *scene.logits[turn, _DOUBTS],
        scene.asks[turn],
        scene.lengths[turn],
        scene.korean[turn],
        *scene.acts[turn],
        *(sum(saying.claim is state for saying in scene.readings[turn].sayings) for state in STATES),
    ]


def _about_state(scene: Scene, odds: Floats, turn: int, before: Status, to: Status) -> list[float]:
    return [
        STATES.index(to),
        odds[turn, _CLAIM[to]],
        max(odds[turn, _CLAIM[state]] for state in STATES if state is not to),
        odds[turn, _CLAIM[before]],
        scene.logits[turn, AT[f"claim_{to}"]],
        *_by_rule(scene, turn, to),
    ]


def outright(scene: Scene, turn: int, ticket: int, to: Status) -> bool:
    """Whether this turn names the ticket, and the rules read in it outright, and nothing else, that it is there."""
    said, plain, other, _, doubt, _ = _by_rule(scene, turn, to)
    return bool(said and plain and not other and not doubt and scene.overlap[turn, ticket] >= NAMED)


def _points_back(scene: Scene, turn: int, to: Status) -> bool:
    """Whether this turn reports on what was named before ("it's done")."""
    return any(saying.claim is to and saying.points_back for saying in scene.readings[turn].sayings)


def _by_rule(scene: Scene, turn: int, to: Status) -> list[float]:
    """What the rules say of this turn and state: said outright, said, another said, none, denied or asked."""
    sayings = scene.readings[turn].sayings
    said = [saying for saying in sayings if saying.claim is to]
    return [
        any(saying.outright for saying in said),
        bool(said),
        any(saying.claim not in (None, to) for saying in sayings),
        bool(sayings) and sayings[-1].claim is to,
        any(saying.act in (Act.NEGATION, Act.QUESTION) for saying in sayings),
        any(saying.reopens for saying in sayings),
    ]


def summaries(
    scene: Scene, found: Sequence[Claim], rows: Floats, sure: Floats
) -> tuple[list[tuple[int, Status, tuple[int, ...]]], Floats]:
    """For each ticket and state, its surest claim: (ticket, state, turns), with features of all claims about it."""
    by_move: dict[tuple[int, Status], list[int]] = defaultdict(list)
    by_ticket: dict[int, list[int]] = defaultdict(list)
    by_turn: dict[int, list[int]] = defaultdict(list)
    for c, claim in enumerate(found):
        by_move[claim.ticket, claim.to].append(c)
        by_ticket[claim.ticket].append(c)
        by_turn[claim.turn].append(c)
    odds = scene.odds()
    moves, features = [], []
    for (k, to), about in by_move.items():
        mine = sorted(about, key=lambda c: -sure[c])
        best, turn = mine[0], found[mine[0]].turn
        if sure[best] < 0.02:
            continue
        before = scene.talk.tickets[k].status
        otherwise = [c for c in by_ticket[k] if found[c].to is not to]
        ranked = [float(sure[c]) for c in mine] + [0.0, 0.0]
        features.append(
            [
                *ranked[:3],
                sum(ranked),
                max((sure[c] for c in otherwise), default=0.0),
                max((sure[c] for c in otherwise if found[c].turn > turn), default=0.0),
                max((sure[c] for c in by_turn[turn] if found[c].ticket != k), default=0.0),
                sum(s > 0.3 for s in ranked),
                *odds[turn],
                odds[turn, _CLAIM[to]],
                max(odds[turn : turn + 3, _CLAIM[before]]),
                STATES.index(before),
                STATES.index(to),
                scene.speakers[turn] is not None and scene.speakers[turn] == scene.talk.tickets[k].assignee,
                *rows[best][:12],
                scene.korean[turn],
            ]
        )
        near = {found[c].turn for c in mine[1:] if sure[c] > 0.5 * sure[best] and abs(found[c].turn - turn) <= SUPPORT}
        moves.append((k, to, (*sorted(near - {turn}), turn)))
    return moves, table(features)


def find(scene: Scene, by_claim: Trees, by_ticket: Trees) -> list[Found]:
    """The likeliest move of each ticket that may have moved, in the order of the talk."""
    found, rows = claims(scene)
    if not found:
        return []
    moves, features = summaries(scene, found, rows, by_claim(rows)[:, 0])
    if not moves:
        return []
    best: dict[int, tuple[float, Found]] = {}
    for (k, to, turns), certainty in zip(moves, by_ticket(features)[:, 0].tolist(), strict=True):
        worth = certainty + (SAID if outright(scene, turns[-1], k, to) or _points_back(scene, turns[-1], to) else 0.0)
        if k not in best or worth > best[k][0]:
            best[k] = worth, Found(k, to, turns, certainty)
    return sorted((move for _, move in best.values()), key=lambda move: move.turns[-1])
