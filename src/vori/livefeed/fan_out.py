"""From one connection to all subscribers of a process: each has a bounded queue, and a slow one holds up nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from vori.livefeed import LiveGap, LiveMessage

QUEUE = 1000
"""Messages a subscriber may be behind before it gets a gap instead."""


class _Inbox(AsyncIterator[LiveMessage | LiveGap]):
    """What waits for one subscriber; when that is too much, a gap takes its place."""

    def __init__(self, size: int) -> None:
        self._queue: asyncio.Queue[LiveMessage | LiveGap] = asyncio.Queue(size)

    def put(self, message: LiveMessage | LiveGap) -> None:
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            message = LiveGap()
        self._queue.put_nowait(message)

    async def __anext__(self) -> LiveMessage | LiveGap:
        return await self._queue.get()


class FanOut:
    """The subscribers of one process."""

    def __init__(self, queue_size: int = QUEUE) -> None:
        self._queue_size = queue_size
        self._inboxes: set[_Inbox] = set()

    @contextmanager
    def inbox(self) -> Iterator[AsyncIterator[LiveMessage | LiveGap]]:
        """What is handed out from here on."""
        inbox = _Inbox(self._queue_size)
        self._inboxes.add(inbox)
        try:
            yield inbox
        finally:
            self._inboxes.discard(inbox)

    def hand_out(self, message: LiveMessage | LiveGap) -> None:
        for inbox in self._inboxes:
            inbox.put(message)
