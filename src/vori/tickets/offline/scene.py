"""A talk laid out in numbers: what each turn is likely to do, what it says about each ticket, who is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vori.events import Language
from vori.tickets.model import Talk
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.called import who_is_named
from vori.tickets.offline.dates import due
from vori.tickets.offline.heads import CLAIMS, HEADS, ROLES, TRAPS, TURNS_BACK, Floats, Heads, shifted
from vori.tickets.offline.matching import letters, overlap, shared
from vori.tickets.offline.reading import Act, Saying

ACTS = tuple(Act)
JUDGED = (*ROLES, *CLAIMS, *TURNS_BACK)
"""What the second look decides: the same roles, seen together with the turns around."""
AT = {name: k for k, name in enumerate(HEADS)}
JUDGED_AT = {name: k for k, name in enumerate(JUDGED)}
WINDOW = (-4, -3, -2, -1, 0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Reading:
    """All about a turn that doesn't depend on the turns around it."""

    language: Language
    sayings: tuple[Saying, ...]
    letters: frozenset[str]
    vector: Floats
    """(384,): the embedding as a query, of length one."""
    form: Floats
    """(heads,): log odds by groups of letters and words."""


@dataclass(slots=True)
class Scene:
    """Arrays over turns (n), tickets (t) and people (p). Log odds where not said otherwise."""

    talk: Talk
    readings: Sequence[Reading]
    people: Sequence[str]
    """Everyone at hand, then members who are named."""
    called: Sequence[str]
    """All names by which these people are called."""
    speakers: Sequence[str | None]
    meaning: Floats
    """(n, heads): by embeddings."""
    logits: Floats
    """(n, heads): by embeddings and form together."""
    centred: Floats
    """(n, 384)."""
    acts: Floats
    """(n, acts): 1 where the rules find the act."""
    dues: Sequence[date | None]
    named: NDArray[np.bool_]
    """(n, p): this turn names that person, who isn't its speaker."""
    cosine: Floats
    """(n, t): nearness to a ticket's title by embedding."""
    overlap: Floats
    """(n, t): part of the title's letters that was said, 0 to 1."""
    asks: Floats
    lengths: Floats
    korean: Floats
    judged: Floats = field(default_factory=lambda: np.zeros((0, len(JUDGED)), np.float32))
    """(n, judged): probabilities of the second look."""

    @property
    def size(self) -> int:
        return len(self.readings)

    def odds(self) -> Floats:
        """`judged` as log odds."""
        sure = np.clip(self.judged, 1e-4, 1 - 1e-4)
        told: Floats = np.log(sure / (1 - sure)).astype(np.float32)
        return told

    def task(self, turns: Sequence[int]) -> int:
        """Which of these turns most likely names the work."""
        return max(turns, key=lambda turn: float(self.judged[turn, JUDGED_AT["task"]]))

    def alike(self, one: int, other: int) -> float:
        """How many of the shorter turn's groups of letters are in the longer one, 0 to 1."""
        return overlap(self.readings[one].letters, self.readings[other].letters)

    def names(self, turn: int, person: str | None) -> bool:
        """Does this turn name this person?"""
        return person in self.people and bool(self.named[turn, self.people.index(person)])


def lay_out(talk: Talk, readings: Sequence[Reading], titles: Floats, heads: Mapping[Language, Heads]) -> Scene:
    """Everything but the second look. `titles` (t, 384) are the embeddings of the tickets' titles as passages."""
    n = len(readings)
    people, called, named = who_is_named(talk)
    vectors = np.stack([reading.vector for reading in readings]) if n else np.zeros((0, 384), np.float32)
    centred = np.stack([heads[r.language].centred(r.vector) for r in readings]) if n else vectors
    meaning = np.zeros((n, len(HEADS)), np.float32)
    korean = np.array([reading.language == "ko" for reading in readings], np.float32)
    for language in {reading.language for reading in readings}:
        mine = korean == (language == "ko")
        meaning[mine] = heads[language].by_meaning(centred)[mine]
    form = np.stack([reading.form for reading in readings]) if n else meaning
    title_letters = [letters(ticket.title) for ticket in talk.tickets]
    return Scene(
        talk=talk,
        readings=readings,
        people=people,
        called=called,
        speakers=[turn.speaker for turn in talk.turns],
        meaning=meaning,
        logits=((meaning + form) / 2).astype(np.float32),
        centred=centred,
        acts=np.array([[any(s.act is act for s in r.sayings) for act in ACTS] for r in readings], np.float32).reshape(
            n, len(ACTS)
        ),
        dues=[_due(turn.text, talk.date) for turn in talk.turns],
        named=named,
        cosine=(vectors @ titles.T).astype(np.float32),
        overlap=shared([reading.letters for reading in readings], title_letters),
        asks=np.array(["?" in turn.text for turn in talk.turns], np.float32),
        lengths=np.array([len(turn.text) for turn in talk.turns], np.float32),
        korean=korean,
    )


def look_again(scene: Scene, second: Trees, third: Trees) -> None:
    """Judge each turn together with those around it; then, with what was found, which turns settle something."""
    scene.judged = second(around(scene))
    scene.judged[:, JUDGED_AT["anchor"]] = third(found_around(scene))[:, 0]


def found_around(scene: Scene, seen_after: int = 9) -> Floats:
    """(n, features) for the third look: those of the second, and what it found nearby."""
    odds = scene.odds()
    near = [shifted(odds, k) if k <= seen_after else np.full_like(odds, np.nan) for k in (-2, -1, 0, 1, 2)]
    return np.concatenate([around(scene, seen_after), *near], axis=1)


def around(scene: Scene, seen_after: int = 9) -> Floats:
    """(n, features) for the second look; of the turns after, only so many have been heard."""
    n = scene.size

    def beside(rows: Floats, offset: int) -> Floats:
        return shifted(rows, offset) if offset <= seen_after else np.full_like(rows, np.nan)

    base = scene.logits[:, [AT[name] for name in JUDGED]]
    columns: list[Floats] = []
    for offset in WINDOW:
        columns.append(beside(base, offset))
        if offset:
            columns.append(beside(_same_speaker(scene, offset), offset=0) if offset <= seen_after else _missing(n))
    columns += [
        scene.logits[:, [AT[name] for name in TRAPS]],
        (2 * scene.meaning - 2 * scene.logits)[:, [AT[name] for name in JUDGED[:8]]],
    ]
    found = np.array([[day is not None] for day in scene.dues], np.float32).reshape(n, 1)
    someone = np.array([[row.any()] for row in scene.named], np.float32).reshape(n, 1)
    near = _nearest(scene)
    beside_too: tuple[tuple[Floats, tuple[int, ...]], ...] = (
        (scene.acts, (0, -1, 1)),
        (found, (0, -1, 1)),
        (someone, (0, -1)),
        (scene.asks[:, None], (0, -1, 1)),
        (scene.lengths[:, None], (0, -1, 1)),
        (near, (0, -1, 1, -2)),
    )
    for rows, offsets in beside_too:
        columns += [beside(rows, offset) for offset in offsets]
    columns += [_called(scene, -1, 0), _called(scene, 0, 1) if seen_after else _missing(n)]
    columns += [_own_ticket(scene), scene.korean[:, None], np.minimum(np.arange(n, dtype=np.float32), 8)[:, None]]
    return np.concatenate(columns, axis=1).astype(np.float32)


def _missing(n: int) -> Floats:
    return np.full((n, 1), np.nan, np.float32)


def _same_speaker(scene: Scene, offset: int) -> Floats:
    n = scene.size
    return np.array(
        [[0 <= i + offset < n and scene.speakers[i + offset] == scene.speakers[i]] for i in range(n)], np.float32
    ).reshape(n, 1)


def _called(scene: Scene, caller: int, called: int) -> Floats:
    """(n, 1): the turn at `caller` names whoever speaks at `called` (both counted from each turn)."""
    n = scene.size
    return np.array(
        [
            [i + caller >= 0 and i + called < n and scene.names(i + caller, scene.speakers[i + called])]
            for i in range(n)
        ],
        np.float32,
    ).reshape(n, 1)


def _nearest(scene: Scene) -> Floats:
    """(n, 3): cosine of the nearest ticket, its lead over the next, and the best overlap."""
    if not scene.talk.tickets:
        return np.full((scene.size, 3), np.nan, np.float32)
    by_cosine = np.sort(scene.cosine, 1)[:, ::-1]
    lead = by_cosine[:, 0] - by_cosine[:, 1] if by_cosine.shape[1] > 1 else by_cosine[:, 0] * 0 + 0.1
    return np.stack([by_cosine[:, 0], lead, scene.overlap.max(1)], 1).astype(np.float32)


def _own_ticket(scene: Scene) -> Floats:
    """(n, 1): cosine of the nearest ticket of the speaker's own."""
    owners = [ticket.assignee for ticket in scene.talk.tickets]
    return np.array(
        [
            [
                max(
                    (scene.cosine[i, k] for k, owner in enumerate(owners) if owner and owner == speaker),
                    default=np.nan,
                )
            ]
            for i, speaker in enumerate(scene.speakers)
        ],
        np.float32,
    ).reshape(scene.size, 1)


@lru_cache(maxsize=8192)
def _due(text: str, day: date) -> date | None:
    return due(text, day)
