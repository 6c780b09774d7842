"""The table of bookmarks."""

from __future__ import annotations

from uuid import UUID

from vori.database.connection import Transaction


async def read_bookmarks(tx: Transaction, meeting_id: UUID) -> list[UUID]:
    """The utterances of a meeting that are bookmarked, in order of their beginning; without those withdrawn since."""
    rows = await tx.fetch_all(
        """select utterance_id from bookmark b join utterance u using (utterance_id)
           where b.meeting_id = %s and coalesce((
             select c.text from utterance_correction c where c.utterance_id = u.utterance_id
             order by version desc limit 1
           ), u.text) <> ''
           order by start_ms, utterance_id""",
        (meeting_id,),
    )
    return [row["utterance_id"] for row in rows]


async def add_bookmark(tx: Transaction, meeting_id: UUID, utterance_id: UUID) -> None:
    """Bookmark an utterance of the meeting; once more changes nothing."""
    await tx.execute(
        "insert into bookmark (utterance_id, workspace_id, meeting_id) values (%s, %s, %s) on conflict do nothing",
        (utterance_id, tx.workspace_id, meeting_id),
    )


async def remove_bookmark(tx: Transaction, meeting_id: UUID, utterance_id: UUID) -> None:
    """Take a bookmark away, if there is one."""
    await tx.execute("delete from bookmark where utterance_id = %s and meeting_id = %s", (utterance_id, meeting_id))
