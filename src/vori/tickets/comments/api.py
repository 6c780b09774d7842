"""Comments over HTTP: read, write and remove them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from vori.clock import new_id, now
from vori.database.connection import Database
from vori.database.text import Text
from vori.people.api import CurrentWorkspace
from vori.tickets.comments.store import Comment, add_comment, read_comments, remove_comment
from vori.tickets.edit import Name, present


class NewComment(BaseModel):
    """What somebody writes, and their name if they give one."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[Text, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
    author: Name | None = None


class CommentOut(BaseModel):
    """A comment on a ticket."""

    comment_id: UUID
    author: str | None
    text: str
    at: datetime

    @classmethod
    def of(cls, comment: Comment) -> CommentOut:
        return cls.model_validate(comment, from_attributes=True)


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/tickets/{ticket_id}/comments", tags=["tickets"])

    @router.get("")
    async def comments(ticket_id: UUID, workspace_id: CurrentWorkspace) -> list[CommentOut]:
        """What people wrote under a ticket, oldest first."""
        async with database.transaction(workspace_id) as tx:
            await present(tx, ticket_id)
            return [CommentOut.of(comment) for comment in await read_comments(tx, ticket_id)]

    @router.post("", status_code=201)
    async def write(ticket_id: UUID, asked: NewComment, workspace_id: CurrentWorkspace) -> CommentOut:
        """Write a comment. VORI never reads comments as orders or as talk."""
        comment = Comment(new_id(), ticket_id, asked.author, asked.text, now())
        async with database.transaction(workspace_id) as tx:
            await present(tx, ticket_id)
            await add_comment(tx, comment)
        return CommentOut.of(comment)

    @router.delete("/{comment_id}", status_code=204)
    async def remove(ticket_id: UUID, comment_id: UUID, workspace_id: CurrentWorkspace) -> None:
        """Remove a comment for good."""
        async with database.transaction(workspace_id) as tx:
            await remove_comment(tx, ticket_id, comment_id)

    return router
