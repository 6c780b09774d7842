"""Which tickets that were open before were talked about: by key, or by the words of their titles. Pure: no I/O."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from vori.events import TicketFacts, UtteranceFinal
from vori.minutes.summarise import terms

SHARE = 0.6
"""So much of a title, by the weight of its words, is said in one utterance or in two that follow each other."""
PROOFS = 3


def discussed(tickets: Sequence[TicketFacts], said: Sequence[UtteranceFinal]) -> dict[UUID, list[UtteranceFinal]]:
    """By ticket: the utterances that talk about it, the most telling ones, in order.

    A word counts less when many titles have it; an utterance is about the one ticket whose title it says most of.
    """
    titles = {ticket.ticket_id: terms(ticket.title) for ticket in tickets}
    common = Counter(term for about in titles.values() for term in about)
    weight = {term: math.log(1 + len(titles) / count) for term, count in common.items()}
    spoken = [terms(utterance.text) for utterance in said]
    scored: dict[UUID, list[tuple[float, int]]] = {}
    for turn, utterance in enumerate(said):
        named = next((ticket for ticket in tickets if _says_key(utterance.text, ticket.key)), None)
        if named is not None:
            scored.setdefault(named.ticket_id, []).append((1.0, turn))
            continue
        best, share = _nearest(titles, weight, spoken[turn], spoken[turn - 1] if turn else set())
        if best is not None and share >= SHARE:
            scored.setdefault(best, []).append((share, turn))
    return {
        ticket: [said[turn] for _, turn in sorted(sorted(found, key=lambda at: (-at[0], at[1]))[:PROOFS], key=_turn)]
        for ticket, found in scored.items()
    }


def _nearest(
    titles: dict[UUID, set[str]], weight: dict[str, float], now: set[str], before: set[str]
) -> tuple[UUID | None, float]:
    best: tuple[UUID | None, float] = (None, 0.0)
    for ticket, about in titles.items():
        whole = math.fsum(weight[term] for term in about)
        shared = about & now
        if len(shared) < 2 or not whole:
            continue
        share = math.fsum(weight[term] * (1.0 if term in shared else 0.5) for term in about & (now | before)) / whole
        if share > best[1]:
            best = ticket, share
    return best


def _says_key(text: str, key: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", text, re.I) is not None


def _turn(scored: tuple[float, int]) -> int:
    return scored[1]
