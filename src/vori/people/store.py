"""The tables of workspaces and of their members."""

from __future__ import annotations

from uuid import UUID

from vori.database.connection import Database, Transaction
from vori.errors import NotFound
from vori.people.model import LOCAL_WORKSPACE, Member, Workspace


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


async def lock_members(tx: Transaction) -> None:
    """Wait to be the only one who changes this workspace's members until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('members ' || %s, 0))", (str(tx.workspace_id),))


async def read_members(tx: Transaction) -> list[Member]:
    """The workspace's members by name."""
    rows = await tx.fetch_all("select member_id, name, also from member order by lower(name), member_id")
    return [Member(row["member_id"], row["name"], tuple(row["also"])) for row in rows]


async def add_member(tx: Transaction, member: Member) -> None:
    await tx.execute(
        "insert into member (member_id, workspace_id, name, also) values (%s, %s, %s, %s)",
        (member.member_id, tx.workspace_id, member.name, list(member.also)),
    )


async def change_member(tx: Transaction, member: Member) -> None:
    """Give a member these names instead. Raises `NotFound`."""
    done = await tx.execute(
        "update member set name = %s, also = %s where member_id = %s",
        (member.name, list(member.also), member.member_id),
    )
    _found(done.rowcount, member.member_id)


async def remove_member(tx: Transaction, member_id: UUID) -> None:
    """Forget a member. Raises `NotFound`."""
    done = await tx.execute("delete from member where member_id = %s", (member_id,))
    _found(done.rowcount, member_id)


def _found(rows: int, member_id: UUID) -> None:
    if not rows:
        raise NotFound(f"There is no member {member_id}.", remedy="`GET /api/members` lists them.")
