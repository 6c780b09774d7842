"""Everything a page shows, read from the slices' own stores in one transaction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from vori.analytics.live.store import read_last_hour, read_numbers
from vori.audio.model import AudioStream
from vori.audio.store import read_streams
from vori.board.live import Passing
from vori.board.messages import State
from vori.database.connection import Database
from vori.meetings.show import MeetingOut
from vori.meetings.store import read_meeting, read_meetings
from vori.minutes.show import MinutesOut
from vori.minutes.store import read_minutes
from vori.tickets.show import ChangeOut, TicketOut
from vori.tickets.store import read_suggestions, read_tickets
from vori.transcript.show import UtteranceOut
from vori.transcript.store import read_latest

MEETINGS, UTTERANCES, TICKETS, SUGGESTIONS = 50, 200, 500, 100
"""How many of each, the newest; the lists under /api have all."""


async def read_snapshot(
    database: Database, workspace_id: UUID, meeting_id: UUID | None, passing: Passing
) -> dict[str, Any]:
    """The state as JSON. Raises `NotFound` when there is no such meeting."""
    async with database.transaction(workspace_id) as tx:
        tickets = [TicketOut.of(ticket) for ticket in await read_tickets(tx, TICKETS)]
        if meeting_id is None:
            meetings = [MeetingOut.of(meeting) for meeting in await read_meetings(tx, MEETINGS)]
            waiting = ChangeOut.history(await read_suggestions(tx, SUGGESTIONS))
            team = passing.team.get(str(workspace_id)) or await read_last_hour(tx)
            state = State(meetings=meetings, tickets=tickets, suggestions=waiting, team=team)
            return state.model_dump(mode="json")
        meeting = await read_meeting(tx, meeting_id)
        streams = await read_streams(tx, meeting_id)
        said = await read_latest(tx, meeting_id, UTTERANCES)
        written = await read_minutes(tx, meeting_id)
        numbers = passing.metrics.get(str(meeting_id)) or await read_numbers(tx, meeting_id)
        waiting = ChangeOut.history(await read_suggestions(tx, SUGGESTIONS, meeting_id=meeting_id))
    final = {str(utterance.utterance_id) for utterance in said}
    state = State(
        meeting=MeetingOut.of(meeting),
        streams={str(stream.stream): _stream(stream, passing) for stream in streams},
        utterances=[UtteranceOut.of(utterance) for utterance in said],
        drafts={key: draft for key, draft in passing.drafts.items() if key not in final},
        lags=passing.lags,
        tickets=tickets,
        suggestions=waiting,
        minutes=MinutesOut.of(written) if written else None,
        metrics=numbers,
    )
    return state.model_dump(mode="json")


def _stream(stream: AudioStream, passing: Passing) -> Any:
    """How a stream is doing, as far as this gateway has heard."""
    known = passing.streams.get(str(stream.stream))
    if known is not None and stream.ended_at is None:
        return known
    state = "ended" if stream.ended_at else "no_signal"
    return {"stream_id": stream.stream_id, "speaker": stream.speaker, "state": state}
