"""What has happened to tickets since a meeting."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from vori.database.connection import Transaction


async def read_moved_on(tx: Transaction, meeting_id: UUID, since: datetime) -> frozenset[UUID]:
    """The tickets that were changed since that time by a person or in another meeting."""
    rows = await tx.fetch_all(
        """select distinct ticket_id from ticket_change
           where lane = 'applied' and before is not null and at >= %s and meeting_id is distinct from %s""",
        (since, meeting_id),
    )
    return frozenset(row["ticket_id"] for row in rows)
