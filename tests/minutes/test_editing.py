"""Minutes in hand: edited by whoever has read them, every version kept, and kept to by what VORI writes anew."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import httpx
from tests.minutes.test_minutes_flow import app_for, correct, ended_meeting, report, working

from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import UtteranceFinal
from vori.livefeed import LiveMessage
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import rename_meeting

TEXTS = ("The export of invoices fails for large customers.", "We decided to ship the fix on Tuesday.")
Told = asyncio.Queue[LiveMessage]


class World:
    """Written minutes, a person at the API, and the worker."""

    def __init__(
        self, client: httpx.AsyncClient, meeting: Meeting, said: list[UtteranceFinal], log: PostgresEventLog, told: Told
    ) -> None:
        self.client, self.meeting, self.said, self.log, self.told = client, meeting, said, log, told
        self.path = f"/api/meetings/{meeting.meeting_id}/minutes"

    async def edit(self, etag: str | None, *operations: dict[str, object]) -> httpx.Response:
        headers = {"if-match": etag} if etag else {}
        return await self.client.patch(self.path, json={"operations": operations}, headers=headers)

    async def news(self) -> dict[str, object]:
        message = await asyncio.wait_for(self.told.get(), 10)
        assert message.data is not None
        assert message.version == message.data["version"]
        return message.data


@asynccontextmanager
async def written(database: Database, log_database: Database, workspace: UUID) -> AsyncIterator[World]:
    meeting, said = await ended_meeting(database, workspace, *TEXTS)
    app = app_for(database, workspace, PostgresLiveFeed(log_database))
    async with (
        working(database, log_database) as (log, told),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client,
    ):
        async with database.transaction(workspace) as tx:
            await log.append(tx, report(meeting, said[1]))
        world = World(client, meeting, said, log, told)
        await world.news()
        yield world


async def test_who_has_read_the_minutes_may_edit_them_and_every_version_is_kept(
    database: Database, log_database: Database, workspace: UUID
) -> None:
    async with written(database, log_database, workspace) as world:
        read = await world.client.get(world.path)
        assert read.headers["etag"] == '"1"'
        line = read.json()["decisions"][0]
        reword = {"do": "reword", "line_id": line["id"], "text": "The fix ships on Tuesday"}
        unguarded = await world.edit(None, reword)
        assert (unguarded.status_code, unguarded.json()["code"]) == (428, "unguarded")
        edited = await world.edit(
            '"1"', reword, {"do": "add", "section": "next_steps", "text": "Tell sales", "who": "Maya"}
        )
        assert (edited.status_code, edited.headers["etag"]) == (200, '"2"')
        assert (await world.news()) == edited.json()
        assert (edited.json()["version"], edited.json()["by"]) == (2, "person")
        assert edited.json()["decisions"][0]["evidence"] == line["evidence"]
        late = await world.edit('"1"', {"do": "remove", "line_id": line["id"]})
        assert (late.status_code, late.json()["code"]) == (412, "stale")
        nothing = await world.edit('"2"', {"do": "reword", "line_id": line["id"], "text": "The fix ships on Tuesday"})
        assert nothing.headers["etag"] == '"2"', "what changes nothing makes no version"
        half = await world.edit(
            '"2"', {"do": "remove", "line_id": line["id"]}, {"do": "remove", "line_id": str(uuid4())}
        )
        assert half.status_code == 404
        assert (await world.client.get(world.path)).json() == edited.json(), "all of it, or none"
        document = (await world.client.get(world.path, params={"format": "md"})).text
        assert "- The fix ships on Tuesday · written by hand\n  - 00:05 Maya: “We decided" in document
        assert "- **Tell sales** · Maya · written by hand\n" in document
        history = (await world.client.get(f"{world.path}/versions")).json()
        assert [(entry["version"], entry["by"]) for entry in history] == [(2, "person"), (1, "vori")]
        assert (await world.client.get(world.path, params={"version": 1})).json() == read.json()
        assert (await world.client.get(world.path, params={"version": 3})).status_code == 404
        back = await world.client.post(f"{world.path}/versions/1/restore", headers={"if-match": '"2"'})
        assert back.json()["version"] == 3
        assert back.json()["decisions"] == read.json()["decisions"]
        again = await world.client.post(f"{world.path}/versions/2/restore", headers={"if-match": "*"})
        assert again.json()["decisions"] == edited.json()["decisions"]


async def test_what_vori_writes_anew_keeps_to_the_edits_and_is_news_to_who_read_before(
    database: Database, log_database: Database, workspace: UUID
) -> None:
    async with written(database, log_database, workspace) as world:
        read = (await world.client.get(world.path)).json()
        removed, reworded = read["summary"][0]["id"], read["decisions"][0]["id"]
        await world.edit(
            '"1"',
            {"do": "remove", "line_id": removed},
            {"do": "reword", "line_id": reworded, "text": "The fix ships soon"},
        )
        await world.news()
        await correct(world.log, database, world.said[1], "We decided to ship the fix on Thursday.", 1)
        anew = await world.news()
        assert (anew["version"], anew["by"]) == (3, "vori")
        shown = (await world.client.get(world.path)).json()
        assert removed not in {line["id"] for line in shown["summary"]}
        (line,) = (line for line in shown["decisions"] if line["by"] == "person")
        assert line["text"] == "The fix ships soon"
        assert line["evidence"][0]["quote"] == "We decided to ship the fix on Thursday."
        late = await world.edit('"2"', {"do": "restore", "line_id": removed})
        assert late.status_code == 412


async def test_a_meeting_that_gets_another_title_has_it_in_all_its_minutes(
    database: Database, log_database: Database, workspace: UUID
) -> None:
    async with written(database, log_database, workspace) as world:
        async with database.transaction(workspace) as tx:
            await rename_meeting(tx, world.meeting.meeting_id, "Launch review")
        read = await world.client.get(world.path)
        assert (read.json()["title"], read.headers["etag"]) == ("Launch review", '"1"')
        assert (await world.client.get(world.path, params={"version": 1})).json()["title"] == "Launch review"
        assert "# Launch review" in (await world.client.get(world.path, params={"format": "md"})).text
        add: dict[str, object] = {"do": "add", "section": "next_steps", "text": "Tell sales"}
        assert (await world.edit('"1"', add)).json()["title"] == "Launch review"
        assert (await world.news())["title"] == "Launch review"


async def test_documents_over_http(database: Database, log_database: Database, workspace: UUID) -> None:
    async with written(database, log_database, workspace) as world:
        for form, kind, begin in (
            ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK"),
            ("pdf", "application/pdf", b"%PDF-"),
        ):
            answer = await world.client.get(world.path, params={"format": form})
            assert answer.headers["content-type"] == kind
            assert answer.headers["content-disposition"].endswith(f"Planning%202026-11-20.{form}")
            assert answer.content.startswith(begin)
        as_json = await world.client.get(world.path, params={"format": "json"})
        assert as_json.json() == (await world.client.get(world.path)).json()
