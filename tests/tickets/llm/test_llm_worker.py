"""A meeting whose tickets a language model finds, on the real database and log: exactly once, with who did what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI
from tests.tickets.llm.conftest import model_at
from tests.tickets.llm.model_server import Asked, ModelServer, Told, answer
from tests.tickets.scene import SCRIPT, Scene

from vori.clock import now
from vori.database.connection import Database
from vori.events import Status
from vori.people.api import current_workspace
from vori.settings import Settings
from vori.tickets.llm import api
from vori.tickets.llm.extract import Limits, LlmExtractor
from vori.tickets.llm.fallback import FallbackExtractor
from vori.tickets.llm.ledger import DatabaseLedger
from vori.tickets.model import Extractor

Follow = Callable[..., FallbackExtractor]


@pytest.fixture
async def llm(database: Database, server: ModelServer, extractor: Extractor) -> Follow:
    """A fresh extractor, as after a restart."""
    loop = asyncio.get_running_loop()

    def make(limits: Limits | None = None) -> FallbackExtractor:
        ledger = DatabaseLedger(database, loop)
        return FallbackExtractor(LlmExtractor(model_at(server), ledger, limits=limits, waits_s=(0.01,)), extractor)

    return make


def clerk(asked: Asked) -> Told:
    """Sees the API documentation begun, and the error message taken on."""
    turn = {line["said"]: line["turn"] for line in asked.data if line.get("new")}
    ticket = {line["title"]: line["ticket"] for line in asked.data if "ticket" in line}
    moves, made = [], []
    if SCRIPT[1][1] in turn:
        proof = [{"turn": turn[SCRIPT[1][1]], "quote": "현재 진행하고 있습니다"}]
        moves.append({"ticket": ticket["백엔드 API 문서화"], "to": "IN_PROGRESS", "certainty": 0.97, "proof": proof})
    if SCRIPT[4][1] in turn:
        proof = [{"turn": turn[SCRIPT[4][1]], "quote": SCRIPT[4][1]}]
        made.append({"title": "결제 오류 안내 문구 쓰기", "assignee": "수현", "certainty": 0.9, "proof": proof})
    return Told(answer(asked, tickets=made, moves=moves))


async def test_the_model_is_asked_at_the_end_and_the_report_has_what_it_found(
    scene: Scene, server: ModelServer, llm: Follow
) -> None:
    server.tell, scene.extractor = clerk, llm()
    async with scene.working():
        await scene.say(SCRIPT[:6])
        await scene.caught_up()
        assert server.asked == [], "too little has gathered"
        for speaker in dict.fromkeys(speaker for speaker, _ in SCRIPT):
            await scene.close(speaker)
        await scene.end()
        await scene.caught_up()
    assert len(server.asked) == 1
    tickets = await scene.tickets()
    assert tickets["백엔드 API 문서화"].fields.status is Status.IN_PROGRESS
    assert tickets["결제 오류 안내 문구 쓰기"].fields.assignee == "수현"
    made = await scene.changes()
    assert {change.actor.split(" at ")[0] for change in made} == {"llm 1 (extract-1, clerk-1"}
    assert {change.prompt for change in made} == {"extract-1"}
    assert (await scene.told())[-2] == [
        ("VORI-1", "백엔드 API 문서화", "moved"),
        ("VORI-3", "결제 오류 안내 문구 쓰기", "created"),
    ]


async def test_turns_that_gathered_move_tickets_when_they_are_read(
    scene: Scene, server: ModelServer, llm: Follow
) -> None:
    server.tell, scene.extractor = clerk, llm()
    async with scene.working():
        await scene.say([*SCRIPT, ("지민", "네, 좋습니다.")])
        await scene.caught_up()
    assert len(server.asked) == 1
    told = {change.kind: change for change in await scene.changes() if change.lane == "applied"}
    assert told["moved"].evidence[0].quote == SCRIPT[1][1]
    assert told["created"].after is not None

    scene.extractor = llm()
    before = await scene.told()
    async with scene.working():
        await scene.say([("수현", "그럼 마치겠습니다.")], 20)
        await scene.caught_up()
    assert await scene.told() == before, "after a restart nothing is done twice"
    assert len(server.asked) == 1, "and nothing is asked twice"


@pytest.fixture
async def asking(database: Database, scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(
        api.routes(database, Settings(extractor="https://host.example/v1#clerk-1", extractor_tokens=5000))
    )
    app.dependency_overrides[current_workspace] = lambda: scene.workspace
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vori") as client:
        yield client


async def test_without_the_model_the_offline_extractor_works_and_both_are_told(
    scene: Scene, server: ModelServer, llm: Follow, asking: httpx.AsyncClient
) -> None:
    state = (await asking.get("/api/extractor")).json()
    assert (state["extractor"], state["model"], state["state"]) == ("llm", "clerk-1 at host.example", "ok")
    server.tell, scene.extractor = (lambda _: Told({"error": {"message": "down"}}, 500)), llm()
    async with scene.working():
        await scene.say([*SCRIPT, ("지민", "네, 좋습니다.")])
        await scene.caught_up()
    assert {change.actor for change in await scene.changes() if change.lane == "applied"} == {"offline 2"}
    tickets = await scene.tickets()
    assert tickets["백엔드 API 문서화"].fields.status is Status.IN_PROGRESS
    assert tickets["프론트엔드 로그인 페이지 구현"].fields.status is Status.DONE
    state = (await asking.get("/api/extractor")).json()
    assert (state["state"], state["today"]["requests"]) == ("fallback", 0)
    assert "busy or failed (500)" in state["detail"]


async def test_what_was_spent_is_kept_and_limits_outlive_a_restart(
    scene: Scene, server: ModelServer, llm: Follow, asking: httpx.AsyncClient
) -> None:
    server.tell, scene.extractor = (lambda asked: Told(answer(asked), tokens=(4000, 1000))), llm(Limits(tokens=5000))
    async with scene.working():
        await scene.say(SCRIPT[:1])
        await scene.say([("지민", f"{n}번째 이야기입니다.") for n in range(12)], 1)
        await scene.caught_up()
    state = (await asking.get("/api/extractor")).json()
    assert state["today"] == {"requests": 1, "input_tokens": 4000, "output_tokens": 1000, "usd": None}
    assert (state["state"], state["tokens_a_day"]) == ("fallback", 5000)
    assert "limit is reached" in state["detail"]
    scene.extractor = llm(Limits(tokens=5000))
    async with scene.working():
        await scene.say([("지민", f"{n}번째 이야기입니다.") for n in range(13, 40)], 14)
        await scene.caught_up()
    assert len(server.asked) == 1
    spent = await asyncio.to_thread(
        DatabaseLedger(scene.database, asyncio.get_running_loop()).spent,
        str(scene.workspace),
        now().replace(hour=0, minute=0),
    )
    assert spent.tokens == 5000
