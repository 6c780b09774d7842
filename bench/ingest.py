"""Processor time per 100 ms frame: VORI's way in for sound, beside bare servers that only acknowledge the same frames.

Each server is a process of its own on uvloop; a client process sends it frames at real-time pace. VORI's keeps every
frame in PostgreSQL (fsync on) before it acknowledges; PostgreSQL's own processor time is a column of its own.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import structlog
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from vori.database.embedded import EmbeddedPostgres
from vori.database.migrate import migrate

STREAMS = (20, 50)
SECONDS = 5.0
FRAME = bytes(3200)
HEADER = struct.Struct(">IQ")


class BareServer(asyncio.Protocol):
    """The least that can be called a server: asyncio's protocol, the websockets library's parser, an ack per frame."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.conn = ServerProtocol(max_size=128 * 1024)

    def data_received(self, data: bytes) -> None:
        self.conn.receive_data(data)
        for event in self.conn.events_received():
            if isinstance(event, Request):
                self.conn.send_response(self.conn.accept(event))
            elif isinstance(event, Frame) and event.opcode is Opcode.BINARY:
                self.conn.send_text(b'{"type":"ack","seq":%d}' % HEADER.unpack_from(event.data)[0])
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self.conn.send_text(b'{"type":"ready","next_seq":0}')
        for out in self.conn.data_to_send():
            self.transport.write(out) if out else self.transport.close()


async def serve_bare(ready: Callable[[str], None], _home: str, _database_url: str) -> None:
    server = await asyncio.get_running_loop().create_server(BareServer, "127.0.0.1", 0)
    ready(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await server.serve_forever()


async def serve_uvicorn(ready: Callable[[str], None], _home: str, _database_url: str) -> None:
    """The same conversation as a bare ASGI application on the server and settings that VORI uses."""
    from vori.gateway import serve

    async def app(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            data = message.get("bytes")
            seq = HEADER.unpack_from(data)[0] if data else None
            text = '{"type":"ready","next_seq":0}' if seq is None else f'{{"type":"ack","seq":{seq}}}'
            await send({"type": "websocket.send", "text": text})

    await serve(app, host="127.0.0.1", port=0, ready=ready)


async def serve_vori(ready: Callable[[str], None], home: str, database_url: str, *, archive: bool = False) -> None:
    """The gateway with its audio and meetings routes; with the archive worker if asked."""
    from vori.audio import api as audio
    from vori.audio.files import FileArchive
    from vori.audio.receive import Receiver
    from vori.audio.worker import Archivist
    from vori.database.connection import LOG_ROLE, Database
    from vori.eventlog.postgres import PostgresEventLog
    from vori.gateway import build_app, serve
    from vori.livefeed.postgres import PostgresLiveFeed
    from vori.meetings import api as meetings
    from vori.people.store import ensure_local_workspace

    async with (
        Database(database_url) as database,
        Database(database_url, role=LOG_ROLE) as log_database,
        PostgresEventLog(log_database) as log,
        PostgresLiveFeed(log_database) as feed,
        Receiver(database, log, feed) as receiver,
    ):
        await ensure_local_workspace(database)
        archivist = Archivist(database, log, FileArchive(Path(home) / "archive"))
        routers = [
            meetings.routes(database, log, feed, receiver.end_streams),
            audio.routes(database, log, receiver, archivist, Path(home)),
        ]
        working = asyncio.create_task(archivist.run()) if archive else None
        try:
            await serve(build_app(routers), host="127.0.0.1", port=0, ready=ready)
        finally:
            if working:
                working.cancel()


async def serve_vori_archiving(ready: Callable[[str], None], home: str, database_url: str) -> None:
    await serve_vori(ready, home, database_url, archive=True)


def run_server(serve: Any, pipe: Connection, home: str, database_url: str) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    uvloop.run(serve(pipe.send, home, database_url))


class Stream:
    """One paced source of frames, and how long each waited for its acknowledgement."""

    def __init__(self, number: int, url: str) -> None:
        self.number = number
        self.url = url
        self.sent: dict[int, float] = {}
        self.delays: list[float] = []

    async def run(self, start: float, frames: int, spacing: float) -> None:
        hello = {"type": "hello", "stream_id": f"s{self.number}", "codec": "pcm_s16le", "sample_rate": 16000}
        async with connect(self.url, compression=None, proxy=None) as socket:
            await socket.send(json.dumps(hello))
            await socket.recv()
            hearing = asyncio.create_task(self.hear(socket, frames))
            for seq in range(frames):
                await asyncio.sleep(start + self.number * spacing + seq * 0.1 - time.monotonic())
                self.sent[seq] = time.monotonic()
                await socket.send(HEADER.pack(seq, seq * 100) + FRAME)
            await asyncio.wait_for(hearing, 10)

    async def hear(self, socket: ClientConnection, frames: int) -> None:
        following = 0
        while following < frames:
            acked, at = json.loads(await socket.recv())["seq"], time.monotonic()
            self.delays += [at - self.sent.pop(seq) for seq in range(following, acked + 1)]
            following = acked + 1


async def send(url: str, meetings: list[str], streams: int) -> list[float]:
    """Frames at real-time pace on `streams` sockets, evenly staggered. From each frame to its acknowledgement, s."""
    socket_url = url.replace("http", "ws")
    paths = [f"/api/meetings/{meeting}/audio" for meeting in meetings] or ["/"]
    sources = [Stream(number, socket_url + paths[number % len(paths)]) for number in range(streams)]
    start, frames = time.monotonic() + 0.5, int(SECONDS * 10)
    await asyncio.gather(*(source.run(start, frames, 0.1 / streams) for source in sources))
    return [delay for source in sources for delay in source.delays]


def run_client(pipe: Connection, url: str, meetings: list[str], streams: int) -> None:
    pipe.send(uvloop.run(send(url, meetings, streams)))


def cpu_s(pid: int) -> float:
    """Processor seconds of a process's threads so far."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def children(pid: int | None) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()] if pid else []


@dataclass(frozen=True)
class Result:
    """µs of processor time per frame, and ms until its acknowledgement: median and 95th percentile."""

    server_us: float
    postgres_us: float
    ack_ms: tuple[float, float]


def measure(serve: Any, streams: int, home: Path, postgres: EmbeddedPostgres) -> Result:
    ours, theirs = multiprocessing.Pipe()
    server = SPAWN.Process(target=run_server, args=(serve, theirs, str(home), postgres.url), daemon=True)
    server.start()
    assert server.pid
    url = ours.recv()
    meetings: list[str] = []
    if serve in (serve_vori, serve_vori_archiving):
        meetings = [httpx.post(f"{url}/api/meetings", json={}).json()["meeting_id"] for _ in range(5)]
    client = SPAWN.Process(target=run_client, args=(theirs, url, meetings, streams), daemon=True)
    client.start()
    time.sleep(1.5)
    before = cpu_s(server.pid), sum(map(cpu_s, children(postgres.pid)))
    delays = sorted(ours.recv())
    after = cpu_s(server.pid), sum(map(cpu_s, children(postgres.pid)))
    client.join()
    server.kill()
    server.join()
    spent = [(end - begin) / len(delays) * 1e6 for begin, end in zip(before, after, strict=True)]
    middle, late = (1000 * delays[int(share * (len(delays) - 1))] for share in (0.5, 0.95))
    return Result(spent[0], spent[1], (middle, late))


SERVERS: dict[str, Any] = {
    "bare asyncio protocol, acknowledges at once": serve_bare,
    "bare ASGI application on uvicorn, acknowledges at once": serve_uvicorn,
    "VORI: durable, then acknowledged, some frames together": serve_vori,
    "VORI, and archived as FLAC in the same process": serve_vori_archiving,
}
SPAWN = multiprocessing.get_context("spawn")


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="vori-bench-", dir="/tmp"))
    home.chmod(0o711)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    postgres = EmbeddedPostgres(home)
    try:
        migrate(postgres.start())
        print(f"100 ms frames (3,200 bytes of PCM) at real-time pace for {SECONDS:g} s, on {os.cpu_count()} cores.\n")
        print(
            "| streams | server | µs/frame | × bare asyncio | × bare uvicorn | PostgreSQL µs/frame | ack ms p50 / p95 |"
        )
        print("|---|---|---|---|---|---|---|")
        for streams in STREAMS:
            bare: list[float] = []
            for name, serve in SERVERS.items():
                if serve is serve_vori_archiving and streams != STREAMS[-1]:
                    continue
                got = measure(serve, streams, home, postgres)
                bare.append(got.server_us)
                ratios = " | ".join(f"{got.server_us / base:.1f}" for base in (bare[0], bare[min(1, len(bare) - 1)]))
                acks = " / ".join(f"{delay:.1f}" for delay in got.ack_ms)
                kept = f"{got.postgres_us:.0f}" if "VORI" in name else "–"
                print(f"| {streams} | {name} | {got.server_us:.0f} | {ratios} | {kept} | {acks} |", flush=True)
    finally:
        postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
