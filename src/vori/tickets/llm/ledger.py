"""A ledger in the database, for extractors that run in a thread beside the event loop that holds the connections."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from vori.database.connection import Database
from vori.tickets.llm.model import Meter, Note
from vori.tickets.llm.store import add_note, read_answers, read_spent

Result = TypeVar("Result")


class DatabaseLedger:
    """A `Ledger`. Each note is a transaction of its own: what was spent is spent, whatever becomes of the event."""

    def __init__(self, database: Database, loop: asyncio.AbstractEventLoop) -> None:
        self._database = database
        self._loop = loop

    def note(self, entry: Note) -> None:
        async def add() -> None:
            async with self._database.transaction(UUID(entry.workspace)) as tx:
                await add_note(tx, entry)

        self._wait(add())

    def read(self, workspace: str, meeting: str) -> list[Note]:
        async def answers() -> list[Note]:
            async with self._database.transaction(UUID(workspace)) as tx:
                return await read_answers(tx, UUID(meeting))

        return self._wait(answers())

    def spent(self, workspace: str, since: datetime) -> Meter:
        async def total() -> Meter:
            async with self._database.transaction(UUID(workspace)) as tx:
                return await read_spent(tx, since)

        return self._wait(total())

    def _wait(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
