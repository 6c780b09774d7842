"""A transaction acts as a whole, and a database that went away is a supplier's error."""

from __future__ import annotations

import asyncio
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from vori.database.connection import Database
from vori.database.embedded import SUPERUSER
from vori.errors import Unavailable


async def names(database: Database, workspace: UUID) -> list[str]:
    async with database.transaction(workspace) as tx:
        return [row["name"] for row in await tx.fetch_all("select name from workspace")]


async def test_what_is_to_be_done_before_the_commit_is_part_of_it(database: Database, workspace: UUID) -> None:
    done: list[str] = []
    async with database.transaction(workspace) as tx:

        async def rename() -> None:
            await tx.execute("update workspace set name = 'renamed'")
            done.append("before")

        async def after() -> None:
            done.append("after")

        tx.after_commit(after)
        tx.before_commit(rename)
        assert done == []
    assert done == ["before", "after"]
    assert await names(database, workspace) == ["renamed"]


async def test_what_fails_before_the_commit_undoes_everything(database: Database, workspace: UUID) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async def act() -> None:
        async with database.transaction(workspace) as tx:
            await tx.execute("update workspace set name = 'never'")
            tx.before_commit(fail)
            tx.after_commit(fail)

    with pytest.raises(ZeroDivisionError):
        await act()
    assert await names(database, workspace) == ["test"]


async def test_a_task_stopped_just_as_a_connection_becomes_free_stops(database_url: str) -> None:
    """The pool's own wait loses such a cancellation on Python 3.11."""
    async with Database(database_url, size=1) as database:

        async def work() -> None:
            async with database.transaction():
                pass
            await asyncio.Event().wait()

        for moments in range(12):
            async with database.transaction():
                working = asyncio.create_task(work())
                await asyncio.sleep(0.005)
            for _ in range(moments):
                await asyncio.sleep(0)
            working.cancel()
            await asyncio.wait({working}, timeout=5)
            assert working.cancelled(), f"{moments} turns of the loop after the connection came back"


def cut(database_url: str) -> None:
    with psycopg.connect(make_conninfo(database_url, user=SUPERUSER), autocommit=True) as admin:
        admin.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )


async def test_a_connection_lost_in_a_transaction_is_a_supplier_s_error(
    database_url: str, database: Database, workspace: UUID
) -> None:
    async def act() -> None:
        async with database.transaction(workspace) as tx:
            await tx.execute("update workspace set name = 'never'")
            cut(database_url)
            await tx.execute("update workspace set name = 'never'")

    with pytest.raises(Unavailable):
        await act()
    assert await names(database, workspace) == ["test"]


async def test_connections_lost_between_transactions_are_replaced_unnoticed(
    database_url: str, database: Database, workspace: UUID
) -> None:
    cut(database_url)
    assert await names(database, workspace) == ["test"]
