"""The dashboard over HTTP: what people did shows in the numbers, with what is behind each, and nobody else's does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from vori.audio.model import AudioStream, Segment, stream_key
from vori.audio.store import add_segments, create_stream
from vori.clock import new_id, now
from vori.dashboard import api
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.gateway import build_app
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting, ScriptLine
from vori.meetings.store import create_meeting
from vori.minutes.model import Edits, Minutes, Participant, Source, WrittenMinutes
from vori.minutes.store import Kept, save_minutes
from vori.people.api import current_workspace
from vori.tickets import api as tickets
from vori.tickets.history import api as history
from vori.tickets.settings import api as settings

SCRIPT = (ScriptLine("one", 0, 1000, "Read out"),)


@pytest.fixture
async def client(database: Database, log_database: Database, workspace: UUID) -> AsyncIterator[httpx.AsyncClient]:
    async with PostgresEventLog(log_database) as log, PostgresLiveFeed(log_database) as feed:
        parts = (database, log, feed)
        routers = [api.routes(database), tickets.routes(*parts), history.routes(*parts), settings.routes(database)]
        app = build_app(routers)
        app.dependency_overrides[current_workspace] = lambda: workspace
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as opened:
            yield opened


async def numbers(client: httpx.AsyncClient, **asked: object) -> dict[str, Any]:
    answer = await client.get("/api/dashboard", params={name: str(value) for name, value in asked.items()})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def meet(database: Database, workspace: UUID, at: datetime, *, script: bool = False, sound_s: int = 0) -> UUID:
    meeting = Meeting(new_id(), workspace, "Planning", "en", "live", at, script=SCRIPT if script else ())
    async with database.transaction(workspace) as tx:
        await create_meeting(tx, meeting)
        for name, seconds in (("near", sound_s), ("far", sound_s // 2)):
            key = stream_key(meeting.meeting_id, name)
            await create_stream(
                tx, AudioStream(key, workspace, meeting.meeting_id, name, "pcm_s16le", 16000, None, None, 0, at)
            )
            await add_segments(tx, [Segment(key, meeting.meeting_id, 0, seconds * 16000, 16000, "x")])
    return meeting.meeting_id


async def minute(database: Database, workspace: UUID, meeting_id: UUID, *shares: int) -> None:
    talk = tuple(Participant(name=f"P{n}", talk_ms=share * 100, percent=share) for n, share in enumerate(shares))
    minutes = Minutes(
        meeting_id=meeting_id,
        title="Planning",
        language="en",
        started_at=now(),
        duration_ms=1,
        rehearsal=False,
        participants=talk,
    )
    async with database.transaction(workspace) as tx:
        await save_minutes(
            tx, Kept(WrittenMinutes(minutes=minutes, version=1, written_at=now()), minutes, Edits(), Source())
        )


async def test_an_empty_workspace_has_zeros_and_no_medians(client: httpx.AsyncClient) -> None:
    shown = await numbers(client)
    assert [shown[name]["value"] for name in ("meetings", "recorded_ms", "opened", "moved", "done")] == [0] * 5
    assert [one["median_ms"] for one in shown["waiting"]] == [None, None]
    assert (shown["talk_top"], shown["held"], shown["tickets"]) == (None, [], [])


async def test_meetings_show_with_their_sound_and_talk_and_rehearsals_only_as_left_out(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    mine = await meet(database, workspace, now() - timedelta(days=1), sound_s=90)
    await meet(database, workspace, now() - timedelta(days=8), sound_s=30)
    await meet(database, workspace, now() - timedelta(days=1), script=True, sound_s=600)
    await minute(database, workspace, mine, 75, 25)
    shown = await numbers(client, days=7)
    assert shown["meetings"] == {"value": 1, "before": 1}
    assert shown["recorded_ms"] == {"value": 90_000, "before": 30_000}, "of two microphones the longer counts"
    assert shown["rehearsals"] == 1
    (held,) = shown["held"]
    assert (held["meeting_id"], [voice["percent"] for voice in held["talk"]]) == (str(mine), [75, 25])
    assert (shown["talk_top"], shown["talk_top_before"]) == (75, None)


async def test_what_is_done_to_tickets_counts_with_its_evidence_and_undone_it_does_not(
    client: httpx.AsyncClient,
) -> None:
    made = [(await client.post("/api/tickets", json={"title": title})).json() for title in ("Write it", "Test it")]
    first, second = (f"/api/tickets/{ticket['ticket_id']}" for ticket in made)
    await client.patch(first, json={"status": "IN_PROGRESS"})
    await client.patch(first, json={"title": "Write it down"})
    await client.patch(first, json={"status": "DONE"})
    await client.patch(second, json={"status": "DONE"})
    await client.post(f"{second}/undo")
    shown = await numbers(client)
    assert {name: shown[name]["value"] for name in ("opened", "moved", "done")} == {"opened": 2, "moved": 2, "done": 1}
    assert (shown["opened"]["by_hand"], shown["opened"]["most_in"]) == (2, None)
    events = [(e["ticket_id"], e["from_status"], e["to_status"], e["meeting_id"]) for e in shown["moved"]["events"]]
    assert events == [
        (made[0]["ticket_id"], "IN_PROGRESS", "DONE", None),
        (made[0]["ticket_id"], "TODO", "IN_PROGRESS", None),
    ]
    assert [(t["key"], t["title"], t["status"]) for t in shown["tickets"]] == [
        ("VORI-1", "Write it down", "DONE"),
        ("VORI-2", "Test it", "TODO"),
    ]
    assert [len(age["tickets"]) for age in shown["ageing"]["ages"]] == [1, 0, 0, 0, 0]
    await client.post(f"{second}/redo")
    assert (await numbers(client))["done"]["value"] == 2
    await client.post(f"{second}/undo")
    await client.post(f"{second}/undo")
    assert (await numbers(client))["opened"]["value"] == 1, "a ticket whose opening was undone never was"


async def test_days_begin_and_end_where_the_workspace_is(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    await meet(database, workspace, datetime(2026, 3, 1, 15, 30, tzinfo=UTC))  # half past midnight in Seoul
    for zone, found in (("Asia/Seoul", [0, 1]), ("UTC", [1, 0])):
        await client.put("/api/settings/tickets", json={"time_zone": zone})
        days = [await numbers(client, **{"from": day, "to": day}) for day in ("2026-03-01", "2026-03-02")]
        assert [shown["meetings"]["value"] for shown in days] == found
    assert days[1]["previous"] == {"first": "2026-03-01", "last": "2026-03-01"}
    assert days[1]["meetings"]["before"] == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"from": "2026-03-02", "to": "2026-03-01"}, "is after"),
        ({"from": "2020-01-01", "to": "2026-03-01"}, "366 are the most"),
        ({"from": "2999-01-01", "to": "2999-01-02"}, "hasn't begun"),
        ({"to": "0001-01-01"}, "no days before"),
        ({"from": "yesterday"}, "valid date"),
        ({"days": "0"}, "greater than"),
    ],
)
async def test_a_span_that_makes_no_sense_is_refused(
    client: httpx.AsyncClient, asked: dict[str, str], told: str
) -> None:
    answer = await client.get("/api/dashboard", params=asked)
    assert (answer.status_code, told in answer.json()["detail"]) == (422, True), answer.text


async def test_another_workspace_s_work_stays_there(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    await client.post("/api/tickets", json={"title": "Ours"})
    other = uuid4()
    async with database.transaction(other) as tx:
        await tx.execute("insert into workspace (workspace_id, name) values (%s, 'other')", (other,))
    app = build_app([api.routes(database)])
    app.dependency_overrides[current_workspace] = lambda: other
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as theirs:
        shown = await numbers(theirs)
    assert (shown["opened"]["value"], shown["tickets"]) == (0, [])
