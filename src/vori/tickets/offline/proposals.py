"""New tickets: an anchor turn, the turns that belong with it, and how likely they make a ticket of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vori.tickets.offline.boosting import Trees, table
from vori.tickets.offline.heads import TRAPS, Floats
from vori.tickets.offline.matching import letters, overlap
from vori.tickets.offline.reading import Act
from vori.tickets.offline.scene import AT, JUDGED_AT, Scene
from vori.tickets.offline.work import is_work

BACK, AHEAD = 10, 5
"""Turns before and after a ticket's anchor in which its others may be."""
ANCHOR, COMPANION = 0.04, 0.04
"""Probability from which a turn is tried as a ticket's anchor; as further evidence of one."""
CUTS = (0.25, 0.4, 0.55, 0.7)
"""Probabilities of belonging together from which turns are gathered: each gives a candidate."""
MOST = 9
HALF = 0.5
"""Part of a work's letters from which a turn speaks of it."""
OTHER = 0.25
"""Part of the letters that two names of one work share at least."""
SAME = 0.8
"""Part of the letters from which two tickets near each other are one, said again."""
SOON, ABOUT = 3, 0.3
"""Turns after a ticket in which it may be taken back; the part of such a turn's letters that the ticket shares."""
SHARED = 0.34
"""Two tickets have at most this part of the smaller one's turns in common."""
_ROLES = [
    JUDGED_AT[name]
    for name in ("task", "owner", "accept", "deadline", "detail", "evidence", "anchor", "report", "decision")
]
_TRAPS = [AT[name] for name in TRAPS]
_TAKEN_ON = frozenset({Act.COMMIT, Act.OWN, Act.ACCEPT})
_TASK, _OWNER, _ACCEPT = JUDGED_AT["task"], JUDGED_AT["owner"], JUDGED_AT["accept"]
_EVIDENCE, _ANCHOR, _DEADLINE = JUDGED_AT["evidence"], JUDGED_AT["anchor"], JUDGED_AT["deadline"]
_REPORT, _DECISION = JUDGED_AT["report"], JUDGED_AT["decision"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """How a candidate came about: from which anchor, and how sure what is in it and what was left out belongs."""

    anchor: int
    inside: tuple[float, ...]
    outside: tuple[float, ...]


Candidates = Mapping[frozenset[int], Sequence[Gathered]]


class Ties:
    """What is needed again and again about pairs of turns."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.odds = scene.odds()
        self.sure = scene.judged
        self.dated = [day is not None for day in scene.dues]
        has_tickets = bool(scene.talk.tickets)
        nothing = np.zeros(scene.size, np.float32)
        self.near_cosine = scene.cosine.max(1) if has_tickets else nothing
        self.named = [_named(scene, turn) for turn in range(scene.size)]
        self.works = _about(scene, self.named)
        self.near_overlap = scene.overlap.max(1) if has_tickets else nothing

    def alike(self, i: int, j: int) -> float:
        return float(self.scene.centred[i] @ self.scene.centred[j])

    def anchors(self) -> list[int]:
        return [int(i) for i in np.flatnonzero(self.sure[:, _ANCHOR] > ANCHOR)]

    def companions(self, anchor: int) -> list[int]:
        near = range(max(0, anchor - BACK), min(self.scene.size, anchor + AHEAD + 1))
        return [
            i
            for i in near
            if i != anchor and (self.sure[i, _EVIDENCE] > COMPANION or self.sure[i, _DEADLINE] > COMPANION)
        ]

    def rows(self, anchor: int, others: Sequence[int]) -> Floats:
        """Features of each of `others` as further evidence of what `anchor` settles."""
        return table([self._row(anchor, other) for other in others])

    def _row(self, i: int, j: int) -> list[float]:
        scene, sure, speakers, n = self.scene, self.sure, self.scene.speakers, self.scene.size
        first, last = min(i, j), max(i, j)
        between = sure[first + 1 : last] if last - first > 1 else np.zeros((1, sure.shape[1]), np.float32)
        alike = self.alike(i, j)
        rival = max(
            (
                self.alike(j, k)
                for k in range(max(0, j - 8), min(n, j + 9))
                if k not in (i, j) and sure[k, _EVIDENCE] > 0.2
            ),
            default=-1.0,
        )
        return [
            *self.odds[i, _ROLES],
            *self.odds[j, _ROLES],
            *scene.logits[j, _TRAPS],
            j - i,
            abs(j - i),
            speakers[i] == speakers[j],
            scene.names(j, speakers[i]),
            scene.names(i, speakers[j]),
            alike,
            scene.alike(i, j),
            alike - rival,
            between[:, _TASK].max(),
            between[:, _TASK].sum(),
            between[:, _OWNER].max(),
            between[:, _EVIDENCE].max(),
            between[:, _EVIDENCE].sum(),
            between[:, _ANCHOR].max(),
            between[:, _DECISION].max(),
            between[:, _REPORT].max(),
            sum(speakers[k] == speakers[i] for k in range(first + 1, last)),
            len({speakers[k] for k in range(first, last + 1)}),
            scene.lengths[i],
            scene.lengths[j],
            scene.asks[i],
            scene.asks[j],
            self.dated[i],
            self.dated[j],
            scene.korean[i],
            self.near_cosine[j],
            self.near_overlap[j],
            self.near_cosine[i],
            self.near_overlap[i],
            sure[j - 1, _TASK] if j else 0.0,
            sure[min(n - 1, j + 1), _OWNER],
            sure[j, _TASK] - sure[max(0, j - 3) : j + 4, _TASK].max(),
        ]


def gather(ties: Ties, together: Mapping[int, NDArray[np.float32]]) -> Candidates:
    """Sets of turns that may make a ticket; `together` has, for each anchor, how surely its companions belong."""
    found: dict[frozenset[int], list[Gathered]] = {}
    for anchor, sure in together.items():
        others = ties.companions(anchor)
        for cut in CUTS:
            inside = [i for i, s in zip(others, sure, strict=True) if s > cut]
            if len(inside) >= MOST:
                continue
            found.setdefault(frozenset([anchor, *inside]), []).append(
                Gathered(
                    anchor,
                    tuple(float(s) for s in sure if s > cut) or (1.0,),
                    tuple(float(s) for s in sure if s <= cut) or (0.0,),
                )
            )
    return found


def features(ties: Ties, candidates: Candidates) -> Floats:
    """(candidates, features) for the judgement whether each is a ticket."""
    crowd = {turns: sum(len(how) for other, how in candidates.items() if other & turns) for turns in candidates}
    return table([_candidate(ties, turns, how, crowd[turns]) for turns, how in candidates.items()])


def _candidate(ties: Ties, turns: frozenset[int], how: Sequence[Gathered], crowd: int) -> list[float]:
    scene, sure, odds = ties.scene, ties.sure, ties.odds
    mine = sorted(turns)
    anchor = max((way.anchor for way in how), key=lambda i: float(sure[i, _ANCHOR]))
    rest = [i for i in range(max(0, mine[0] - 2), min(scene.size, mine[-1] + 3)) if i not in turns]
    taken = np.maximum(sure[mine, _OWNER], sure[mine, _ACCEPT])
    own, task = mine[int(np.argmax(taken))], mine[int(np.argmax(sure[mine, _TASK]))]
    traps = scene.logits[mine][:, _TRAPS]
    return [
        len(mine),
        mine[-1] - mine[0],
        float(np.mean([np.mean(way.inside) for way in how])),
        min(min(way.inside) for way in how),
        max(max(way.outside) for way in how),
        sum(sum(way.outside) for way in how) / len(how),
        len(how),
        len({way.anchor for way in how}),
        crowd,
        *odds[anchor, _ROLES],
        np.sort(sure[mine, _ANCHOR])[-2] if len(mine) > 1 else 0.0,
        anchor - mine[0],
        mine[-1] - anchor,
        *sure[mine].max(0),
        *sure[mine].sum(0),
        *sure[mine].min(0)[_ROLES],
        *(sure[rest].max(0)[_ROLES] if rest else [0.0] * len(_ROLES)),
        *traps.max(0),
        *traps[mine.index(task)],
        *traps[mine.index(own)],
        ties.near_cosine[task],
        ties.near_overlap[task],
        ties.near_overlap[mine].max(),
        ties.near_cosine[mine].max(),
        scene.asks[task],
        any(ties.dated[i] for i in mine),
        len({scene.speakers[i] for i in mine}),
        scene.speakers[task] == scene.speakers[own],
        own - task,
        scene.lengths[task],
        scene.lengths[mine].sum(),
        float(np.mean([ties.alike(task, i) for i in mine])),
        scene.korean[anchor],
        *scene.acts[mine].max(0),
        *scene.acts[task],
        *scene.acts[own],
        *_by_rule(scene, task),
        *_by_rule(scene, own),
    ]


def outright(scene: Scene, turns: Sequence[int]) -> bool:
    """Whether the rules read here that work was named and taken on outright, and it isn't taken back at once."""
    sayings = [saying for turn in turns for saying in scene.readings[turn].sayings if saying.outright]
    taken_on = any(saying.act in _TAKEN_ON for saying in sayings)
    return taken_on and bool(_named_outright(scene, turns)) and not called_off(scene, turns)


def called_off(scene: Scene, turns: Sequence[int]) -> bool:
    """Whether what is named outright here is taken back at once."""
    named = _named_outright(scene, turns)
    soon = range(turns[-1] + 1, min(turns[-1] + 1 + SOON, scene.size))
    return bool(named) and any(_takes_back(scene, turn, named) for turn in soon)


def _named_outright(scene: Scene, turns: Sequence[int]) -> list[int]:
    return [turn for turn in turns if all(_by_rule(scene, turn))]


def _named(scene: Scene, turn: int) -> list[frozenset[str]]:
    """The letters of each work that the rules read here as promised or asked for outright."""
    return [
        letters(saying.task)
        for saying in scene.readings[turn].sayings
        if saying.task and saying.outright and not saying.points_back
        if saying.act in {Act.COMMIT, Act.REQUEST} and is_work(saying.doing)
    ]


def _about(scene: Scene, named: Sequence[Sequence[frozenset[str]]]) -> list[Sequence[frozenset[str]]]:
    """For each turn the works that it names, or else those named nearby of which it says half."""
    return [
        works
        or [
            work
            for other in named[max(0, turn - BACK) : turn + AHEAD + 1]
            for work in other
            if len(work & scene.readings[turn].letters) >= HALF * len(work)
        ]
        for turn, works in enumerate(named)
    ]


def _several(ties: Ties, turns: Iterable[int]) -> bool:
    """Whether two of these turns plainly speak of different work."""
    works = [works for turn in turns if (works := ties.works[turn])]
    return any(
        max(overlap(one, other) for one in ones for other in others) < OTHER for ones, others in combinations(works, 2)
    )


def _takes_back(scene: Scene, turn: int, named: Sequence[int]) -> bool:
    """Whether this turn says no to what those turns name."""
    reading = scene.readings[turn]
    about = max(len(reading.letters & scene.readings[i].letters) / max(len(reading.letters), 1) for i in named)
    return about >= ABOUT and any(saying.act in {Act.REFUSE, Act.NEGATION} for saying in reading.sayings)


def _by_rule(scene: Scene, turn: int) -> list[float]:
    """Whether the rules read work in a turn: named, of a kind that goes on a board, said outright."""
    named = [saying for saying in scene.readings[turn].sayings if saying.task and not saying.points_back]
    return [bool(named), any(is_work(saying.doing) for saying in named), any(saying.outright for saying in named)]


def choose(ties: Ties, candidates: Iterable[frozenset[int]], sure: Floats) -> list[tuple[tuple[int, ...], float]]:
    """The surest candidates that speak of one work each and don't overlap: (turns, probability).

    `sure` (candidates, 2): right, and exactly so.
    """
    known = list(candidates)
    used: list[frozenset[int]] = []
    found: list[tuple[frozenset[int], float]] = []
    for c in np.argsort(-(sure[:, 0] + 0.3 * sure[:, 1]), kind="stable"):
        turns = known[c]
        if _several(ties, turns) or any(len(turns & other) / min(len(turns), len(other)) > SHARED for other in used):
            continue
        used.append(turns)
        again = next((k for k, (other, _) in enumerate(found) if _said_again(ties, other, turns)), None)
        if again is None:
            found.append((turns, float(sure[c, 0])))
        else:
            found[again] = (found[again][0] | turns, found[again][1])
    return [(tuple(sorted(turns)), certainty) for turns, certainty in found]


def _said_again(ties: Ties, one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether two tickets that are near each other plainly name the same work."""
    if min(abs(i - j) for i in one for j in other) > AHEAD:
        return False
    named = [[work for turn in turns for work in ties.named[turn]] for turns in (one, other)]
    return any(overlap(mine, theirs) >= SAME for mine in named[0] for theirs in named[1])


def find(scene: Scene, pairs: Trees, tickets: Trees) -> list[tuple[tuple[int, ...], float]]:
    """(turns, probability) of each ticket that the talk may have opened."""
    ties = Ties(scene)
    anchors = ties.anchors()
    if not anchors:
        return []
    rows = [ties.rows(anchor, ties.companions(anchor)) for anchor in anchors]
    sizes = np.cumsum([len(part) for part in rows])[:-1]
    told = pairs(np.concatenate([part for part in rows if len(part)]))[:, 0] if any(map(len, rows)) else np.zeros(0)
    together = dict(zip(anchors, np.split(told.astype(np.float32), sizes), strict=True))
    candidates = gather(ties, together)
    return choose(ties, candidates, tickets(features(ties, candidates)))
