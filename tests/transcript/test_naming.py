"""Names of the voices of a shared microphone: they hold at once for all that was said, and can be taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from vori.audio.model import AudioStream, stream_key
from vori.audio.store import create_stream
from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import SpeakerNamed, Topic, UtteranceFinal
from vori.gateway import build_app
from vori.livefeed import LiveMessage
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting
from vori.people.api import current_workspace
from vori.transcript import api
from vori.transcript.naming import api as naming
from vori.transcript.naming.model import as_known, present, shown
from vori.transcript.store import add_utterance

BEGAN = datetime(2026, 11, 20, tzinfo=UTC)
SAID = [("desk", 0), ("desk", 1), ("desk", 0), ("desk", None), ("wall", 0), ("jun", None)]
"""Who says what: stream and voice, 5 s each."""


class Room:
    """A meeting with two shared microphones and one of Jun's."""

    def __init__(self, database: Database, log: PostgresEventLog, workspace: UUID, client: httpx.AsyncClient) -> None:
        self.database, self.log, self.workspace, self.client = database, log, workspace, client
        self.meeting_id = new_id()

    def stream(self, name: str) -> UUID:
        return stream_key(self.meeting_id, name)

    async def begin(self) -> None:
        meeting = Meeting(
            self.meeting_id, self.workspace, "Planning", "en", "live", BEGAN, participants=("Maya", "Jun")
        )
        async with self.database.transaction(self.workspace) as tx:
            await create_meeting(tx, meeting)
            for number, name in enumerate(("desk", "wall", "jun")):
                stream = AudioStream(
                    *(self.stream(name), self.workspace, self.meeting_id, name, "opus", 48_000, None),
                    *("Jun" if name == "jun" else None, 0, BEGAN.replace(second=number)),
                )
                await create_stream(tx, stream)
            for number, (name, voice) in enumerate(SAID):
                said = UtteranceFinal(
                    workspace_id=self.workspace,
                    meeting_id=self.meeting_id,
                    utterance_id=uuid4(),
                    stream=self.stream(name),
                    speaker="Jun" if name == "jun" else None,
                    voice=voice,
                    start_ms=number * 20_000,
                    end_ms=number * 20_000 + 5_000 + number * 3_000,
                    language="en",
                    text=f"Line {number}.",
                )
                await add_utterance(tx, said, "test")

    def url(self, name: str, voice: int | str) -> str:
        return f"/{self.meeting_id}/speakers/{self.stream(name)}/{voice}"

    async def name(self, stream: str, voice: int, name: str | None) -> dict[str, Any]:
        answer = await self.client.put(self.url(stream, voice), json={"name": name})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def speakers(self) -> list[str | None]:
        page = (await self.client.get(f"/{self.meeting_id}/transcript")).json()
        return [said["speaker"] for said in page["items"]]

    async def text(self) -> list[str]:
        return (await self.client.get(f"/{self.meeting_id}/transcript?format=txt")).text.splitlines()

    async def facts(self) -> list[SpeakerNamed]:
        records = self.log.read(Topic.TRANSCRIPTION, str(self.meeting_id))
        return [record.event async for record in records if isinstance(record.event, SpeakerNamed)]


@pytest.fixture
async def room(database: Database, log_database: Database, workspace: UUID) -> AsyncIterator[Room]:
    async with AsyncExitStack() as opened:
        log = await opened.enter_async_context(PostgresEventLog(log_database))
        feed = await opened.enter_async_context(PostgresLiveFeed(log_database))
        app = build_app([api.routes(database, log, feed), naming.routes(database, log, feed)])
        app.dependency_overrides[current_workspace] = lambda: workspace
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1/api/meetings")
        made = Room(database, log, workspace, await opened.enter_async_context(client))
        await made.begin()
        yield made


async def test_voices_are_listed_with_how_long_they_spoke_and_where_to_hear_them(room: Room) -> None:
    listed = (await room.client.get(f"/{room.meeting_id}/speakers")).json()
    assert [(speaker["stream"], speaker["voice"], speaker["name"]) for speaker in listed] == [
        (str(room.stream("desk")), 0, None),
        (str(room.stream("desk")), 1, None),
        (str(room.stream("wall")), 0, None),
        (str(room.stream("jun")), None, "Jun"),
    ]
    assert (listed[0]["talk_ms"], listed[0]["utterances"]) == (5_000 + 11_000, 2)
    assert listed[0]["sample"] == {"start_ms": 40_000, "end_ms": 50_000}, "the longest, 10 s of it"
    assert listed[1]["sample"] == {"start_ms": 20_000, "end_ms": 28_000}


async def test_a_name_holds_at_once_for_all_that_a_voice_said(room: Room) -> None:
    assert await room.speakers() == [None, None, None, None, None, "Jun"]
    named = await room.name("desk", 0, "  Maya Lee ")
    assert (named["name"], named["voice"], named["utterances"]) == ("Maya Lee", 0, 2)
    assert await room.speakers() == ["Maya Lee", None, "Maya Lee", None, None, "Jun"]
    await room.name("desk", 0, "Ann")
    assert await room.speakers() == ["Ann", None, "Ann", None, None, "Jun"]
    await room.name("desk", 0, None)
    assert await room.speakers() == [None, None, None, None, None, "Jun"]
    assert [(fact.voice, fact.version, fact.name) for fact in await room.facts()] == [
        (0, 1, "Maya Lee"),
        (0, 2, "Ann"),
        (0, 3, None),
    ]


async def test_voices_with_one_name_are_one_person_however_it_is_spelt_and_can_be_parted_again(room: Room) -> None:
    assert (await room.name("desk", 0, "MAYA"))["name"] == "Maya", "as the participant is spelt"
    assert (await room.name("desk", 1, "maya"))["name"] == "Maya"
    assert (await room.name("wall", 0, "jun"))["name"] == "Jun", "as the other stream's speaker is spelt"
    assert await room.speakers() == ["Maya", "Maya", "Maya", None, "Jun", "Jun"]
    await room.name("desk", 1, "Ann")
    assert await room.speakers() == ["Maya", "Ann", "Maya", None, "Jun", "Jun"]


async def test_who_speaks_alone_can_be_renamed_too_and_get_the_first_name_back(
    room: Room, log_database: Database
) -> None:
    url = f"/{room.meeting_id}/speakers/{room.stream('jun')}"
    async with PostgresLiveFeed(log_database) as feed, feed.subscribe() as messages, asyncio.timeout(10):
        renamed = (await room.client.put(url, json={"name": "June Park"})).json()
        assert (renamed["name"], renamed["voice"], renamed["utterances"]) == ("June Park", None, 1)
        assert await room.speakers() == [None, None, None, None, None, "June Park"], "the unknown voice stays unknown"
        assert (await room.text())[-1] == "June Park: Line 5."
        back = (await room.client.put(url, json={"name": None})).json()
        told = [await anext(messages) for _ in range(2)]
    assert back["name"] == "Jun"
    assert await room.speakers() == [None, None, None, None, None, "Jun"]
    assert [message.data for message in told if isinstance(message, LiveMessage)] == [
        {"stream": str(room.stream("jun")), "voice": None, "name": name} for name in ("June Park", "Jun")
    ]
    assert [(fact.voice, fact.name) for fact in await room.facts()] == [(None, "June Park"), (None, None)]
    assert (await room.client.put(url, json={"name": "maya"})).json()["name"] == "Maya", "one with the participant"
    shared = await room.client.put(f"/{room.meeting_id}/speakers/{room.stream('desk')}", json={"name": "Ann"})
    assert (shared.status_code, shared.json()["fault"]) == (404, "caller")


def test_a_name_that_a_stream_was_begun_under_by_mistake_takes_no_part() -> None:
    meeting, workspace = new_id(), new_id()
    streams = [
        AudioStream(stream_key(meeting, name), workspace, meeting, name, "opus", 48_000, None, name, 0, BEGAN)
        for name in ("Jun", "Maya")
    ]
    assert present(("Jun", "Maya", "Bo"), streams, {}) == ("Jun", "Maya", "Bo")
    assert present(("Jun", "Maya", "Bo"), streams, {(streams[0].stream, None): "June"}) == ("Maya", "Bo")


async def test_the_same_name_again_is_no_news(room: Room, log_database: Database) -> None:
    async with PostgresLiveFeed(log_database) as feed, feed.subscribe() as messages, asyncio.timeout(10):
        for _ in range(3):
            await room.name("desk", 1, "Ann")
        await room.name("desk", 1, "Bo")
        told = [await anext(messages) for _ in range(2)]
    assert [(message.kind, message.version, message.data) for message in told if isinstance(message, LiveMessage)] == [
        ("speaker", version, {"stream": str(room.stream("desk")), "voice": 1, "name": name})
        for version, name in ((1, "Ann"), (2, "Bo"))
    ]
    assert len({message.id for message in told if isinstance(message, LiveMessage)}) == 1
    assert len(await room.facts()) == 2


async def test_text_and_subtitles_count_the_voices_that_have_no_name_and_leave_the_unknown_alone(room: Room) -> None:
    assert await room.text() == [
        "Speaker 1: Line 0.",
        "Speaker 2: Line 1.",
        "Speaker 1: Line 2.",
        "Line 3.",
        "Speaker 5: Line 4.",
        "Jun: Line 5.",
    ]
    await room.name("desk", 1, "Ann")
    assert (await room.text())[1:3] == ["Ann: Line 1.", "Speaker 1: Line 2."]


@pytest.mark.parametrize(
    ("place", "body", "status"),
    [
        (("desk", 2), {"name": "Ann"}, 404),
        (("jun", 0), {"name": "Ann"}, 404),
        (("nowhere", 0), {"name": "Ann"}, 404),
        (("desk", "x"), {"name": "Ann"}, 422),
        (("desk", 2**40), {"name": "Ann"}, 422),
        (("desk", -1), {"name": "Ann"}, 422),
        (("desk", 0), {"name": " "}, 422),
        (("desk", 0), {"name": "x" * 81}, 422),
        (("desk", 0), {"name": "two\nlines"}, 422),
        (("desk", 0), {}, 422),
        (("desk", 0), {"name": "Ann", "voice": 1}, 422),
    ],
)
async def test_a_voice_that_is_not_there_and_a_name_that_is_none_are_refused(
    room: Room, place: tuple[str, int | str], body: dict[str, Any], status: int
) -> None:
    answer = await room.client.put(room.url(*place), json=body)
    assert (answer.status_code, answer.json()["fault"]) == (status, "caller")
    assert await room.facts() == []


async def test_another_team_sees_no_voices_and_names_none(room: Room, database: Database) -> None:
    other = new_id()
    room.client._transport.app.dependency_overrides[current_workspace] = lambda: other  # type: ignore[attr-defined]
    assert (await room.client.get(f"/{room.meeting_id}/speakers")).status_code == 404
    assert (await room.client.put(room.url("desk", 0), json={"name": "Ann"})).status_code == 404


def test_a_voice_is_shown_by_its_name_else_by_a_number_of_its_own() -> None:
    desk, wall = uuid4(), uuid4()
    assert shown("Maya", desk, 1, [desk, wall], "en") == "Maya"
    assert shown(None, desk, 1, [desk, wall], "en") == "Speaker 2"
    assert shown(None, wall, 0, [desk, wall], "ko") == "말하는 사람 5"
    assert shown(None, desk, None, [desk, wall], "en") is None, "unknown stays unknown"


def test_a_name_is_spelt_as_it_is_known() -> None:
    assert as_known("maya", ["Jun", "Maya"]) == "Maya"
    assert as_known("Ann", ["Anne"]) == "Ann"
