"""A meeting in which people corrected VORI, as a written meeting with what it should have led to. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from vori.events import Status
from vori.tickets.model import PERSON, Change, Past, taken_back

BY_HAND = ("title", "assignee", "due")
"""What people set right by hand in a ticket that a meeting opened."""


def case(past: Past) -> dict[str, Any] | None:
    """The meeting as a line of an evaluation set, with the corrected result; None if nobody corrected anything."""
    gold = _Gold(past)
    if not gold.corrected:
        return None
    meeting = past.meeting
    tickets = [gold.ticket(change) for change in gold.opened]
    changes, dues = gold.status_changes(), gold.due_changes()
    proved = {turn for item in (*tickets, *changes, *dues) for turn in item["evidence_ids"]}
    korean = sum(bool(re.search("[가-힣]", turn.quote)) for turn in past.turns) * 2 > len(past.turns)
    return {
        "meeting_id": str(meeting.meeting_id),
        "lang": meeting.language if meeting.language != "auto" else "ko" if korean else "en",
        "title": meeting.title,
        "date": past.day.isoformat(),
        "utterances": [
            {
                "id": str(turn.utterance_id),
                "speaker": turn.speaker,
                "text": turn.quote,
                "start": turn.start_ms / 1000,
                "end": turn.end_ms / 1000,
            }
            for turn in past.turns
            if turn.quote
        ],
        "existing_tickets": [
            {"id": ticket.id, "title": ticket.title, "status": ticket.status, "assignee": ticket.assignee}
            for ticket in past.found
        ],
        "tickets": tickets,
        "status_changes": changes,
        "due_changes": dues,
        "decisions": [],
        "actions": [{"text": made["title"], "evidence_ids": made["evidence_ids"]} for made in tickets],
        "traps": [trap for trap in gold.traps() if trap["utterance_id"] not in proved],
        "corrected": gold.corrected,
        "source": "corrected by people in VORI",
    }


class _Gold:
    """What a meeting should have led to, as far as people have said so."""

    def __init__(self, past: Past) -> None:
        self.past = past
        back = {key for history in past.histories.values() for key in taken_back(history)}
        mine = [change for change in past.changes if change.undoes is None]
        self.wrong = [(c, "undone") for c in mine if c.lane == "applied" and c.change_id in back]
        self.wrong += [(c, "rejected") for c in mine if c.rejected]
        stand = [c for c in mine if c.lane == "applied" and c.change_id not in back]
        self.by_hand = {key: self._by_hand(history, back) for key, history in past.histories.items()}
        self.wrong += [(c, "put_back") for c in stand if self._put_back(c)]
        gone = {change.change_id for change, _ in self.wrong}
        self.standing = [change for change in stand if change.change_id not in gone]
        self.opened = [change for change in self.standing if change.kind == "created"]
        self.corrected = [
            {"kind": kind, "what": change.kind, "ticket_id": str(change.ticket_id), "evidence_ids": _ids([change])}
            for change, kind in self.wrong
        ] + [
            {"kind": "edited", "what": name, "ticket_id": str(change.ticket_id), "evidence_ids": _ids([change])}
            for change in self.opened
            for name in self._set_right(change)
        ]

    def ticket(self, created: Change) -> dict[str, Any]:
        """A ticket that the meeting opened rightly, with what it said of it later and what people set right since."""
        own = [change for change in self.standing if change.ticket_id == created.ticket_id]
        fields = own[-1].after
        assert fields is not None
        given = {name: getattr(fields, name) for name in BY_HAND} | self._set_right(created)
        return {
            "id": str(created.ticket_id),
            **given,
            "due": given["due"].isoformat() if given["due"] else None,
            "status": fields.status,
            "evidence_ids": _ids(own),
        }

    def status_changes(self) -> list[dict[str, Any]]:
        """Where the meeting rightly left tickets that there were before, unless that is where it found them."""
        states = {ticket.id: ticket.status for ticket in self.past.found}
        last = {str(c.ticket_id): c for c in self.standing if c.kind == "moved" and str(c.ticket_id) in states}
        return [
            {
                "ticket_id": ticket,
                "from": states[ticket],
                "to": change.after.status,
                "kind": _direction(states[ticket], change.after.status),
                "evidence_ids": _ids([change]),
            }
            for ticket, change in last.items()
            if change.after is not None and change.after.status is not states[ticket]
        ]

    def due_changes(self) -> list[dict[str, Any]]:
        found = {ticket.id for ticket in self.past.found}
        return [
            {
                "ticket_id": str(change.ticket_id),
                "due": change.after.due.isoformat() if change.after.due else None,
                "evidence_ids": _ids([change]),
            }
            for change in self.standing
            if str(change.ticket_id) in found
            and change.before is not None
            and change.after is not None
            and change.before.due != change.after.due
        ]

    def traps(self) -> Iterable[dict[str, str]]:
        for change, kind in self.wrong:
            for turn in _ids([change]):
                yield {"utterance_id": turn, "kind": kind}

    def _by_hand(self, history: Sequence[Change], back: set[UUID]) -> list[Change]:
        """What a person changed after this meeting had a ticket in hand, until another meeting had."""
        found: list[Change] = []
        begun = False
        for change in history:
            if change.lane != "applied":
                continue
            if change.meeting_id == self.past.meeting.meeting_id:
                begun = True
            elif begun and change.meeting_id is not None:
                break
            elif begun and change.actor == PERSON and change.undoes is None and change.change_id not in back:
                found.append(change)
        return found

    def _put_back(self, change: Change) -> bool:
        """Whether a person moved a ticket back to where it was before a meeting's move."""
        last = self.by_hand.get(change.ticket_id, [])
        moves = [c.after.status for c in last if c.kind == "moved" and c.after]
        return change.kind == "moved" and change.before is not None and moves[-1:] == [change.before.status]

    def _set_right(self, created: Change) -> dict[str, Any]:
        """What people changed by hand in a ticket that the meeting opened, as it is now."""
        right: dict[str, Any] = {}
        for change in self.by_hand.get(created.ticket_id, []):
            for name in BY_HAND:
                if change.before and change.after and getattr(change.before, name) != getattr(change.after, name):
                    right[name] = getattr(change.after, name)
        return right


def _ids(changes: Iterable[Change]) -> list[str]:
    said = {str(quoted.utterance_id): quoted.start_ms for change in changes for quoted in change.evidence}
    return sorted(said, key=lambda turn: (said[turn], turn))


def _direction(before: Status, to: Status) -> str:
    if before is Status.DONE:
        return "reopen"
    return "back" if to is Status.TODO else "forward"
