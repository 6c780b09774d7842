"""The conversation with one page: what it missed, or a snapshot; then every diff, until it leaves or falls behind."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Any
from uuid import UUID

from fastapi import WebSocket

from vori.board.live import Diff, Page, Position, Room
from vori.board.snapshot import read_snapshot
from vori.database.connection import Database

TRY_AGAIN = 1013
"""WebSocket close code for a page that was too slow: it comes back with `?after=`."""
PATIENCE_S = 5.0


class Showing:
    """One page's socket, kept up to date with its room."""

    def __init__(
        self, socket: WebSocket, database: Database, workspace_id: UUID, room: Room, meeting_id: UUID | None
    ) -> None:
        self.socket = socket
        self.database = database
        self.workspace_id = workspace_id
        self.room = room
        self.page = Page(meeting_id)

    async def run(self, after: str) -> None:
        """Until the page leaves. `after` is the position it saw last, as `epoch:seq`, or empty. Raises `NotFound`."""
        position = Position.parse(after)
        missed = self.room.missed(position, self.page.meeting_id) if position else None
        joined = self.room.position
        self.room.pages.add(self.page)  # from here on diffs wait for it: nothing falls between them and the snapshot
        speaking = asyncio.create_task(self._speak(joined, missed))
        hearing = asyncio.create_task(self._hear())
        falling_behind = asyncio.create_task(self.page.too_slow.wait())
        tasks = (speaking, hearing, falling_behind)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.room.pages.discard(self.page)
            for task in tasks:
                task.cancel()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome
        if self.page.too_slow.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_S):
                    await self.socket.close(TRY_AGAIN, "too slow: resume")

    async def _speak(self, joined: Position, missed: list[Diff] | None) -> None:
        if missed is None:
            shown = await self._snapshot()
        else:
            shown = joined.seq
            for diff in missed:
                await self.socket.send_text(diff.text)
            await self._send({"type": "resumed", "seq": joined.seq, "epoch": joined.epoch})
        while True:
            diff_or_gap = await self.page.waiting.get()
            if diff_or_gap is None:
                shown = await self._snapshot()
            elif diff_or_gap.seq > shown:
                await self.socket.send_text(diff_or_gap.text)

    async def _snapshot(self) -> int:
        """Send everything as it is; the number of the last diff that is in it."""
        position, passing = self.room.position, self.room.passing(self.page.meeting_id)
        state = await read_snapshot(self.database, self.workspace_id, self.page.meeting_id, passing)
        await self._send({"type": "snapshot", "seq": position.seq, "epoch": position.epoch, "state": state})
        return position.seq

    async def _send(self, body: dict[str, Any]) -> None:
        await self.socket.send_text(json.dumps(body, ensure_ascii=False, separators=(",", ":")))

    async def _hear(self) -> None:
        """A page has nothing to say here; it only leaves."""
        while (await self.socket.receive())["type"] != "websocket.disconnect":
            pass
