"""The tables of how long sound is kept, and of the meetings whose sound was deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from vori.audio.retention.model import Deletion
from vori.database.connection import Transaction

DUE = """
from meeting m where status = 'ended' and ended_at < %(before)s
  and exists (select from audio_segment s where s.meeting_id = m.meeting_id)
  and not exists (select from audio_deleted d where d.meeting_id = m.meeting_id)
"""


async def read_keep_days(tx: Transaction) -> int | None:
    """How many days sound is kept after a meeting's end; None: for ever."""
    row = await tx.fetch_one("select keep_days from audio_settings")
    return row["keep_days"] if row else None


async def save_keep_days(tx: Transaction, keep_days: int | None) -> None:
    await tx.execute(
        """insert into audio_settings (workspace_id, keep_days) values (%s, %s)
           on conflict (workspace_id) do update set keep_days = excluded.keep_days""",
        (tx.workspace_id, keep_days),
    )


async def read_due(tx: Transaction, before: datetime) -> list[UUID]:
    """Meetings that ended before this moment and whose sound is there, the oldest first."""
    rows = await tx.fetch_all(f"select meeting_id {DUE} order by ended_at, meeting_id", {"before": before})
    return [row["meeting_id"] for row in rows]


async def lock_meeting(tx: Transaction, meeting_id: UUID) -> None:
    """Nothing that refers to this meeting is begun by others until the transaction ends."""
    await tx.execute("select from meeting where meeting_id = %s for update", (meeting_id,))


async def note_deleted(tx: Transaction, meeting_id: UUID, keep_days: int) -> None:
    """The sound of this meeting is not to be had any more; forget the last packets of its streams, too."""
    await tx.execute(
        "insert into audio_deleted (meeting_id, workspace_id, keep_days) values (%s, %s, %s) on conflict do nothing",
        (meeting_id, tx.workspace_id, keep_days),
    )
    await tx.execute(
        """update audio_archive set timeline = timeline || '{"packets": []}'
           where stream in (select stream from audio_stream where meeting_id = %s)""",
        (meeting_id,),
    )


async def read_deletion(tx: Transaction, meeting_id: UUID) -> Deletion | None:
    """Whether a meeting's sound was deleted, and why."""
    row = await tx.fetch_one("select keep_days, at from audio_deleted where meeting_id = %s", (meeting_id,))
    return Deletion(**row) if row else None


async def read_all_deleted(tx: Transaction) -> list[UUID]:
    """All meetings whose sound was deleted."""
    return [row["meeting_id"] for row in await tx.fetch_all("select meeting_id from audio_deleted order by at")]
