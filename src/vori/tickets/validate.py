"""What of an extraction may be used: it is treated as if it came from a stranger. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from vori.tickets.guard import guard
from vori.tickets.model import (
    CONTENT_LENGTH,
    LABELS,
    LATEST_DUE,
    TITLE_LENGTH,
    Extraction,
    Move,
    Proposal,
    Talk,
    may_move,
    same_title,
)
from vori.tickets.names import known_person


def validate(extraction: Extraction, talk: Talk) -> Extraction:
    """What is left of an extraction.

    Turns that don't exist are struck from the evidence, and what is left without evidence goes; so do empty titles,
    titles of tickets that exist or were proposed before, tickets that don't exist, and moves that aren't allowed.
    An assignee nobody knows and a day out of reach are left empty; lengths are bounded. What may have been ordered from
    the tool, instead of agreed among people, is listed for review (`guard.py`).
    """
    turns = [turn.id for turn in talk.turns]
    valid = replace(
        extraction,
        proposals=tuple(_valid_proposals(extraction.proposals, talk, turns)),
        moves=tuple(_proved_moves(extraction.moves, talk, turns)),
        decisions=tuple(
            replace(decision, text=_bounded(decision.text, TITLE_LENGTH), evidence_ids=proved)
            for decision in extraction.decisions
            if (proved := _existing(decision.evidence_ids, turns)) and decision.text.strip()
        ),
    )
    held = guard(valid, talk)
    return replace(held, moves=tuple(_legal_moves(held.moves, talk)))


def _valid_proposals(proposals: Iterable[Proposal], talk: Talk, turns: Sequence[str]) -> Iterable[Proposal]:
    people = talk.everyone()
    taken = {same_title(ticket.title) for ticket in talk.tickets}
    for proposal in proposals:
        title = _bounded(proposal.title, TITLE_LENGTH)
        proved = _existing(proposal.evidence_ids, turns)
        if not same_title(title) or same_title(title) in taken or not proved:
            continue
        taken.add(same_title(title))
        due = proposal.due
        yield replace(
            proposal,
            title=title,
            content=proposal.content.strip()[:CONTENT_LENGTH],
            assignee=known_person(proposal.assignee, people),
            due=due if due and talk.date <= due <= talk.date + LATEST_DUE else None,
            evidence_ids=proved,
            certainty=min(max(proposal.certainty, 0.0), 1.0),
            reason=_bounded(proposal.reason, TITLE_LENGTH),
            labels=_labels(proposal, title, proved, talk),
        )


def _labels(proposal: Proposal, title: str, proved: Sequence[str], talk: Talk) -> tuple[str, ...]:
    """Labels the team has: those proposed and those named in the title or the quotes ("백엔드를", not "backends")."""
    said = " ".join([title, *(turn.text for turn in talk.turns if turn.id in proved)])
    found = [
        label
        for label in talk.labels
        if label in proposal.labels or re.search(rf"(?<!\w){re.escape(label)}(?![a-z0-9])", said, re.IGNORECASE)
    ]
    return tuple(found[:LABELS])


def _proved_moves(moves: Iterable[Move], talk: Talk, turns: Sequence[str]) -> Iterable[Move]:
    tickets = {ticket.id for ticket in talk.tickets}
    for move in moves:
        proved = _existing(move.evidence_ids, turns)
        if move.ticket_id in tickets and proved:
            yield replace(
                move,
                evidence_ids=proved,
                certainty=min(max(move.certainty, 0.0), 1.0),
                reason=_bounded(move.reason, TITLE_LENGTH),
            )


def _legal_moves(moves: Iterable[Move], talk: Talk) -> Iterable[Move]:
    """Each from where the moves before it that are applied left its ticket."""
    states = {ticket.id: ticket.status for ticket in talk.tickets}
    for move in moves:
        if may_move(states[move.ticket_id], move.to, move.reopens):
            if move.lane == "applied":
                states[move.ticket_id] = move.to
            yield move


def _existing(evidence_ids: Iterable[str], turns: Sequence[str]) -> tuple[str, ...]:
    wanted = set(evidence_ids)
    return tuple(turn for turn in turns if turn in wanted)


def _bounded(text: str, length: int) -> str:
    """On one line, cut at a word where one ends near the limit."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut[: cut.rfind(" ")] if cut.rfind(" ") > length * 0.7 else cut) + "…"
