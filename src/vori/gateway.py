"""The gateway: every slice's routes in one application, its guard at the door, its errors in one form."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import re
import socket
from collections.abc import Callable, Collection, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from vori import __version__
from vori.errors import Fault, Forbidden, Invalid, OurError, Unavailable, Unidentified, VoriError
from vori.people.owner import not_the_owner, shows

log = structlog.get_logger()

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PROBLEM = "application/problem+json"
WS_MAX_BYTES = 1 << 20
"""Above this the protocol itself refuses a message; the audio socket refuses frames over 64 KiB with a better word."""
STOP_S = 4
GUARDED = "/api"
SHARED = "/api/shared/"
"""What a link of its own opens, for people who aren't the owner."""
HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^:\[\]/@\s]+)(:\d{1,5})?", re.ASCII)

DOCS_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
DOCS_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>VORI's API</title><link rel="icon" href="/docs/favicon-32x32.png">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/docs/swagger-ui.css">
</head><body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js">
</script></body></html>"""
DOCS_START = (
    'SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null,'
    " tryItOutEnabled: true, displayRequestDuration: true});"
)
DOCS_FILES = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")


class Problem(BaseModel):
    """An error, as problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable; for programs.")
    fault: Fault = Field(description="Whose it is.")
    remedy: str = Field(description="What to do next.")


class _App(FastAPI):
    messages: Sequence[type[BaseModel]] = ()

    def openapi(self) -> dict[str, Any]:
        """OpenAPI knows no WebSockets: what they say stands among the schemas."""
        described = super().openapi()
        asked: list[tuple[type[BaseModel], JsonSchemaMode]] = [(message, "serialization") for message in self.messages]
        _, made = models_json_schema(asked, ref_template="#/components/schemas/{model}")
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        schemas.update(made.get("$defs", {}) | schemas)
        return described


def build_app(
    routers: Sequence[APIRouter],
    *,
    allowed_hosts: Collection[str] = LOOPBACK,
    messages: Sequence[type[BaseModel]] = (),
    key: str | None = None,
) -> FastAPI:
    """The application. `allowed_hosts` are the names and addresses by which it may be called (lower case, no port),
    `messages` what its WebSockets say.

    `key` is the owner's, which every call of the API has to show; None asks for none.
    """
    app = _App(
        title="VORI",
        version=__version__,
        description="Voice to Report: a meeting goes in as sound and comes out as words, tickets and minutes, live.",
        docs_url=None,
        redoc_url=None,
        responses={"default": {"description": "What went wrong, and what to do", "model": Problem}},
    )
    app.messages = messages
    for router in (_docs(), *routers):
        _summarise(router)
        app.include_router(router)
    app.add_exception_handler(VoriError, _expected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Door, allowed_hosts=frozenset(allowed_hosts), key=key)
    return app


def _summarise(router: APIRouter) -> None:
    """In the API's description, call each operation by its docstring's first sentence."""
    for route in router.routes:
        if isinstance(route, APIRoute) and route.description:
            route.summary = route.description.split(".")[0]


def problem_response(problem: dict[str, Any]) -> JSONResponse:
    return JSONResponse(problem, problem["status"], media_type=PROBLEM)


async def _expected(request: Request, error: Exception) -> Response:
    assert isinstance(error, VoriError)
    if error.fault != "caller":
        log.error("request.failed", path=request.url.path, code=error.code, error=str(error))
    return problem_response(error.problem())


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        {"where": ".".join(str(part) for part in fault["loc"]), "message": fault["msg"]} for fault in error.errors()
    ]
    told = "; ".join(f"{fault['where']}: {fault['message']}" for fault in faults[:3])
    problem = Invalid(f"The request isn't right: {told}.", remedy="/docs shows what is expected.").problem()
    return problem_response(problem | {"errors": faults})


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path = request.url.path
    told, remedy = {
        404: (f"There is nothing at {path}.", "/docs lists what there is."),
        405: (f"{request.method} doesn't work on {path}.", "/docs lists what does."),
    }.get(error.status_code, (str(error.detail), ""))
    code = {404: "no_such_route", 405: "no_such_method"}.get(error.status_code, "bad_request")
    response = problem_response(Invalid(told, remedy=remedy, code=code).problem() | {"status": error.status_code})
    response.headers.update(error.headers or {})
    return response


class Door:
    """Pure ASGI, for HTTP and WebSockets: lets in only who calls VORI by its own name, and hides what a defect shows.

    A page of another site can make a browser call 127.0.0.1, under its own name (rebinding) or with its own Origin.
    Every account of this machine can call it, so the API wants the owner's key; the pages alone tell nothing.
    """

    def __init__(self, app: ASGIApp, allowed_hosts: frozenset[str], key: str | None = None) -> None:
        self.app = app
        self.allowed_hosts = allowed_hosts
        self.key = key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(scope, receive, send, refusal)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except (ClientDisconnect, WebSocketDisconnect):
            log.debug("request.abandoned", path=scope["path"])
        except Exception:
            log.exception("request.defect", path=scope["path"])
            if not begun:
                defect = OurError("VORI failed at this.", remedy="Its log says where; please report it.")
                await _refuse(scope, receive, send, defect)
            elif scope["type"] == "websocket":
                with contextlib.suppress(Exception):
                    await send({"type": "websocket.close", "code": 1011, "reason": "defect"})
            else:
                raise  # an answer half sent: the server drops the connection, so that it can't pass for a whole one

    def _refusal(self, scope: Scope) -> Forbidden | Unidentified | None:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        match = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None or match["name"].strip("[]").lower() not in self.allowed_hosts:
            return Forbidden(
                "VORI doesn't answer under this name.",
                remedy="Call it at http://127.0.0.1 or http://localhost, with its port.",
                code="foreign_host",
            )
        if origins and (len(origins) > 1 or urlsplit(origins[0]).netloc.lower() != hosts[0].lower()):
            return Forbidden(
                "Pages of other sites may not use VORI.",
                remedy="Open VORI's own page.",
                code="foreign_origin",
            )
        path = scope["path"]
        guarded = scope["type"] == "websocket" or (path.startswith(GUARDED) and not path.startswith(SHARED))
        if guarded and self.key is not None and not shows(self.key, scope["headers"]):
            return not_the_owner()
        return None


async def _refuse(scope: Scope, receive: Receive, send: Send, error: VoriError) -> None:
    challenge = {"www-authenticate": "Bearer"} if isinstance(error, Unidentified) else {}
    if scope["type"] == "http":
        answer = problem_response(error.problem())
        answer.headers.update(challenge)
        await answer(scope, receive, send)
        return
    await receive()  # websocket.connect
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": error.code})
        return
    headers = [(name.encode(), value.encode()) for name, value in ({"content-type": PROBLEM} | challenge).items()]
    await send({"type": "websocket.http.response.start", "status": error.status, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": json.dumps(error.problem()).encode()})


def _docs() -> APIRouter:
    """Swagger UI from the files of an installed package: it asks no other machine for anything."""
    router = APIRouter(prefix="/docs", include_in_schema=False)

    @router.get("")
    async def page() -> HTMLResponse:
        return HTMLResponse(DOCS_PAGE, headers={"content-security-policy": DOCS_POLICY})

    @router.get("/start.js")
    async def start() -> Response:
        return Response(DOCS_START, media_type="text/javascript")

    @router.get("/{name}")
    async def asset(name: str) -> FileResponse:
        if name not in DOCS_FILES:
            raise HTTPException(404)
        return FileResponse(Path(str(files("fastapi_swagger.resources") / name)))

    return router


class _Server(uvicorn.Server):
    """uvicorn, stopped by cancelling its task: signals belong to the process that runs it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: ASGIApp, *, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until cancelled, then stop within seconds. `ready` is called with the URL once connections are taken.

    Raises `Invalid` for an address that other machines reach, `Unavailable` when the port is taken.
    """
    listener = _listen(host, port)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        app,
        loop="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=WS_MAX_BYTES,
        ws_max_queue=8,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=STOP_S,
    )
    server = _Server(config, lambda: ready(url))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    except asyncio.CancelledError:
        server.should_exit = True
        await asyncio.wait({serving}, timeout=STOP_S + 2)
        raise


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket of our own, so that a taken port is an error we can word."""
    if host.lower() != "localhost" and not _is_loopback(host):
        raise Invalid(
            f"VORI has no sign-in yet, so it won't listen on {host}, where other machines reach it.",
            remedy="Set VORI_HOST to 127.0.0.1.",
        )
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise Unavailable(
            f"VORI can't listen on {host}:{port}: {error.strerror or error}.",
            remedy="Stop what uses that port, or set VORI_PORT to another.",
            code="port_taken",
        ) from error
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
