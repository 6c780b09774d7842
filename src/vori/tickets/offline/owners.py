"""Who took a new ticket on: each who speaks of it or is named there, and nobody, against one another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import chain

import numpy as np

from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.heads import WHOSE, Floats
from vori.tickets.offline.owner_words import Signs, signs
from vori.tickets.offline.reading import Act
from vori.tickets.offline.scene import ACTS, AT, JUDGED_AT, Scene

BEFORE, AFTER = 2, 7
"""Turns before a ticket's own and after them in which its owner may speak up."""
BESIDE = 2
"""Turns before and after a ticket's own that are looked at as a whole."""
SOON = 3
"""Turns within which somebody who is called answers."""
ANOTHERS, FREE = 0.3, 0.6
"""What a turn of another ticket, and one of none, counts beside one of the ticket's own."""
_ROLES = [JUDGED_AT[name] for name in ("task", "owner", "accept", "deadline", "detail", "evidence")]
_OWNER, _ACCEPT, _TASK, _EVIDENCE = (JUDGED_AT[name] for name in ("owner", "accept", "task", "evidence"))
_DOUBTS = [AT[f"trap_{kind}"] for kind in ("other", "retracted", "neg", "hedge", "conditional", "question")]
_PROMISES = [ACTS.index(act) for act in (Act.COMMIT, Act.OWN, Act.ACCEPT, Act.REFUSE, Act.REQUEST)]
_WHOSE = [AT[name] for name in WHOSE]
_MINE, _, _NOBODYS = _WHOSE
_OF_TURN, _OF_LAST = 33, 19
"""Numbers about a turn; of them, those about the turn alone."""
_LEADS = 5
"""The first numbers about a person, in which each is also compared with the best of the others."""


class _Work:
    """The turns that speak of a ticket, those around them, and what the words there hint at."""

    def __init__(self, scene: Scene, turns: Sequence[int], others: Collection[int]) -> None:
        self.scene, self.turns, self.others = scene, turns, others
        self.near = range(max(0, turns[0] - BEFORE), min(scene.size, turns[-1] + AFTER + 1))
        self.beside = range(max(0, turns[0] - BESIDE), min(scene.size, turns[-1] + BESIDE + 1))
        self.taken: Floats = scene.judged[:, _OWNER] + scene.judged[:, _ACCEPT]
        self.task = scene.task(turns)
        self.signs: dict[int, Signs] = {
            i: signs(scene.talk.turns[i].text) for i in range(max(0, self.near[0] - 1), self.near[-1] + 1)
        }
        self.alike = {i: float(np.max(scene.centred[self._rest(i)] @ scene.centred[i])) for i in self.near}
        self.shared = {i: max((scene.alike(i, j) for j in turns if j != i), default=0.0) for i in self.near}
        self.strong = max(self.near, key=self.strength)

    def _rest(self, i: int) -> list[int]:
        return [j for j in self.turns if j != i] or [self.task]

    def strength(self, i: int) -> float:
        """How much this turn sounds like somebody takes this work on."""
        mine = 1 / (1 + float(np.exp(-self.scene.logits[i, _MINE])))
        part = 1.0 if i in self.turns else ANOTHERS if i in self.others else FREE
        return (float(self.taken[i]) + mine) * part


def candidates(
    scene: Scene, turns: Sequence[int], others: Collection[int] = frozenset()
) -> tuple[list[str | None], Floats]:
    """Everyone who may own the ticket that `turns` speak of, nobody (None) first, with features for each.

    `others`: the turns of other tickets.
    """
    work = _Work(scene, turns, others)
    spoke_or_named = chain.from_iterable(
        (scene.speakers[i], *(name for k, name in enumerate(scene.people) if scene.named[i, k])) for i in work.near
    )
    people = [name for name in dict.fromkeys(spoke_or_named) if name is not None]
    who: list[str | None] = [None, *people]
    close = [_close(work, person) for person in who]
    wide = [_wide(work, person) for person in who]
    best = np.max([row[:2] for row in close[1:]], axis=0) if people else np.zeros(2)
    whole = [*best, len(people), *_left_open(work)]
    rows = zip(close, wide, _leads(np.array([row[:_LEADS] for row in wide])), strict=True)
    return who, np.array([[*a, *b, *c, *whole] for a, b, c in rows], np.float32)


def _leads(leading: Floats) -> Floats:
    """Each one's lead over the best of the others; the first, nobody, is no rival."""
    found = np.array(leading)
    for k in range(len(leading)):
        rest = [other for other in range(1, len(leading)) if other != k]
        if rest:
            found[k] -= leading[rest].max(0)
    return np.nan_to_num(found)


def _left_open(work: _Work) -> list[float]:
    """Whether anybody has it at all."""
    scene, turns, near, strong = work.scene, work.turns, work.near, work.strong
    opened = [i for i in near if work.signs[i].left_open]
    after = [i for i in opened if i >= work.task]
    nobodys = scene.logits[:, _NOBODYS]
    return [
        sum(i in turns for i in opened),
        len(after),
        (after[-1] - strong) if after else -20,
        (after[0] - work.task) if after else 20,
        (after[0] - turns[-1]) if after else 20,
        max((float(scene.judged[i, _EVIDENCE]) for i in after), default=0.0),
        any(work.signs[i].someone for i in turns),
        work.signs[work.task].someone,
        any(work.signs[i].someone for i in work.beside),
        sum(work.signs[i].declines for i in near if work.task < i <= turns[-1] + 2),
        work.signs[strong].mine,
        work.signs[strong].notes,
        work.signs[strong].left_open,
        strong - work.task,
        strong in turns,
        scene.judged[strong, _TASK],
        np.max(nobodys[list(turns)]),
        np.max(nobodys[list(near)]),
        nobodys[turns[-1]],
        np.max(scene.logits[list(turns), _MINE]),
        np.max(scene.logits[list(near), _MINE]),
    ]


def _turn(work: _Work, i: int | None) -> list[float]:
    """What one turn does for its speaker's part in the work."""
    scene = work.scene
    if i is None:
        return [np.nan] * _OF_TURN
    before = work.signs.get(i - 1)
    return [
        *scene.judged[i, [_OWNER, _ACCEPT, _TASK, _EVIDENCE]],
        *scene.logits[i, _DOUBTS[:3]],
        *scene.logits[i, _WHOSE],
        *(scene.logits[i - 1, _WHOSE] if i else [np.nan] * len(_WHOSE)),
        *work.signs[i],
        scene.asks[i],
        scene.asks[i - 1] if i else 0.0,
        scene.names(i - 1, scene.speakers[i]) if i else 0.0,
        scene.named[i].any(),
        i in work.turns,
        i in work.others,
        i - work.task,
        i - work.turns[-1],
        work.alike[i],
        work.shared[i],
        scene.lengths[i],
        scene.judged[i + 1, _ACCEPT] if i + 1 < scene.size else 0.0,
        before.yours if before else 0.0,
        before.someone if before else 0.0,
    ]


def _wide(work: _Work, person: str | None) -> list[float]:
    """A person's turns in a wider window; nobody's row has all."""
    scene = work.scene
    mine = [i for i in work.near if person is None or scene.speakers[i] == person]
    own = [i for i in mine if i in work.turns]
    free = [i for i in mine if i not in work.turns and i not in work.others]
    calls = [i for i in work.near if person is not None and scene.names(i, person)]
    likely = scene.judged[:, _OWNER] + scene.judged[:, _TASK]
    call = max(calls, key=lambda i: (i in work.turns, float(likely[i])), default=None)
    answers = [i for i in mine if person is not None and call is not None and call < i <= call + SOON]
    strongest = max(own, key=work.strength, default=None)
    return [
        float(work.taken[strongest]) if strongest is not None else 0.0,
        float(scene.logits[own, _MINE].max()) if own else -9.0,
        float(scene.logits[mine, _MINE].max()) if mine else -9.0,
        max((work.strength(i) for i in mine), default=0.0),
        max((float(work.taken[i]) * max(0.0, work.alike[i]) for i in mine if i != work.task), default=0.0),
        *_turn(work, strongest),
        *_turn(work, max(free, key=work.strength, default=None)),
        *_turn(work, own[-1] if own else None)[:_OF_LAST],
        *_turn(work, call),
        *chain.from_iterable(
            scene.logits[some][:, _WHOSE].max(0) if some else [np.nan] * len(_WHOSE) for some in (own, free, answers)
        ),
        len(answers),
        max((float(work.taken[i]) for i in answers), default=0.0),
        any(work.signs[i].declines for i in answers),
        any(work.signs[i].mine for i in answers),
        (answers[0] - call) if answers and call is not None else 9,
        len(calls),
        len(own),
        len(free),
        sum(i in work.others for i in mine),
        sum(work.signs[i].mine for i in own),
        sum(work.signs[i].notes for i in own),
        sum(work.signs[i].declines for i in mine),
        *(person is not None and scene.speakers[i] == person for i in (work.task, work.turns[-1], work.turns[0])),
    ]


def _close(work: _Work, person: str | None) -> list[float]:
    """A person's turns in the ticket and right beside it; nobody's row has all."""
    scene, turns, task, taken = work.scene, work.turns, work.task, work.taken
    sure = scene.judged
    own = [i for i in turns if person is None or scene.speakers[i] == person]
    beside = [i for i in work.beside if i not in turns and (person is None or scene.speakers[i] == person)]
    surest = max(turns, key=lambda i: float(taken[i]))
    called = [i for i in work.beside if person is not None and scene.names(i, person)]
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


def chances(scene: Scene, turns: Sequence[int], others: Collection[int], trees: Trees) -> Mapping[str | None, float]:
    """For everyone who may own the ticket that `turns`, in order, speak of, and for nobody (None): how likely."""
    who, rows = candidates(scene, turns, others)
    found = dict(zip(who, trees(rows)[:, 0].tolist(), strict=True))
    if all(_asks(scene, turn) for turn in turns):
        found |= {scene.speakers[turn]: 0.0 for turn in turns if scene.speakers[turn] is not None}
    return found


def _asks(scene: Scene, turn: int) -> bool:
    """Whether this turn only asks for something: who asks and hears no answer hasn't taken it on."""
    sayings = scene.readings[turn].sayings
    asked = bool(sayings) and all(saying.act is Act.REQUEST and saying.outright for saying in sayings)
    return asked and not signs(scene.talk.turns[turn].text).mine
