"""The sample meeting over HTTP: one call, and a page can watch it."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from vori.audio.receive import Receiver
from vori.database.connection import Database
from vori.eventlog import EventLog
from vori.events import Language
from vori.livefeed import LiveFeed
from vori.meetings.api import NewMeeting, new_meeting
from vori.meetings.begin import begin
from vori.meetings.show import MeetingOut
from vori.people.api import CurrentWorkspace
from vori.sample.play import Player
from vori.sample.script import asked, read_script
from vori.tickets.edit import NewTicket, put_back


class Sample(BaseModel):
    """Which of the sample meetings."""

    model_config = ConfigDict(extra="forbid")
    language: Language = "en"


def routes(database: Database, log: EventLog, feed: LiveFeed, receiver: Receiver) -> APIRouter:
    router = APIRouter(prefix="/api/meetings", tags=["meetings"])
    player = Player(database, log, feed, receiver)

    @router.post("/sample", status_code=201)
    async def sample(wanted: Sample, workspace_id: CurrentWorkspace) -> MeetingOut:
        """Play a sample meeting of a minute into VORI: three people plan their week.

        Its tickets are put on the board, and it ends by itself. The Korean one is a rehearsal: its words come from a
        script.
        """
        script = read_script(wanted.language)
        meeting = new_meeting(workspace_id, NewMeeting.model_validate(asked(script)))
        async with database.transaction(workspace_id) as tx:
            await put_back(tx, log, feed, [NewTicket.model_validate(ticket) for ticket in script["tickets"]])
            await begin(tx, log, feed, meeting)
        player.begin(meeting, script)
        return MeetingOut.of(meeting)

    return router
