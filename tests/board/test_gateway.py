"""The gateway's door and manners: who may call, how errors look, that its pages ask no other machine."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
import websockets
from fastapi import APIRouter, WebSocket
from websockets.asyncio.client import connect

from vori.errors import Invalid, NotFound, Unavailable
from vori.gateway import build_app, serve


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/api/missing")
    async def missing() -> None:
        raise NotFound("There is no such thing.", remedy="Make one.")

    @router.get("/api/number/{number}")
    async def number(number: int) -> int:
        return number

    @router.get("/api/defect")
    async def defect() -> None:
        raise RuntimeError("secret inside")

    @router.websocket("/api/echo")
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        while True:
            text = await socket.receive_text()
            if text == "defect":
                raise RuntimeError("secret inside")
            await socket.send_text(text)

    return router


@pytest.fixture
async def url() -> AsyncIterator[str]:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(build_app([routes()]), host="127.0.0.1", port=0, ready=ready.set_result))
    yield await asyncio.wait_for(ready, 10)
    server.cancel()
    await asyncio.wait({server}, timeout=10)
    assert server.cancelled()


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """Of the application alone, without a server."""
    transport = httpx.ASGITransport(build_app([routes()]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8674") as opened:
        yield opened


async def test_errors_are_problems_that_say_what_to_do(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/missing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:vori:problem:not_found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no such thing.",
        "code": "not_found",
        "fault": "caller",
        "remedy": "Make one.",
    }


@pytest.mark.parametrize(
    ("request_line", "status", "code", "told"),
    [
        ("GET /api/number/seven", 422, "invalid", "path.number"),
        ("GET /api/nowhere", 404, "no_such_route", "/api/nowhere"),
        ("DELETE /api/missing", 405, "no_such_method", "DELETE"),
    ],
)
async def test_the_framework_s_own_errors_are_problems_too(
    client: httpx.AsyncClient, request_line: str, status: int, code: str, told: str
) -> None:
    answer = await client.request(*request_line.split())
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["code"], problem["fault"]) == (status, code, "caller")
    assert told in problem["detail"]


async def test_a_defect_shows_nothing_outside_and_everything_in_the_log(client: httpx.AsyncClient) -> None:
    with structlog.testing.capture_logs() as lines:
        answer = await client.get("/api/defect")
    assert answer.status_code == 500
    assert answer.json()["fault"] == "ours"
    assert "secret" not in answer.text
    assert [(line["event"], line["path"], line.get("exc_info")) for line in lines] == [
        ("request.defect", "/api/defect", True)
    ]


async def test_a_defect_on_a_websocket_closes_it_as_ours(url: str) -> None:
    async with connect(url.replace("http", "ws") + "/api/echo", proxy=None) as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"
        with structlog.testing.capture_logs():
            await socket.send("defect")
            with pytest.raises(websockets.ConnectionClosedError) as closed:
                await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1011


async def test_a_client_that_leaves_is_no_defect(url: str) -> None:
    with structlog.testing.capture_logs() as lines:
        async with connect(url.replace("http", "ws") + "/api/echo", proxy=None):
            pass
        await asyncio.sleep(0.05)
    assert [line["event"] for line in lines] == ["request.abandoned"]


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:8674", None, 200),
        ("localhost:8674", None, 200),
        ("LOCALHOST", None, 200),
        ("[::1]:8674", None, 200),
        ("127.0.0.1:8674", "http://127.0.0.1:8674", 200),
        ("evil.example:8674", None, 403),
        ("evil.example", "http://evil.example", 403),
        ("127.0.0.1.evil.example", None, 403),
        ("localhost@evil.example", None, 403),
        ("", None, 403),
        ("127.0.0.1:8674", "http://evil.example", 403),
        ("127.0.0.1:8674", "http://127.0.0.1:1", 403),
        ("127.0.0.1:8674", "http://localhost:8674", 403),
        ("127.0.0.1:8674", "null", 403),
    ],
)
async def test_only_vori_s_own_pages_may_call(
    client: httpx.AsyncClient, host: str, origin: str | None, status: int
) -> None:
    headers = {"host": host} | ({"origin": origin} if origin else {})
    answer = await client.get("/api/number/7", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] in {"foreign_host", "foreign_origin"}


async def test_the_door_stands_before_websockets_too(url: str) -> None:
    address = url.replace("http", "ws") + "/api/echo"
    with pytest.raises(websockets.InvalidStatus) as refused:
        await connect(address, origin=websockets.Origin("http://evil.example"), proxy=None)
    assert refused.value.response.status_code == 403
    assert b"foreign_origin" in (refused.value.response.body or b"")
    with pytest.raises(websockets.InvalidStatus) as refused:
        await connect("ws://evil.example/api/echo", host="127.0.0.1", port=int(url.rsplit(":", 1)[1]), proxy=None)
    assert refused.value.response.status_code == 403
    async with connect(address, origin=websockets.Origin(url), proxy=None) as socket:
        await socket.send("hello")
        assert await socket.recv() == "hello"


async def test_docs_come_from_here_alone(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert not re.search(r"https?://|src=\"//", page.text)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    named = re.findall(r"(?:src|href)=\"([^\"]+)\"", page.text)
    assert len(named) == 4
    for path in named:
        assert (await client.get(path)).status_code == 200, path
    start = (await client.get("/docs/start.js")).text
    assert "validatorUrl: null" in start, "Swagger UI asks a validator elsewhere unless told not to"
    assert (await client.get("/docs/%2e%2e%2f__init__.py")).status_code == 404
    schema = (await client.get("/openapi.json")).json()
    assert "/api/missing" in schema["paths"]


async def test_stopping_takes_seconds_even_with_a_socket_open() -> None:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(build_app([routes()]), host="127.0.0.1", port=0, ready=ready.set_result))
    async with connect((await ready).replace("http", "ws") + "/api/echo", proxy=None) as socket:
        server.cancel()
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
        stopped, _ = await asyncio.wait({server}, timeout=10)
    assert stopped, "the browser would have to close it first"
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


def nothing(_url: str) -> None:
    pass


async def test_a_taken_port_is_one_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(Unavailable, match="in use") as refused:
            await serve(build_app([]), host="127.0.0.1", port=taken.getsockname()[1], ready=nothing)
        assert "VORI_PORT" in refused.value.remedy


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "vori.example"])
async def test_it_won_t_listen_where_other_machines_reach_it(host: str) -> None:
    with pytest.raises(Invalid, match="no sign-in"):
        await serve(build_app([]), host=host, port=0, ready=nothing)
