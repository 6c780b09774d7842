"""The workspace table."""

from __future__ import annotations

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
