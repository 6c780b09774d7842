"""What a title may be made of: the words around some evidence with their chances, and the deeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vori.events import Language
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.heads import Floats
from vori.tickets.offline.patterns import listed
from vori.tickets.offline.scene import JUDGED_AT, Scene
from vori.tickets.offline.title_words import DEED, THING, Word
from vori.tickets.offline.work import is_work

ROLES = ("task", "owner", "accept", "deadline", "detail")
_ROLES = [JUDGED_AT[role] for role in ROLES]
_EVIDENCE = JUDGED_AT["evidence"]
NEAR = 5
"""Turns on either side whose words are counted as the neighbourhood's."""
DEEDS = 6


@dataclass(frozen=True, slots=True)
class Tables:
    """What was learned for one language."""

    verbs: frozenset[str]
    """English: verbs that titles begin with."""
    rate: Mapping[str, float]
    """Log odds of a word to be in a title rather than in talk."""
    rarity: Mapping[str, float]
    deeds: tuple[str, ...]
    rows: Mapping[str, int]
    form: Floats
    """(words, deeds): what a word says for a deed, in log odds."""
    meaning: Floats
    """(384, deeds): the same of the embedding."""
    base: Floats
    spoken: frozenset[str] = frozenset()
    """English: all known verbs."""
    grammar: Mapping[str, float] = field(default_factory=dict)
    pairs: frozenset[str] = frozenset()
    """Last two words of titles."""
    keep: Trees | None = None
    deed: Trees | None = None

    def arrays(self) -> dict[str, Any]:
        """As saved; `Tables.of` reads it."""
        found: dict[str, Any] = {
            "form": self.form.astype(np.float16),
            "meaning": self.meaning.astype(np.float16),
            "base": self.base,
        }
        for name in ("verbs", "spoken", "pairs"):
            found[name] = _packed(sorted(getattr(self, name)))
        for name in ("deeds", "rows"):
            found[name] = _packed(getattr(self, name))
        for name in ("rate", "rarity", "grammar"):
            table = getattr(self, name)
            found[name] = _packed(table)
            found[f"{name}_values"] = np.array(list(table.values()), np.float32)
        for name, trees in (("keep", self.keep), ("deed", self.deed)):
            if trees is not None:
                found |= {f"{name}_{key}": value for key, value in trees.arrays().items()}
        return found

    @staticmethod
    def of(arrays: Mapping[str, Any]) -> Tables:
        def trees(name: str) -> Trees:
            begin = f"{name}_"
            return Trees.of({key.removeprefix(begin): arrays[key] for key in arrays if key.startswith(begin)})

        def table(name: str) -> dict[str, float]:
            return dict(zip(_unpacked(arrays[name]), arrays[f"{name}_values"].tolist(), strict=True))

        return Tables(
            verbs=frozenset(_unpacked(arrays["verbs"])),
            rate=table("rate"),
            rarity=table("rarity"),
            deeds=tuple(_unpacked(arrays["deeds"])),
            rows={key: i for i, key in enumerate(_unpacked(arrays["rows"]))},
            form=arrays["form"].astype(np.float32),
            meaning=arrays["meaning"].astype(np.float32),
            base=arrays["base"],
            spoken=frozenset(_unpacked(arrays["spoken"])),
            grammar=table("grammar"),
            pairs=frozenset(_unpacked(arrays["pairs"])),
            keep=trees("keep"),
            deed=trees("deed"),
        )


def _packed(names: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode(), np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> list[str]:
    text = bytes(packed).decode()
    return text.split("\n") if text else []


class Placed(NamedTuple):
    """A word where it was said."""

    word: Word
    turn: int
    place: int


@dataclass(slots=True)
class Source:
    """The words that a title is made from: those of the evidence and of the turn before it."""

    scene: Scene
    language: Language
    turns: Sequence[int]
    words: list[Placed]
    near: Counter[str]
    """Turns of the neighbourhood that have a word."""
    chance: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    """That a word is in the title."""


def about_words(source: Source, tables: Tables) -> Floats:
    """(words, features)."""
    scene, words = source.scene, source.words
    mine = Counter(key for turn in source.turns for key in {w.word.key for w in words if w.turn == turn})
    judged = scene.judged[:, _ROLES]
    first, last = source.turns[0], source.turns[-1]
    best = judged[list(source.turns)].argmax(0)
    sizes = Counter(w.turn for w in words)
    unknown = max(tables.rarity.values(), default=0.0)
    rates = [tables.rate.get(w.word.key, np.nan) for w in words]
    rare = [tables.rarity.get(w.word.key, unknown) for w in words]
    deeds = {(w.turn, w.word.clause) for w in words if w.word.kind == DEED}
    clauses: dict[tuple[int, int], list[int]] = {}
    for i, (word, turn, _) in enumerate(words):
        clauses.setdefault((turn, word.clause), []).append(i)
    rows = []
    for i, (word, turn, place) in enumerate(words):
        beside = []
        for j in (i - 1, i + 1, i + 2):
            inside = 0 <= j < len(words) and words[j].turn == turn and words[j].word.clause == word.clause
            beside += [words[j].word.kind if inside else -1, rates[j] if inside else np.nan]
            beside += [rare[j] if inside else np.nan]
        rows.append(
            [
                *judged[turn],
                *(turn in source.turns and source.turns[k] == turn for k in best),
                turn in source.turns,
                turn - first,
                last - turn,
                len(source.turns),
                word.kind,
                rates[i],
                rare[i],
                mine[word.key],
                source.near[word.key],
                len(word.text),
                place,
                sizes[turn] - place,
                word.number,
                word.proper,
                _glue_code(word, source.language),
                (turn, word.clause) in deeds,
                word.text.count(" "),
                *_in_clause(words, clauses[turn, word.clause], i),
                scene.judged[turn, _EVIDENCE],
                scene.asks[turn],
                *beside,
            ]
        )
    return np.array(rows, np.float32).reshape(len(rows), -1 if rows else 0)


_CALLS = frozenset(
    listed("need needs want wants must should someone somebody we could ought has have there's let's 필요 부탁 누가")
)
"""Words of a clause that calls for work."""


def _in_clause(words: Sequence[Placed], clause: Sequence[int], i: int) -> list[float]:
    """Where a word stands among the deeds and names of its clause."""
    deeds = [j for j in clause if words[j].word.kind == DEED]
    things = [j for j in clause if words[j].word.kind == THING]
    return [
        min((i - j for j in deeds if j < i), default=-1),
        min((j - i for j in deeds if j > i), default=-1),
        len(clause),
        i - clause[0],
        sum(j < i for j in things),
        sum(j > i for j in things),
        sum(words[j].word.text.lower() in _CALLS for j in clause),
    ]


_GLUES = {
    glue: k
    for k, group in enumerate(
        ("을 를", "이 가", "은 는", "도 만", "에 로 으로", "에서 한테 에게", "의", "까지 부터", "하고 랑 이랑 와 과",
         "ETM", "어야 야", "ᆯ게 을게 ᆯ게요 을게요 겠", "어", "고", "for of", "to", "on in at", "from", "with by",
         "the a an", "into onto", "and or", "about")
    )
    for glue in group.split()
}  # fmt: skip


def _glue_code(word: Word, language: Language) -> int:
    code = _GLUES.get(word.glue)
    if code is None and language == "ko" and word.glue:
        code = _GLUES.get(word.glue[0])
    return -1 if code is None else code


class Deed(NamedTuple):
    """A deed for the title: as it is written, its chance, and the words that say it."""

    name: str
    chance: float
    said: tuple[int, ...]


def deed_odds(tables: Tables, keys: Sequence[str], meaning: Floats) -> Floats:
    """(deeds,) by the words and the embedding of the evidence."""
    index = [tables.rows[key] for key in sorted(set(keys)) if key in tables.rows]
    told = tables.base + meaning @ tables.meaning
    if index:
        told = told + tables.form[index].sum(0) / np.sqrt(len(index))
    return told.astype(np.float32)


def meaning_of(source: Source) -> Floats:
    """(384,): of the evidence, the task and owner turns before others."""
    judged = source.scene.judged[list(source.turns)]
    weights = 0.1 + judged[:, _ROLES[0]] + 0.5 * judged[:, _ROLES[1]]
    mixed: Floats = weights @ source.scene.centred[list(source.turns)]
    return mixed / max(float(np.linalg.norm(mixed)), 1e-6)


def sayable(name: str, tables: Tables) -> bool:
    """May a title say this deed?"""
    if tables.verbs:
        return name in tables.verbs or is_work(name)
    return name in tables.deeds or is_work(name) or (len(name) > 1 and not (len(name) == 2 and name.endswith("기")))


def about_deeds(source: Source, tables: Tables) -> tuple[list[str], list[tuple[int, ...]], Floats]:
    """(names, where each was said, features) of the deeds that may be meant."""
    said: dict[str, list[int]] = {}
    known = set(tables.deeds)
    for i, (word, turn, _) in enumerate(source.words):
        if turn in source.turns and (word.kind == DEED or (word.kind == THING and word.key in known)):
            said.setdefault(word.key, []).append(i)
    evidence = [w.word.key for w in source.words if w.turn in source.turns]
    odds = deed_odds(tables, evidence, meaning_of(source))
    place = {name: k for k, name in enumerate(tables.deeds)}
    order = np.argsort(-odds)
    rank = {tables.deeds[k]: r for r, k in enumerate(order)}
    said = {name: at for name, at in said.items() if sayable(name, tables)}
    names = list(dict.fromkeys([*said, *(tables.deeds[k] for k in order[:DEEDS])]))
    judged = source.scene.judged[:, _ROLES]
    rows = []
    for name in names:
        at = said.get(name, [])
        turns = sorted({source.words[i].turn for i in at})
        kinds = {source.words[i].word.kind for i in at}
        last = source.words[at[-1]] if at else None
        after = (
            [i for i in range(at[-1] + 1, len(source.words)) if last and source.words[i].turn == last.turn]
            if at
            else []
        )
        rows.append(
            [
                odds[place[name]] if name in place else np.nan,
                rank.get(name, 99),
                float(odds[order[0]]),
                len(at),
                len(turns),
                *(judged[turns].max(0) if turns else [np.nan] * len(ROLES)),
                DEED in kinds,
                THING in kinds,
                len(after),
                sum(source.words[i].word.kind == DEED for i in after),
                _glue_code(last.word, source.language) if last else -2,
                tables.rate.get(name, np.nan),
                tables.rarity.get(name, np.nan),
                len(name),
                len(said),
                sum(source.words[i].word.kind == DEED for d in said.values() for i in d),
                max((source.chance[i] for i in at), default=np.nan),
            ]
        )
    return (
        names,
        [tuple(said.get(name, ())) for name in names],
        np.array(rows, np.float32).reshape(len(rows), -1 if rows else 0),
    )


def best_deeds(names: Sequence[str], said: Sequence[tuple[int, ...]], sure: Floats) -> list[Deed]:
    """The likeliest few."""
    order = np.argsort(-sure)[:DEEDS]
    return [Deed(names[k], float(sure[k]), said[k]) for k in order]
