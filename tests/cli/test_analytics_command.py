"""`vori analytics`, against a server that answers as VORI does."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.cli.conftest import Vori
from tests.local_server import LocalServer

AT = "2026-03-02T03:00:00+00:00"
COLD = [{"kind": "events", "month": "2026-03", "files": 2, "bytes": 1_500_000, "rows": 1234, "first": AT, "last": AT}]


def test_archive_tells_what_is_cold(vori: Vori) -> None:
    async def cold(_request: Request) -> Response:
        return JSONResponse(COLD)

    with LocalServer(Route("/api/analytics/cold", cold, methods=["POST"])) as server:
        ran = vori("analytics", "archive", VORI_URL=f"http://{server.host}")
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[1].split() == ["events", "2026-03", "1234", "2", "1.50"]


def test_a_back_fill_is_asked_for_awaited_and_its_failure_told(vori: Vori) -> None:
    asked: list[Any] = []
    run: dict[str, Any] = {"run_id": "r", "begun_at": None, "ended_at": None, "problem": ""}

    async def cold(_request: Request) -> Response:
        asked.append("cold")
        return JSONResponse([])

    async def runs(request: Request) -> Response:
        if request.method == "GET":
            run["ended_at" if run["begun_at"] else "begun_at"] = AT
            return JSONResponse([run | {"run_id": "another"}, run])
        asked.append(await request.json())
        return JSONResponse(run)

    routes = [
        Route("/api/analytics/cold", cold, methods=["POST"]),
        Route("/api/analytics/runs", runs, methods=["GET", "POST"]),
    ]
    with LocalServer(*routes) as server:
        words = ("analytics", "back-fill", "--from", "2026-03-01", "--to", "2026-03-31")
        ran = vori(*words, VORI_URL=f"http://{server.host}")
        run |= {"begun_at": None, "ended_at": None, "problem": "The disk is full."}
        failed = vori(*words, VORI_URL=f"http://{server.host}")
        odd = vori(*words[:2], "--from", "March", "--to", "2026-03-31", VORI_URL=f"http://{server.host}")
    assert asked[:2] == ["cold", {"first_day": "2026-03-01", "last_day": "2026-03-31"}]
    assert (ran.returncode, ran.stdout) == (0, "Reckoned 2026-03-01 to 2026-03-31 in 0 s.\n")
    assert failed.returncode == 1
    assert "The disk is full." in failed.stderr
    assert odd.returncode == 2
