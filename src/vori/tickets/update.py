"""What talk does to tickets that were there before: moves and corrections of them, new due dates, blocks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from vori.events import Evidence, Status
from vori.tickets.model import (
    PERSON,
    Block,
    Change,
    DueMove,
    Extraction,
    Fields,
    Move,
    Update,
    differences,
    may_move,
    taken_back,
)
from vori.tickets.plan import Board, Occasion, Plan, change_id, lately_said

NAMES = {Move: "moved", DueMove: "due", Block: "blocked"}


def updates(extraction: Extraction, board: Board, occasion: Occasion) -> Plan:
    """What to do about tickets that were there, each change from where the one before it left the ticket.

    A late turn can complete several at once. Of what one turn says about a ticket the last word counts. What a person
    rejected is not suggested again; the sure word takes the place of a suggestion, and one that the talk no longer
    leads to is withdrawn.
    """
    following = _Following(extraction, board, occasion)
    for update in (_last_words if occasion.said else _outcomes)(extraction.updates):
        if lately_said(update.evidence_ids, occasion):
            following.take(update)
    return following.plan()


def _last_words(found: Sequence[Update]) -> Iterable[Update]:
    return {(type(one), one.ticket_id, one.evidence_ids[-1], one.lane): one for one in found}.values()


def _outcomes(found: Sequence[Update]) -> Iterable[Update]:
    """Of all that a whole talk says of a ticket, what holds in the end."""
    return {(type(one), one.ticket_id, one.lane == "applied"): one for one in found}.values()


class _Following:
    """The tickets as they stand while update after update is taken."""

    def __init__(self, extraction: Extraction, board: Board, occasion: Occasion) -> None:
        self.occasion = occasion
        self.handled = board.handled
        self.made: list[Change] = []
        self.overtaken: list[UUID] = []
        self.fields = {key: ticket.fields for key, ticket in board.tickets.items() if ticket.removed_at is None}
        self.recorded = {change.change_id for change in board.changes if not change.waits}
        asked = [change for change in board.changes if change.lane != "applied" and change.kind != "created"]
        self.suggested = {_what(change): change for change in asked}
        self.waiting = {change.change_id for change in asked if change.waits}
        self.proposed = {_id(update) for update in extraction.updates}
        back = taken_back(board.changes)
        self.last = {
            change.ticket_id: change
            for change in board.changes
            if change.lane == "applied" and change.actor != PERSON and change.change_id not in back
        }
        """This meeting's last change to each ticket, as far as it stands."""

    def plan(self) -> Plan:
        void = self.waiting - self.proposed - set(self.overtaken)
        return Plan(tuple(self.made), (*self.overtaken, *sorted(void)))

    def take(self, update: Update) -> None:
        ticket = UUID(update.ticket_id)
        before = self.fields.get(ticket)
        made = self._made(update)
        if before is None or made in self.recorded or self._handled_since(update):
            return
        amended = self._amended(update, before) if isinstance(update, Move) else None
        after = _after(update, before, amended)
        if after is None:
            return
        change = self._change(made, update, before, after, amended)
        known = self.suggested.get(_what(change))
        if known is not None and known.waits and known.change_id not in self.proposed:
            known = None  # withdrawn: it was read in other words
        if known is not None and (known.rejected or (update.lane != "applied" and not _restated(known, change))):
            return
        if update.lane != "applied":
            self.suggested[_what(change)] = change
        else:
            self.fields[ticket], self.last[ticket] = after, change
            self.recorded.add(change.change_id)
            self._overtake(change, known)
        self.made.append(change)

    def _handled_since(self, update: Update) -> bool:
        """Whether a person may have changed the ticket knowing these words: then only new ones count."""
        return UUID(update.ticket_id) in self.handled and self.occasion.heard.isdisjoint(update.evidence_ids)

    def _overtake(self, change: Change, known: Change | None) -> None:
        """Let a sure change take the place of the suggestions of it, and of what its words suggested before."""
        same = [one for one in self.suggested.values() if one is known or one.change_id == change.change_id]
        for one in same:
            if one in self.made:
                self.made.remove(one)
            elif one.waits:
                self.overtaken.append(one.change_id)

    def _amended(self, move: Move, before: Fields) -> Change | None:
        """The move of this meeting that a later turn corrects: said outright, or since it is no longer read as one.

        When all is read anew, the new reading corrects whatever the meeting had done.
        """
        last = self.last.get(UUID(move.ticket_id))
        if last is None or last.before is None or last.after is None or last.after.status is not before.status:
            return None
        if self.occasion.said is None:
            return last
        later = max(self.occasion.quotes[turn].start_ms for turn in move.evidence_ids)
        if not last.evidence or later <= max(quoted.start_ms for quoted in last.evidence):
            return None
        return last if move.amends or (last.kind == "moved" and last.change_id not in self.proposed) else None

    def _made(self, update: Update) -> UUID:
        """The change's id. When all is read anew, words that led to something may lead to something else."""
        made = _id(update)
        if self.occasion.said is None and made in self.recorded:
            return change_id(
                UUID(update.ticket_id), update.evidence_ids[-1], f"{NAMES[type(update)]} by {self._by(update)}"
            )
        return made

    def _by(self, update: Update) -> str:
        return update.by or self.occasion.actor

    def _change(self, made: UUID, update: Update, before: Fields, after: Fields, amended: Change | None) -> Change:
        proof: dict[UUID, Evidence] = {}
        for quoted in (*(amended.evidence if amended else ()), *(self.occasion.quotes[t] for t in update.evidence_ids)):
            proof.setdefault(quoted.utterance_id, quoted)
        return Change(
            change_id=made,
            ticket_id=UUID(update.ticket_id),
            meeting_id=self.occasion.meeting_id,
            kind="moved" if after.status is not before.status else "edited",
            before=before,
            after=after,
            reason=update.reason,
            evidence=tuple(sorted(proof.values(), key=lambda quoted: quoted.start_ms)),
            actor=self._by(update),
            certainty=update.certainty,
            lane=update.lane,
            at=self.occasion.at,
            prompt=self.occasion.prompt_of(update.by),
        )


def _after(update: Update, before: Fields, amended: Change | None) -> Fields | None:
    """What the ticket becomes; None when that may not be, or is so already."""
    match update:
        case Move():
            after = _moved(update, before, amended)
        case DueMove():
            after = replace(before, due=update.due)
        case Block():
            blocked = update.blocked and before.status is not Status.DONE
            after = replace(before, blocked=blocked, blocked_reason=update.what if blocked else "")
    return None if after is None or after == before else after


def _moved(move: Move, before: Fields, amended: Change | None) -> Fields | None:
    found = amended.before.status if amended and amended.before else before.status
    legal = may_move(before.status, move.to, move.reopens) or may_move(found, move.to, move.reopens)
    if not legal and move.to not in ({found, before.status} if amended or move.assignee else ()):
        return None
    after = replace(before, assignee=move.assignee or before.assignee)
    if move.to is not before.status:
        after = replace(after, status=move.to, rank="")
    if move.to is Status.DONE:
        after = replace(after, blocked=False, blocked_reason="")
    return after


def _id(update: Update) -> UUID:
    return change_id(UUID(update.ticket_id), update.evidence_ids[-1], NAMES[type(update)])


def _what(change: Change) -> tuple[UUID, frozenset[tuple[str, object]]]:
    """What a change to a ticket comes to, wherever it was said."""
    wanted = differences(change.before, change.after) if change.after else {}
    return change.ticket_id, frozenset((name, value) for name, value in wanted.items() if name != "rank")


def _restated(known: Change, change: Change) -> bool:
    """Whether a suggestion comes again from the same words, surer or less sure, or with more proof."""
    return known.change_id == change.change_id and (known.lane, known.evidence) != (change.lane, change.evidence)
