"""Whether a meeting's sound is still needed for words."""

from __future__ import annotations

from uuid import UUID

from vori.database.connection import Transaction
from vori.meetings.store import read_meeting
from vori.transcript.retranscription.store import read_retranscriptions
from vori.transcript.store import read_outcome


async def sound_is_needed(tx: Transaction, meeting_id: UUID) -> bool:
    """It isn't archived and transcribed to its end, or is being heard again, or waits for that."""
    outcome = await read_outcome(tx, await read_meeting(tx, meeting_id))
    jobs = await read_retranscriptions(tx, meeting_id)
    return not outcome.final or any(job.state in {"queued", "running"} for job in jobs)
