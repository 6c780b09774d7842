"""Drafts: the minutes of a meeting so far, written every few seconds while it goes on, and told live."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import tzinfo
from uuid import UUID

import structlog

from vori.audio.store import read_streams
from vori.clock import now
from vori.database.connection import Database
from vori.errors import SupplierError
from vori.events import Evidence, ReportedTicket, TicketCreated, TicketUpdated
from vori.livefeed import LiveFeed
from vori.meetings.store import read_meeting
from vori.minutes.compose import compose
from vori.minutes.model import Source
from vori.minutes.show import minutes_message
from vori.minutes.store import read_draft_source, save_draft
from vori.transcript.naming.model import present, shared
from vori.transcript.naming.store import read_names
from vori.transcript.store import read_transcript

EVERY_S = 3.0
"""How long what was said may wait to be in the draft."""
REST = 10.0
"""After a draft that took long to write: this many times as long without another."""

logger = structlog.get_logger()


class Drafts:
    """Writes drafts for meetings in which something happened. What it remembers may be lost: the next words tell it."""

    def __init__(self, database: Database, feed: LiveFeed, zone: tzinfo | None) -> None:
        self._database = database
        self._feed = feed
        self._zone = zone
        self._due: dict[UUID, UUID] = {}

    def note(self, workspace_id: UUID, meeting_id: UUID) -> None:
        """Something was said, or happened to a ticket."""
        self._due[meeting_id] = workspace_id

    async def run(self) -> None:
        """Until cancelled. A draft that fails holds up nothing."""
        clock = asyncio.get_running_loop().time
        rest_s = EVERY_S
        while True:
            await asyncio.sleep(rest_s)
            due, self._due = self._due, {}
            began = clock()
            for meeting_id, workspace_id in due.items():
                try:
                    await self._write(workspace_id, meeting_id)
                except SupplierError as error:
                    logger.warning("draft.failed", meeting_id=str(meeting_id), reason=str(error))
                    self._due.setdefault(meeting_id, workspace_id)
                except Exception:
                    logger.exception("draft.failed", meeting_id=str(meeting_id))
            rest_s = max(EVERY_S, REST * (clock() - began))

    async def _write(self, workspace_id: UUID, meeting_id: UUID) -> None:
        async with self._database.transaction(workspace_id) as tx:
            source = await read_draft_source(tx, meeting_id)
            if source is None:
                return
            meeting = await read_meeting(tx, meeting_id)
            said = await read_transcript(tx, meeting_id)
            names = await read_names(tx, meeting_id)
            streams = await read_streams(tx, meeting_id)
        meeting = replace(meeting, participants=present(meeting.participants, streams, names))
        minutes = await asyncio.to_thread(
            compose, meeting, said, source, names=names, microphones=shared(streams), state="draft"
        )
        async with self._database.transaction(workspace_id) as tx:
            written = await save_draft(tx, minutes, now())
            if written:
                await self._feed.publish(minutes_message(workspace_id, written, self._zone), tx)


def follow(source: Source, event: TicketCreated | TicketUpdated) -> Source:
    """The source with one more thing that happened to a ticket. What a person did alone is no news of the meeting,
    but changes what is told of the tickets it is about.
    """
    if isinstance(event, TicketCreated):
        made = ReportedTicket(ticket=event.ticket, action="created", from_status=None, evidence=event.evidence)
        return _with(source, event.ticket.ticket_id, made if event.evidence else None)
    ticket_id = event.before.ticket_id
    known = next((item for item in source.tickets if item.ticket.ticket_id == ticket_id), None)
    if event.after is None or not (known or event.evidence):
        return _with(source, ticket_id, None)
    origin = event.before.status if known is None else known.from_status or known.ticket.status
    moved = event.after.status != origin
    evidence = _together(known.evidence if known else (), event.evidence)
    if known and known.action == "created":
        return _with(source, ticket_id, known.model_copy(update={"ticket": event.after, "evidence": evidence}))
    if known and not event.evidence and not moved:
        return _with(source, ticket_id, None)
    changed = ReportedTicket(
        ticket=event.after,
        action="moved" if moved else "changed",
        from_status=origin if moved else None,
        evidence=evidence,
    )
    return _with(source, ticket_id, changed)


def _with(source: Source, ticket_id: UUID, item: ReportedTicket | None) -> Source:
    others = [other for other in source.tickets if other.ticket.ticket_id != ticket_id]
    return source.model_copy(update={"tickets": tuple(others + ([item] if item else []))})


def _together(before: tuple[Evidence, ...], after: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    return tuple({said.utterance_id: said for said in (*before, *after)}.values())
