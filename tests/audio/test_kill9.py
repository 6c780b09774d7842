"""The gateway dies by SIGKILL while sound comes in: the client goes on, and nothing is missing or doubled."""

from __future__ import annotations

import asyncio
import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path
from uuid import UUID

import httpx
import numpy as np
import pytest
from tests.audio.conftest import noise

from ingest import run_server, serve_vori_archiving
from vori.audio.flac import decode_flac
from vori.audio.model import stream_key
from vori.audio.store import read_segments
from vori.cli.stream import AudioSender
from vori.database.connection import Database
from vori.people.model import LOCAL_WORKSPACE

SPAWN = multiprocessing.get_context("spawn")


async def start_gateway(home: Path, database_url: str) -> tuple[BaseProcess, str]:
    """(its process, its URL)"""
    ours, theirs = multiprocessing.Pipe()
    process = SPAWN.Process(
        target=run_server, args=(serve_vori_archiving, theirs, str(home), database_url), daemon=True
    )
    process.start()
    return process, await asyncio.to_thread(ours.recv)


@pytest.mark.flow
async def test_no_frame_is_lost_or_doubled(database: Database, database_url: str, tmp_path: Path) -> None:
    samples = noise(25)
    gateway, url = await start_gateway(tmp_path, database_url)
    async with httpx.AsyncClient() as client:
        meeting = UUID((await client.post(f"{url}/api/meetings", json={})).json()["meeting_id"])
    path = f"/api/meetings/{meeting}/audio"
    sender = AudioSender(url.replace("http", "ws") + path, "mic", patience_s=20)
    async with sender:
        sending = asyncio.create_task(send_all(sender, samples))
        await asyncio.sleep(0.7)
        gateway.kill()
        gateway, url = await start_gateway(tmp_path, database_url)
        sender.url = url.replace("http", "ws") + path
        assert await asyncio.wait_for(sending, 20) == 250
    assert sender.connections == 2
    assert sender.gaps == []
    kept = np.zeros(0, np.int16)
    async with asyncio.timeout(10):
        while len(kept) < len(samples):
            await asyncio.sleep(0.1)
            async with database.transaction(LOCAL_WORKSPACE) as tx:
                segments = await read_segments(tx, [stream_key(meeting, "mic")])
            flacs = [(tmp_path / "archive" / segment.path).read_bytes() for segment in segments]
            kept = np.concatenate([np.zeros(0, np.int16), *map(decode_flac, flacs)])
    assert np.array_equal(kept, samples)
    gateway.kill()
    gateway.join()


async def send_all(sender: AudioSender, samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> int:
    """Ten times as fast as it was spoken."""
    for at in range(0, len(samples), 1600):
        await sender.send_samples(samples[at : at + 1600], fast=True)
        await asyncio.sleep(0.01)
    return await sender.finish()
