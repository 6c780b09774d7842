"""Minutes so far: written while the meeting goes on, with what happened to tickets, and gone once they are final."""

import asyncio
from uuid import UUID

import httpx
import pytest
from tests.minutes.test_minutes_flow import app_for, meeting_with_words, report, working
from tests.minutes.test_minutes_model import ENGLISH, said, ticket

from vori.database.connection import Database
from vori.events import Status, TicketCreated, TicketFacts, TicketUpdated, UtteranceFinal
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.store import end_meeting
from vori.minutes import draft, worker
from vori.minutes.draft import follow
from vori.minutes.model import Source

WORDS = said(ENGLISH)


def created(made: TicketFacts, *words: UtteranceFinal) -> TicketCreated:
    return TicketCreated(
        workspace_id=WORDS[0].workspace_id,
        meeting_id=WORDS[0].meeting_id,
        ticket=made,
        evidence=tuple(one.evidence for one in words),
    )


def updated(before: TicketFacts, after: TicketFacts | None, *words: UtteranceFinal) -> TicketUpdated:
    return TicketUpdated(
        workspace_id=WORDS[0].workspace_id,
        meeting_id=WORDS[0].meeting_id,
        change_id=before.ticket_id,
        before=before,
        after=after,
        evidence=tuple(one.evidence for one in words),
    )


def outcome(*events: TicketCreated | TicketUpdated) -> list[tuple[str, str, str | None, int]]:
    source = Source()
    for event in events:
        source = follow(source, event)
    return [
        (item.action, item.ticket.status.value, item.from_status and item.from_status.value, len(item.evidence))
        for item in source.tickets
    ]


def test_what_happened_to_tickets_so_far() -> None:
    todo, doing, done = (ticket("V-1", "Login page", status) for status in Status)
    assert outcome(created(todo, WORDS[1])) == [("created", "TODO", None, 1)]
    assert outcome(created(todo, WORDS[1]), updated(todo, doing, WORDS[2])) == [("created", "IN_PROGRESS", None, 2)]
    assert outcome(created(todo, WORDS[1]), updated(todo, None)) == []
    assert outcome(updated(todo, doing, WORDS[1]), updated(doing, done, WORDS[2])) == [("moved", "DONE", "TODO", 2)]
    named = todo.model_copy(update={"assignee": "Alan"})
    assert outcome(updated(todo, named, WORDS[1])) == [("changed", "TODO", None, 1)]
    assert outcome(created(todo), updated(todo, doing)) == [], "people's doing alone is no news of the meeting"
    assert outcome(updated(todo, doing, WORDS[1]), updated(doing, todo)) == [], "undone by a person"


async def test_a_draft_is_written_while_the_meeting_goes_on_and_gives_way_to_the_minutes(
    database: Database, log_database: Database, workspace: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "EVERY_S", 0.05)
    monkeypatch.setattr(worker, "ARCHIVE_PATIENCE_S", 0.0)
    meeting, words = await meeting_with_words(
        database, workspace, "The export of invoices fails for large customers.", "We decided to ship on Tuesday."
    )
    path = f"/api/meetings/{meeting.meeting_id}/minutes"
    app = app_for(database, workspace, PostgresLiveFeed(log_database))
    async with (
        working(database, log_database) as (log, told),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client,
    ):
        opened = TicketCreated(
            workspace_id=workspace,
            meeting_id=meeting.meeting_id,
            ticket=ticket("VORI-1", "Invoice export", Status.TODO),
            evidence=(words[0].evidence,),
        )
        async with database.transaction(workspace) as tx:
            await log.append(tx, words[1])
            await log.append(tx, opened)
        async with asyncio.timeout(10):
            while True:
                message = await told.get()
                assert message.data is not None
                assert (message.version, message.data["state"]) == (0, "draft")
                if message.data["tickets"]:
                    break
        assert [line["text"] for line in message.data["decisions"]] == ["We decided to ship on Tuesday."]
        assert (await client.get(path)).json()["code"] == "minutes_not_ready"
        so_far = await client.get(path, params={"draft": True})
        assert so_far.json() == message.data
        assert "etag" not in so_far.headers
        assert "A draft:" in so_far.json()["markdown"]
        refused = await client.patch(path, json={"operations": [{"do": "remove", "line_id": str(meeting.meeting_id)}]})
        assert refused.json()["code"] == "minutes_not_ready"
        async with database.transaction(workspace) as tx:
            await end_meeting(tx, meeting.meeting_id, "asked")
            await log.append(tx, report(meeting))
        final = await asyncio.wait_for(told.get(), 10)
        assert (final.version, final.data and final.data["state"]) == (1, "final")
        async with database.transaction(workspace) as tx:
            await log.append(tx, words[0])
        await asyncio.sleep(0.3)
        assert told.empty(), "no draft comes after the minutes"
        assert (await client.get(path, params={"draft": True})).json() == final.data
