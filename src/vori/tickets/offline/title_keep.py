"""Which of the words said around some evidence a title keeps: what speaks for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from vori.tickets.offline.boosting import Trees, table
from vori.tickets.offline.heads import Floats
from vori.tickets.offline.patterns import listed
from vori.tickets.offline.scene import JUDGED_AT
from vori.tickets.offline.title_parts import ROLES_AT, Placed, Source, Tables, glue_code
from vori.tickets.offline.title_words import DEED, GLUE, IDLE, THING

_EVIDENCE = JUDGED_AT["evidence"]


def keep(source: Source, tables: Tables, first: Trees, second: Trees) -> None:
    """Tell each word's chance to be in the title: by itself, then seen with the chances of the others."""
    rows = about_words(source, tables)
    source.chance = first(rows)[:, 0]
    source.chance = second(about_chances(source, rows, source.chance))[:, 0]


def about_words(source: Source, tables: Tables) -> Floats:
    """(words, features)."""
    scene, words = source.scene, source.words
    mine = Counter(key for turn in source.turns for key in {w.word.key for w in words if w.turn == turn})
    judged = scene.judged[:, ROLES_AT]
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
                glue_code(word, source.language),
                (turn, word.clause) in deeds,
                word.text.count(" "),
                *_in_clause(words, clauses[turn, word.clause], i),
                scene.judged[turn, _EVIDENCE],
                scene.asks[turn],
                *beside,
                source.language == "ko",
            ]
        )
    return table(rows)


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


def about_chances(source: Source, rows: Floats, chance: Floats) -> Floats:
    """(words, features): those of `about_words` with what a first look found for a word and the others."""
    words, n = source.words, len(source.words)
    if not n:
        return table([])
    named = np.array([w.word.kind not in {GLUE, IDLE} for w in words], bool)
    counted = np.where(named, chance, 0.0)
    order = np.argsort(-counted, kind="stable")
    best = [*counted[order[:3]].tolist(), 0.0, 0.0]
    place = np.argsort(order)
    whole = float(counted.sum())
    same: dict[str, list[int]] = {}
    turns: dict[int, list[int]] = {}
    clauses: dict[tuple[int, int], list[int]] = {}
    for i, (word, turn, _) in enumerate(words):
        same.setdefault(word.key, []).append(i)
        turns.setdefault(turn, []).append(i)
        clauses.setdefault((turn, word.clause), []).append(i)
    found = []
    for i, (word, turn, _) in enumerate(words):
        mine, clause = counted[turns[turn]], clauses[turn, word.clause]
        found.append(
            [
                float(chance[i]),
                int(place[i]),
                *best[:3],
                whole,
                whole - float(counted[i]),
                float(chance[i]) / max(best[0], 1e-3),
                *(float(chance[i + step]) if i + step in clause else np.nan for step in (-2, -1, 1, 2)),
                float(mine.max()),
                float(mine.sum()),
                float(counted[clause].max()),
                float(counted[clause].sum()),
                max((float(counted[j]) for j in same[word.key] if j != i), default=np.nan),
                sum(key != word.key and (word.key in key or key in word.key) for key in same),
            ]
        )
    return np.concatenate([rows, table(found)], axis=1)
