"""The table of comments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vori.database.connection import Transaction
from vori.errors import NotFound


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote under a ticket. `author` is None when they gave no name."""

    comment_id: UUID
    ticket_id: UUID
    author: str | None
    text: str
    at: datetime


async def add_comment(tx: Transaction, comment: Comment) -> None:
    await tx.execute(
        """insert into ticket_comment (comment_id, workspace_id, ticket_id, author, text, at)
           values (%s, %s, %s, %s, %s, %s)""",
        (comment.comment_id, tx.workspace_id, comment.ticket_id, comment.author, comment.text, comment.at),
    )


async def read_comments(tx: Transaction, ticket_id: UUID) -> list[Comment]:
    """A ticket's comments, oldest first."""
    rows = await tx.fetch_all(
        """select comment_id, ticket_id, author, text, at from ticket_comment
           where ticket_id = %s order by at, comment_id""",
        (ticket_id,),
    )
    return [Comment(**row) for row in rows]


async def remove_comment(tx: Transaction, ticket_id: UUID, comment_id: UUID) -> None:
    """Raises `NotFound` when the ticket has none such."""
    done = await tx.execute(
        "delete from ticket_comment where ticket_id = %s and comment_id = %s", (ticket_id, comment_id)
    )
    if not done.rowcount:
        raise NotFound("There is no such comment.", remedy=f"`GET /api/tickets/{ticket_id}/comments` lists them.")
