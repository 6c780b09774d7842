"""A workspace is a wall: row-level security holds for every table, and the application's role can't get round it."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from vori.clock import new_id
from vori.database.connection import Database
from vori.database.embedded import SUPERUSER
from vori.database.migrate import OWNER, migrate

NO_TEAM_DATA = {"alembic_version", "analytics_standing", "log_partition", "log_progress"}


def test_every_table_with_team_data_carries_its_workspace_behind_forced_row_level_security(database_url: str) -> None:
    with psycopg.connect(make_conninfo(database_url, user=SUPERUSER)) as admin:
        rows = admin.execute(
            """select c.relname, c.relrowsecurity and c.relforcerowsecurity,
                      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id'
                              and a.attnotnull),
                      exists (select from pg_policy p where p.polrelid = c.oid and p.polqual is not null)
               from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace"""
        ).fetchall()
    assert {name for name, *_ in rows} >= NO_TEAM_DATA | {"meeting", "utterance", "ticket", "log_event"}
    assert [row for row in rows if row[0] not in NO_TEAM_DATA and not all(row[1:])] == []


async def test_the_application_s_role_owns_nothing_and_bypasses_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        row = await tx.fetch_one(
            """select session_user, current_user, rolsuper, rolbypassrls, rolcreaterole,
                      (select count(*) from pg_class where relowner = r.oid) as owned,
                      pg_has_role(current_user, %s, 'member') as owner_too
               from pg_roles r where rolname = current_user""",
            (OWNER,),
        )
    assert row == {
        "session_user": "vori_app",
        "current_user": "vori_app",
        "rolsuper": False,
        "rolbypassrls": False,
        "rolcreaterole": False,
        "owned": 0,
        "owner_too": False,
    }


async def test_one_workspace_sees_and_writes_nothing_of_another(database: Database, workspace: UUID) -> None:
    other = new_id()
    async with database.transaction(other) as tx:
        assert await tx.fetch_all("select * from workspace") == []
        done = await tx.execute("update workspace set name = 'taken'")
        assert done.rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.transaction(other) as tx:
            await tx.execute("insert into workspace (workspace_id, name) values (%s, 'x')", (new_id(),))
    async with database.transaction() as tx:
        assert await tx.fetch_all("select * from workspace") == []
    async with database.transaction(workspace) as tx:
        assert len(await tx.fetch_all("select * from workspace")) == 1


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)
