"""What the composition root hands on, on the real database."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx
import pytest

from vori.events import Topic
from vori.foundation import foundation
from vori.settings import Settings
from vori.wiring import RETENTION, run_gateway


def test_no_topic_grows_for_ever() -> None:
    assert RETENTION.keys() == set(Topic)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no 127.0.0.2 unless one is set up")
async def test_the_gateway_answers_under_the_address_it_was_told_to_listen_on(
    database_url: str, tmp_path: Path
) -> None:
    ready: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    settings = Settings(home=tmp_path, host="127.0.0.2", port=0, database_url=database_url)
    async with foundation(settings) as base:
        gateway = asyncio.create_task(run_gateway(base, ready.set_result))
        try:
            url = await asyncio.wait_for(ready, 10)
            async with httpx.AsyncClient(base_url=f"{url}") as client:
                stranger = await client.get("/api/meetings")
                owner = {"authorization": f"Bearer {(tmp_path / 'owner.key').read_text()}"}
                answer = await client.get("/api/meetings", headers=owner)
        finally:
            gateway.cancel()
            await asyncio.wait({gateway}, timeout=10)
    assert (answer.status_code, answer.url.host) == (200, "127.0.0.2")
    assert stranger.status_code == 401
