"""Live numbers as they stand, read for whoever asks; the stream writes them."""

from __future__ import annotations

from uuid import UUID

from vori.analytics.report.show import WindowOut
from vori.database.connection import Transaction

WINDOWS = 24
"""Of a length, the newest."""


async def read_windows(tx: Transaction, subject: UUID) -> list[WindowOut]:
    """The newest windows of a meeting, or of the whole workspace, of each length; oldest first."""
    rows = await tx.fetch_all(
        """select minutes, starts_at, meetings, people, utterances, talk_ms, questions, created, moved, done, decisions
           from (select *, row_number() over (partition by minutes order by starts_at desc) as place
                 from live_window where subject = %s) as newest
           where place <= %s order by minutes, starts_at""",
        (subject, WINDOWS),
    )
    return [WindowOut.model_validate(row) for row in rows]
