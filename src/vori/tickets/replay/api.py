"""A past meeting's talk to read again, and what comes of a reading: shown first, taken over when asked."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vori.clock import new_id, now
from vori.database.connection import Database, Transaction
from vori.database.text import Line
from vori.errors import Conflict
from vori.eventlog import EventLog
from vori.events import TranscriptClosed
from vori.livefeed import LiveFeed
from vori.people.api import CurrentWorkspace
from vori.people.store import read_members
from vori.tickets.apply import board_of, carry_out
from vori.tickets.model import Change, Extraction, Past, Talk, with_names
from vori.tickets.past import read_past
from vori.tickets.plan import Board, Occasion, Plan
from vori.tickets.reconcile import reconcile
from vori.tickets.replay.model import not_found_again, talk_of
from vori.tickets.replay.store import read_moved_on
from vori.tickets.settings.store import read_settings
from vori.tickets.show import ChangeOut
from vori.tickets.store import lock_board, read_some
from vori.tickets.validate import validate
from vori.transcript.naming.store import read_names

Name = Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class Reading(BaseModel):
    """What an extractor made of a meeting's talk; it is checked like a stranger's word."""

    model_config = ConfigDict(extra="forbid")
    extractor: Name = Field(description="Its name and version.")
    extraction: Extraction


class Difference(BaseModel):
    """What a reading would change. Nothing that a person decided is touched, and what VORI did is not undone."""

    changes: list[ChangeOut] = Field(description="Tickets to open and to change, and suggestions of such.")
    withdrawn: list[ChangeOut] = Field(description="Suggestions that would no longer wait.")
    not_found_again: list[ChangeOut] = Field(description="What VORI did and this reading doesn't lead to; it stays.")
    keys: dict[UUID, str] = Field(description="The keys of the tickets that there are.")
    accepted: bool


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/meetings", tags=["tickets"])

    @router.get("/{meeting_id}/talk")
    async def talk(meeting_id: UUID, workspace_id: CurrentWorkspace) -> Talk:
        """All that an extractor may know of a meeting: its turns, the board as it found it, the day, the people."""
        async with database.transaction(workspace_id) as tx:
            return talk_of(await read_past(tx, meeting_id), await read_settings(tx), await read_members(tx))

    @router.post("/{meeting_id}/replays")
    async def show(meeting_id: UUID, reading: Reading, workspace_id: CurrentWorkspace) -> Difference:
        """What a reading of an ended meeting would change. Nothing is changed."""
        async with database.transaction(workspace_id) as tx:
            past, _, _, plan = await _planned(tx, meeting_id, reading)
            return await _difference(tx, past, reading.extraction, plan)

    @router.post("/{meeting_id}/replays/accept")
    async def take_over(meeting_id: UUID, reading: Reading, workspace_id: CurrentWorkspace) -> Difference:
        """Take a reading over: the changes are made as if the meeting had been read so, and it is reported anew.

        Reading it so again changes nothing more.
        """
        async with database.transaction(workspace_id) as tx:
            await lock_board(tx)
            past, board, occasion, plan = await _planned(tx, meeting_id, reading)
            difference = await _difference(tx, past, reading.extraction, plan, accepted=True)
            await carry_out(tx, log, feed, plan, board=board, occasion=occasion)
            if past.turns and (plan.changes or plan.withdrawn):
                again = TranscriptClosed(
                    event_id=new_id(), workspace_id=workspace_id, meeting_id=meeting_id, stream=past.turns[0].stream
                )
                await log.append(tx, again)
            return difference

    return router


async def _planned(tx: Transaction, meeting_id: UUID, reading: Reading) -> tuple[Past, Board, Occasion, Plan]:
    """What to do about a reading, on the board as it is now. Raises `Conflict` while the meeting goes on."""
    past = await read_past(tx, meeting_id)
    if past.meeting.status != "ended":
        raise Conflict("This meeting is still going on.", remedy="Replay it when it has ended.")
    settings = await read_settings(tx)
    talk = talk_of(past, settings, await read_members(tx))
    checked = validate(reading.extraction, talk, settings)
    occasion = Occasion(
        meeting_id=meeting_id,
        said=None,
        quotes={str(turn.utterance_id): turn for turn in past.turns},
        actor=reading.extractor,
        at=now(),
        prompt=reading.extraction.prompt,
    )
    board = await board_of(tx, meeting_id)
    board = board.leaving_alone(await read_moved_on(tx, meeting_id, past.meeting.started_at))
    return past, board, occasion, reconcile(checked, board, occasion)


async def _difference(
    tx: Transaction, past: Past, extraction: Extraction, plan: Plan, *, accepted: bool = False
) -> Difference:
    names = await read_names(tx, past.meeting.meeting_id)

    def shown(changes: list[Change]) -> list[ChangeOut]:
        return ChangeOut.history(with_names(changes, names))

    tickets = await read_some(tx, {change.ticket_id for change in (*plan.changes, *past.changes)})
    return Difference(
        changes=shown(list(plan.changes)),
        withdrawn=shown([change for change in past.changes if change.change_id in plan.withdrawn]),
        not_found_again=shown(not_found_again(past, extraction)),
        keys={key: ticket.key for key, ticket in tickets.items()},
        accepted=accepted,
    )
