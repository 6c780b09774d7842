"""The sample meeting: one call puts its tickets on the board, plays its voices, and ends it."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from vori.audio.model import stream_key
from vori.audio.receive import Receiver
from vori.audio.store import read_streams
from vori.clock import new_id, now
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import AudioFrame, Topic
from vori.gateway import build_app
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.begin import begin
from vori.meetings.model import Meeting
from vori.meetings.store import read_meeting
from vori.people.model import LOCAL_WORKSPACE
from vori.people.store import ensure_local_workspace
from vori.sample import api
from vori.sample.play import Player
from vori.sample.script import read_script
from vori.tickets import api as tickets


@pytest.mark.parametrize(("language", "rehearsal"), [("en", False), ("ko", True)])
async def test_one_call_begins_it_with_its_tickets_still_to_be_moved(
    database: Database, log_database: Database, language: Any, rehearsal: bool
) -> None:
    await ensure_local_workspace(database)
    async with (
        PostgresEventLog(log_database) as log,
        PostgresLiveFeed(log_database) as feed,
        Receiver(database, log, feed) as receiver,
    ):
        app = build_app([api.routes(database, log, feed, receiver), tickets.routes(database, log, feed)])
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            begun = await client.post("/api/meetings/sample", json={"language": language})
            assert begun.status_code == 201, begun.text
            listed = (await client.get("/api/tickets")).json()["items"]
            await client.patch(f"/api/tickets/{listed[0]['ticket_id']}", json={"status": "DONE"})
            await client.post("/api/meetings/sample", json={"language": language})
            again = (await client.get("/api/tickets")).json()["items"]
    wanted = {(ticket["title"], ticket["status"]) for ticket in read_script(language)["tickets"]}
    assert {(ticket["title"], ticket["status"]) for ticket in listed} == wanted
    assert sorted((ticket["title"], ticket["status"]) for ticket in again) == sorted(wanted), "none twice, all put back"
    assert (begun.json()["rehearsal"], len(begun.json()["participants"])) == (rehearsal, 3)


async def test_its_voices_are_played_at_the_speed_of_talk_and_then_it_is_over(
    database: Database, log_database: Database, tmp_path: Path
) -> None:
    await ensure_local_workspace(database)
    samples = np.arange(8000, dtype="<i2")
    with wave.open(str(tmp_path / "maya.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    meeting = Meeting(new_id(), LOCAL_WORKSPACE, "Short", "en", "live", now())
    async with (
        PostgresEventLog(log_database) as log,
        PostgresLiveFeed(log_database) as feed,
        Receiver(database, log, feed) as receiver,
    ):
        async with database.transaction(LOCAL_WORKSPACE) as tx:
            await begin(tx, log, feed, meeting)
        player = Player(database, log, feed, receiver)
        player.begin(meeting, {"language": "en", "voices": {"Maya": {"file": str(tmp_path / "maya.wav")}}})
        async with asyncio.timeout(10):
            while True:
                async with database.transaction(LOCAL_WORKSPACE) as tx:
                    over = (await read_meeting(tx, meeting.meeting_id)).status == "ended"
                    streams = await read_streams(tx, meeting.meeting_id)
                if over:
                    break
                await asyncio.sleep(0.05)
        found = [record.event async for record in log.read(Topic.AUDIO, str(meeting.meeting_id))]
    frames = [event for event in found if isinstance(event, AudioFrame)]
    assert b"".join(frame.data for frame in frames) == samples.tobytes()
    assert (streams[0].stream, streams[0].speaker) == (stream_key(meeting.meeting_id, "Maya"), "Maya")
    assert streams[0].ended_at is not None
    assert (streams[0].ended_at - streams[0].created_at).total_seconds() > 0.45
