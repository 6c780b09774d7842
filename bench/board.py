"""A board without a database, for tests and benchmarks: what is decided about talk comes true at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from vori.tickets.model import Change, Extraction, Fields, Ticket
from vori.tickets.plan import Board, Occasion, Plan
from vori.tickets.reconcile import reconcile


class MemoryBoard:
    """`changes`: all that a meeting has led to, suggestions included. `handled`: tickets that a person has changed."""

    def __init__(self, tickets: Iterable[Ticket] = ()) -> None:
        self.tickets = {ticket.ticket_id: ticket for ticket in tickets}
        self.changes: list[Change] = []
        self.handled: frozenset[UUID] = frozenset()

    def decide(self, extraction: Extraction, occasion: Occasion) -> Plan:
        """What the reconciler makes of a (validated) extraction, done."""
        plan = reconcile(extraction, Board(self.tickets, tuple(self.changes), self.handled), occasion)
        self.changes = [change for change in self.changes if change.change_id not in plan.withdrawn]
        for change in plan.changes:
            self.take(change)
        return plan

    def take(self, change: Change) -> None:
        """Do one change; a ticket that it takes away stays, as removed."""
        if change.lane == "applied":
            known = self.tickets.get(change.ticket_id)
            change = replace(change, version=known.version + 1 if known else 1)
            base = known or Ticket(
                change.ticket_id, change.meeting_id, len(self.tickets) + 1, Fields(""), 1, change.at, change.at
            )
            self.tickets[change.ticket_id] = replace(
                base,
                fields=change.after or base.fields,
                version=change.version or 1,
                removed_at=None if change.after else change.at,
            )
        self.changes = [known for known in self.changes if known.change_id != change.change_id] + [change]
