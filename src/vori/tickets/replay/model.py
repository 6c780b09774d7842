"""What a past meeting would have led to with another reading of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from vori.people.model import Member
from vori.tickets.alike import alike
from vori.tickets.model import PERSON, Change, Extraction, Past, Proposal, Talk, Turn, taken_back
from vori.tickets.settings.model import TicketSettings


def talk_of(past: Past, settings: TicketSettings, members: Sequence[Member]) -> Talk:
    """The whole meeting as an extractor reads it, with the board as the meeting found it."""
    meeting = past.meeting
    return Talk(
        turns=[Turn(str(q.utterance_id), q.speaker, q.quote, q.start_ms, q.end_ms) for q in past.turns if q.quote],
        tickets=past.found,
        date=past.day,
        language=None if meeting.language == "auto" else meeting.language,
        people=meeting.participants,
        labels=settings.labels,
        members=members,
    )


def not_found_again(past: Past, extraction: Extraction) -> list[Change]:
    """What VORI did by itself in the meeting, still stands, and this reading doesn't lead to."""
    moved = {(move.ticket_id, move.to) for move in extraction.moves}
    back = {key for history in past.histories.values() for key in taken_back(history)}
    lost = []
    for change in past.changes:
        stands = change.lane == "applied" and change.undoes is None and change.change_id not in back
        if not stands or change.actor == PERSON or change.decided_at is not None or change.after is None:
            continue
        opened = change.kind == "created" and not any(_same(change, made) for made in extraction.proposals)
        if opened or (change.kind == "moved" and (str(change.ticket_id), change.after.status) not in moved):
            lost.append(change)
    return lost


def _same(opened: Change, made: Proposal) -> bool:
    proved = {str(said.utterance_id) for said in opened.evidence}
    return not proved.isdisjoint(made.evidence_ids) or bool(opened.after and alike(opened.after.title, made.title))
