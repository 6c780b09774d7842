"""The running VORI that a command talks to."""

from __future__ import annotations

import os
from ipaddress import ip_address
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import ValidationError

from vori.errors import CallerError, Invalid, Unavailable
from vori.people.owner import read_key
from vori.settings import Settings


class Refused(CallerError):
    """VORI said no; `code` and `remedy` are its own words."""


def read_settings() -> Settings:
    """What is set. Raises `Invalid` naming the variable that isn't right."""
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = f"VORI_{'_'.join(str(part) for part in fault['loc']).upper()}"
        raise Invalid(f"{name} isn't right: {fault['msg']}.", remedy="See src/vori/settings.py.") from error


def default_url() -> str:
    """VORI_URL, else where the settings say that the gateway listens."""
    url = os.environ.get("VORI_URL")
    if url:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
            raise Invalid(f"VORI_URL isn't a web address: {url!r}.", remedy="Write it like http://127.0.0.1:8674.")
        return url.rstrip("/")
    settings = read_settings()
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def key_for(url: str) -> str | None:
    """The owner's key: VORI_KEY, else what VORI's home keeps, which is for a VORI on this machine alone."""
    if given := os.environ.get("VORI_KEY"):
        return given
    host = urlsplit(url).hostname or ""
    try:
        here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        here = False
    return read_key(read_settings().home) if here else None


class Server:
    """Its HTTP API. Methods raise `Refused` when VORI says no, `Unavailable` when nothing listens there."""

    def __init__(self, url: str | None = None, key: str | None = None) -> None:
        self.url = url or default_url()
        self.key = key or key_for(self.url)
        self.headers = {"authorization": f"Bearer {self.key}"} if self.key else {}
        self._http = httpx.AsyncClient(base_url=self.url, timeout=30.0, trust_env=False, headers=self.headers)

    async def __aenter__(self) -> Server:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    def socket_url(self, path: str) -> str:
        return self.url.replace("http", "ws", 1) + path

    def not_running(self) -> Unavailable:
        return Unavailable(f"VORI isn't running at {self.url}.", remedy="Start it with `make up`.", code="not_running")

    async def get(self, path: str, **query: Any) -> Any:
        return (await self._ask("GET", path, params=_given(query))).json()

    async def post(self, path: str, body: Any = None) -> Any:
        return (await self._ask("POST", path, json=body)).json()

    async def patch(self, path: str, body: Any) -> Any:
        return (await self._ask("PATCH", path, json=body)).json()

    async def content(self, path: str, **query: Any) -> bytes:
        return (await self._ask("GET", path, params=_given(query))).content

    async def every(self, path: str, limit: int, **query: Any) -> list[dict[str, Any]]:
        """Up to `limit` items of a paged list."""
        items: list[dict[str, Any]] = []
        cursor = None
        while len(items) < limit:
            page = await self.get(path, limit=min(200, limit - len(items)), cursor=cursor, **query)
            items += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        return items

    async def health(self) -> dict[str, Any]:
        """How it is doing, well or not."""
        health: dict[str, Any] = (await self._ask("GET", "/api/health", fine=(200, 503))).json()
        return health

    async def _ask(self, method: str, path: str, fine: tuple[int, ...] = (), **options: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, **options)
        except httpx.ConnectError as error:
            raise self.not_running() from error
        except httpx.HTTPError as error:
            raise Unavailable(
                f"VORI at {self.url} doesn't answer: {error or type(error).__name__}.", remedy="Run `vori doctor`."
            ) from error
        if answer.is_success or answer.status_code in fine:
            return answer
        try:
            problem = answer.json()
            raise Refused(problem["detail"], remedy=problem["remedy"], code=problem["code"])
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable(
                f"{self.url} answered {answer.status_code}, and not the way VORI does.", remedy="Check VORI_URL."
            ) from error


def _given(query: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}
