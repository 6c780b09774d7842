"""What of an extraction may be used: it is treated as if it came from a stranger. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from vori.events import Status
from vori.tickets.alike import known_work
from vori.tickets.guard import guard
from vori.tickets.model import (
    CONTENT_LENGTH,
    LABELS,
    LATEST_DUE,
    TITLE_LENGTH,
    Block,
    DueMove,
    Extraction,
    Mention,
    Move,
    Proposal,
    Talk,
    may_move,
    same_title,
)
from vori.tickets.names import known_person
from vori.tickets.outright import reopens, with_the_outright
from vori.tickets.settings.model import AS_IT_COMES, TicketSettings

One = TypeVar("One", Move, DueMove, Block)


def validate(extraction: Extraction, talk: Talk, settings: TicketSettings = AS_IT_COMES) -> Extraction:
    """What is left of an extraction, in the lanes that these settings want.

    Turns that don't exist are struck from the evidence, and what is left without evidence goes; so do empty titles,
    titles of tickets that exist or were proposed before, tickets that don't exist, and moves that aren't allowed. An
    open ticket that is proposed again with another day is due then.
    An assignee nobody knows and a day out of reach are left empty; lengths are bounded. What may have been ordered from
    the tool, instead of agreed among people, is listed for review (`guard.py`).
    """
    turns = [turn.id for turn in talk.turns]
    valid = replace(
        extraction,
        proposals=tuple(_valid_proposals(extraction.proposals, talk, turns)),
        moves=tuple(_proved_moves(extraction.moves, talk, turns)),
        due_moves=tuple(
            _valid_due_moves((*extraction.due_moves, *_other_days(extraction.proposals, talk)), talk, turns)
        ),
        blocks=tuple(_valid_blocks(extraction.blocks, talk, turns)),
        mentions=tuple(_named_again(extraction.proposals, talk, turns)),
        decisions=tuple(
            replace(decision, text=_bounded(decision.text, TITLE_LENGTH), evidence_ids=proved)
            for decision in extraction.decisions
            if (proved := _existing(decision.evidence_ids, turns)) and decision.text.strip()
        ),
    )
    held = guard(settings.sort(with_the_outright(valid, talk)), talk)
    return replace(held, moves=tuple(_legal_moves(held.moves, talk)))


def _named_again(proposals: Iterable[Proposal], talk: Talk, turns: Sequence[str]) -> Iterable[Mention]:
    """Proposals to open what is open already."""
    titles = {ticket.id: ticket.title for ticket in talk.tickets}
    for proposal in proposals:
        proved, known = _existing(proposal.evidence_ids, turns), known_work(proposal.title, titles)
        if proved and known:
            yield Mention(known, proved)


def _other_days(proposals: Iterable[Proposal], talk: Talk) -> Iterable[DueMove]:
    """Proposals to open what is open already, by another day."""
    tickets = {ticket.id: ticket for ticket in talk.tickets if ticket.status is not Status.DONE}
    titles = {key: ticket.title for key, ticket in tickets.items()}
    for made in proposals:
        known = known_work(made.title, titles) if made.due else None
        if made.due and known and made.due != tickets[known].due:
            yield DueMove(known, made.due, made.evidence_ids, made.certainty, made.lane, made.reason, made.by)


def _valid_proposals(proposals: Iterable[Proposal], talk: Talk, turns: Sequence[str]) -> Iterable[Proposal]:
    people = talk.everyone()
    said = frozenset(" ".join(turn.text.split()) for turn in talk.turns)
    taken = {ticket.id: ticket.title for ticket in talk.tickets if ticket.status is not Status.DONE}
    finished = {same_title(ticket.title) for ticket in talk.tickets if ticket.status is Status.DONE}
    for proposal in proposals:
        title = _bounded(proposal.title, TITLE_LENGTH)
        proved = _existing(proposal.evidence_ids, turns)
        if not same_title(title) or not proved or same_title(title) in finished or known_work(title, taken) is not None:
            continue
        taken[f"{proved[0]}:{title}"] = title
        due = proposal.due
        yield replace(
            proposal,
            title=title,
            content=_truly_quoted(proposal.content, said)[:CONTENT_LENGTH],
            assignee=known_person(proposal.assignee, people, talk.members),
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


def _truly_quoted(content: str, said: frozenset[str]) -> str:
    """The content without quotes (lines that begin with >) of what nobody said."""
    kept = []
    for line in content.strip().splitlines():
        quote = " ".join(line.removeprefix(">").split()).rstrip("…").rstrip()
        words = {quote, quote.partition(": ")[2] or quote}
        if not line.startswith(">") or words & said or any(word in text for word in words for text in said):
            kept.append(line)
    return "\n".join(kept).strip()


def _proved_moves(moves: Iterable[Move], talk: Talk, turns: Sequence[str]) -> Iterable[Move]:
    tickets = {ticket.id: ticket for ticket in talk.tickets}
    words = {turn.id: turn.text for turn in talk.turns}
    people = talk.everyone()
    for move in moves:
        proved = _existing(move.evidence_ids, turns)
        if move.ticket_id in tickets and proved:
            yield replace(
                _bounded_update(move, proved),
                reopens=move.reopens and reopens(words[turn] for turn in proved),
                amends=False,
                assignee=known_person(move.assignee, people, talk.members),
            )


def _valid_due_moves(due_moves: Iterable[DueMove], talk: Talk, turns: Sequence[str]) -> Iterable[DueMove]:
    open_ones = {ticket.id for ticket in talk.tickets if ticket.status is not Status.DONE}
    for move in due_moves:
        proved = _existing(move.evidence_ids, turns)
        if move.ticket_id in open_ones and proved and talk.date <= move.due <= talk.date + LATEST_DUE:
            yield _bounded_update(move, proved)


def _valid_blocks(blocks: Iterable[Block], talk: Talk, turns: Sequence[str]) -> Iterable[Block]:
    tickets = {ticket.id for ticket in talk.tickets}
    for block in blocks:
        proved = _existing(block.evidence_ids, turns)
        if block.ticket_id in tickets and proved:
            yield replace(_bounded_update(block, proved), what=_bounded(block.what, TITLE_LENGTH))


def _bounded_update(update: One, proved: tuple[str, ...]) -> One:
    return replace(
        update,
        evidence_ids=proved,
        certainty=min(max(update.certainty, 0.0), 1.0),
        reason=_bounded(update.reason, TITLE_LENGTH),
    )


def _legal_moves(moves: Iterable[Move], talk: Talk) -> Iterable[Move]:
    """Each from where the moves before it that are applied left its ticket.

    A correction of what was reported, from where the meeting found it: once the correction is heard, the report itself
    may look unsure, but it may have been believed when it was made.
    """
    places = {turn.id: place for place, turn in enumerate(talk.turns)}
    found = {ticket.id: ticket.status for ticket in talk.tickets}
    states = dict(found)
    reported: set[str] = set()
    for move in sorted(moves, key=lambda move: places[move.evidence_ids[-1]]):
        before, first = states[move.ticket_id], found[move.ticket_id]
        known = move.ticket_id in reported
        corrected = move.amends and known and (move.to is first or may_move(first, move.to))
        reported.add(move.ticket_id)
        if corrected or may_move(before, move.to, move.reopens):
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
