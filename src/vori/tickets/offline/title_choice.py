"""Titles put together from words and deeds, and what speaks for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vori.tickets.offline.patterns import listed
from vori.tickets.offline.title_grammar import likeness
from vori.tickets.offline.title_parts import Deed, Placed, Source, Tables
from vori.tickets.offline.title_words import DEED, GLUE, HOW, IDLE, THING, key_of
from vori.tickets.offline.work import is_work

POINTERS = frozenset(
    listed(
        "i you we he she they it me us him her them my your this that these those one ones someone somebody 그거 이거"
    )
)
"""Words that name a matter or a person only together with the talk."""
SPANS = 14
FAINT, SHORT = 0.2, 0.4
"""Words less likely than this, and of one syllable, are left out of Korean titles."""
LONGEST = 7
"""Words in a span."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title that might do. `parts` are the words in it, `maker` the way it was made."""

    text: str
    deed: Deed
    parts: tuple[int, ...]
    maker: int


def composed(source: Source, deeds: Sequence[Deed], tables: Tables) -> list[Candidate]:
    made = _korean(source, deeds, tables) if source.language == "ko" else _english(source, deeds)
    return [*made, *_by_rule(source, deeds)]


def _by_rule(source: Source, deeds: Sequence[Deed]) -> list[Candidate]:
    """What the rules for sentences call the work, if anything."""
    found: dict[str, Candidate] = {}
    topic = ""
    for turn in (max(0, source.turns[0] - 1), *source.turns):
        for saying in source.scene.readings[turn].sayings:
            named = [saying.task] if turn in source.turns else []
            if topic and saying.doing and len(saying.doing.split()) <= 2:
                named.append(f"{topic} {saying.doing}" if source.language == "ko" else f"{saying.doing} {topic}")
            topic = saying.topic or topic
            for text in named:
                candidate = _recognised(source, text, deeds)
                if candidate:
                    found.setdefault(text, candidate)
    return list(found.values())


def _recognised(source: Source, text: str, deeds: Sequence[Deed]) -> Candidate | None:
    """A ready title, with the words and the deed that are in it."""
    spoken = re.findall(r"[\w'’-]+", text)
    if not 2 <= len(spoken) <= 10 or any(word.lower() in POINTERS for word in spoken):
        return None
    doing = spoken[-1] if source.language == "ko" else spoken[0].lower()
    keys = {key_of(word) for word in spoken}
    parts: dict[str, int] = {}
    for i, (word, turn, _) in enumerate(source.words):
        if turn in source.turns and word.kind in {THING, HOW, DEED} and word.key in keys and word.key != doing:
            parts.setdefault(word.key, i)
    deed = next((deed for deed in deeds if deed.name == doing), Deed(doing, 0.0, ()))
    return Candidate(text[0].upper() + text[1:], deed, tuple(sorted(parts.values())), 6)


def _korean(source: Source, deeds: Sequence[Deed], tables: Tables) -> list[Candidate]:
    """The likeliest few words, in their order, and the deed; and stretches of a turn with it."""
    words, chance, known = source.words, source.chance, set(tables.deeds)
    choices: dict[tuple[int, ...], int] = {}
    usable = [i for i, w in enumerate(words) if w.word.kind in {THING, HOW, DEED}]
    likely = sorted(usable, key=lambda i: -chance[i])
    for size in range(1, 8):
        choices.setdefault(tuple(sorted(likely[:size])), 0)
    for turn in source.turns:
        mine = [i for i in usable if words[i].turn == turn]
        best = sorted(mine, key=lambda i: -chance[i])
        for size in range(1, 6):
            choices.setdefault(tuple(sorted(best[:size])), 1)
        for begin in range(len(mine)):
            for end in range(begin + 2, min(begin + 6, len(mine)) + 1):
                stretch = mine[begin:end]
                if np.mean(chance[stretch]) > 0.3:
                    choices.setdefault(tuple(stretch), 2)
    found: dict[str, Candidate] = {}
    for chosen, maker in choices.items():
        for deed in deeds:
            parts = _joined(words, chosen, deed)
            if not parts or any(chance[i] < (FAINT if len(words[i].word.text) > 1 else SHORT) for i in parts):
                continue
            last = words[parts[-1]].word
            own = (last.kind == DEED or last.key in known) and f"{last.key} {deed.name}" not in tables.pairs
            done = Deed(last.key, float(chance[parts[-1]]), parts[-1:]) if own else deed
            parts = parts[:-1] if own else parts
            text = " ".join([*(words[i].word.text for i in parts), last.text if own else done.name])
            if parts:
                found.setdefault(text, Candidate(text, done, parts, maker))
    return list(found.values())


def _joined(words: Sequence[Placed], chosen: Sequence[int], deed: Deed) -> tuple[int, ...]:
    """The chosen words without repetitions, the deed itself, and modifiers that stand before nothing."""
    kept: list[int] = []
    for i in chosen:
        key = words[i].word.key
        if key == deed.name or any(key in words[j].word.key for j in kept):
            continue
        kept = [j for j in kept if words[j].word.key not in key]
        kept.append(i)
    last = kept[-1] if kept else -1
    return tuple(
        i
        for i, after in zip(kept, [*kept[1:], -1][: len(kept)], strict=True)
        if words[i].word.kind == THING
        or after == i + 1
        or (i == last and words[i].word.kind == DEED and is_work(words[i].word.key))
    )


def _english(source: Source, deeds: Sequence[Deed]) -> list[Candidate]:
    words = source.words
    spans = _spans(source)
    found: dict[str, Candidate] = {}

    def add(deed: Deed, text: str, parts: tuple[int, ...], maker: int) -> None:
        if any(words[i].word.key in {deed.name, key_of(deed.name)} for i in parts):
            return
        named = f"{deed.name} {text}"
        found.setdefault(named.lower(), Candidate(named[0].upper() + named[1:], deed, parts, maker))

    for deed in deeds:
        for span in spans:
            add(deed, _text(words, span), span, 3)
    for one in spans[:7]:
        for other in spans[:7]:
            if {words[i].word.key for i in one if words[i].word.kind != GLUE} & {
                words[i].word.key for i in other if words[i].word.kind != GLUE
            } or len(one) + len(other) > 8:
                continue
            if words[one[0]].word.clause == words[other[0]].word.clause and words[one[0]].turn == words[other[0]].turn:
                continue
            lead = words[other[0]].word.glue
            lead = lead if lead in {"for", "from", "to", "on", "with", "of", "in", "about", "by", "at"} else ""
            for deed in deeds[:4]:
                if lead:
                    add(deed, f"{_text(words, one)} {lead} {_text(words, other)}", one + other, 4)
                if len(other) <= 2 and all(words[i].word.kind == THING for i in (*other, one[0])):
                    add(deed, f"{_text(words, other)} {_text(words, one)}", other + one, 5)
    return list(found.values())


def _text(words: Sequence[Placed], span: Sequence[int]) -> str:
    return " ".join(words[i].word.text for i in span)


def _spans(source: Source) -> list[tuple[int, ...]]:
    """Stretches of a clause that may be what the deed is done to, the likeliest first."""
    words, chance = source.words, source.chance
    found: dict[str, tuple[float, tuple[int, ...]]] = {}
    for begin, (first, turn, _) in enumerate(words):
        if first.kind not in {THING, HOW}:
            continue
        worth = 0.0
        for end in range(begin, min(begin + LONGEST, len(words))):
            word, at, _ = words[end]
            if at != turn or word.clause != first.clause or word.kind in {IDLE, DEED}:
                break
            worth += len(word.text) * (float(chance[end]) - 0.35) if word.kind != GLUE else -0.3
            goes_on = end + 1 < len(words) and words[end + 1].turn == turn and words[end + 1].word.clause == word.clause
            if goes_on and words[end + 1].word.kind in {THING, HOW}:
                continue
            if word.kind == THING and worth > 0:
                span = tuple(range(begin, end + 1))
                text = _text(words, span).lower()
                if text not in found or worth > found[text][0]:
                    found[text] = (worth, span)
    return [span for _, span in sorted(found.values(), key=lambda kept: -kept[0])[:SPANS]]


def worth(source: Source, candidate: Candidate, tables: Tables) -> tuple[float, float, float, float, float, float]:
    """(likeness to expect, chance of the deed, shape, worst shape, put together from pieces, breaks a rule)."""
    words, chance = source.words, source.chance
    content = [w.word.kind != GLUE for w in words]
    weight = {i: len(words[i].word.text.replace(" ", "")) for i in candidate.parts if content[i]}
    gained = sum(float(chance[i]) * size for i, size in weight.items())
    gained += candidate.deed.chance * len(candidate.deed.name)
    length = len(candidate.text.replace(" ", ""))
    even, least = (0.0, 0.0) if source.language == "ko" else likeness(candidate.text, tables.grammar, tables.spoken)
    gaps = sum(b != a + 1 for a, b in pairwise(candidate.parts))
    expected = 2 * gained / (length + USUAL[source.language])
    return expected, candidate.deed.chance, even, least, float(candidate.maker == 5 or gaps), float(not candidate.parts)


USUAL = {"en": 43.0, "ko": 15.0}
"""Letters of a title, about; more where longer titles turned out to be better."""
WEIGHTS = {"en": (1.0, 0.15, 0.02, 0.01, -0.04, -1.0), "ko": (1.0, 0.2, 0.0, 0.0, -0.01, -1.0)}
"""What each part of `worth` counts; chosen on meetings kept back."""


def best_first(source: Source, found: Sequence[Candidate], tables: Tables) -> list[tuple[float, Candidate]]:
    weights = WEIGHTS[source.language]
    scored = [(sum(w * x for w, x in zip(weights, worth(source, c, tables), strict=True)), c) for c in found]
    return sorted(scored, key=lambda pair: -pair[0])


def plainest(source: Source, deeds: Sequence[Deed]) -> str:
    """For want of anything better: the likeliest few words and the deed."""
    things = [i for i, w in enumerate(source.words) if w.word.kind == THING]
    some = sorted(sorted(things, key=lambda i: -source.chance[i])[:3])
    texts = list(dict.fromkeys(source.words[i].word.text for i in some))
    doing = deeds[0].name if deeds else ""
    told = " ".join([*texts, doing] if source.language == "ko" else [doing, *texts]).strip()
    return told[:1].upper() + told[1:]
