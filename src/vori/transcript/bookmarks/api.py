"""Bookmarks over HTTP: which utterances of a meeting somebody wants to find again."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from vori.database.connection import Database
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace
from vori.transcript.bookmarks.store import add_bookmark, read_bookmarks, remove_bookmark
from vori.transcript.store import lock_utterance


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting_id}/bookmarks", tags=["transcript"])

    @router.get("")
    async def every(meeting_id: UUID, workspace_id: CurrentWorkspace) -> list[UUID]:
        """The meeting's bookmarked utterances, by id, in order of their beginning."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            return await read_bookmarks(tx, meeting_id)

    @router.put("/{utterance_id}")
    async def add(meeting_id: UUID, utterance_id: UUID, workspace_id: CurrentWorkspace) -> list[UUID]:
        """Bookmark an utterance. Tells all bookmarks of the meeting."""
        async with database.transaction(workspace_id) as tx:
            await lock_utterance(tx, meeting_id, utterance_id)
            await add_bookmark(tx, meeting_id, utterance_id)
            return await read_bookmarks(tx, meeting_id)

    @router.delete("/{utterance_id}")
    async def remove(meeting_id: UUID, utterance_id: UUID, workspace_id: CurrentWorkspace) -> list[UUID]:
        """Take a bookmark away. Tells the bookmarks that are left."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            await remove_bookmark(tx, meeting_id, utterance_id)
            return await read_bookmarks(tx, meeting_id)

    return router
