"""A meeting heard turn by turn on a board in memory, then read anew as a whole: what that opens a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from board import MemoryBoard
from vori.events import Evidence, Status
from vori.tickets.model import Change, Extractor, Fields, Talk, Ticket, Turn
from vori.tickets.plan import Occasion, as_found
from vori.tickets.validate import validate

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Heard:
    """A written meeting (a line of the sets) on the worker's side: its ids are UUIDs, its board is in memory."""

    def __init__(self, meeting: Mapping[str, Any]) -> None:
        self.id = uuid5(UUID(int=0), meeting["meeting_id"])
        self.day = date.fromisoformat(meeting["date"])
        self.language = meeting["lang"]
        self.turns = [
            Turn(str(uuid5(self.id, said["id"])), said.get("speaker"), said["text"], n * 5000, n * 5000 + 4000)
            for n, said in enumerate(meeting["utterances"])
        ]
        self.quotes = {
            turn.id: Evidence(
                utterance_id=UUID(turn.id),
                stream=self.id,
                speaker=turn.speaker,
                start_ms=turn.start_ms,
                end_ms=turn.end_ms,
                quote=turn.text,
            )
            for turn in self.turns
        }
        found = [
            Fields(known["title"], status=Status(known["status"]), assignee=known.get("assignee"))
            for known in meeting.get("existing_tickets", [])
        ]
        self.board = MemoryBoard(
            Ticket(uuid5(self.id, f"ticket {n}"), None, n, fields, 1, AT, AT) for n, fields in enumerate(found, 1)
        )

    def read(self, extractor: Extractor, turns: int, said: UUID | None) -> Sequence[Change]:
        """Do what comes of the first `turns`, `said` being the last, or None for a replay."""
        heard = self.turns[:turns]
        found = as_found(self.board.tickets.values(), self.board.changes)
        talk = Talk(heard, found, self.day, self.language)
        quotes = {turn.id: self.quotes[turn.id] for turn in heard}
        occasion = Occasion(self.id, said, quotes, extractor.name, AT)
        return self.board.decide(validate(extractor.extract(talk), talk), occasion).changes


def opened_twice(extractor: Extractor, meeting: Mapping[str, Any], step: int = 1) -> int:
    """Tickets that a replay opens, or suggests, beside those of the meeting heard `step` turns at a time."""
    heard = Heard(meeting)
    for n in [*range(step, len(heard.turns), step), len(heard.turns)]:
        heard.read(extractor, n, UUID(heard.turns[n - 1].id))
    known = {change.ticket_id for change in heard.board.changes}
    return sum(
        change.kind == "created" and change.ticket_id not in known
        for change in heard.read(extractor, len(heard.turns), None)
    )
