"""What is said is data, never an order to VORI: what may have been one changes nothing by itself. Pure.

A model that reads a talk may obey it. So nothing an extractor returns is applied by itself when its proof is a turn
that speaks to the tool (`orders.py`), when its proof isn't about the ticket, or when one turn would move many tickets.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from vori.tickets.model import Block, DueMove, Extraction, Move, Proposal, Talk, Turn, Update
from vori.tickets.orders import orders_the_tool

MOVED_AT_ONCE = 3
"""Tickets that one turn may move by itself; people do report two or three in a breath."""
BEFORE = 8
"""Turns before a report in which its ticket may have been named."""

_WORD = re.compile(r"[가-힣]+|[a-z]+|\d+")
_ENGLISH = """the and for with from into this that have has was were are will our your its their been more than just
  also all new add make made done work task ticket page"""
_KOREAN = "작업 티켓 업무 관련 진행 완료 구현 작성 정리 추가 수정 개선 처리 확인 준비 검토"
_EMPTY = frozenset([*_ENGLISH.split(), *_KOREAN.split()])
"""Words that many titles share, and say nothing about which is meant."""

Item = TypeVar("Item", Proposal, Move, DueMove, Block)


def guard(extraction: Extraction, talk: Talk) -> Extraction:
    """The extraction with what must not happen by itself listed for review instead; what was so decided is left out.

    Certainty plays no part: a model that obeys an order is certain. A report need not name its ticket when it is its
    assignee's, unless somebody has tried to give orders anywhere in what the extractor was told.
    """
    orders = {turn.id for turn in talk.turns if orders_the_tool(turn.text) or orders_the_tool(turn.speaker)}
    names = (*talk.people, *(calling for member in talk.members for calling in member.callings))
    tried = bool(orders) or any(map(orders_the_tool, (*names, *(ticket.title for ticket in talk.tickets))))
    places = {turn.id: place for place, turn in enumerate(talk.turns)}
    tickets = {ticket.id: ticket for ticket in talk.tickets}
    told = {(move.evidence_ids[-1], move.ticket_id) for move in extraction.moves if move.lane == "applied"}
    reported = Counter(turn for turn, _ in told)

    def sure(item: Proposal | Update) -> bool:
        return item.lane == "applied"

    def about(item: Proposal | Update, title: str) -> bool:
        return _about(title, _near(item.evidence_ids, places, talk.turns))

    def updates_well(move: Update) -> bool:
        ticket, report = tickets[move.ticket_id], talk.turns[places[move.evidence_ids[-1]]]
        own = not tried and reported[report.id] <= 1 and ticket.assignee in {report.speaker} - {None}
        return (
            orders.isdisjoint(move.evidence_ids)
            and not orders_the_tool(ticket.title)
            and reported[report.id] <= MOVED_AT_ONCE
            and (own or about(move, ticket.title))
        )

    def opens_well(made: Proposal) -> bool:
        return (
            orders.isdisjoint(made.evidence_ids)
            and not orders_the_tool(made.title)
            and not orders_the_tool(made.assignee)
            and about(made, made.title)
        )

    return replace(
        extraction,
        proposals=tuple(_held(made) if sure(made) and not opens_well(made) else made for made in extraction.proposals),
        moves=tuple(_held(move) if sure(move) and not updates_well(move) else move for move in extraction.moves),
        due_moves=tuple(_held(due) if sure(due) and not updates_well(due) else due for due in extraction.due_moves),
        blocks=tuple(_held(one) if sure(one) and not updates_well(one) else one for one in extraction.blocks),
        decisions=tuple(made for made in extraction.decisions if orders.isdisjoint(made.evidence_ids)),
    )


def _held(item: Item) -> Item:
    return replace(item, lane="review")


def _near(evidence_ids: Sequence[str], places: dict[str, int], turns: Sequence[Turn]) -> Iterable[str]:
    """What was said in the proof, and shortly before its report."""
    last = places[evidence_ids[-1]]
    for place in {*(places[turn] for turn in evidence_ids), *range(max(0, last - BEFORE), last)}:
        yield turns[place].text


def _about(title: str, texts: Iterable[str]) -> bool:
    """Whether the words share anything with a title: a word of it, or of a Korean one two syllables in a row."""
    wanted = _pieces(title)
    return not wanted or any(not wanted.isdisjoint(_pieces(text)) for text in texts)


@lru_cache(maxsize=8192)
def _pieces(text: str) -> frozenset[str]:
    found: set[str] = set()
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if word in _EMPTY:
            continue
        if "가" <= word[0] <= "힣":
            found |= {word[at : at + 2] for at in range(len(word) - 1)} - _EMPTY
        elif len(word) > 2 or word.isdigit():
            found.add(word[:4])
    return frozenset(found)
