"""A gateway with the audio and meetings slices, on a free port, over the real database and log."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import psycopg
import pytest
import pytest_asyncio
from numpy.typing import NDArray
from psycopg import sql
from psycopg.conninfo import make_conninfo
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from vori.audio import api as audio
from vori.audio import publish, receive
from vori.audio.files import FileArchive
from vori.audio.listen import AudioTold
from vori.audio.model import HEADER, stream_key
from vori.audio.receive import Receiver
from vori.audio.store import read_archive_state, read_streams
from vori.audio.worker import Archivist
from vori.cli.stream import AudioSender
from vori.database.connection import LOG_ROLE, Database
from vori.database.embedded import SUPERUSER, EmbeddedPostgres
from vori.eventlog.postgres import PostgresEventLog
from vori.events import AudioEnded, AudioFrame, Event, Topic
from vori.gateway import build_app, serve
from vori.livefeed import LiveMessage
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings import api as meetings
from vori.people.model import LOCAL_WORKSPACE
from vori.people.store import ensure_local_workspace

Pcm = NDArray[np.int16]
_numbers = itertools.count(1)


class World:
    """Everything a test touches, and the shortest words for it."""

    def __init__(self, database: Database, log: PostgresEventLog, feed: PostgresLiveFeed, home: Path) -> None:
        self.database = database
        self.log = log
        self.feed = feed
        self.home = home
        self.receiver = Receiver(database, log, feed)
        self.archivist = Archivist(database, log, FileArchive(home / "archive"), pace_s=0.02, idle_s=0.2)
        self.url = ""
        self.client: httpx.AsyncClient

    async def meeting(self) -> UUID:
        return UUID((await self.client.post("/api/meetings", json={})).json()["meeting_id"])

    def socket_url(self, meeting_id: UUID | str) -> str:
        return f"{self.url.replace('http', 'ws')}/api/meetings/{meeting_id}/audio"

    @contextlib.asynccontextmanager
    async def socket(self, meeting_id: UUID | str, hello: Any = None) -> AsyncIterator[ClientConnection]:
        """A bare socket that has said hello (a default one; False: nothing)."""
        async with connect(self.socket_url(meeting_id), compression=None, proxy=None, max_size=2**20) as socket:
            if hello is not False:
                await socket.send(hello if isinstance(hello, str | bytes) else json.dumps(greeting(**(hello or {}))))
            yield socket

    def sender(self, meeting_id: UUID, stream_id: str = "mic", **options: Any) -> AudioSender:
        return AudioSender(self.socket_url(meeting_id), stream_id, patience_s=10, **options)

    async def send(self, meeting_id: UUID, samples: Pcm, stream_id: str = "mic", **options: Any) -> None:
        async with self.sender(meeting_id, stream_id, **options) as sender:
            await sender.send_samples(samples, fast=True)
            await sender.finish()

    async def events(self, meeting_id: UUID, stream_id: str = "mic") -> list[Event]:
        """What the log holds of a stream."""
        key = stream_key(meeting_id, stream_id)
        found = [record.event async for record in self.log.read(Topic.AUDIO, str(meeting_id))]
        return [event for event in found if isinstance(event, AudioFrame | AudioEnded) and event.stream == key]

    async def frames(self, meeting_id: UUID, stream_id: str = "mic") -> list[AudioFrame]:
        return [event for event in await self.events(meeting_id, stream_id) if isinstance(event, AudioFrame)]

    @contextlib.asynccontextmanager
    async def archiving(self) -> AsyncIterator[Archivist]:
        """An archive worker that starts now and is cut off at the end."""
        worker = asyncio.create_task(self.archivist.run())
        yield self.archivist
        worker.cancel()
        await asyncio.wait({worker})

    async def archived(self, meeting_id: UUID, streams: int = 1) -> None:
        """Wait until the ends of a meeting's streams are committed."""

        async def done() -> bool:
            async with self.database.transaction(LOCAL_WORKSPACE) as tx:
                keys = [stream.stream for stream in await read_streams(tx, meeting_id)]
                states = [await read_archive_state(tx, key) for key in keys]
            return [state is not None and state["ended"] for state in states] == [True] * streams

        await until(done)

    async def play(self, meeting_id: UUID, **params: Any) -> httpx.Response:
        return await self.client.get(f"/api/meetings/{meeting_id}/audio", params=params)


@pytest.fixture(scope="module")
def database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """One database per module: every test has a meeting of its own in it."""
    name = f"audio_{os.getpid()}_{next(_numbers)}"
    admin_url = make_conninfo(postgres.url, user=SUPERUSER, dbname="postgres")
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template vori strategy file_copy").format(sql.Identifier(name)))
    yield make_conninfo(postgres.url, dbname=name)
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    with pytest.MonkeyPatch.context() as quick:
        quick.setattr(receive, "TICK_S", 0.02)
        quick.setattr(publish, "LINGER_S", 0.005)
        async with (
            Database(database_url) as database,
            Database(database_url, role=LOG_ROLE) as log_database,
            PostgresEventLog(log_database, rebalance_s=0.1) as log,
            PostgresLiveFeed(log_database) as feed,
        ):
            await ensure_local_workspace(database)
            made = World(database, log, feed, tmp_path_factory.mktemp("home"))
            async with made.receiver, serving(made):
                yield made


@contextlib.asynccontextmanager
async def serving(world: World) -> AsyncIterator[None]:
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    app = build_app(
        [
            meetings.routes(world.database, world.log, world.feed, world.receiver.end_streams),
            audio.routes(world.database, world.log, world.receiver, world.archivist, world.home),
        ]
    )
    server = asyncio.create_task(serve(app, host="127.0.0.1", port=0, ready=ready.set_result))
    world.url = await asyncio.wait_for(ready, 10)
    async with httpx.AsyncClient(base_url=world.url, timeout=30) as world.client:
        yield
    server.cancel()
    await asyncio.wait({server}, timeout=10)


@pytest_asyncio.fixture(loop_scope="module")
async def told(world: World) -> AsyncIterator[list[LiveMessage]]:
    """Live messages, as they come."""
    heard: list[LiveMessage] = []

    async def hear() -> None:
        async with world.feed.subscribe() as messages:
            async for message in messages:
                if isinstance(message, LiveMessage):
                    heard.append(message)

    task = asyncio.create_task(hear())
    await asyncio.sleep(0.05)
    yield heard
    task.cancel()
    await asyncio.wait({task})


def greeting(**changes: Any) -> dict[str, Any]:
    hello = {"type": "hello", "stream_id": "mic", "codec": "pcm_s16le", "sample_rate": 16000}
    return {key: value for key, value in (hello | changes).items() if value is not None}


def frame(seq: int, captured_ms: int | None = None, data: bytes | None = None) -> bytes:
    """A binary message with 100 ms of 16 kHz PCM (all samples = seq) unless said otherwise."""
    data = np.full(1600, seq % 1000, "<i2").tobytes() if data is None else data
    return HEADER.pack(seq, seq * 100 if captured_ms is None else captured_ms) + data


async def heard(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of a kind, skipping acks."""
    while True:
        text = await asyncio.wait_for(socket.recv(), 5)
        message: dict[str, Any] = json.loads(text)
        if message["type"] != "error":
            assert AudioTold.model_validate_json(text).model_dump() == message, "as pages know it"
        if message["type"] == kind:
            return message
        assert message["type"] in {"ack", "gap"}, message


async def acked(socket: ClientConnection, seq: int) -> None:
    while (await heard(socket, "ack"))["seq"] < seq:
        pass


async def closed(socket: ClientConnection) -> int:
    """The code that a socket is closed with."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await asyncio.wait_for(socket.recv(), 5)
    assert socket.close_code is not None
    return socket.close_code


async def until(true: Callable[[], Any], patience_s: float = 8.0) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(patience_s):
        while not await true():  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)


def noise(seconds: float, rate: int = 16000, seed: int = 1) -> Pcm:
    """Sound in which every sample matters."""
    return np.random.default_rng(seed).integers(-20000, 20000, int(seconds * rate)).astype(np.int16)
