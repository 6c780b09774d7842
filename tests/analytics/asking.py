"""Questions to analytics over HTTP, and what is found in the answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx

from vori.clock import now

FIVE = ("Ada", "Ben", "Chloe", "Dan", "Eve")
TODAY = now().date()


async def ask(client: httpx.AsyncClient, path: str, **asked: object) -> dict[str, Any]:
    answer = await client.get(f"/api/analytics/{path}", params={name: str(value) for name, value in asked.items()})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def figure(team: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in team["figures"] if one["name"] == name]
    return dict(found)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)
