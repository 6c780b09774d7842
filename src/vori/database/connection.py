"""Connections to PostgreSQL. Every transaction names the workspace it acts for; row-level security does the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from vori.errors import Unavailable

APP_ROLE = "vori_app"
"""Reads and writes a workspace's rows, under row-level security."""
LOG_ROLE = "vori_log"
"""Reads and writes the event log of all workspaces, and nothing else."""

Params = Sequence[Any] | Mapping[str, Any] | None


def as_role(url: str, role: str) -> str:
    """The connection string for `role`: logged in as it (embedded server), or confined to it (a URL with a user)."""
    if "user" not in conninfo_to_dict(url):
        return make_conninfo(url, user=role, application_name="vori")
    return make_conninfo(url, options=f"-c role={role}", application_name="vori")


class Transaction:
    """An open transaction for one workspace. Rows come as dicts."""

    def __init__(self, connection: AsyncConnection[DictRow], workspace_id: UUID | None) -> None:
        self.connection = connection
        self.workspace_id = workspace_id
        self._before_commit: list[Callable[[], Awaitable[None]]] = []
        self._after_commit: list[Callable[[], Awaitable[None]]] = []

    async def execute(self, query: LiteralString, params: Params = None) -> AsyncCursor[DictRow]:
        return await self.connection.execute(query, params)

    async def fetch_all(self, query: LiteralString, params: Params = None) -> list[DictRow]:
        return await (await self.connection.execute(query, params)).fetchall()

    async def fetch_one(self, query: LiteralString, params: Params = None) -> DictRow | None:
        return await (await self.connection.execute(query, params)).fetchone()

    def before_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run `action` as the last thing inside the transaction: locks it takes are held for a moment only."""
        self._before_commit.append(action)

    def after_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        """Run `action` once the transaction has committed; never if it rolls back."""
        self._after_commit.append(action)

    async def run_before_commit(self) -> None:
        for action in self._before_commit:
            await action()

    async def run_after_commit(self) -> None:
        for action in self._after_commit:
            await action()


class Database:
    """A pool of connections confined to one role. `url` is a libpq URL or conninfo string."""

    def __init__(self, url: str, *, role: str = APP_ROLE, size: int = 8) -> None:
        self.conninfo = as_role(url, role)
        self._pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
            self.conninfo,
            min_size=1,
            max_size=size,
            open=False,
            check=AsyncConnectionPool.check_connection,
            kwargs={"row_factory": dict_row},
            timeout=20.0,
        )

    async def __aenter__(self) -> Database:
        await self._pool.open()
        try:
            await self._pool.wait(timeout=20.0)
        except PoolTimeout as error:
            await self._pool.close()
            raise Unavailable(
                "PostgreSQL can't be reached.", remedy="Check VORI_DATABASE_URL, or run `vori doctor`."
            ) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self, workspace_id: UUID | None = None) -> AsyncIterator[Transaction]:
        """Commit on leaving, roll back on an exception. Without a workspace no tenant's row is visible."""
        try:
            async with self._borrowed() as connection, connection.transaction():
                tx = Transaction(connection, workspace_id)
                if workspace_id is not None:
                    await connection.execute("select set_config('vori.workspace', %s, true)", (str(workspace_id),))
                yield tx
                await tx.run_before_commit()
        except psycopg.OperationalError as error:
            raise Unavailable("PostgreSQL doesn't answer.", remedy="It may be restarting; try again soon.") from error
        await tx.run_after_commit()

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[AsyncConnection[DictRow]]:
        """One of the pool's connections.

        The pool waits by `asyncio.wait_for`, which before Python 3.12 loses a cancellation that comes in the moment
        when a connection becomes free: without a second look a worker told to stop would work on.
        """
        task = asyncio.current_task()
        before = task.cancelling() if task else 0
        async with self._pool.connection() as connection:
            if task and task.cancelling() > before:
                raise asyncio.CancelledError
            yield connection

    async def connect(self) -> AsyncConnection[DictRow]:
        """A connection of one's own, in autocommit mode (for LISTEN and for locks that live as long as it does)."""
        try:
            return await psycopg.AsyncConnection[DictRow].connect(
                self.conninfo,
                autocommit=True,
                row_factory=dict_row,
                keepalives_idle=10,
                keepalives_interval=5,
                keepalives_count=3,
            )
        except psycopg.OperationalError as error:
            raise Unavailable("PostgreSQL can't be reached.", remedy="Run `vori doctor`.") from error
