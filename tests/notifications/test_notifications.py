"""Who is told what: each kind reaches the person concerned, nobody else, once, and not when it was taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx
import pytest

from vori.audio.model import AudioStream
from vori.audio.store import create_stream
from vori.clock import new_id, now
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import Evidence, Status
from vori.gateway import build_app
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting, ScriptLine
from vori.meetings.store import create_meeting
from vori.minutes.model import Edits, Minutes, Participant, Source, WrittenMinutes
from vori.minutes.store import Kept, save_minutes
from vori.notifications import api
from vori.people.api import current_workspace
from vori.tickets import api as tickets
from vori.tickets.apply import apply
from vori.tickets.comments import api as comments
from vori.tickets.history import api as history
from vori.tickets.model import Change, Fields, Lane
from vori.tickets.store import lock_board, read_ticket, save_change
from vori.transcript.naming.store import set_name

SCRIPT = (ScriptLine("one", 0, 1000, "Read out"),)


@dataclass
class Team:
    """People who use one VORI, each by a browser of their own, and VORI itself."""

    http: httpx.AsyncClient
    database: Database
    log: PostgresEventLog
    feed: PostgresLiveFeed
    workspace: UUID

    async def ask(self, person: str | None, method: str, path: str, **asked: Any) -> Any:
        headers = {"vori-person": quote(person)} if person else {}
        answer = await self.http.request(method, path, headers=headers, **asked)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def open(self, person: str | None, title: str, **given: Any) -> str:
        ticket = await self.ask(person, "POST", "/api/tickets", json={"title": title, **given})
        return f"/api/tickets/{ticket['ticket_id']}"

    async def told(self, person: str, **asked: Any) -> list[Any]:
        return list((await self.ask(person, "GET", "/api/notifications", params=asked))["items"])

    async def kinds(self, person: str) -> list[str]:
        return [one["kind"] for one in await self.told(person)]

    async def unread(self, person: str) -> int:
        return int((await self.ask(person, "GET", "/api/notifications"))["unread"])

    async def meet(self, title: str = "Weekly", *, people: tuple[str, ...] = (), script: bool = False) -> UUID:
        meeting = Meeting(
            new_id(), self.workspace, title, "en", "live", now(), participants=people, script=SCRIPT if script else ()
        )
        async with self.database.transaction(self.workspace) as tx:
            await create_meeting(tx, meeting)
        return meeting.meeting_id

    async def hear(self, meeting_id: UUID, path: str, *, lane: Lane = "applied", **changed: Any) -> Change:
        """Have VORI change a ticket by what was said in a meeting, or suggest it."""
        async with self.database.transaction(self.workspace) as tx:
            await lock_board(tx)
            ticket = await read_ticket(tx, UUID(path.rpartition("/")[2]))
            after = replace(ticket.fields, **changed)
            change = vori_s(meeting_id, ticket.ticket_id, ticket.fields, after, lane)
            await apply(tx, self.log, self.feed, ticket, change)
        return change

    async def suggest(self, meeting_id: UUID, title: str, lane: Lane = "pending") -> Change:
        async with self.database.transaction(self.workspace) as tx:
            return await save_change(tx, vori_s(meeting_id, new_id(), None, Fields(title), lane))

    async def write_minutes(self, meeting_id: UUID, *spoke: str, version: int = 1) -> None:
        minutes = Minutes(
            meeting_id=meeting_id,
            title="Weekly",
            language="en",
            started_at=now(),
            duration_ms=1,
            rehearsal=False,
            participants=tuple(Participant(name=name, talk_ms=1) for name in spoke),
        )
        written = WrittenMinutes(minutes=minutes, version=version, written_at=now())
        async with self.database.transaction(self.workspace) as tx:
            await save_minutes(tx, Kept(written, minutes, Edits(), Source()))


def vori_s(meeting_id: UUID, ticket_id: UUID, before: Fields | None, after: Fields, lane: Lane) -> Change:
    said = Evidence(
        utterance_id=new_id(),
        stream=meeting_id,
        speaker=None,
        voice=0,
        start_ms=41_000,
        end_ms=43_000,
        quote="It is so.",
    )
    return Change(
        change_id=new_id(),
        ticket_id=ticket_id,
        meeting_id=meeting_id,
        kind="created" if before is None else "moved" if before.status is not after.status else "edited",
        before=before,
        after=after,
        reason="It was said.",
        evidence=(said,),
        actor="offline 1",
        certainty=0.9,
        lane=lane,
        at=now(),
    )


@pytest.fixture
async def team(database: Database, log_database: Database, workspace: UUID) -> AsyncIterator[Team]:
    async with PostgresEventLog(log_database) as log, PostgresLiveFeed(log_database) as feed:
        parts = (database, log, feed)
        app = build_app(
            [api.routes(database), tickets.routes(*parts), history.routes(*parts), comments.routes(database)]
        )
        app.dependency_overrides[current_workspace] = lambda: workspace
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as http:
            yield Team(http, database, log, feed, workspace)


async def test_a_ticket_that_becomes_somebody_s_is_told_to_them_alone(team: Team) -> None:
    await team.open("Maya", "Write the error texts", assignee="지민")
    taken = await team.open("Maya", "Order the crockery")
    await team.ask(None, "PATCH", taken, json={"assignee": "지민"})
    newest, first = await team.told("지민")
    assert (first["kind"], first["person"], first["actor"], first["before"]) == ("assigned", "Maya", "person", None)
    assert (first["ticket"]["key"], first["ticket"]["title"]) == ("VORI-1", "Write the error texts")
    assert (newest["kind"], newest["person"], newest["after"]["assignee"]) == ("assigned", None, "지민")
    assert await team.told("Maya") == []


async def test_another_status_is_told_to_whose_ticket_it_is_with_who_moved_it(team: Team) -> None:
    path = await team.open("지민", "Rotate the keys", assignee="지민")
    await team.ask("Maya", "PATCH", path, json={"status": "IN_PROGRESS"})
    (moved,) = await team.told("지민")
    assert (moved["kind"], moved["person"], moved["before"]["status"]) == ("moved", "Maya", "TODO")
    assert (moved["after"]["status"], moved["meeting"], moved["unread"]) == ("IN_PROGRESS", None, True)
    assert await team.told("Jimin") == []


async def test_what_one_does_oneself_is_no_news(team: Team) -> None:
    path = await team.open("Maya", "Paint the fence", assignee="Maya")
    await team.ask("Maya", "PATCH", path, json={"status": "DONE", "title": "Paint the whole fence"})
    bulk = {"operations": [{"do": "change", "ticket_id": path.rpartition("/")[2], "change": {"status": "TODO"}}]}
    await team.ask("Maya", "POST", "/api/tickets/bulk", json=bulk)
    await team.ask("Maya", "POST", f"{path}/comments", json={"text": "Blue.", "author": "Maya"})
    waits = await team.hear(await team.meet(), path, lane="pending", status=Status.DONE)
    await team.ask("Maya", "POST", f"/api/suggestions/{waits.change_id}/accept")
    assert await team.told("Maya") == []
    said = [change["person"] for change in await team.ask(None, "GET", f"{path}/history")]
    assert said == ["Maya"] * 4, "the history tells who"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"due": "2030-03-06"}, ["changed"]),
        ({"title": "Mow both lawns"}, ["changed"]),
        ({"blocked": True, "blocked_reason": "rain"}, ["changed"]),
        ({"assignee": "Omar"}, ["changed"]),
        ({"content": "Also behind the house."}, []),
        ({"priority": "high"}, []),
        ({"labels": ["garden"]}, []),
        ({"after": None}, []),
    ],
    ids=str,
)
async def test_of_other_changes_those_are_told_that_change_one_s_plans(
    team: Team, change: dict[str, Any], told: list[str]
) -> None:
    path = await team.open("Maya", "Mow the lawn", assignee="Maya")
    await team.open("Omar", "Lies on top of it")
    await team.ask("Omar", "PATCH", path, json=change)
    assert await team.kinds("Maya") == told
    assert await team.kinds("Omar") == []


async def test_a_comment_is_told_to_whose_ticket_it_is_and_to_who_commented_before(team: Team) -> None:
    path = await team.open("Maya", "Choose a projector", assignee="Maya")
    for author in ("Omar", "Nora", None):
        await team.ask(author, "POST", f"{path}/comments", json={"text": f"By {author}" + "!" * 400, "author": author})
    assert [one["person"] for one in await team.told("Maya")] == [None, "Nora", "Omar"]
    assert [one["person"] for one in await team.told("Omar")] == [None, "Nora"]
    assert [one["person"] for one in await team.told("Nora")] == [None], "what was there before one's own is known"
    (last,) = await team.told("Nora")
    assert (last["kind"], last["ticket"]["key"], len(last["text"])) == ("comment", "VORI-1", 300)
    last_id = last["id"]
    await team.ask(None, "DELETE", f"{path}/comments/{last_id}")
    assert await team.told("Nora") == []


async def test_what_waits_for_a_yes_or_no_is_asked_of_everyone_once_per_meeting(team: Team) -> None:
    meeting_id = await team.meet("Planning")
    first = await team.suggest(meeting_id, "Write the handbook")
    second = await team.suggest(meeting_id, "Test the handbook")
    await team.suggest(meeting_id, "Perhaps read it", "review")
    for person in ("Maya", "Omar"):
        (asked,) = await team.told(person)
        assert (asked["kind"], asked["count"], asked["actor"], asked["id"]) == (
            "suggestion", 2, "offline 1", str(second.change_id),
        )  # fmt: skip
        assert (asked["meeting"]["id"], asked["meeting"]["title"]) == (str(meeting_id), "Planning")
    await team.ask("Omar", "POST", f"/api/suggestions/{first.change_id}/accept")
    assert [one["count"] for one in await team.told("Maya")] == [1]
    await team.ask("Omar", "POST", f"/api/suggestions/{second.change_id}/reject")
    assert await team.told("Maya") == []


async def test_minutes_are_told_once_to_who_took_part(team: Team) -> None:
    meeting_id = await team.meet(people=("Maya",))
    await team.write_minutes(meeting_id, "Omar")
    for person in ("Maya", "Omar"):
        (told,) = await team.told(person)
        assert (told["kind"], told["meeting"]["title"], told["actor"]) == ("minutes", "Weekly", "vori")
        await team.ask(person, "POST", "/api/notifications/read", json={"until": told["at"]})
    await team.write_minutes(meeting_id, "Omar", "Nora", version=2)
    assert (await team.unread("Maya"), len(await team.told("Maya"))) == (0, 1), "written anew is not told anew"
    assert await team.kinds("Nora") == ["minutes"], "a voice that was named later"
    assert await team.kinds("Paul") == []


async def test_vori_s_own_changes_name_it_and_bring_their_proof(team: Team) -> None:
    path = await team.open("Maya", "Fix the login", assignee="Maya")
    meeting_id = await team.meet()
    await team.hear(meeting_id, path, status=Status.DONE)
    desk = AudioStream(meeting_id, team.workspace, meeting_id, "desk", "opus", 48_000, None, None, 0, now())
    async with team.database.transaction(team.workspace) as tx:
        await create_stream(tx, desk)
        await set_name(tx, meeting_id, desk.stream, 0, "Omar")
    (told,) = await team.told("Maya")
    assert (told["kind"], told["actor"], told["person"], told["accepted"]) == ("moved", "offline 1", None, False)
    assert told["meeting"]["id"] == str(meeting_id)
    assert [(said["quote"], said["speaker"], said["start_ms"]) for said in told["evidence"]] == [
        ("It is so.", "Omar", 41_000)
    ]


async def test_an_accepted_suggestion_is_vori_s_with_who_accepted_it(team: Team) -> None:
    path = await team.open("Maya", "Fix the login", assignee="Maya")
    waits = await team.hear(await team.meet(), path, lane="pending", status=Status.DONE)
    await team.ask("Omar", "POST", f"/api/suggestions/{waits.change_id}/accept")
    (told,) = await team.told("Maya")
    assert (told["kind"], told["actor"], told["person"], told["accepted"]) == ("moved", "offline 1", "Omar", True)


async def test_what_is_undone_was_never_told_and_undoing_is_no_news(team: Team) -> None:
    path = await team.open("Maya", "Water the plants", assignee="Maya")
    await team.ask("Omar", "PATCH", path, json={"status": "DONE"})
    assert await team.unread("Maya") == 1
    await team.ask("Nora", "POST", f"{path}/undo")
    assert (await team.told("Maya"), await team.unread("Maya")) == ([], 0)
    await team.ask("Nora", "POST", f"{path}/redo")
    assert [(one["kind"], one["person"]) for one in await team.told("Maya")] == [("moved", "Omar")]
    await team.ask("Omar", "POST", f"{path}/comments", json={"text": "Done.", "author": "Omar"})
    await team.ask("Nora", "POST", f"{path}/undo")
    await team.ask("Nora", "POST", f"{path}/undo")
    assert await team.told("Maya") == [], "a ticket that was taken off the board"


async def test_rehearsals_tell_nothing(team: Team) -> None:
    path = await team.open("Maya", "Fix the login", assignee="Maya")
    meeting_id = await team.meet(people=("Maya",), script=True)
    await team.hear(meeting_id, path, status=Status.DONE)
    await team.suggest(meeting_id, "Write the handbook")
    await team.write_minutes(meeting_id, "Maya")
    assert (await team.told("Maya"), await team.unread("Maya")) == ([], 0)


async def test_what_is_older_than_thirty_days_is_not_told(team: Team) -> None:
    path = await team.open("Maya", "Water the plants", assignee="Maya")
    await team.ask("Omar", "PATCH", path, json={"status": "DONE"})
    async with team.database.transaction(team.workspace) as tx:
        await tx.execute("update ticket_change set at = at - interval '29 days'")
    assert await team.unread("Maya") == 1
    async with team.database.transaction(team.workspace) as tx:
        await tx.execute("update ticket_change set at = at - interval '2 days'")
    assert await team.unread("Maya") == 0


async def test_kinds_that_somebody_does_not_want_are_neither_listed_nor_counted(team: Team) -> None:
    path = await team.open("Omar", "Mow the lawn", assignee="Maya")
    await team.ask("Omar", "PATCH", path, json={"status": "DONE"})
    assert await team.ask("Maya", "GET", "/api/settings/notifications") == {"unwanted": []}
    asked = {"unwanted": ["suggestion", "moved", "moved"]}
    kept = await team.ask("Maya", "PUT", "/api/settings/notifications", json=asked)
    assert kept == {"unwanted": ["moved", "suggestion"]}
    assert (await team.kinds("Maya"), await team.unread("Maya")) == (["assigned"], 1)
    await team.ask("Maya", "PUT", "/api/settings/notifications", json={"unwanted": []})
    assert await team.kinds("Maya") == ["moved", "assigned"]
    assert await team.ask("Omar", "GET", "/api/settings/notifications") == {"unwanted": []}


async def test_what_was_read_stays_read_and_what_comes_is_unread(team: Team) -> None:
    path = await team.open("Omar", "Mow the lawn", assignee="Maya")
    await team.ask("Omar", "PATCH", path, json={"due": "2030-03-06"})
    newest, first = await team.told("Maya")
    await team.ask("Maya", "POST", "/api/notifications/read", json={"until": first["at"]})
    assert [one["unread"] for one in await team.told("Maya")] == [True, False]
    await team.ask("Maya", "POST", "/api/notifications/read", json={"until": newest["at"]})
    await team.ask("Maya", "POST", "/api/notifications/read", json={"until": first["at"]})
    await team.ask("Maya", "PUT", "/api/settings/notifications", json={"unwanted": ["comment"]})
    assert await team.unread("Maya") == 0
    await team.ask("Omar", "PATCH", path, json={"status": "DONE"})
    assert [one["unread"] for one in await team.told("Maya")] == [True, False, False]
    assert await team.unread("Maya") == 1


async def test_pages_follow_each_other_and_mark_what_was_unread_at_the_first(team: Team) -> None:
    for number in range(7):
        await team.open("Omar", f"Ticket {number}", assignee="Maya")
    first = await team.ask("Maya", "GET", "/api/notifications", params={"limit": 3})
    assert (first["unread"], len(first["items"])) == (7, 3)
    await team.ask("Maya", "POST", "/api/notifications/read", json={"until": first["items"][0]["at"]})
    await team.open("Omar", "One that came since", assignee="Maya")
    items, cursor = first["items"], first["next_cursor"]
    while cursor:
        following = await team.ask("Maya", "GET", "/api/notifications", params={"limit": 3, "cursor": cursor})
        items, cursor = [*items, *following["items"]], following["next_cursor"]
    assert [one["ticket"]["title"] for one in items] == [f"Ticket {number}" for number in reversed(range(7))]
    assert [one["unread"] for one in items] == [True] * 7
    assert following["unread"] == 1


@pytest.mark.parametrize(
    ("method", "path", "asked", "told"),
    [
        ("GET", "/api/notifications?limit=0", None, "greater than"),
        ("GET", "/api/notifications?limit=101", None, "less than"),
        ("GET", "/api/notifications?cursor=WyIxIl0", None, "cursor is not one of ours"),
        ("GET", "/api/notifications?cursor=WyJhIiwiYiIsImMiXQ", None, "cursor is not one of ours"),
        ("POST", "/api/notifications/read", {"until": "2999-01-01T00:00:00Z"}, "yet to come"),
        ("POST", "/api/notifications/read", {"until": "2026-01-01T00:00:00"}, "timezone"),
        ("POST", "/api/notifications/read", {}, "until"),
        ("PUT", "/api/settings/notifications", {"unwanted": ["thunder"]}, "assigned"),
        ("PUT", "/api/settings/notifications", {"off": []}, "unwanted"),
    ],
)
async def test_what_makes_no_sense_is_refused(team: Team, method: str, path: str, asked: Any, told: str) -> None:
    answer = await team.http.request(method, path, json=asked, headers={"vori-person": "Maya"})
    assert (answer.status_code, told in answer.json()["detail"]) == (422, True), answer.text
    assert await team.unread("Maya") == 0


@pytest.mark.parametrize("person", ["", "%20", "%FF", "a%0Ab", "x" * 81])
async def test_who_asks_has_a_name(team: Team, person: str) -> None:
    answer = await team.http.get("/api/notifications", headers={"vori-person": person})
    assert (answer.status_code, "holds no name" in answer.json()["detail"]) == (422, True)
    answer = await team.http.post("/api/tickets", json={"title": "By whom?"}, headers={"vori-person": person})
    assert answer.status_code == 422
    nobody = await team.http.get("/api/notifications")
    assert (nobody.status_code, nobody.json()["code"]) == (422, "nobody")


async def test_another_workspace_is_told_nothing_of_it(team: Team, database: Database) -> None:
    await team.open("Omar", "Ours", assignee="Maya")
    other = uuid4()
    async with database.transaction(other) as tx:
        await tx.execute("insert into workspace (workspace_id, name) values (%s, 'other')", (other,))
    app = build_app([api.routes(database)])
    app.dependency_overrides[current_workspace] = lambda: other
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as http:
        theirs = replace(team, http=http, workspace=other)
        assert await theirs.told("Maya") == []
        until = (now() - timedelta(seconds=1)).isoformat()
        await theirs.ask("Maya", "POST", "/api/notifications/read", json={"until": until})
    assert await team.unread("Maya") == 1
    assert datetime.fromisoformat((await team.told("Maya"))[0]["at"]) <= now()
