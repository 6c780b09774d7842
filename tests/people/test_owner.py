"""One-person mode lets in who has the owner's key, by its link, its cookie or a header, and nobody else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import structlog
import websockets
from fastapi import APIRouter, WebSocket
from websockets.asyncio.client import connect

from vori.cli.server import Server, key_for
from vori.errors import Invalid
from vori.gateway import build_app, serve
from vori.people.api import routes
from vori.people.owner import owner_key

KEY = "k" * 43
HOST = "127.0.0.1:8674"


def house() -> APIRouter:
    router = APIRouter()

    @router.get("/api/number")
    async def number() -> int:
        return 7

    @router.get("/board/")
    async def page() -> str:
        return "a page"

    @router.websocket("/api/echo")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(await socket.receive_text())

    return router


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build_app([routes(KEY), house()], key=KEY))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as opened:
        yield opened


@pytest.fixture
async def url() -> AsyncIterator[str]:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    app = build_app([routes(KEY), house()], key=KEY)
    server = asyncio.create_task(serve(app, host="127.0.0.1", port=0, ready=ready.set_result))
    yield await asyncio.wait_for(ready, 10)
    server.cancel()
    await asyncio.wait({server}, timeout=10)


async def test_a_stranger_sees_the_pages_and_is_told_of_the_link(client: httpx.AsyncClient) -> None:
    assert (await client.get("/board/")).status_code == 200
    refused = await client.get("/api/number")
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")
    assert refused.headers["www-authenticate"] == "Bearer"
    assert refused.json()["detail"] == "Open VORI by its owner link."
    assert "vori link" in refused.json()["remedy"]


async def test_the_link_leaves_a_cookie_that_lets_the_browser_in(client: httpx.AsyncClient) -> None:
    opened = await client.get("/open", params={"key": KEY})
    assert (opened.status_code, opened.headers["location"]) == (303, "/")
    flags = {part.strip().lower() for part in opened.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=strict", "path=/"} <= flags
    assert any(flag.startswith("max-age=") and int(flag[8:]) > 300 * 86_400 for flag in flags)
    assert opened.headers["cache-control"] == "no-store"
    assert (await client.get("/api/number")).json() == 7


@pytest.mark.parametrize("key", ["", "x" * 43, KEY[:-1], KEY + "k", "키"])
async def test_a_wrong_key_opens_nothing(client: httpx.AsyncClient, key: str) -> None:
    opened = await client.get("/open", params={"key": key})
    assert "set-cookie" not in opened.headers
    for headers in (
        {b"authorization": f"Bearer {key}".encode()},
        {b"authorization": KEY.encode()},
        {b"cookie": f"vori-owner-8674={key}".encode()},
        {b"cookie": f"vori-owner-9999={KEY}".encode()},
    ):
        assert (await client.get("/api/number", headers=headers)).status_code == 401


async def test_the_key_doesn_t_help_who_comes_by_another_name_or_from_another_site(client: httpx.AsyncClient) -> None:
    owner = {"authorization": f"Bearer {KEY}"}
    assert (await client.get("/api/number", headers=owner)).status_code == 200
    for headers in ({"host": "evil.example"}, {"origin": "http://evil.example"}):
        assert (await client.get("/api/number", headers=owner | headers)).status_code == 403
    named = await client.get("/open", params={"key": KEY}, headers={"host": "evil.example"})
    assert (named.status_code, "set-cookie" in named.headers) == (403, False)


async def test_sockets_are_refused_without_the_key(url: str) -> None:
    address = url.replace("http", "ws") + "/api/echo"
    with pytest.raises(websockets.InvalidStatus) as refused:
        await connect(address, proxy=None)
    assert refused.value.response.status_code == 401
    assert b"owner_link_needed" in (refused.value.response.body or b"")
    port = url.rpartition(":")[2]
    for headers in ({"authorization": f"Bearer {KEY}"}, {"cookie": f"a=b; vori-owner-{port}={KEY}"}):
        async with connect(address, additional_headers=headers, proxy=None) as socket:
            await socket.send("hello")
            assert await socket.recv() == "hello"


async def test_the_key_is_never_logged(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as logged:
        await client.get("/open", params={"key": KEY})
        await client.get("/api/number", headers={"authorization": f"Bearer {KEY[:-1]}"})
    assert "kkkk" not in str(logged)


def test_the_key_is_made_once_and_for_its_account_alone(tmp_path: Path) -> None:
    home, found = tmp_path / "home", set[str]()
    threads = [threading.Thread(target=lambda: found.add(owner_key(home))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 1
    assert len(found.pop()) >= 43
    assert [file.name for file in home.iterdir()] == ["owner.key"]
    assert (home / "owner.key").stat().st_mode & 0o777 == 0o600


def test_a_file_without_a_key_lets_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "owner.key").write_text("\n")
    with pytest.raises(Invalid, match="holds no key"):
        owner_key(tmp_path)


def test_the_command_line_finds_the_key_of_this_machine_s_vori_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VORI_HOME", str(tmp_path))
    monkeypatch.delenv("VORI_KEY", raising=False)
    assert Server("http://127.0.0.1:8674").headers == {}
    key = owner_key(tmp_path)
    assert Server("http://127.0.0.1:8674").headers == {"authorization": f"Bearer {key}"}
    assert key_for("http://vori.example") is None
    monkeypatch.setenv("VORI_KEY", KEY)
    assert key_for("http://vori.example") == KEY
