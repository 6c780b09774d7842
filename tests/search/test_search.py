"""Search over HTTP: every word has to occur, corrected words are those that count, and a wall stays a wall."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from vori.clock import new_id, now
from vori.database.connection import Database
from vori.gateway import build_app
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting
from vori.people.api import current_workspace
from vori.search import api


@pytest.fixture
async def client(database: Database, workspace: UUID) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app([api.routes(database)])
    app.dependency_overrides[current_workspace] = lambda: workspace
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as opened:
        yield opened


async def look(client: httpx.AsyncClient, words: str) -> list[dict[str, Any]]:
    answer = await client.get("/api/search", params={"q": words})
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def said(database: Database, workspace: UUID, text: str) -> UUID:
    meeting = Meeting(new_id(), workspace, "Weekly", "auto", "live", now())
    spoken = new_id()
    async with database.transaction(workspace) as tx:
        await create_meeting(tx, meeting)
        await tx.execute(
            """insert into utterance (utterance_id, workspace_id, meeting_id, stream, speaker, start_ms, end_ms,
                                      language, text, words, model)
               values (%s, %s, %s, %s, 'Jimin', 41000, 42000, 'ko', %s, '[]', 'x')""",
            (spoken, workspace, meeting.meeting_id, new_id(), text),
        )
    return spoken


async def test_a_korean_word_is_found_with_its_particle_at_its_moment(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    spoken = await said(database, workspace, "로그인 페이지가 완료되었습니다")
    (hit,) = await look(client, "페이지 완료")
    assert (hit["kind"], hit["id"], hit["start_ms"], hit["speaker"]) == ("said", str(spoken), 41000, "Jimin")
    assert await look(client, "페이지 취소") == [], "every word has to occur"


async def test_signs_mean_themselves_and_blanks_find_nothing(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    await said(database, workspace, "We are at 100% now")
    assert len(await look(client, "100%")) == 1
    assert await look(client, "10%0") == []
    assert await look(client, "  ") == []
    assert [hit["kind"] for hit in await look(client, "WEEKLY")] == ["meeting"]


async def test_another_workspace_s_words_are_not_found(client: httpx.AsyncClient, database: Database) -> None:
    other = new_id()
    async with database.transaction(other) as tx:
        await tx.execute("insert into workspace (workspace_id, name) values (%s, 'x')", (other,))
    await said(database, other, "secret plan")
    assert await look(client, "secret") == []
