"""When a new ticket is due: each day named near its turns, against one another and against none at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vori.events import Status
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.dates import Mention, mentions
from vori.tickets.offline.days import Kind
from vori.tickets.offline.heads import Floats
from vori.tickets.offline.scene import AT, JUDGED_AT, Scene

BEFORE, AFTER = 1, 4
"""Turns before a ticket's first and after its last in which its day may be named."""
REMEMBERED = 6
"""Turns for which a day stays in mind, so that "the day before" can be told."""
_KINDS = tuple(Kind)
_DONE = JUDGED_AT[f"claim_{Status.DONE}"]
_ROLES = [
    *(JUDGED_AT[name] for name in ("deadline", "task", "owner", "accept", "detail", "evidence", "report", "decision")),
    _DONE,
]
_DEADLINE, _TASK, _ACCEPT, _EVIDENCE = (JUDGED_AT[name] for name in ("deadline", "task", "accept", "evidence"))
_TAKEN = [JUDGED_AT["owner"], JUDGED_AT["accept"]]
_DOUBTS = [
    AT[f"trap_{kind}"]
    for kind in ("future", "other", "retracted", "neg", "hedge", "conditional", "question", "defer", "noop")
]


class Candidate(NamedTuple):
    """A day still to come, and the turn that names it."""

    turn: int
    mention: Mention


def candidates(
    scene: Scene, turns: Sequence[int], others: Collection[int], owned: Mapping[str | None, float]
) -> tuple[list[Candidate], Floats]:
    """The days named near `turns`, in their order, with features for each.

    `others`: the turns of other tickets; `owned`: who may own the ticket, and how likely.
    """
    first, last = max(0, turns[0] - BEFORE), min(scene.size - 1, turns[-1] + AFTER)
    found: list[Candidate] = []
    before: date | None = None
    for i in range(max(0, first - REMEMBERED), last + 1):
        for mention in _mentions(scene.talk.turns[i].text, scene.talk.date, before):
            if mention.kind not in {Kind.HOUR, Kind.SOON, Kind.DAYPART}:
                before = mention.day
            if i >= first and mention.day >= scene.talk.date:
                found.append(Candidate(i, mention))
    table = [
        [*_row(scene, turns, others, found, k), *_akin(scene, turns, owned, found[k].turn)] for k in range(len(found))
    ]
    return found, np.array(table, np.float32)


@lru_cache(maxsize=8192)
def _mentions(text: str, day: date, before: date | None) -> list[Mention]:
    return mentions(text, day, before)


def _row(
    scene: Scene, turns: Sequence[int], others: Collection[int], found: Sequence[Candidate], k: int
) -> list[float]:
    turn, mention = found[k]
    return [
        *_said(scene, turn, mention),
        *_placed(scene, turns, others, turn),
        *_compared(scene, turns, found, k),
        max(float(scene.judged[other, _DEADLINE]) for other in turns),
        scene.judged[turns, _DEADLINE].sum(),
        scene.judged[turns, _DONE].max(),
        len(turns),
        scene.korean[turn],
    ]


def _said(scene: Scene, i: int, mention: Mention) -> list[float]:
    """What the turn does and how it names the day."""
    sure = scene.judged
    return [
        *sure[i, _ROLES],
        scene.logits[i, AT["deadline"]],
        *scene.logits[i, _DOUBTS],
        *(float(mention.kind is kind) for kind in _KINDS),
        mention.by,
        mention.onwards,
        mention.past,
        mention.cause,
        mention.possessive,
        mention.talk,
        mention.corrects,
        mention.retracted,
        (mention.day - scene.talk.date).days,
        mention.start / max(1.0, float(scene.lengths[i])),
        scene.asks[i],
        scene.asks[i - 1] if i else 0.0,
        sure[i - 1, _DEADLINE] if i else 0.0,
        sure[i + 1, _DEADLINE] if i + 1 < scene.size else 0.0,
        sure[i + 1, _ACCEPT] if i + 1 < scene.size else 0.0,
        sure[i - 1, _TASK] if i else 0.0,
        scene.lengths[i],
    ]


def _placed(scene: Scene, turns: Sequence[int], others: Collection[int], i: int) -> list[float]:
    """Where the turn stands to those of the ticket and of other tickets."""
    sure = scene.judged
    nearest = min(turns, key=lambda turn: abs(turn - i))
    between = [j for j in range(min(i, nearest), max(i, nearest) + 1) if j not in turns]
    task = scene.task(turns)
    taken = max(turns, key=lambda turn: float(sure[turn, _TAKEN].sum()))
    return [
        i in turns,
        i in others,
        i - turns[0],
        i - turns[-1],
        abs(i - nearest),
        i - task,
        i - taken,
        float(sure[between, _TASK].max()) if between else 0.0,
        float(sure[between].max(0)[_EVIDENCE]) if between else 0.0,
        sum(j in others for j in between),
        scene.speakers[i] == scene.speakers[task],
        scene.speakers[i] == scene.speakers[taken],
    ]


def _akin(scene: Scene, turns: Sequence[int], owned: Mapping[str | None, float], i: int) -> list[float]:
    """Whether the turn is about the same work: by its words, and by whose the work is."""
    task = scene.task(turns)
    rest = [turn for turn in turns if turn != i] or [task]
    speaker = scene.speakers[i]
    return [
        float(scene.centred[i] @ scene.centred[task]),
        float((scene.centred[rest] @ scene.centred[i]).max()),
        max(scene.alike(i, j) for j in rest),
        owned.get(speaker, 0.0),
        owned.get(speaker, 0.0) - max((sure for name, sure in owned.items() if name != speaker), default=0.0),
        owned.get(None, 0.0),
        max((sure for name, sure in owned.items() if scene.names(i, name)), default=0.0),
    ]


def _compared(scene: Scene, turns: Sequence[int], found: Sequence[Candidate], k: int) -> list[float]:
    """The day beside the others that were named."""
    i, mention = found[k]
    likely = [float(scene.judged[c.turn, _DEADLINE]) for c in found]
    here = [c for c in found if c.turn == i]
    same = [j for j, c in enumerate(found) if c.mention.day == mention.day and j != k]
    later = [c for c in found[k + 1 :] if c.mention.day != mention.day]
    return [
        len(found),
        len({c.mention.day for c in found}),
        k,
        len(here),
        here.index(found[k]),
        likely[k] - max(likely),
        likely[k] - max((p for j, p in enumerate(likely) if j != k and found[j].mention.day != mention.day), default=0),
        len(same),
        max((likely[j] for j in same), default=0.0),
        any(found[j].mention.by for j in same),
        any(found[j].mention.retracted for j in same),
        sum(j > k for j in same),
        sum(found[j].turn in turns for j in same),
        len(later),
        any(c.mention.corrects for c in later if c.turn <= i + 3),
        any(c.mention.by for c in found if c.mention.day != mention.day),
        sum(c.turn in turns for c in found),
    ]


def deadline(
    scene: Scene,
    turns: Sequence[int],
    others: Collection[int],
    owned: Mapping[str | None, float],
    trees: Trees,
    *,
    least: float,
) -> date | None:
    """The day by which the ticket is due that `turns`, in order, speak of; None where none is as likely as `least`."""
    found, rows = candidates(scene, turns, others, owned)
    if not found:
        return None
    sure = trees(rows)[:, 0]
    best = int(np.argmax(sure))
    return found[best].mention.day if sure[best] > least else None
