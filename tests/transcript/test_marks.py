"""Bookmarks, and what people strike: withdrawn for everyone, silent in the recording, and put back when asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest

from vori.audio.files import FileArchive
from vori.audio.flac import encode_flac
from vori.audio.model import AudioStream, Segment
from vori.audio.play import Recording, Track
from vori.clock import new_id, now
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import UtteranceFinal, Word
from vori.gateway import build_app
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting, end_meeting
from vori.people.api import current_workspace
from vori.transcript import api
from vori.transcript.bookmarks import api as bookmarks
from vori.transcript.striking import api as striking
from vori.transcript.striking.strike import keep

STARTS_MS = (1_000, 30_000, 70_000, 95_000)
"""What is said in a meeting that began 100 s ago: lines of 3 s."""


class Talk:
    def __init__(self, database: Database, log: PostgresEventLog, feed: PostgresLiveFeed, workspace: UUID) -> None:
        self.database, self.log, self.feed, self.workspace = database, log, feed, workspace
        self.meeting_id, self.stream = new_id(), uuid4()

    async def begin(self) -> None:
        began = now() - timedelta(seconds=100)
        async with self.database.transaction(self.workspace) as tx:
            await create_meeting(tx, Meeting(self.meeting_id, self.workspace, "Planning", "en", "live", began))
        for start_ms in STARTS_MS:
            await self.say(start_ms)

    async def say(self, start_ms: int) -> None:
        text = f"said at {start_ms}"
        said = UtteranceFinal(
            workspace_id=self.workspace,
            meeting_id=self.meeting_id,
            utterance_id=uuid4(),
            stream=self.stream,
            speaker="Maya",
            start_ms=start_ms,
            end_ms=start_ms + 3000,
            language="en",
            text=text,
            words=tuple(Word(text=word, start_ms=start_ms, end_ms=start_ms + 3000) for word in text.split()),
        )
        async with self.database.transaction(self.workspace) as tx:
            await keep(tx, self.log, self.feed, said, "test")


@pytest.fixture
async def talk(database: Database, log_database: Database, workspace: UUID) -> AsyncIterator[Talk]:
    async with PostgresEventLog(log_database) as log, PostgresLiveFeed(log_database) as feed:
        made = Talk(database, log, feed, workspace)
        await made.begin()
        yield made


@pytest.fixture
async def client(talk: Talk) -> AsyncIterator[httpx.AsyncClient]:
    async with AsyncExitStack() as opened:
        routers = [
            api.routes(talk.database, talk.log, talk.feed),
            bookmarks.routes(talk.database),
            striking.routes(talk.database, talk.log, talk.feed),
        ]
        app = build_app(routers)
        app.dependency_overrides[current_workspace] = lambda: talk.workspace
        base_url = f"http://127.0.0.1:8674/api/meetings/{talk.meeting_id}"
        transport = httpx.ASGITransport(app)
        yield await opened.enter_async_context(httpx.AsyncClient(transport=transport, base_url=base_url))


async def said(client: httpx.AsyncClient) -> list[int]:
    return [line["start_ms"] for line in (await client.get("/transcript")).json()["items"]]


async def told(talk: Talk, words: str) -> bool:
    """Whether the log has an event with these words."""
    async with talk.database.transaction(talk.workspace) as tx:
        rows = await tx.fetch_all("select value from log_event")
    return any(words.encode() in bytes(row["value"]) for row in rows)


async def test_bookmarks_stand_in_the_order_of_the_talk_and_can_be_taken_away(client: httpx.AsyncClient) -> None:
    first, second, *_ = [line["utterance_id"] for line in (await client.get("/transcript")).json()["items"]]
    assert (await client.put(f"/bookmarks/{second}")).json() == [second]
    assert (await client.put(f"/bookmarks/{first}")).json() == [first, second]
    assert (await client.put(f"/bookmarks/{first}")).json() == [first, second], "once"
    assert (await client.delete(f"/bookmarks/{second}")).json() == [first]
    assert (await client.get("/bookmarks")).json() == [first]
    assert (await client.put(f"/bookmarks/{uuid4()}")).status_code == 404


async def test_the_last_minute_is_struck_and_comes_back(client: httpx.AsyncClient) -> None:
    struck = await client.post("/struck", json={"last_s": 60})
    assert (struck.status_code, struck.json()["utterances"]) == (201, 2)
    assert await said(client) == [1_000, 30_000]
    assert [each["struck_id"] for each in (await client.get("/struck")).json()] == [struck.json()["struck_id"]]
    back = await client.delete(f"/struck/{struck.json()['struck_id']}")
    assert back.json() == {"utterances": 2}
    assert await said(client) == list(STARTS_MS)
    assert (await client.delete(f"/struck/{struck.json()['struck_id']}")).status_code == 404


async def test_words_still_being_recognised_are_struck_too_and_nobody_is_told_them(
    client: httpx.AsyncClient, talk: Talk
) -> None:
    struck = (await client.post("/struck", json={})).json()
    await talk.say(98_000)
    assert await said(client) == [1_000, 30_000]
    assert await told(talk, "said at 95000")
    assert not await told(talk, "said at 98000")
    await client.delete(f"/struck/{struck['struck_id']}")
    assert await said(client) == [*STARTS_MS, 98_000]


async def test_what_was_corrected_comes_back_as_corrected_and_what_is_struck_twice_stays(
    client: httpx.AsyncClient,
) -> None:
    last = (await client.get("/transcript")).json()["items"][-1]["utterance_id"]
    await client.patch(f"/utterances/{last}", json={"text": "said better"})
    minute, moment = [(await client.post("/struck", json={"last_s": length})).json() for length in (60, 10)]
    await client.delete(f"/struck/{minute['struck_id']}")
    assert await said(client) == list(STARTS_MS[:3])
    await client.delete(f"/struck/{moment['struck_id']}")
    assert (await client.get("/transcript")).json()["items"][-1]["text"] == "said better"


async def test_a_meeting_that_ended_is_struck_no_more(client: httpx.AsyncClient, talk: Talk) -> None:
    async with talk.database.transaction(talk.workspace) as tx:
        await end_meeting(tx, talk.meeting_id, "asked")
    assert (await client.post("/struck", json={})).status_code == 409


def test_a_struck_stretch_is_silent_in_the_recording(tmp_path: Path) -> None:
    archive = FileArchive(tmp_path)
    archive.write("one", encode_flac(np.full(16_000, 1000, np.int16), 16_000))
    stream = AudioStream(uuid4(), uuid4(), uuid4(), "mic", "pcm_s16le", 16_000, None, None, 500, now())
    track = Track(stream, [Segment(stream.stream, stream.meeting_id, 0, 16_000, 16_000, "one")])
    recording = Recording(archive, [track], 500, 1500, [(700, 900)])
    sound = np.frombuffer(b"".join(recording.read(44, recording.size)), "<i2")
    assert np.flatnonzero(sound == 0).tolist() == list(range(3200, 6400))
