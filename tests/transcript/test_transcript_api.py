"""The transcript over HTTP, and its correction."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from vori.clock import new_id
from vori.database.connection import Database
from vori.database.paging import encode_cursor
from vori.eventlog.postgres import PostgresEventLog
from vori.events import Topic, UtteranceCorrected, UtteranceFinal, Word
from vori.gateway import build_app
from vori.livefeed import LiveMessage
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting
from vori.people.api import current_workspace
from vori.transcript import api
from vori.transcript.store import add_utterance


@pytest.fixture
async def meeting_id(database: Database, workspace: UUID) -> UUID:
    """A meeting in which five things were said, two of them at once."""
    meeting = Meeting(new_id(), workspace, "Planning", "en", "live", datetime(2026, 11, 20, tzinfo=UTC))
    async with database.transaction(workspace) as tx:
        await create_meeting(tx, meeting)
        for number, start_ms in enumerate((3000, 1000, 1000, 9000, 5000)):
            said = UtteranceFinal(
                workspace_id=workspace,
                meeting_id=meeting.meeting_id,
                utterance_id=uuid4(),
                stream=uuid4(),
                speaker="Maya" if number else None,
                start_ms=start_ms,
                end_ms=start_ms + 500,
                language="en",
                text=f"Line {number}.",
                words=(Word(text="Line", start_ms=start_ms, end_ms=start_ms + 200),),
            )
            assert await add_utterance(tx, said, "test")
            assert not await add_utterance(tx, said, "test"), "once"
    return meeting.meeting_id


@pytest.fixture
async def log(log_database: Database) -> AsyncIterator[PostgresEventLog]:
    async with PostgresEventLog(log_database) as opened:
        yield opened


@pytest.fixture
async def told(log_database: Database) -> AsyncIterator[AsyncIterator[object]]:
    """What the live feed tells."""
    async with PostgresLiveFeed(log_database) as feed, feed.subscribe() as messages:
        yield messages


@pytest.fixture
async def client(
    database: Database, log_database: Database, log: PostgresEventLog, workspace: UUID
) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncExitStack() as opened:
        feed = await opened.enter_async_context(PostgresLiveFeed(log_database))
        app: FastAPI = build_app([api.routes(database, log, feed)])
        app.dependency_overrides[current_workspace] = lambda: workspace
        transport = httpx.ASGITransport(app)
        base_url = "http://127.0.0.1:8674/api/meetings"
        yield await opened.enter_async_context(httpx.AsyncClient(transport=transport, base_url=base_url))


async def test_pages_follow_each_other_in_order_of_time(client: httpx.AsyncClient, meeting_id: UUID) -> None:
    found, cursor = [], None
    for _ in range(3):
        page = (
            await client.get(f"/{meeting_id}/transcript", params={"limit": 2} | ({"cursor": cursor} if cursor else {}))
        ).json()
        found += page["items"]
        cursor = page["next_cursor"]
    assert cursor is None
    assert [said["start_ms"] for said in found] == [1000, 1000, 3000, 5000, 9000]
    assert found[2] | {"utterance_id": "", "stream": ""} == {
        "utterance_id": "",
        "meeting_id": str(meeting_id),
        "stream": "",
        "speaker": None,
        "start_ms": 3000,
        "end_ms": 3500,
        "language": "en",
        "text": "Line 0.",
        "words": [{"text": "Line", "start_ms": 3000, "end_ms": 3200}],
        "voice": None,
        "version": 0,
        "original": None,
        "corrected_at": None,
        "reheard_by": None,
    }


async def test_it_comes_as_text_and_subtitles(client: httpx.AsyncClient, meeting_id: UUID) -> None:
    text = await client.get(f"/{meeting_id}/transcript?format=txt")
    assert sorted(text.text.splitlines()) == [
        "Line 0.",
        "Maya: Line 1.",
        "Maya: Line 2.",
        "Maya: Line 3.",
        "Maya: Line 4.",
    ]
    whole = (await client.get(f"/{meeting_id}/transcript?format=json")).json()
    assert sorted(line["text"] for line in whole) == [f"Line {number}." for number in range(5)]
    srt = await client.get(f"/{meeting_id}/transcript?format=srt")
    assert srt.headers["content-type"].startswith("application/x-subrip")
    assert "3\n00:00:03,000 --> 00:00:03,500\nLine 0.\n" in srt.text
    assert (await client.get(f"/{meeting_id}/transcript?format=vtt")).text.startswith("WEBVTT\n")


async def test_what_is_wrong_is_said(client: httpx.AsyncClient, meeting_id: UUID) -> None:
    assert (await client.get(f"/{uuid4()}/transcript")).status_code == 404
    for cursor in ("nonsense", "WyJhIiwiYiJd", encode_cursor("9" * 14, str(meeting_id))):
        answer = await client.get(f"/{meeting_id}/transcript", params={"cursor": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert (await client.get(f"/{meeting_id}/transcript?format=pdf")).status_code == 422


async def first(client: httpx.AsyncClient, meeting_id: UUID) -> tuple[str, dict[str, Any]]:
    """Where the meeting's only nameless utterance, "Line 0.", is corrected, and how it stands."""
    items = (await client.get(f"/{meeting_id}/transcript")).json()["items"]
    (said,) = (said for said in items if said["speaker"] is None)
    return f"/{meeting_id}/utterances/{said['utterance_id']}", said


async def test_a_correction_is_what_is_read_and_told_from_then_on(
    client: httpx.AsyncClient, meeting_id: UUID, log: PostgresEventLog, told: AsyncIterator[LiveMessage]
) -> None:
    path, before = await first(client, meeting_id)
    answer = await client.patch(path, json={"text": " Line zero, <please>. ", "version": 0})
    assert answer.status_code == 200
    assert answer.json() | {"corrected_at": None} == before | {
        "text": "Line zero, <please>.",
        "version": 1,
        "original": "Line 0.",
        "words": [
            {"text": "Line", "start_ms": 3000, "end_ms": 3200},
            {"text": "zero,", "start_ms": 3200, "end_ms": 3307},
            {"text": "<please>.", "start_ms": 3307, "end_ms": 3500},
        ],
    }
    assert datetime.fromisoformat(answer.json()["corrected_at"]).tzinfo
    assert (await first(client, meeting_id))[1] == answer.json()
    assert "\nLine zero, <please>.\n" in (await client.get(f"/{meeting_id}/transcript?format=srt")).text
    assert "\nLine zero, &lt;please&gt;.\n" in (await client.get(f"/{meeting_id}/transcript?format=vtt")).text
    assert "Line 0." not in (await client.get(f"/{meeting_id}/transcript?format=txt")).text

    news = await asyncio.wait_for(anext(told), 10)
    assert (news.kind, str(news.id), news.data) == ("utterance", before["utterance_id"], answer.json())
    assert news.version == 1, "so that a page keeps the later of two that cross on their way"
    (fact,) = [record.event async for record in log.read(Topic.TRANSCRIPTION, str(meeting_id))]
    assert isinstance(fact, UtteranceCorrected)
    assert (str(fact.utterance_id), fact.version, fact.text) == (before["utterance_id"], 1, "Line zero, <please>.")


async def test_the_same_text_is_no_change_and_what_was_heard_is_kept_and_can_come_back(
    client: httpx.AsyncClient, meeting_id: UUID, log: PostgresEventLog, database: Database, workspace: UUID
) -> None:
    path, before = await first(client, meeting_id)
    assert (await client.patch(path, json={"text": "Line 0."})).json() == before
    corrected = (await client.patch(path, json={"text": "Lime 0.", "version": 0})).json()
    again = await client.patch(path, json={"text": "Lime 0.", "version": 0})
    assert (again.status_code, again.json()) == (200, corrected), "whoever missed the answer may ask again"
    assert (await client.patch(path, json={"text": "Line 0."})).json() == before | {"version": 2}
    facts = [record.event async for record in log.read(Topic.TRANSCRIPTION, str(meeting_id))]
    assert [(fact.version, fact.text) for fact in facts if isinstance(fact, UtteranceCorrected)] == [
        (1, "Lime 0."),
        (2, "Line 0."),
    ]
    async with database.transaction(workspace) as tx:
        kept = await tx.fetch_one("select text, words from utterance where speaker is null")
    assert kept == {"text": before["text"], "words": before["words"]}
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.transaction(workspace) as tx:
            await tx.execute("update utterance_correction set text = 'never said'")


async def test_of_two_who_correct_the_same_words_at_once_one_is_told(
    client: httpx.AsyncClient, meeting_id: UUID
) -> None:
    path, _ = await first(client, meeting_id)
    answers = await asyncio.gather(*(client.patch(path, json={"text": f"By {n}.", "version": 0}) for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    (refused, *_) = [answer.json() for answer in answers if answer.status_code == 409]
    assert (refused["code"], refused["fault"], refused["remedy"]) == (
        "conflict",
        "caller",
        "Read it again, then decide.",
    )
    answers = await asyncio.gather(*(client.patch(path, json={"text": f"Then {n}."}) for n in range(4)))
    assert sorted(answer.json()["version"] for answer in answers) == [2, 3, 4, 5], "unasked, the last one counts"


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"text": None},
        {"text": ""},
        {"text": " \n "},
        {"text": "x" * 2001},
        {"text": "two\nlines"},
        {"text": "bell\x07"},
        {"text": "nothing\x00"},
        {"text": "half a \ud83d"},
        {"text": "Fine.", "version": "new"},
        {"text": "Fine.", "speaker": "Maya"},
    ],
)
async def test_a_text_that_can_t_be_kept_is_refused(
    client: httpx.AsyncClient, meeting_id: UUID, asked: dict[str, Any]
) -> None:
    path, before = await first(client, meeting_id)
    answer = await client.patch(path, content=json.dumps(asked), headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await first(client, meeting_id))[1] == before


async def test_only_an_utterance_of_this_meeting_and_workspace_is_corrected(
    client: httpx.AsyncClient, meeting_id: UUID, database: Database, log: PostgresEventLog, workspace: UUID
) -> None:
    path, before = await first(client, meeting_id)
    utterance_id, text = before["utterance_id"], {"text": "Taken."}
    other = Meeting(new_id(), workspace, "Other", "en", "live", datetime(2026, 11, 20, tzinfo=UTC))
    async with database.transaction(workspace) as tx:
        await create_meeting(tx, other)
    for wrong in (
        f"/{uuid4()}/utterances/{utterance_id}",
        f"/{meeting_id}/utterances/{uuid4()}",
        f"/{other.meeting_id}/utterances/{utterance_id}",
    ):
        answer = await client.patch(wrong, json=text)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await client.patch(f"/{meeting_id}/utterances/nonsense", json=text)).status_code == 422
    app: FastAPI = client._transport.app  # type: ignore[attr-defined]
    app.dependency_overrides[current_workspace] = new_id
    assert (await client.patch(path, json=text)).status_code == 404
    app.dependency_overrides[current_workspace] = lambda: workspace
    assert (await first(client, meeting_id))[1] == before
    assert [record async for record in log.read(Topic.TRANSCRIPTION, str(meeting_id))] == []
