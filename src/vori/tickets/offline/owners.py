"""Who took a new ticket on: each who speaks of it or is named there, and nobody, against one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.heads import Floats
from vori.tickets.offline.patterns import spoken
from vori.tickets.offline.reading import Act
from vori.tickets.offline.scene import ACTS, AT, JUDGED_AT, Scene

AROUND = 2
"""Turns before and after a ticket's own in which its owner may speak up."""
_ROLES = [JUDGED_AT[name] for name in ("task", "owner", "accept", "deadline", "detail", "evidence")]
_OWNER, _ACCEPT, _TASK = JUDGED_AT["owner"], JUDGED_AT["accept"], JUDGED_AT["task"]
_DOUBTS = [AT[f"trap_{kind}"] for kind in ("other", "retracted", "neg", "hedge", "conditional", "question")]
_PROMISES = [ACTS.index(act) for act in (Act.COMMIT, Act.OWN, Act.ACCEPT, Act.REFUSE, Act.REQUEST)]
_LEFT_OPEN = spoken(
    r"\b(?:no|without an?|haven't got a) (?:name|owner)|\bnobody (?:on|down)|\bwithout (?:name|owner)|\bunassigned",
    r"\b(?:don't|dunno|not sure|decide|settle|see|argue|fight|know).{0,20}\b(?:who|over it)\b|\bwhoever\b",
    r"(?:담당|주인)(?:자)?[은는이가]?.{0,8}(?:비워|없|나중|아직|정하|정할)|누가.{0,5}(?:할지|맡을지|하든|됐든)",
    r"(?:적어|올려)만|일단.{0,6}(?:항목|티켓|카드|할 ?일|리스트)",
)
"""Words that leave it open who does something."""
_SOMEONE = spoken(
    r"\b(?:some(?:body|one)|anybody|anyone)\b|\b(?:needs?|wants?|should be|must be|to be) \w+(?:ing|ed)\b",
    r"누가|누군가|누구",
)


def candidates(scene: Scene, turns: Sequence[int]) -> tuple[list[str | None], Floats]:
    """Everyone who may own the ticket that `turns` speak of, nobody (None) first, with features for each."""
    near = range(max(0, turns[0] - AROUND), min(scene.size, turns[-1] + AROUND + 1))
    people = dict.fromkeys(
        name
        for i in near
        for name in (scene.speakers[i], *(p for k, p in enumerate(scene.people) if scene.named[i, k]))
        if name is not None
    )
    rows = [_row(scene, turns, near, None), *(_row(scene, turns, near, person) for person in people)]
    who: list[str | None] = [None, *people]
    best = np.max([row[:2] for row in rows[1:]], axis=0) if people else np.zeros(2)
    open_left = [
        any(words.search(scene.talk.turns[i].text) for i in where)
        for words in (_LEFT_OPEN, _SOMEONE)
        for where in (turns, near)
    ]
    table = np.array([[*row, *best, len(people), *open_left] for row in rows], np.float32)
    return who, table


def _row(scene: Scene, turns: Sequence[int], near: range, person: str | None) -> list[float]:
    """Nobody's row has what is true of all turns together."""
    sure = scene.judged
    own = [i for i in turns if person is None or scene.speakers[i] == person]
    beside = [i for i in near if i not in turns and (person is None or scene.speakers[i] == person)]
    taken = sure[:, _OWNER] + sure[:, _ACCEPT]
    surest = max(turns, key=lambda i: float(taken[i]))
    task = max(turns, key=lambda i: float(sure[i, _TASK]))
    called = [i for i in near if person is not None and scene.names(i, person)]
    answers = [i for i in called if i + 1 < scene.size and scene.speakers[i + 1] == person]
    return [
        float(taken[own].max()) if own else 0.0,
        float(taken[beside].max()) if beside else 0.0,
        *(sure[own][:, _ROLES].max(0) if own else [0.0] * len(_ROLES)),
        *(sure[own][:, _ROLES].sum(0) if own else [0.0] * len(_ROLES)),
        *(sure[own[-1], [_OWNER, _ACCEPT]] if own else [0.0, 0.0]),
        *(scene.logits[own][:, _DOUBTS].max(0) if own else [np.nan] * len(_DOUBTS)),
        *(scene.acts[own][:, _PROMISES].max(0) if own else [0.0] * len(_PROMISES)),
        *(scene.acts[beside][:, _PROMISES].max(0) if beside else [0.0] * len(_PROMISES)),
        person is None,
        person is not None and scene.speakers[surest] == person,
        person is not None and scene.speakers[task] == person,
        len(own),
        len(own) / len(turns),
        turns.index(own[-1]) / len(turns) if own else -1.0,
        len(called),
        sum(i in turns for i in called),
        task in called,
        surest in called,
        max((float(sure[i, _TASK]) for i in called), default=0.0),
        len(answers),
        max((float(taken[i + 1]) for i in answers), default=0.0),
        min((abs(i - task) for i in called), default=99),
        len(turns),
        scene.korean[task],
    ]


def owner(scene: Scene, turns: Sequence[int], trees: Trees) -> tuple[str | None, float]:
    """(person or None, probability) for the ticket that `turns` speak of."""
    who, rows = candidates(scene, turns)
    sure = trees(rows)[:, 0]
    best = int(np.argmax(sure))
    return who[best], float(sure[best])
