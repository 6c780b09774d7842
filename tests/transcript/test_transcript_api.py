"""The transcript over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from vori.clock import new_id
from vori.database.connection import Database
from vori.database.paging import encode_cursor
from vori.events import UtteranceFinal, Word
from vori.gateway import build_app
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
async def client(database: Database, workspace: UUID) -> AsyncIterator[httpx.AsyncClient]:
    app: FastAPI = build_app([api.routes(database)])
    app.dependency_overrides[current_workspace] = lambda: workspace
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8674/api/meetings") as opened:
        yield opened


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
