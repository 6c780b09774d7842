"""Learn to name tickets: which words a title keeps, which deed it says, and which of many titles is best."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.corpus import FOLDS, Example, told
from training.linear import logistic
from training.trees import grow
from vori.events import Language
from vori.tickets.offline.boosting import Trees
from vori.tickets.offline.kiwi import Morphology
from vori.tickets.offline.learned import LANGUAGES
from vori.tickets.offline.patterns import listed
from vori.tickets.offline.reading import Morpheme
from vori.tickets.offline.title_choice import Candidate, best_first, composed
from vori.tickets.offline.title_grammar import count
from vori.tickets.offline.title_keep import about_chances, about_words
from vori.tickets.offline.title_parts import Source, Tables, about_deeds, best_deeds, meaning_of
from vori.tickets.offline.title_words import key_of
from vori.tickets.offline.titles import Titles

KEEP: dict[str, Any] = {"rounds": 300, "num_leaves": 14, "learning_rate": 0.03, "feature_fraction": 0.3}
DEED: dict[str, Any] = {"rounds": 80, "num_leaves": 8, "learning_rate": 0.05}
GOOD = 0.4
"""Likeness to the writers' title from which a title is right."""

Floats = NDArray[np.float32]


def bigrams(text: str) -> Counter[str]:
    low = unicodedata.normalize("NFKC", text).lower()
    low = re.sub(r"[\W_]+", "", low)
    return Counter([low] if len(low) == 1 else (low[i : i + 2] for i in range(len(low) - 1)))


def dice(one: str, other: str) -> float:
    """Likeness of two titles by pairs of letters, 0 to 1."""
    a, b = bigrams(one), bigrams(other)
    whole = a.total() + b.total()
    return 2 * (a & b).total() / whole if whole else 0.0


@dataclass(slots=True)
class Lesson:
    """A ticket's title and its evidence, or evidence a little off, as at run time."""

    example: Example
    title: str
    turns: tuple[int, ...]
    weight: float
    source: Source | None = None
    named: list[tuple[float, Candidate]] = field(default_factory=list)
    """Titles by models that never saw the meeting, the best first."""

    @property
    def seen(self) -> Source:
        if self.source is None:
            raise RuntimeError("this lesson has no words yet")
        return self.source

    @property
    def language(self) -> Language:
        return self.example.meeting.language

    @property
    def deed(self) -> str:
        return deed_of(self.title, self.language)


def deed_of(title: str, language: Language) -> str:
    return title.rsplit(maxsplit=1)[-1] if language == "ko" else title.split(maxsplit=1)[0].lower()


_BEFORE_VERBS = frozenset(listed("i'll we'll you'll i'd can could should must let's will would don't didn't to"))


def spoken_verbs(of: Sequence[Example]) -> frozenset[str]:
    """Words that mostly follow those that verbs follow."""
    all_times: Counter[str] = Counter()
    as_verb: Counter[str] = Counter()
    for example in of:
        for turn in example.meeting.talk.turns:
            said = re.findall(r"[a-z'-]+", turn.text.replace("’", "'"))
            all_times.update(said)
            as_verb.update(word for before, word in pairwise(said) if before in _BEFORE_VERBS)
    return frozenset(word for word, n in as_verb.items() if n > 1 and n > 0.3 * all_times[word] and len(word) > 2)


def lessons(of: Sequence[Example], seed: int = 0) -> list[Lesson]:
    later = np.random.default_rng(seed)
    found = []
    for example in of:
        for ticket in example.meeting.gold["tickets"]:
            at = sorted(example.meeting.place(u) for u in ticket.get("evidence_ids") or ticket["evidence_roles"])
            found.append(Lesson(example, ticket["title"], tuple(at), 1.0))
            damaged = set(at)
            if len(at) > 1 and later.random() < 0.6:
                damaged.discard(at[int(later.integers(len(at)))])
            else:
                beside = at[int(later.integers(len(at)))] + int(later.choice([-1, 1]))
                damaged |= {beside} if 0 <= beside < example.seen.size else set()
            found.append(Lesson(example, ticket["title"], tuple(sorted(damaged)), 0.5))
    return found


class Remembered(Morphology):
    """Parses each text once."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, list[tuple[str, tuple[Morpheme, ...]]]] = {}

    def sentences(self, text: str) -> list[tuple[str, tuple[Morpheme, ...]]]:
        if text not in self._texts:
            self._texts[text] = super().sentences(text)
        return self._texts[text]


class School:
    """Everything to learn from, for one language."""

    def __init__(self, of: Sequence[Example], language: Language) -> None:
        self.language: Language = language
        self.examples = [example for example in of if example.meeting.language == language]
        self.lessons = lessons(self.examples)
        self.morphology = Remembered()

    def tables(self, without: int) -> Tables:
        """Words and deeds counted in all folds but one."""
        mine = [e for e in self.examples if e.fold != without]
        titles = [t["title"] for e in mine for t in e.meeting.gold["tickets"]]
        boards = [t.title for e in mine for t in e.meeting.talk.tickets]
        verbs = (
            frozenset(deed_of(title, self.language) for title in (*titles, *boards))
            if self.language == "en"
            else frozenset()
        )
        nothing = np.zeros(0, np.float32)
        spoken = spoken_verbs(mine) | verbs if self.language == "en" else verbs
        blank = Tables(
            verbs, {}, {}, (), {}, nothing, nothing, nothing,
            spoken=spoken,
            grammar=count((*titles, *boards), spoken) if self.language == "en" else {},
            pairs=frozenset(" ".join(title.split()[-2:]) for title in (*titles, *boards)),
        )  # fmt: skip
        reading = Titles({self.language: blank}, self.morphology)
        talk: Counter[str] = Counter()
        turns = 0
        for example in mine:
            for turn in example.meeting.talk.turns:
                words = reading._words(turn.text, self.language, frozenset(), spoken)
                talk.update({word.key for word in words})
                turns += 1
        named = Counter(key for title in (*titles, *boards) for key in {key_of(w) for w in title.split()})
        size = len(titles) + len(boards)
        rate = {
            key: math.log((named[key] + 0.1) / (size + 1)) - math.log((talk[key] + 0.5) / (turns + 1))
            for key in {*named, *(key for key, n in talk.items() if n > 1)}
            if named[key] + talk[key] > 1
        }
        rarity = {key: math.log((1 + turns) / (1 + n)) for key, n in talk.items() if n > 1}
        return self._deeds(replace(blank, rate=rate, rarity=rarity), without, boards)

    def _deeds(self, tables: Tables, without: int, boards: Sequence[str]) -> Tables:
        """The part of the tables that tells the deed by words and embedding."""
        mine = [lesson for lesson in self.lessons if lesson.example.fold != without and lesson.weight == 1.0]
        counts = Counter(lesson.deed for lesson in mine) + Counter(
            {deed: n for deed, n in Counter(deed_of(title, self.language) for title in boards).items() if n > 3}
        )
        deeds = tuple(sorted(deed for deed, n in counts.items() if n > 1))
        reading = Titles({self.language: tables}, self.morphology)
        bags: list[set[str]] = []
        meanings, answers, weights = [], [], []
        for lesson in mine:
            source = reading.source(lesson.example.seen, lesson.turns, tables)
            bags.append({w.word.key for w in source.words if w.turn in lesson.turns})
            meanings.append(meaning_of(source))
            answers.append(lesson.deed)
            weights.append(1.0)
        for title in boards:
            bags.append({key_of(w) for w in title.split()} - {deed_of(title, self.language)})
            meanings.append(np.zeros(384, np.float32))
            answers.append(deed_of(title, self.language))
            weights.append(0.3)
        seen = Counter(key for bag in bags for key in bag)
        rows = {key: i for i, key in enumerate(sorted(key for key, n in seen.items() if n > 1))}
        matrix = np.zeros((len(bags), len(rows)), np.float32)
        for i, bag in enumerate(bags):
            index = [rows[key] for key in bag if key in rows]
            matrix[i, index] = 1 / np.sqrt(max(len(index), 1))
        vectors = np.stack(meanings).astype(np.float32)
        answered = np.array([[answer == deed for deed in deeds] for answer in answers], np.float32)
        counted = np.repeat(np.array(weights, np.float32)[:, None], len(deeds), 1)
        constant = np.ones((len(bags), 1), np.float32)
        found = logistic(np.concatenate([matrix, vectors, constant], axis=1), answered, counted, 0.1)
        form, meaning, base = np.split(found, [len(rows), len(rows) + vectors.shape[1]])
        return replace(tables, deeds=deeds, rows=rows, form=form, meaning=meaning, base=base[0])

    def fill(self, of: Iterable[Lesson], tables: Tables) -> None:
        reading = Titles({self.language: tables}, self.morphology)
        for lesson in of:
            lesson.source = reading.source(lesson.example.seen, lesson.turns, tables)


def kept(lesson: Lesson) -> NDArray[np.bool_]:
    """Which words of the source are in the title."""
    title = lesson.title
    keys = {key_of(word) for word in title.split()}
    closed = title.replace(" ", "").lower()
    answer = []
    for word, _, _ in lesson.seen.words:
        if lesson.language == "ko":
            bare = word.key
            answer.append(bare in keys or (len(bare) > 1 and bare in closed))
        else:
            alike = any(len(key) > 4 and len(word.key) > 4 and key[:5] == word.key[:5] for key in keys)
            answer.append(word.key in keys or alike)
    return np.array(answer, bool)


@dataclass(frozen=True, slots=True)
class Taught:
    """What naming takes: by language, and the two looks at words that both share."""

    tables: dict[Language, Tables]
    words: Trees
    words_again: Trees


def by_fold(of: Sequence[Example]) -> tuple[list[Lesson], list[Taught]]:
    """Lessons with titles by models that never saw their meeting; what is learned without each fold, last from all."""
    schools = [School(of, language) for language in LANGUAGES]
    tables = [{school.language: school.tables(fold) for school in schools} for fold in (*range(FOLDS), -1)]
    for school in schools:
        for fold in range(FOLDS):
            mine = [lesson for lesson in school.lessons if lesson.example.fold == fold]
            school.fill(mine, tables[fold][school.language])
    every = [lesson for school in schools for lesson in school.lessons]
    firsts, seconds = look_at_words(every, tables)
    for school in schools:
        own = [each[school.language] for each in tables]
        for each, table, deed in zip(tables, own, do(school.lessons, own), strict=True):
            each[school.language] = replace(table, deed=deed)
    return every, [Taught(*parts) for parts in zip(tables, firsts, seconds, strict=True)]


def look_at_words(of: Sequence[Lesson], tables: Sequence[dict[Language, Tables]]) -> tuple[list[Trees], list[Trees]]:
    """The first look and the second, each without one fold and last from all; gives every word its chance."""
    answers = [kept(lesson) for lesson in of]
    first = Stage([about_words(s.seen, tables[s.example.fold][s.language]) for s in of], answers)
    firsts = first.fits(of, KEEP)
    chances = first.judge(of, firsts)
    second = Stage(
        [about_chances(s.seen, rows, chance) for s, rows, chance in zip(of, first.rows, chances, strict=True)], answers
    )
    seconds = second.fits(of, KEEP)
    for lesson, chance in zip(of, second.judge(of, seconds), strict=True):
        lesson.seen.chance = chance
    return firsts, seconds


def do(of: Sequence[Lesson], tables: Sequence[Tables]) -> list[Trees]:
    """Which deed is meant, without each fold and last from all; gives every lesson its titles."""
    seen = [about_deeds(lesson.seen, tables[lesson.example.fold]) for lesson in of]
    answers = [np.array([right_deed(n, s) for n in names], bool) for s, (names, _, _) in zip(of, seen, strict=True)]
    stage = Stage([rows for _, _, rows in seen], answers)
    found = stage.fits(of, DEED, bags=3)
    for lesson, (names, said, _), sure in zip(of, seen, stage.judge(of, found), strict=True):
        mine = tables[lesson.example.fold]
        lesson.named = best_first(lesson.seen, composed(lesson.seen, best_deeds(names, said, sure), mine), mine)
    return found


def right_deed(name: str, lesson: Lesson) -> bool:
    return name == lesson.deed or (lesson.language == "ko" and len(name) > 1 and lesson.deed.endswith(name))


@dataclass(slots=True)
class Stage:
    """One question asked about many rows of every lesson."""

    rows: list[Floats]
    answers: list[NDArray[np.bool_]]

    def fits(self, of: Sequence[Lesson], options: dict[str, Any], bags: int = 1) -> list[Trees]:
        """For each fold what is learned without it, and last, from `bags` parts, what is learned from all."""
        return [*(self._fit(of, options, fold, 1) for fold in range(FOLDS)), self._fit(of, options, -1, bags)]

    def _fit(self, of: Sequence[Lesson], options: dict[str, Any], without: int, bags: int) -> Trees:
        chosen = [k for k, s in enumerate(of) if s.example.fold != without and len(self.rows[k])]
        return grow(
            np.concatenate([self.rows[k] for k in chosen]),
            [np.concatenate([self.answers[k] for k in chosen])],
            [np.concatenate([np.full(len(self.rows[k]), of[k].weight) for k in chosen])],
            bags=bags,
            **options,
        )

    def judge(self, of: Sequence[Lesson], by: Sequence[Trees]) -> list[Floats]:
        """Chances by models, one per fold, that never saw the lesson's meeting."""
        return [
            by[lesson.example.fold](rows)[:, 0] if len(rows) else np.zeros(0, np.float32)
            for lesson, rows in zip(of, self.rows, strict=True)
        ]


def right(of: Sequence[Lesson]) -> tuple[float, float]:
    """(share of titles that are right, mean likeness) over the undamaged lessons."""
    likeness = [dice(s.named[0][1].text, s.title) if s.named else 0.0 for s in of if s.weight == 1.0]
    return float(np.mean(np.array(likeness) >= GOOD)), float(np.mean(likeness))


def learn(of: Sequence[Example]) -> list[Taught]:
    """For each fold what is learned without it, last from all; says how good the titles are where kept back."""
    lessons_named, found = by_fold(of)
    for language in LANGUAGES:
        share, mean = right([lesson for lesson in lessons_named if lesson.language == language])
        told(f"titles, {language}: {share:.3f} right, likeness {mean:.3f}")
    return found
