"""Recordings played to a running VORI at the speed of speech, and what a page that watched the meeting showed."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Any

from recordings import PATIENCE_S, Recording, Shown
from vori.cli.live import View, follow
from vori.cli.server import Server
from vori.cli.stream import AudioSender


async def play(
    url: str, recordings: Sequence[Recording], *, key: str | None = None, together: bool = False
) -> list[Shown]:
    """Play all at once, each in a meeting of its own, or `together` in one. The language is left to VORI."""
    groups = [recordings] if together else [[recording] for recording in recordings]
    async with Server(url, key) as server:
        held = await asyncio.gather(*(_hold(server, group) for group in groups))
    return [shown for group in held for shown in group]


async def _hold(server: Server, recordings: Sequence[Recording]) -> list[Shown]:
    """One meeting."""
    meeting_id = (await server.post("/api/meetings", {"title": "Benchmark"}))["meeting_id"]
    views = [StreamView() for _ in recordings]
    watching = asyncio.create_task(_watch(server, meeting_id, views))
    named = enumerate(zip(views, recordings, strict=True))
    await asyncio.gather(
        *(_speak(server, meeting_id, f"bench-{number}", *pair) for number, pair in named),
    )
    await server.post(f"/api/meetings/{meeting_id}/end")
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(watching, PATIENCE_S)
    return [view.shown for view in views]


async def _watch(server: Server, meeting_id: str, streams: Sequence[StreamView]) -> None:
    """Until the minutes are there."""
    view = View()
    async for message in follow(server, meeting_id, view):
        if view.written_up:
            return
        if message["type"] == "diff" and message["kind"] in {"draft", "utterance"}:
            for stream in streams:
                stream.take(view, message)


async def _speak(server: Server, meeting_id: str, stream_id: str, view: StreamView, recording: Recording) -> None:
    address = server.socket_url(f"/api/meetings/{meeting_id}/audio")
    async with AudioSender(address, stream_id, headers=server.headers) as sender:
        streams = await server.get(f"/api/meetings/{meeting_id}/streams")
        view.begin(next(stream for stream in streams if stream["stream_id"] == stream_id))
        await sender.send_samples(recording.sound)
        await sender.finish()


class StreamView:
    """What a page shows of one stream."""

    def __init__(self) -> None:
        self.shown = Shown()
        self._stream = ""
        self._origin_s = 0.0
        self._began = 0.0

    def begin(self, stream: dict[str, Any]) -> None:
        """Its first sample is about to be sent."""
        self._stream, self._origin_s = stream["stream"], stream["origin_ms"] / 1000
        self._began = time.monotonic()

    def take(self, view: View, message: dict[str, Any]) -> None:
        at = time.monotonic() - self._began
        said, drafts = self._of_this(view.utterances), self._of_this(view.drafts)
        if message["kind"] == "utterance" and message["data"]["stream"] == self._stream:
            self.shown.after_speech.append(at - message["data"]["end_ms"] / 1000 + self._origin_s)
        self.shown.show(
            at,
            final=" ".join([*(utterance["text"] for utterance in said), *(draft["final"] for draft in drafts)]).strip(),
            draft=" ".join(draft["text"].removeprefix(draft["final"]).strip() for draft in drafts).strip(),
            stable=" ".join(draft["stable"].removeprefix(draft["final"]).strip() for draft in drafts).strip(),
        )

    def _of_this(self, held: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
        mine = [words for words in held.values() if words["stream"] == self._stream]
        return sorted(mine, key=lambda words: int(words["start_ms"]))
