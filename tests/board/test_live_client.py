"""The command line's own client of the live WebSocket, against a gateway that goes away and comes back."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any
from uuid import uuid4

import pytest
from tests.board.house import House, open_house

from vori.cli import live
from vori.cli.server import Refused, Server
from vori.database.connection import Database
from vori.errors import Unavailable


async def until(messages: AsyncGenerator[dict[str, Any], None], kind: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        async for message in messages:
            if message["type"] == kind:
                return message
    raise AssertionError("the client gave up")


async def test_it_resumes_after_a_broken_connection(house: House) -> None:
    meeting_id = await house.meeting()
    view = live.View()
    async with Server(house.url) as server:
        messages = live.follow(server, str(meeting_id), view)
        await until(messages, "snapshot")
        room = next(iter(house.hub._rooms.values()))
        for page in room.pages:
            page.too_slow.set()  # the server breaks off
        said = uuid4()
        await house.tell(meeting_id, "while away", said)
        await until(messages, "diff")
        resumed = await until(messages, "resumed")
    assert resumed["seq"] == 1
    assert view.drafts[str(said)]["text"] == "while away"


async def test_it_finds_a_gateway_that_was_started_again(database: Database, log_database: Database) -> None:
    view = live.View()
    async with open_house(database, log_database) as first:
        meeting_id = await first.meeting()
        port = int(first.url.rsplit(":", 1)[1])
        server = Server(first.url)
        messages = live.follow(server, str(meeting_id), view)
        before = await until(messages, "snapshot")
    async with open_house(database, log_database, port) as second:
        again = await until(messages, "snapshot")
        assert again["epoch"] != before["epoch"]
        await second.tell(meeting_id, "and on")
        assert (await until(messages, "diff"))["data"]["text"] == "and on"
        await messages.aclose()
        await server.__aexit__(None, None, None)


async def test_what_vori_refuses_is_said(house: House) -> None:
    async with Server(house.url) as server:
        with pytest.raises(Refused, match="no meeting"):
            await anext(live.follow(server, str(uuid4()), live.View()))


async def test_it_gives_up_when_nobody_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PAUSES_S", (0.0,))
    async with Server("http://127.0.0.1:9") as server:
        with pytest.raises(Unavailable, match="isn't running"):
            await anext(live.follow(server, None, live.View()))


def test_a_voice_s_name_is_put_to_all_that_it_said() -> None:
    view = live.View()
    for key, voice in (("a", 0), ("b", 1), ("c", 0)):
        said = {"stream": "desk", "voice": voice, "speaker": None, "text": "Yes."}
        view.take({"type": "diff", "kind": "utterance", "id": key, "data": said})
    named = {"stream": "desk", "voice": 0, "name": "Maya"}
    view.take({"type": "diff", "kind": "speaker", "id": "v", "data": named})
    assert [said["speaker"] for said in view.utterances.values()] == ["Maya", None, "Maya"]
