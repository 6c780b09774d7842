"""The table of struck stretches, and what was said in them."""

from __future__ import annotations

from uuid import UUID

from vori.database.connection import Transaction
from vori.errors import NotFound

Span = tuple[int, int]
"""From and to, ms since the meeting began."""


async def lock_words(tx: Transaction, meeting_id: UUID) -> None:
    """Nobody adds an utterance to the meeting until the transaction ends."""
    await tx.execute("select from meeting where meeting_id = %s for update", (meeting_id,))


async def add_struck(tx: Transaction, meeting_id: UUID, struck_id: UUID, span: Span) -> None:
    await tx.execute(
        "insert into struck (struck_id, workspace_id, meeting_id, from_ms, to_ms) values (%s, %s, %s, %s, %s)",
        (struck_id, tx.workspace_id, meeting_id, *span),
    )


async def remove_struck(tx: Transaction, meeting_id: UUID, struck_id: UUID) -> Span:
    """Take a strike back; the stretch that it was. Raises `NotFound`."""
    row = await tx.fetch_one(
        "delete from struck where struck_id = %s and meeting_id = %s returning from_ms, to_ms", (struck_id, meeting_id)
    )
    if row is None:
        raise NotFound(
            "This stretch isn't struck any more.",
            remedy=f"`GET /api/meetings/{meeting_id}/struck` lists those that are.",
        )
    return row["from_ms"], row["to_ms"]


async def read_struck(tx: Transaction, meeting_id: UUID) -> dict[UUID, Span]:
    """The meeting's struck stretches, oldest first."""
    rows = await tx.fetch_all(
        "select struck_id, from_ms, to_ms from struck where meeting_id = %s order by at, struck_id", (meeting_id,)
    )
    return {row["struck_id"]: (row["from_ms"], row["to_ms"]) for row in rows}


async def read_text_before(tx: Transaction, utterance_id: UUID, version: int) -> str:
    """What an utterance said before its `version`th correction."""
    row = await tx.fetch_one(
        """select coalesce((select c.text from utterance_correction c
                            where c.utterance_id = u.utterance_id and version = %s), u.text) as text
           from utterance u where utterance_id = %s""",
        (version - 1, utterance_id),
    )
    return row["text"] if row else ""
