"""A link to minutes opens them for whoever has it, until it ends: and nothing else, for nobody else."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.minutes.test_minutes_flow import ended_meeting

from vori.clock import new_id, now
from vori.database.connection import Database
from vori.events import Evidence, Status, TicketFacts
from vori.gateway import build_app
from vori.minutes.model import Edits, Line, Minutes, Participant, Source, Step, TicketLine, WrittenMinutes
from vori.minutes.share import api
from vori.minutes.share.model import GUESSES, is_right, keep_password, make_token, token_hash, workspace_of
from vori.minutes.store import Kept, save_minutes
from vori.people.api import current_workspace

SAID = Evidence(
    utterance_id=uuid4(), stream=uuid4(), speaker="Maya", voice=None, start_ms=41_000, end_ms=43_000, quote="We ship."
)
PASSWORD = "오늘의 비밀번호"


class World:
    def __init__(self, client: httpx.AsyncClient, database: Database, workspace: UUID, meeting_id: UUID) -> None:
        self.client, self.database, self.workspace, self.meeting_id = client, database, workspace, meeting_id
        self.path = f"/api/meetings/{meeting_id}/minutes/shares"

    async def share(self, **asked: object) -> dict[str, Any]:
        made = await self.client.post(self.path, json=asked)
        assert made.status_code == 201, made.text
        return dict(made.json())

    async def open(self, token: str, password: str | None = None) -> httpx.Response:
        return await self.client.post(
            "/api/shared/minutes", json={"token": token} | ({"password": password} if password else {})
        )


@pytest.fixture
async def world(database: Database, workspace: UUID) -> AsyncIterator[World]:
    meeting, _ = await ended_meeting(database, workspace, "We ship.")
    ticket = TicketFacts(
        ticket_id=uuid4(),
        key="VORI-7",
        title="Ship it",
        content="An inner matter of the team",
        status=Status.DONE,
        assignee="Maya",
        due=None,
    )
    minutes = Minutes(
        meeting_id=meeting.meeting_id,
        title="Planning",
        language="en",
        started_at=meeting.started_at,
        duration_ms=60_000,
        rehearsal=False,
        participants=(Participant(name="Maya", talk_ms=2000, percent=100),),
        decisions=(Line(id=uuid4(), text="We ship.", evidence=(SAID,)),),
        tickets=(
            TicketLine(id=uuid4(), news="moved", ticket=ticket, from_status=Status.IN_PROGRESS, evidence=(SAID,)),
        ),
        next_steps=(Step(id=uuid4(), text="Tell sales", who="Maya", by="person"),),
    )
    written = WrittenMinutes(minutes=minutes, version=1, written_at=datetime(2026, 11, 20, 3, tzinfo=UTC))
    async with database.transaction(workspace) as tx:
        await save_minutes(tx, Kept(written, minutes, Edits(), Source()))
    app = build_app([api.routes(database)])
    app.dependency_overrides[current_workspace] = lambda: workspace
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield World(client, database, workspace, meeting.meeting_id)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_who_has_the_link_reads_the_minutes_and_learns_nothing_else(world: World) -> None:
    made = await world.share(days=7)
    answer = await world.open(made["token"])
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    shared = answer.json()
    assert shared["title"] == "Planning"
    assert shared["decisions"] == [
        {
            "text": "We ship.",
            "by_hand": False,
            "who": None,
            "due": None,
            "key": None,
            "evidence": [{"speaker": "Maya", "start_ms": 41_000, "quote": "We ship."}],
        }
    ]
    assert [(line["key"], line["from_status"], line["status"]) for line in shared["tickets"]] == [
        ("VORI-7", "IN_PROGRESS", "DONE")
    ]
    assert shared["next_steps"][0]["who"] == "Maya"
    assert shared["expires_at"] == made["expires_at"]
    told = json.dumps(shared)
    for hidden in (world.meeting_id, world.workspace, SAID.utterance_id, SAID.stream, "An inner matter"):
        assert str(hidden) not in told, "no id to look up, no more of a ticket than the minutes say"


async def test_unknown_expired_and_revoked_links_get_one_and_the_same_answer(world: World) -> None:
    revoked, expired = await world.share(days=1), await world.share(days=1, password=PASSWORD)
    assert (await world.client.delete(f"{world.path}/{revoked['share_id']}")).status_code == 204
    assert (await world.client.delete(f"{world.path}/{uuid4()}")).status_code == 404
    async with world.database.transaction(world.workspace) as tx:
        await tx.execute("update minutes_share set expires_at = %s where share_id = %s", (now(), expired["share_id"]))
    tokens = [revoked["token"], expired["token"], make_token(world.workspace), make_token(uuid4()), "x", "é" * 64]
    answers = [await world.open(token) for token in tokens]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert answers[0].json()["code"] == "no_such_link"
    assert (await world.client.get(world.path)).json() == [], "only those that open something are listed"


async def test_a_password_is_asked_for_and_after_five_wrong_ones_the_link_is_locked(world: World) -> None:
    made = await world.share(days=30, password=PASSWORD)
    assert refusal(await world.open(made["token"])) == (403, "password_needed")
    for _ in range(GUESSES - 1):
        assert refusal(await world.open(made["token"], "wrong one")) == (403, "wrong_password")
    assert (await world.open(made["token"], PASSWORD)).status_code == 200, "a right one starts the count anew"
    tried = await asyncio.gather(*(world.open(made["token"], f"wrong {number}") for number in range(12)))
    codes = [refusal(answer) for answer in tried]
    assert codes.count((403, "wrong_password")) == GUESSES, "many at once are no way round the limit"
    assert codes.count((429, "link_locked")) == 12 - GUESSES
    assert refusal(await world.open(made["token"], PASSWORD)) == (429, "link_locked")
    (listed,) = (await world.client.get(world.path)).json()
    assert (listed["has_password"], listed["locked"]) == (True, True)
    async with world.database.transaction(world.workspace) as tx:
        await tx.execute("update minutes_share set locked_until = %s", (now() - timedelta(seconds=1),))
    assert (await world.open(made["token"], PASSWORD)).status_code == 200


async def test_neither_token_nor_password_is_kept_and_a_list_tells_neither(world: World) -> None:
    made = await world.share(days=1, password=PASSWORD)
    async with world.database.transaction(world.workspace) as tx:
        (row,) = await tx.fetch_all("select * from minutes_share")
    kept = " ".join(
        bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value) for value in row.values()
    )
    for secret in (made["token"], made["token"].encode().hex(), PASSWORD, PASSWORD.encode().hex()):
        assert secret not in kept
    listed = (await world.client.get(world.path)).text
    assert made["token"] not in listed
    assert "token" not in listed


async def test_a_token_opens_its_own_workspace_s_minutes_alone(world: World, database: Database) -> None:
    other = new_id()
    async with database.transaction(other) as tx:
        await tx.execute("insert into workspace (workspace_id, name) values (%s, 'other')", (other,))
        assert await tx.fetch_all("select * from minutes_share") == []
    token = (await world.share())["token"]
    secret = base64.urlsafe_b64decode(token)[16:]
    turned = base64.urlsafe_b64encode(other.bytes + secret).decode()
    assert refusal(await world.open(turned)) == (404, "no_such_link")


@pytest.mark.parametrize("asked", [{"days": 2}, {"days": 0}, {"password": "short"}, {"forever": True}])
async def test_a_link_that_may_not_be_is_refused(world: World, asked: dict[str, object]) -> None:
    assert (await world.client.post(world.path, json=asked)).status_code == 422


async def test_minutes_that_are_not_written_are_not_shared(world: World, database: Database) -> None:
    meeting, _ = await ended_meeting(database, world.workspace, "Nothing yet.")
    answer = await world.client.post(f"/api/meetings/{meeting.meeting_id}/minutes/shares", json={})
    assert refusal(answer) == (404, "minutes_not_ready")
    assert (await world.client.get(f"/api/meetings/{uuid4()}/minutes/shares")).status_code == 404


def test_tokens_are_unlike_and_name_their_workspace() -> None:
    workspace = uuid4()
    one, two = make_token(workspace), make_token(workspace)
    assert one != two
    assert token_hash(one) != token_hash(two)
    assert workspace_of(one) == workspace_of(two) == workspace
    assert workspace_of("") is None
    assert workspace_of("!" * 64) is None


def test_a_password_is_kept_with_a_salt_of_its_own() -> None:
    one, two = keep_password("the same"), keep_password("the same")
    assert one != two
    assert is_right("the same", one)
    assert is_right("the same", two)
    assert not is_right("The same", one)
