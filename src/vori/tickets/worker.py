"""The tickets worker: each final utterance may open or move tickets; a meeting heard to its end is reported."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

import structlog

from vori.audio.store import read_streams
from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.eventlog import EventLog
from vori.eventlog.consume import Effect, consume
from vori.events import (
    Event,
    Evidence,
    MeetingEnded,
    MeetingReported,
    MeetingStarted,
    ReportedDecision,
    SpeakerNamed,
    Status,
    Topic,
    TranscriptClosed,
    UtteranceCorrected,
    UtteranceFinal,
)
from vori.livefeed import LiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import read_meeting
from vori.people.model import Member
from vori.people.store import read_members
from vori.tickets.apply import board_of, carry_out
from vori.tickets.history.store import correct_quotes
from vori.tickets.model import Extraction, Extractor, OpenTicket, Talk, Turn, with_names
from vori.tickets.plan import Board, Occasion, Plan, as_found
from vori.tickets.reconcile import reassign, reconcile, report
from vori.tickets.settings.model import TicketSettings
from vori.tickets.settings.store import read_labels, read_settings
from vori.tickets.store import (
    add_turn,
    close_stream,
    correct_turn,
    lock_board,
    read_board,
    read_closed_streams,
    read_meeting_changes,
    read_turns,
)
from vori.tickets.validate import validate
from vori.transcript.naming.model import named
from vori.transcript.naming.store import read_names

GROUP = "tickets"
TOPICS = (Topic.MEETING_STARTED, Topic.TRANSCRIPTION, Topic.MEETING_ENDED)

logger = structlog.get_logger()


async def run(database: Database, log: EventLog, feed: LiveFeed, extractor: Extractor) -> None:
    """Until cancelled."""
    follower = Follower(database, log, feed, extractor)
    await consume(log, database, GROUP, TOPICS, follower.handle)


class Follower:
    """Follows meetings, event by event. It keeps nothing in memory: all it knows is in the database."""

    def __init__(self, database: Database, log: EventLog, feed: LiveFeed, extractor: Extractor) -> None:
        self._database = database
        self._log = log
        self._feed = feed
        self._extractor = extractor

    async def handle(self, event: Event) -> Effect | None:
        match event:
            case MeetingStarted():
                language = None if event.language == "auto" else event.language
                await asyncio.to_thread(self._extractor.warm, language)
                return None
            case UtteranceFinal() | SpeakerNamed():
                return await self._heard(event)
            case UtteranceCorrected():
                return partial(_correct, corrected=event)
            case TranscriptClosed():
                return await self._ended(event, event.stream)
            case MeetingEnded():
                return await self._ended(event, None)
            case _:
                return None

    async def _heard(self, event: UtteranceFinal | SpeakerNamed) -> Effect | None:
        """Read the talk anew with what was said, or with a voice's name, which tells who took work on."""
        said = event if isinstance(event, UtteranceFinal) else None
        async with self._database.transaction(event.workspace_id) as tx:
            meeting = await read_meeting(tx, event.meeting_id)
            turns = await _read_turns(tx, event.meeting_id, said)
            tickets = await read_board(tx, event.meeting_id)
            changes = await read_meeting_changes(tx, event.meeting_id)
            labels, settings = await read_labels(tx), await read_settings(tx)
            members = await read_members(tx)
        if turns is None:
            return None
        heard = str(said.utterance_id) if said else ""
        found = as_found(tickets.values(), changes)
        extraction = await self._extract(meeting, turns, found, labels, settings, members=members, said=heard)
        occasion = self._occasion(event, turns, extraction, said=said.utterance_id if said else event.event_id)

        async def effect(tx: Transaction) -> None:
            await lock_board(tx)
            if said:
                await add_turn(tx, said)
            if extraction is not None:
                await self._decide(tx, extraction, occasion, reconcile if said else reassign)

        return effect

    def _occasion(
        self, event: Event, turns: Sequence[Evidence], extraction: Extraction | None, *, said: UUID
    ) -> Occasion:
        return Occasion(
            meeting_id=event.meeting_id,
            said=said,
            quotes={str(turn.utterance_id): turn for turn in turns},
            actor=f"{self._extractor.name} {self._extractor.version}",
            at=now(),
            fresh=extraction.fresh if extraction else frozenset(),
            prompt=extraction.prompt if extraction else None,
        )

    async def _decide(
        self,
        tx: Transaction,
        extraction: Extraction,
        occasion: Occasion,
        decide: Callable[[Extraction, Board, Occasion], Plan],
    ) -> None:
        """Do about an extraction what is to be done, against the board as it is now. Call `lock_board` first."""
        board = await board_of(tx, occasion.meeting_id)
        plan = decide(extraction, board, occasion)
        await carry_out(tx, self._log, self._feed, plan, board=board, occasion=occasion)

    async def _ended(self, event: Event, stream: UUID | None) -> Effect | None:
        """Report the meeting once it has ended and all that was heard has been read; whichever comes last tells."""
        async with self._database.transaction(event.workspace_id) as tx:
            meeting = await read_meeting(tx, event.meeting_id)
            streams = {heard.stream for heard in await read_streams(tx, event.meeting_id)}
            closed = await read_closed_streams(tx, event.meeting_id) | ({stream} if stream else set())
            names = await read_names(tx, event.meeting_id)
            turns = [named(turn, names) for turn in await read_turns(tx, event.meeting_id)]
            tickets = await read_board(tx, event.meeting_id)
            changes = await read_meeting_changes(tx, event.meeting_id)
            labels, settings = await read_labels(tx), await read_settings(tx)
            members = await read_members(tx)
        over = meeting.status == "ended" and streams <= closed
        found = as_found(tickets.values(), changes)
        extraction = None
        if over:
            extraction = await self._extract(meeting, turns, found, labels, settings, members=members, over=True)

        async def effect(tx: Transaction) -> None:
            if stream is not None:
                await close_stream(tx, event.meeting_id, stream)
            if extraction is not None and extraction.fresh:
                await lock_board(tx)
                occasion = self._occasion(event, turns, extraction, said=event.event_id)
                await self._decide(tx, extraction, occasion, reconcile)
            if over:
                await self._log.append(tx, await self._report(tx, event, turns, extraction))

        return effect

    async def _report(
        self, tx: Transaction, event: Event, turns: Sequence[Evidence], extraction: Extraction | None
    ) -> MeetingReported:
        """What the meeting led to, as it stands in this transaction."""
        tickets = await read_board(tx, event.meeting_id)
        names = await read_names(tx, event.meeting_id)
        changes = with_names(await read_meeting_changes(tx, event.meeting_id), names)
        quotes = {str(turn.utterance_id): turn for turn in turns}
        return MeetingReported(
            workspace_id=event.workspace_id,
            meeting_id=event.meeting_id,
            tickets=report(tickets, changes),
            decisions=tuple(
                ReportedDecision(text=made.text, evidence=tuple(quotes[turn] for turn in made.evidence_ids))
                for made in (extraction.decisions if extraction else ())
            ),
            open_before=tuple(
                ticket.facts.model_copy(update={"content": ""})
                for ticket in tickets.values()
                if ticket.fields.status != Status.DONE and ticket.meeting_id != event.meeting_id
            ),
        )

    async def _extract(
        self,
        meeting: Meeting,
        turns: Sequence[Evidence],
        tickets: Sequence[OpenTicket],
        labels: Sequence[str],
        settings: TicketSettings,
        *,
        members: Sequence[Member],
        said: str = "",
        over: bool = False,
    ) -> Extraction | None:
        """What the extractor makes of the talk so far; it runs in a thread, with no transaction open.

        One that fails at some words leaves that step without result; the next utterance has it read all again.
        """
        talk = Talk(
            turns=[Turn(str(q.utterance_id), q.speaker, q.quote, q.start_ms, q.end_ms) for q in turns if q.quote],
            tickets=tickets,
            date=settings.day(meeting.started_at),
            language=None if meeting.language == "auto" else meeting.language,
            people=meeting.participants,
            labels=labels,
            members=members,
            workspace=str(meeting.workspace_id),
            meeting=str(meeting.meeting_id),
            said=said,
            over=over,
        )
        try:
            return validate(await asyncio.to_thread(self._extractor.extract, talk), talk, settings)
        except Exception:
            logger.exception("extractor.failed", extractor=self._extractor.name, turns=len(talk.turns))
            return None


async def _correct(tx: Transaction, corrected: UtteranceCorrected) -> None:
    await correct_turn(tx, corrected)
    await correct_quotes(tx, corrected)


async def _read_turns(tx: Transaction, meeting_id: UUID, said: UtteranceFinal | None) -> list[Evidence] | None:
    """What was said in a meeting, `said` included; None when that was taken in before."""
    turns, names = await read_turns(tx, meeting_id), await read_names(tx, meeting_id)
    if said:
        if any(turn.utterance_id == said.utterance_id for turn in turns):
            return None
        turns = sorted([*turns, said.evidence], key=lambda turn: (turn.start_ms, turn.utterance_id))
    return [named(turn, names) for turn in turns]
