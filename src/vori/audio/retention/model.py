"""When sound is old enough to go, and what is said where it is gone. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from vori.errors import Gone

LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Deletion:
    """A meeting's sound was deleted, because it was kept for so many days only."""

    keep_days: int
    at: datetime


def ended_before(keep_days: int, at: datetime) -> datetime:
    """The sound of meetings that ended before this moment goes."""
    return at - timedelta(days=keep_days)


def sound_deleted(deletion: Deletion) -> Gone:
    days = f"{deletion.keep_days} day{'' if deletion.keep_days == 1 else 's'}"
    return Gone(
        f"The sound of this meeting was deleted: by the retention setting it was kept for {days} after the end.",
        remedy="Its transcript, tickets and minutes are still there.",
        code="sound_deleted",
    )
