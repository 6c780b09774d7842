"""A meeting that goes on in a running VORI, without sound: pages are told what its workers would tell."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any
from uuid import UUID, uuid4

import psycopg

from vori.audio.model import AudioStream
from vori.audio.store import create_stream
from vori.clock import new_id, now
from vori.database.connection import APP_ROLE, as_role
from vori.events import Status, UtteranceFinal, Word
from vori.foundation import Foundation, foundation
from vori.meetings.model import Meeting
from vori.meetings.show import meeting_message
from vori.meetings.store import create_meeting
from vori.people.model import LOCAL_WORKSPACE as TEAM
from vori.sample.script import read_script
from vori.settings import Settings
from vori.tickets.edit import NewTicket, TicketChange, create, edit
from vori.tickets.store import lock_board, read_ticket
from vori.transcript.show import draft_message, utterance_message
from vori.transcript.store import add_utterance

EVERY_MS, SAID_MS = 3600, 3200
"""From the beginning of an utterance to that of the next, and how long each is: 1,000 of them are an hour."""
DRAFT_S = 0.2
DRAFTS = EVERY_MS // 200
MOVES = (Status.IN_PROGRESS, Status.DONE, Status.TODO)


@dataclass(frozen=True)
class Moved:
    """A ticket's change of status; `at_ms` is when its commit began, since 1970."""

    key: str
    status: str
    at_ms: float


class Talk:
    """Used with `with`. Its work is done in a thread of its own, so that a browser can be driven meanwhile."""

    def __init__(self, database_url: str, home: Any) -> None:
        self._settings = Settings(database_url=database_url, home=home)
        self._loop = asyncio.new_event_loop()
        self._open = AsyncExitStack()
        self._going: asyncio.Task[None] | None = None
        self._streams: list[AudioStream] = []
        self._said: list[UtteranceFinal] = []

    def __enter__(self) -> Talk:
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._base: Foundation = self._do(self._open.enter_async_context(foundation(self._settings)))
        return self

    def __exit__(self, *_: object) -> None:
        self.pause()
        self._do(self._open.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def begin(self) -> str:
        """A meeting in which nothing has been said."""
        return str(self._do(self._begin()))

    def say(self, number: int) -> None:
        """So many utterances, the demo's lines over and over, as fast as pages take them."""
        self._do(self._say(number))

    def go_on(self) -> None:
        """Until `pause`: five drafts a second, an utterance told again every 3.6 s, a ticket moved every second."""
        ticket_id = self._do(self._ticket("Something that moves all the time"))
        self._going = self._do(self._start(ticket_id))

    def pause(self) -> None:
        if self._going:
            self._loop.call_soon_threadsafe(self._going.cancel)
            self._going = None

    def ticket(self, title: str) -> str:
        """A new ticket's id."""
        return str(self._do(self._ticket(title)))

    def move(self, ticket_id: str, status: Status) -> Moved:
        moved: Moved = self._do(self._move(UUID(ticket_id), status))
        return moved

    async def _begin(self) -> UUID:
        script = read_script("en")
        meeting = Meeting(new_id(), TEAM, script["title"], "en", "live", now(), participants=tuple(script["voices"]))
        async with self._base.database.transaction(TEAM) as tx:
            await create_meeting(tx, meeting)
            for name in script["voices"]:
                kind = ("pcm_s16le", 16_000, "en")
                stream = AudioStream(uuid4(), TEAM, meeting.meeting_id, name, *kind, name, 0, now())  # type: ignore[arg-type]
                self._streams.append(await create_stream(tx, stream))
        await self._base.feed.publish(meeting_message(meeting))
        self._texts = cycle(line["text"] for line in script["lines"])
        return meeting.meeting_id

    async def _say(self, number: int) -> None:
        for place in range(len(self._said), len(self._said) + number):
            said = self._utterance(place, next(self._texts))
            self._said.append(said)
            async with self._base.database.transaction(TEAM) as tx:
                await add_utterance(tx, said, "bench")
                await self._base.feed.publish(utterance_message(said), tx)

    def _utterance(self, place: int, text: str) -> UtteranceFinal:
        stream, start = self._streams[place % len(self._streams)], place * EVERY_MS
        return UtteranceFinal(
            workspace_id=TEAM,
            meeting_id=stream.meeting_id,
            utterance_id=uuid4(),
            stream=stream.stream,
            speaker=stream.speaker,
            start_ms=start,
            end_ms=start + SAID_MS,
            language="en",
            text=text,
            words=tuple(_words(text, start)),
        )

    async def _start(self, ticket_id: UUID) -> asyncio.Task[None]:
        return asyncio.create_task(self._go_on(ticket_id))

    async def _go_on(self, ticket_id: UUID) -> None:
        stream, start = self._streams[0], len(self._said) * EVERY_MS
        for turn in count():
            text, draft_id = next(self._texts), uuid4()
            for step in range(1, DRAFTS + 1):
                await asyncio.sleep(DRAFT_S)
                shown = text[: len(text) * step // DRAFTS]
                stable = shown.rpartition(" ")[0]
                draft = {"stream": str(stream.stream), "speaker": stream.speaker, "start_ms": start}
                words = draft | {"final": "", "stable": stable, "text": shown}
                await self._base.feed.publish(draft_message(stream, draft_id, words))
                if step % 5 == 0:
                    await self._move(ticket_id, MOVES[(turn * DRAFTS + step) // 5 % len(MOVES)])
            await self._base.feed.publish(draft_message(stream, draft_id, None))
            await self._base.feed.publish(utterance_message(self._said[turn % len(self._said)]))

    async def _ticket(self, title: str) -> UUID:
        async with self._base.database.transaction(TEAM) as tx:
            await lock_board(tx)
            ticket = await create(tx, self._base.log, self._base.feed, NewTicket(title=title))
        return ticket.ticket_id

    async def _move(self, ticket_id: UUID, status: Status) -> Moved:
        commits: list[float] = []

        async def note() -> None:
            commits.append(time.time() * 1000)

        async with self._base.database.transaction(TEAM) as tx:
            await lock_board(tx)
            ticket = await read_ticket(tx, ticket_id)
            assert ticket is not None
            await edit(tx, self._base.log, self._base.feed, ticket, TicketChange(status=status))
            tx.before_commit(note)
        return Moved(ticket.key, status.value, commits[0])


@contextmanager
def bare_notify(database_url: str) -> Iterator[Callable[[], float]]:
    """What sends a NOTIFY from one connection to another, and tells how long it took from before its commit, in ms."""
    url = as_role(database_url, APP_ROLE)
    with psycopg.connect(url, autocommit=True) as hears, psycopg.connect(url, autocommit=True) as tells:
        hears.execute("listen vori_bench")

        def notify() -> float:
            began = time.perf_counter()
            tells.execute("notify vori_bench")
            heard = list(hears.notifies(timeout=10, stop_after=1))
            assert heard
            return (time.perf_counter() - began) * 1000

        yield notify


def _words(text: str, start_ms: int) -> Iterator[Word]:
    words = text.split()
    for place, word in enumerate(words):
        begin, end = (start_ms + SAID_MS * at // len(words) for at in (place, place + 1))
        yield Word(text=word, start_ms=begin, end_ms=end)
