"""Which few sentences say most: they matter, carry the words a meeting comes back to, and don't repeat each other."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from vori.minutes.cues import PROBLEM, SUPPOSES, asks, blocked, decides, idle, promises

LONGEST = 7
"""Sentences in a summary, at most."""
FEWEST_TERMS = 3
"""A sentence with fewer terms ("Yes, thanks.") tells nothing by itself."""
WORD = re.compile(r"[a-z][a-z'-]*[a-z]|[가-힣]+|\d+")
KOREAN_ENDING = re.compile(
    r"(하겠|했|되었|됐|있|없|겠|었|았|했었)?(습니다|합니다|입니다|됩니다|니다|어요|아요|해요|예요|네요|세요|까요|지요|죠|고요)$"
)
LEANS = re.compile(
    r"^\W*(?:and|but|because|then|it|that|this|they|so it|그거|그건|그게|그래야|그러면|그니까|그래서|근데|아)\b", re.I
)
"""A sentence that begins so says little without the one before it."""
STOP = frozenset(
    re.findall(
        r"\S+",
        """a about after all also an and any are as at be been before but by can could did do does for from get go going
    good got had has have he hello here her hi him his how i i'll i'm i've if in is it it's its just let let's like me
    more my no not now of ok okay on one or our out please really right say she should so some still than thank thanks
    that that's the their them then there these they thing things think this to too up us very want was we we'll we're
    we've well were what when where which who will with would yeah yes you your
    afternoon begin everybody everyone evening goodbye meeting morning start today tomorrow tonight welcome yesterday
    그리고 그래서 그런데 그럼 그러면 이제 지금 저는 제가 우리 저희 네 예 아니요
    혹시 일단 그냥 정말 아주 오늘은 안녕하세요 안녕하십니까 여러분
    회의를 시작하겠습니다 수고하셨습니다 고생하셨습니다""",
    )
)


def terms(text: str) -> set[str]:
    """What an utterance is about: English words without the small ones; pairs of Korean syllables without endings."""
    found: set[str] = set()
    for word in WORD.findall(text.lower()):
        if word in STOP:
            continue
        if "가" <= word[0] <= "힣":
            stem = KOREAN_ENDING.sub("", word)
            found |= {stem[start : start + 2] for start in range(len(stem) - 1)}
        else:
            found.add(word.removesuffix("'s"))
    return found


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be quoted."""

    turn: int
    """Which utterance it is of."""
    text: str
    matters: bool = False
    """Whether the utterance proves a ticket's change or a decision."""


def most_telling(said: Sequence[Sentence]) -> list[int]:
    """Indices, in order, of the sentences to quote: one per eight, and at most `LONGEST`; none of silence.

    Those that decide, report problems, or prove what became of tickets come first; small talk is never chosen while
    there is something else.
    """
    about = [terms(sentence.text) for sentence in said]
    in_how_many = Counter(term for found in about for term in found)
    weight = {term: math.log(0.4 + count) * math.log(1 + len(said) / count) for term, count in in_how_many.items()}
    candidates = [n for n, sentence in enumerate(said) if len(about[n]) >= FEWEST_TERMS and not idle(sentence.text)]
    candidates = candidates or [n for n, found in enumerate(about) if len(found) >= FEWEST_TERMS]
    candidates = candidates or list(range(len(said)))
    gain = [_gain(sentence) for sentence in said]
    chosen: list[int] = []
    while candidates and len(chosen) < min(LONGEST, max(2, math.ceil(len(said) / 8)), math.ceil(len(said) / 2)):
        best = max(candidates, key=lambda n: (gain[n] * _telling(about[n], weight), -n))
        candidates.remove(best)
        chosen.append(best)
        for term in about[best]:
            weight[term] *= 0.4
    return sorted(chosen)


def _telling(about: set[str], weight: dict[str, float]) -> float:
    return (1.0 + math.fsum(weight[term] for term in about)) / math.sqrt(len(about) + FEWEST_TERMS)


def _gain(sentence: Sentence) -> float:
    text = sentence.text
    gain = 1.6 if sentence.matters else 1.0
    if decides(text):
        gain *= 1.8
    elif blocked(text):
        gain *= 1.6
    elif PROBLEM.search(text):
        gain *= 1.4
    elif promises(text):
        gain *= 1.3
    if SUPPOSES.search(text):
        gain *= 0.6
    if LEANS.search(text):
        gain *= 0.8
    return gain * (0.4 if asks(text) else 1.0)
