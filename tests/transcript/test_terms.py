"""The team's glossary over HTTP, and the terms that a meeting's words are compared with, on the real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from numpy.typing import NDArray
from tests.transcript.desk import told

from vori.clock import new_id
from vori.database.connection import Database, Transaction
from vori.eventlog.postgres import PostgresEventLog
from vori.gateway import build_app
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting
from vori.people.api import current_workspace
from vori.people.model import Member
from vori.people.store import add_member
from vori.tickets import api as tickets
from vori.tickets.store import read_open_titles
from vori.transcript.model import Recognition, Stretch
from vori.transcript.vocabulary import api, terms
from vori.transcript.vocabulary.store import read_glossary
from vori.transcript.vocabulary.terms import Terms, names_of, words_of

URL = "/api/vocabulary"


@pytest.fixture
async def client(database: Database, log_database: Database, workspace: UUID) -> AsyncIterator[httpx.AsyncClient]:
    async with PostgresEventLog(log_database) as log, PostgresLiveFeed(log_database) as feed:
        app: FastAPI = build_app([api.routes(database), tickets.routes(database, log, feed)])
        app.dependency_overrides[current_workspace] = lambda: workspace
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as opened:
            yield opened


@pytest.fixture
async def meeting_id(database: Database, workspace: UUID) -> UUID:
    people = ("김민지", "Maya Kim", "Tom")
    meeting = Meeting(new_id(), workspace, "Planning", "auto", "live", datetime.now(UTC), participants=people)
    async with database.transaction(workspace) as tx:
        await create_meeting(tx, meeting)
    return meeting.meeting_id


async def test_the_glossary_is_empty_at_first_and_then_what_was_put_last(client: httpx.AsyncClient) -> None:
    assert (await client.get(URL)).json() == {"terms": []}
    put = await client.put(URL, json={"terms": [" Kubernetes ", "그라파나", "retry queue", "Kubernetes"]})
    assert (put.status_code, put.json()) == (200, {"terms": ["Kubernetes", "그라파나", "retry queue"]})
    assert (await client.get(URL)).json() == put.json()
    assert (await client.put(URL, json={"terms": ["Kafka"]})).json() == (await client.get(URL)).json()
    assert (await client.put(URL, json={"terms": []})).json() == (await client.get(URL)).json() == {"terms": []}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"terms": "Kafka"},
        {"terms": [" "]},
        {"terms": ["x" * 61]},
        {"terms": ["two\nlines"]},
        {"terms": ["a\0b"]},
        {"terms": [str(number) for number in range(501)]},
        {"terms": [], "more": 1},
    ],
)
async def test_what_is_no_glossary_is_refused_and_changes_nothing(client: httpx.AsyncClient, body: object) -> None:
    await client.put(URL, json={"terms": ["x" * 60] + [str(number) for number in range(499)]})
    answer = await client.put(URL, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert len((await client.get(URL)).json()["terms"]) == 500


async def test_members_names_are_terms_too(database: Database, workspace: UUID, meeting_id: UUID) -> None:
    async def untitled(_tx: Transaction, _meeting: UUID) -> list[str]:
        return []

    async with database.transaction(workspace) as tx:
        await add_member(tx, Member(new_id(), "박준호", ("Jay Park",)))
    known = await Terms(database, untitled)(workspace, meeting_id)
    assert {"박준호", "준호", "Jay Park", "Jay"} <= set(known)
    assert known.index("김민지") < known.index("박준호"), "those in the meeting first"


async def test_a_team_sees_its_own_glossary_only(client: httpx.AsyncClient, database: Database) -> None:
    await client.put(URL, json={"terms": ["Kafka"]})
    async with database.transaction(new_id()) as tx:
        assert await read_glossary(tx) == []


async def test_a_meeting_s_terms_are_the_glossary_the_people_and_the_open_tickets(
    client: httpx.AsyncClient, database: Database, workspace: UUID, meeting_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.put(URL, json={"terms": ["Grafana", "Tom"]})
    for title in ("OAuth 로그인 오류를 수정", "Fix the Talaria rollout"):
        made = await client.post("/api/tickets", json={"title": title})
        assert made.status_code == 201
    done = await client.post("/api/tickets", json={"title": "Jaeger dashboards"})
    await client.patch(f"/api/tickets/{done.json()['ticket_id']}", json={"status": "DONE"})

    known = Terms(database, read_open_titles)
    expected = (
        "Grafana",
        "Tom",
        "Maya Kim",
        "Maya",
        "Kim",
        "김민지",
        "민지",
        "Talaria",
        "rollout",
        "OAuth",
        "로그인",
        "오류",
    )
    assert await known(workspace, meeting_id) == expected
    await client.put(URL, json={"terms": ["Kafka"]})
    assert await known(workspace, meeting_id) == expected, "asked once a minute"
    monkeypatch.setattr(terms, "FRESH_S", 0)
    assert (await known(workspace, meeting_id))[0] == "Kafka"


async def test_words_of_titles_are_bounded(database: Database, workspace: UUID, meeting_id: UUID) -> None:
    async def titles(_tx: Transaction, _meeting_id: UUID) -> list[str]:
        return [f"Feature{number} Page{number}" for number in range(1000)]

    found = await Terms(database, titles)(workspace, meeting_id)
    assert (found[6:8], len(found)) == (("Feature0", "Page0"), 6 + terms.TITLE_WORDS)


class Repeating:
    """Says the terms that it is given."""

    name = "repeating"
    continues = False

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [Recognition("draft", "en") for _ in stretches]

    def final(self, stretch: Stretch) -> Recognition:
        return Recognition(" ".join(stretch.vocabulary), "en")


async def test_final_words_are_found_with_the_meeting_s_terms_and_stay_when_those_change(
    desks: Any, jfk: NDArray[np.int16]
) -> None:
    desk, glossary = await desks(script=()), ["Kafka"]

    async def known(workspace_id: UUID, meeting_id: UUID) -> tuple[str, ...]:
        assert (workspace_id, meeting_id) == (desk.meeting.workspace_id, desk.meeting.meeting_id)
        return tuple(glossary)

    half = len(jfk) // 3200 * 1600
    seq = await desk.say(jfk[:half])
    async with desk.transcriber(Repeating(), terms=known), asyncio.timeout(30):
        await desk.more_than(1)
    before = told(await desk.utterances())
    glossary[:] = ["Grafana", "Tom"]
    await desk.end(await desk.say(jfk[half:], seq))
    async with desk.transcriber(Repeating(), terms=known), asyncio.timeout(30):
        await desk.closed()
    after = told(await desk.utterances())
    assert after[: len(before)] == before
    assert {said[3] for said in before} == {"Kafka"}
    assert {said[3] for said in after[len(before) :]} == {"Grafana Tom"}


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Fix the login page on iOS 18", ["login", "page", "iOS"]),
        ("Write API docs for Min-ji's team", ["API", "docs", "Min-ji", "team"]),
        ("결제 모듈에서 환불이 두 번 되는 문제", ["결제", "모듈", "환불", "문제"]),
        ("Kafka 토픽을 정리하기", ["Kafka", "토픽", "정리"]),
        ("", []),
    ],
)
def test_content_words_are_what_is_looked_for_of_a_title(title: str, words: list[str]) -> None:
    assert list(words_of(title)) == words


def test_people_are_called_by_parts_of_their_names() -> None:
    assert list(names_of("김민지")) == ["김민지", "민지"]
    assert list(names_of("Maya Kim")) == ["Maya Kim", "Maya", "Kim"]
    assert list(names_of("Tom")) == ["Tom"]
