"""Two transcribers share ten streams; one is killed, and the other goes on with its streams."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from tests.flow.conftest import Profile

from handover import Said, another_transcriber, begin, speak, transcript, until_resumed
from stack import Stack

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]


async def run(environment: dict[str, str], *, kill: bool) -> list[Said]:
    with Stack(**environment) as stack, another_transcriber(stack) as second:
        async with httpx.AsyncClient(base_url=stack.url, timeout=20, headers=stack.headers) as client:
            meetings = await begin(client)
            watching = asyncio.create_task(until_resumed(client, meetings, second)) if kill else None
            await asyncio.gather(*(speak(stack, meeting) for meeting in meetings))
            if watching:
                await watching
            for meeting in meetings:
                await client.post(f"/api/meetings/{meeting}/end")
                async with asyncio.timeout(60):
                    while (await client.get(f"/api/meetings/{meeting}/minutes")).status_code != 200:  # noqa: ASYNC110
                        await asyncio.sleep(0.2)
            return [await transcript(client, meeting) for meeting in meetings]


@pytest.fixture(scope="session")
def undisturbed() -> list[Said]:
    """Of the embedded profile; the other one comes to the same."""
    found = asyncio.run(run({}, kill=False))
    assert all(f"stream {stream} second 31" in str(said) for stream, said in enumerate(found))
    return found


async def test_the_streams_of_a_killed_transcriber_go_on_at_the_other(
    profile: Profile, undisturbed: list[Said]
) -> None:
    assert await run(profile(), kill=True) == undisturbed
