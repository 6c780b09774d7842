"""The client's side of the audio WebSocket: what isn't acknowledged is kept, and sent again after a reconnect."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import OrderedDict
from collections.abc import AsyncIterable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from vori.audio.model import HEADER, Codec, samples_in
from vori.audio.opus import OpusEncoder
from vori.errors import CallerError, Unavailable, VoriError

FRAME_MS = 100
UNACKED = 512
"""Frames kept at most; sending waits when there are more."""
PAUSES_S = (0.05, 0.1, 0.2, 0.5)
"""Between attempts to connect; the last one for ever."""


class AudioRefused(CallerError):
    """The server won't take this stream (further); `code` and `remedy` are its own words."""

    code = "audio_refused"


def refusal(kind: type[CallerError], error: InvalidStatus) -> CallerError:
    """A handshake's refusal, in the server's own words where it has any."""
    try:
        problem = json.loads(error.response.body or b"")
        return kind(problem["detail"], remedy=problem["remedy"], code=problem["code"])
    except (ValueError, KeyError, TypeError):
        return kind(f"The server answered {error.response.status_code}.", remedy="Check the URL.")


class AudioSender:
    """Sends one stream of sound. Use `async with`, then `send…`, then `finish`; without `finish` it can be resumed.

    `url` is ws://host:port/api/meetings/{meeting_id}/audio. Raises `AudioRefused` when the server says no, and
    `Unavailable` when it can't be reached for `patience_s`.
    """

    def __init__(
        self,
        url: str,
        stream_id: str,
        *,
        codec: Codec = "pcm_s16le",
        sample_rate: int = 16_000,
        language: str | None = None,
        speaker: str | None = None,
        headers: Mapping[str, str] | None = None,
        patience_s: float = 60.0,
    ) -> None:
        self.url = url
        self.headers = headers or {}
        """Sent when it connects: the owner's key, say."""
        self.codec: Codec = codec
        self.sample_rate = sample_rate
        self.gaps: list[tuple[int, int]] = []
        """Frames that the server gave up waiting for: (first, last)."""
        self.acknowledged = 0
        """Frames before this one are durable."""
        self.connections = 0
        self._hello = {"type": "hello", "stream_id": stream_id, "codec": codec, "sample_rate": sample_rate}
        self._hello |= {key: value for key, value in (("language", language), ("speaker", speaker)) if value}
        self._patience_s = patience_s
        self._unacked: OrderedDict[int, bytes] = OrderedDict()
        self._next_seq = 0
        self._sent_samples = 0
        self._encoder = OpusEncoder(sample_rate) if codec == "opus" else None
        self._finishing = False
        self._news = asyncio.Condition()
        """Notified whenever an attribute above or below changes."""
        self._ready = False
        self._done = False
        self._failure: VoriError | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> AudioSender:
        self._task = asyncio.create_task(self._run())
        await self._until(lambda: self._ready)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    @property
    def next_seq(self) -> int:
        """Number of the next frame; where the server said to go on, if the stream had begun before."""
        return self._next_seq

    async def send(self, data: bytes, captured_ms: int | None = None) -> None:
        """Send one frame (PCM, or one Opus packet), captured right after the one before unless said otherwise."""
        samples = samples_in(self.codec, self.sample_rate, data)
        if captured_ms is None:
            captured_ms = self._sent_samples * 1000 // self.sample_rate
        else:
            self._sent_samples = captured_ms * self.sample_rate // 1000
        await self._until(lambda: len(self._unacked) < UNACKED)
        self._unacked[self._next_seq] = HEADER.pack(self._next_seq, captured_ms) + data
        self._next_seq += 1
        self._sent_samples += samples
        async with self._news:
            self._news.notify_all()

    async def send_samples(self, samples: NDArray[np.int16], *, fast: bool = False) -> None:
        """Send sound in frames of 100 ms, each when a microphone would have it, or as fast as it is taken."""
        step = self.sample_rate * FRAME_MS // 1000
        began = time.monotonic()
        for number, at in enumerate(range(0, len(samples), step), 1):
            block = samples[at : at + step].astype("<i2", copy=False)
            if not fast:
                await asyncio.sleep(began + number * FRAME_MS / 1000 - time.monotonic())
            for data in self._encoder.encode(block) if self._encoder else [block.tobytes()]:
                await self.send(data)

    async def send_blocks(self, blocks: AsyncIterable[NDArray[np.int16]]) -> None:
        """Send sound as it comes (from a microphone, which keeps its own time)."""
        async for block in blocks:
            await self.send_samples(block, fast=True)

    async def finish(self) -> int:
        """End the stream once everything is durable. The number of its frames."""
        for data in self._encoder.flush() if self._encoder else []:
            await self.send(data)
        self._finishing = True
        async with self._news:
            self._news.notify_all()
        await self._until(lambda: self._done)
        return self.acknowledged

    async def _until(self, true: Any) -> None:
        async with self._news:
            await self._news.wait_for(lambda: true() or self._failure)
        if self._failure and not true():
            raise self._failure

    async def _run(self) -> None:
        """Stay connected until done or refused."""
        failures, alive_at = 0, time.monotonic()
        while not self._done and not self._failure:
            connections = self.connections
            try:
                await self._connect()
            except AudioRefused as error:
                self._failure = error
            except (KeyError, TypeError, ValueError) as error:
                self._failure = AudioRefused(f"Not an answer of VORI's: {error!r}.", remedy="Check the URL.")
            except (OSError, WebSocketException, TimeoutError, VoriError) as error:
                if self.connections > connections:
                    failures, alive_at = 0, time.monotonic()
                if time.monotonic() - alive_at > self._patience_s:
                    self._failure = Unavailable(f"VORI can't be reached at {self.url}: {error}", remedy="Is it up?")
                else:
                    await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                    failures += 1
        async with self._news:
            self._news.notify_all()

    async def _connect(self) -> None:
        try:
            async with connect(
                self.url,
                additional_headers=self.headers,
                compression=None,
                proxy=None,
                open_timeout=5,
                close_timeout=1,
                ping_interval=10,
                ping_timeout=10,
            ) as socket:
                await self._introduce(socket)
                pumping = asyncio.create_task(self._pump(socket))
                try:
                    await self._hear(socket)
                finally:
                    pumping.cancel()
                    await asyncio.gather(pumping, return_exceptions=True)
        except InvalidStatus as error:
            if error.response.status_code < 500:
                raise refusal(AudioRefused, error) from error
            raise

    async def _introduce(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps(self._hello))
        message = await self._message(socket)
        if message is None:
            return
        next_seq = int(message["next_seq"])
        self.connections += 1
        if not self._ready:
            self._ready, self._next_seq = True, next_seq
        await self._acknowledge(next_seq)

    async def _acknowledge(self, next_seq: int) -> None:
        self.acknowledged = next_seq
        while self._unacked and next(iter(self._unacked)) < next_seq:
            self._unacked.popitem(last=False)
        async with self._news:
            self._news.notify_all()

    async def _pump(self, socket: ClientConnection) -> None:
        """Send what isn't acknowledged, then what is new, then bye."""
        seq = self.acknowledged
        while True:
            async with self._news:
                await self._news.wait_for(partial(self._has_more, seq))
            while seq < self._next_seq:
                frame = self._unacked.get(seq)
                if frame is not None:
                    await socket.send(frame)
                seq += 1
            if self._finishing:
                await socket.send('{"type":"bye"}')
                return

    def _has_more(self, sent: int) -> bool:
        return self._next_seq > sent or self._finishing

    async def _hear(self, socket: ClientConnection) -> None:
        while not self._done:
            message = await self._message(socket)
            if message is None:
                return
            if message["type"] == "ack":
                await self._acknowledge(message["seq"] + 1)
            elif message["type"] == "gap":
                self.gaps.append((message["from_seq"], message["to_seq"]))
            elif message["type"] == "done":
                self._done = True
                await self._acknowledge(message["next_seq"])

    async def _message(self, socket: ClientConnection) -> dict[str, Any] | None:
        """The next message; None when the stream turns out to be done. Raises `AudioRefused`, `Unavailable`."""
        message: dict[str, Any] = json.loads(await socket.recv())
        if message["type"] != "error":
            return message
        if message["code"] == "stream_ended" and self._finishing and not self._unacked:
            self._done = True  # the answer to bye was lost
            return None
        kind = AudioRefused if message["fault"] == "caller" else Unavailable
        raise kind(message["detail"], remedy=message["remedy"], code=message["code"])
