"""The built pages: what a browser may keep, run and find; and that their types are those of the API."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from vori.board.site import SITE, policy, read_site, routes
from vori.gateway import build_app
from vori.wiring import describe

WEB = Path(__file__).parents[2] / "web"
ADDRESS = re.compile(rb"""(?:src|href)="([^"]+)"|url\(([^)]+)\)""")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A small site: a page, another under it, a file whose name holds its hash, and one for what isn't there."""
    for name, text in {
        "index.html": "<script>early()</script><script src='/x.js'></script>",
        "board/index.html": "board",
        "404.html": "nothing here",
        "_next/static/a1b2.js": "code",
        "recorder.js": "worklet",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    transport = httpx.ASGITransport(build_app([routes(read_site(tmp_path))]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8674") as opened:
        yield opened


async def test_what_holds_its_hash_is_kept_for_ever_and_the_rest_asked_for_anew(client: httpx.AsyncClient) -> None:
    assert "immutable" in (await client.get("/_next/static/a1b2.js")).headers["cache-control"]
    for path in ("/", "/board/", "/recorder.js"):
        assert (await client.get(path)).headers["cache-control"] == "no-cache"


async def test_pages_are_found_by_their_folder_and_keep_their_query(client: httpx.AsyncClient) -> None:
    assert (await client.get("/board/")).text == "board"
    moved = await client.get("/board?id=7")
    assert (moved.status_code, moved.headers["location"]) == (308, "/board/?id=7")
    missing = await client.get("/nowhere")
    assert (missing.status_code, missing.text) == (404, "nothing here")
    assert (await client.get("/..%2f..%2fetc/passwd")).status_code == 404


async def test_the_api_goes_first_and_speaks_of_itself(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_route")
    assert (await client.get("/docs")).status_code == 200
    assert (await client.get("/openapi.json")).json()["info"]["title"] == "VORI"


async def test_a_page_runs_the_scripts_that_were_built_into_it_and_no_others(client: httpx.AsyncClient) -> None:
    allowed = (await client.get("/")).headers["content-security-policy"]
    digest = base64.b64encode(hashlib.sha256(b"early()").digest()).decode()
    assert f"script-src 'self' 'sha256-{digest}';" in allowed
    assert "unsafe" not in allowed.split("style-src")[0]
    assert policy(b"<script>other()</script>") != allowed


async def test_without_pages_one_is_told_how_to_build_them(tmp_path: Path) -> None:
    transport = httpx.ASGITransport(build_app([routes(read_site(tmp_path))]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8674") as client:
        assert "make pages" in (await client.get("/")).json()["remedy"]


def test_the_built_pages_ask_no_other_machine_for_anything() -> None:
    site = read_site(SITE)
    assert {"index.html", "meeting/index.html", "board/index.html", "404.html"} <= site.keys(), "`make pages` first"
    for name, page in site.items():
        if name.endswith((".html", ".css")):
            for address in (b"".join(found) for found in ADDRESS.findall(page.file.read_bytes())):
                assert not re.match(rb"[\"']?(?:https?:)?//", address), f"{name}: {address!r}"


def test_the_pages_types_are_made_from_today_s_api() -> None:
    kept = json.loads((WEB / "openapi.json").read_text(encoding="utf-8"))
    assert kept == asyncio.run(describe()), "the API has changed: `make schema`"
