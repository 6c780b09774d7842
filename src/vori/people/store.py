"""The workspace table."""

from __future__ import annotations

from uuid import UUID

from vori.database.connection import Database
from vori.people.model import LOCAL_WORKSPACE, Workspace


async def ensure_local_workspace(database: Database) -> Workspace:
    """The one-person workspace, made on first use."""
    workspace = Workspace(LOCAL_WORKSPACE, "My workspace")
    async with database.transaction(workspace.workspace_id) as tx:
        await tx.execute(
            "insert into workspace (workspace_id, name) values (%s, %s) on conflict do nothing",
            (workspace.workspace_id, workspace.name),
        )
    return workspace


async def read_workspaces(log_database: Database) -> list[UUID]:
    """Every workspace's id; only the log's role sees them all."""
    async with log_database.transaction() as tx:
        rows = await tx.fetch_all("select workspace_id from workspace order by workspace_id")
    return [row["workspace_id"] for row in rows]
