"""The live hub: one per gateway. It numbers the feed's messages and hands them to the pages that may see them."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from vori.livefeed import Kind, LiveFeed, LiveMessage

REMEMBERED = 2000
"""Diffs a workspace keeps for pages that come back."""
WAITING = 256
"""Diffs that may wait for one page; a page that falls further behind is dropped, and resumes."""
OVERVIEW: frozenset[Kind] = frozenset({"meeting", "ticket", "suggestion", "minutes", "team"})
"""What a page without a meeting sees."""
PASSING: tuple[Kind, ...] = ("draft", "stream", "lag", "metrics", "team")
"""What is remembered for who comes anew, as `Passing` has it."""


@dataclass(frozen=True, slots=True)
class Diff:
    """One message, numbered."""

    seq: int
    message: LiveMessage
    text: str
    """As it goes to every page: encoded once."""

    def concerns(self, meeting_id: UUID | None) -> bool:
        if meeting_id is None:
            return self.message.kind in OVERVIEW
        return self.message.kind == "ticket" or self.message.meeting_id == meeting_id


@dataclass(slots=True, eq=False)
class Page:
    """One page's socket, as the hub sees it."""

    meeting_id: UUID | None
    waiting: asyncio.Queue[Diff | None] = field(default_factory=lambda: asyncio.Queue(WAITING))
    """Diffs in order; None says that some were lost: read everything anew."""
    too_slow: asyncio.Event = field(default_factory=asyncio.Event)

    def hand(self, diff: Diff | None) -> bool:
        """False when this page takes no more."""
        try:
            self.waiting.put_nowait(diff)
        except asyncio.QueueFull:
            self.too_slow.set()
            return False
        return True


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a workspace's numbering. `epoch` changes when diffs may have been lost."""

    epoch: str
    seq: int

    @classmethod
    def parse(cls, text: str) -> Position | None:
        epoch, colon, seq = text.rpartition(":")
        return cls(epoch, int(seq)) if colon and seq.isascii() and seq.isdigit() and len(seq) < 16 else None


@dataclass(frozen=True, slots=True)
class Passing:
    """What passes: the words being said now, how each stream is doing, how late its words come, and numbers so far (of
    the meeting, of the team)."""

    drafts: dict[str, Any] = field(default_factory=dict)
    streams: dict[str, Any] = field(default_factory=dict)
    lags: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    team: dict[str, Any] = field(default_factory=dict)
    """A table has the last two, too: here they are when they were heard."""


class Room:
    """One workspace's numbering, memory and pages."""

    def __init__(self) -> None:
        self.epoch = uuid4().hex
        self.seq = 0
        self.pages: set[Page] = set()
        self._remembered: deque[Diff] = deque(maxlen=REMEMBERED)
        self._passing: dict[Kind, dict[UUID, LiveMessage]] = {kind: {} for kind in PASSING}
        self._versions: dict[tuple[Kind, UUID], int] = {}

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.seq)

    def spread(self, message: LiveMessage) -> None:
        """Hand a message to the pages, unless a later one about the same thing has overtaken it."""
        known = (message.kind, message.id)
        if message.version < self._versions.get(known, 0):
            return
        if message.version:
            self._versions[known] = message.version
        self.seq += 1
        body = {"type": "diff", "seq": self.seq, "kind": message.kind, "id": str(message.id), "data": message.data}
        diff = Diff(self.seq, message, json.dumps(body, ensure_ascii=False, separators=(",", ":")))
        self._remembered.append(diff)
        self.keep(message)
        behind = [page for page in self.pages if diff.concerns(page.meeting_id) and not page.hand(diff)]
        self.pages.difference_update(behind)

    def forget(self) -> None:
        """Some messages were lost: every page starts anew."""
        self.epoch = uuid4().hex
        self._remembered.clear()
        for kept in self._passing.values():
            kept.clear()
        self.pages = {page for page in self.pages if page.hand(None)}

    def missed(self, after: Position, meeting_id: UUID | None) -> list[Diff] | None:
        """What a page that saw everything up to `after` hasn't seen; None when that can't be told any more."""
        oldest = self.seq - len(self._remembered)
        if after.epoch != self.epoch or not oldest <= after.seq <= self.seq:
            return None
        return [diff for diff in self._remembered if diff.seq > after.seq and diff.concerns(meeting_id)]

    def passing(self, meeting_id: UUID | None) -> Passing:
        return Passing(
            *(
                {str(message.id): message.data for message in kept.values() if message.meeting_id == meeting_id}
                for kept in self._passing.values()
            )
        )

    def keep(self, message: LiveMessage) -> None:
        """Remember what passes."""
        if message.kind in self._passing and message.data is not None:
            self._passing[message.kind][message.id] = message
        elif message.kind in self._passing or message.kind == "utterance":
            self._passing["draft" if message.kind == "utterance" else message.kind].pop(message.id, None)
        elif message.kind == "minutes" and message.version:  # nothing passes any more in a meeting that is written up
            for kept in self._passing.values():
                for gone in [key for key, held in kept.items() if held.meeting_id == message.meeting_id]:
                    del kept[gone]


class Hub:
    """Every room of this gateway, fed by one subscription."""

    def __init__(self, feed: LiveFeed) -> None:
        self.feed = feed
        self.listening = asyncio.Event()
        self._rooms: dict[UUID, Room] = {}

    def room(self, workspace_id: UUID) -> Room:
        return self._rooms.setdefault(workspace_id, Room())

    async def run(self) -> None:
        """Listen to the feed until cancelled. After a gap every page begins anew."""
        async with self.feed.subscribe() as messages:
            await self._begin()
            self.listening.set()
            async for message in messages:
                if isinstance(message, LiveMessage):
                    self.room(message.workspace_id).spread(message)
                else:
                    await self._begin()

    async def _begin(self) -> None:
        """Have every room begin anew, with what passes just now."""
        passing = await self.feed.recall()
        for room in self._rooms.values():
            room.forget()
        for message in passing:
            self.room(message.workspace_id).keep(message)
