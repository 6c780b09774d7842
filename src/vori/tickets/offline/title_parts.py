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
from vori.tickets.offline.scene import JUDGED_AT, Scene
from vori.tickets.offline.title_words import DEED, THING, Word
from vori.tickets.offline.work import is_work

ROLES = ("task", "owner", "accept", "deadline", "detail")
ROLES_AT = [JUDGED_AT[role] for role in ROLES]
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
        if self.deed is not None:
            found |= {f"deed_{key}": value for key, value in self.deed.arrays().items()}
        return found

    @staticmethod
    def of(arrays: Mapping[str, Any]) -> Tables:
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
            deed=Trees.of({key.removeprefix("deed_"): arrays[key] for key in arrays if key.startswith("deed_")}),
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
    """(words,): that each is in the title."""


_GLUES = {
    glue: k
    for k, group in enumerate(
        ("을 를", "이 가", "은 는", "도 만", "에 로 으로", "에서 한테 에게", "의", "까지 부터", "하고 랑 이랑 와 과",
         "ETM", "어야 야", "ᆯ게 을게 ᆯ게요 을게요 겠", "어", "고", "for of", "to", "on in at", "from", "with by",
         "the a an", "into onto", "and or", "about")
    )
    for glue in group.split()
}  # fmt: skip


def glue_code(word: Word, language: Language) -> int:
    """Which kind of particle or preposition came with a word; -1 for none."""
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
    weights = 0.1 + judged[:, ROLES_AT[0]] + 0.5 * judged[:, ROLES_AT[1]]
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
    judged = source.scene.judged[:, ROLES_AT]
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
                glue_code(last.word, source.language) if last else -2,
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
