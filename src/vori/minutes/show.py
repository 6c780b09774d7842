"""Minutes as clients see them, over HTTP and on the live feed."""

from __future__ import annotations

from datetime import datetime, tzinfo
from uuid import UUID

from vori.livefeed import LiveMessage
from vori.minutes.markdown import to_markdown
from vori.minutes.model import Minutes, WrittenMinutes
from vori.minutes.write import outline


class MinutesOut(Minutes):
    """Minutes as clients see them."""

    version: int
    """0 while they are a draft."""
    by: str
    """Who made this version: `vori` or `person`."""
    written_at: datetime
    markdown: str

    @classmethod
    def of(cls, written: WrittenMinutes, zone: tzinfo | None = None) -> MinutesOut:
        return cls(
            **dict(written.minutes),
            version=written.version,
            by=written.by,
            written_at=written.written_at,
            markdown=to_markdown(outline(written.minutes, zone)),
        )


def minutes_message(workspace_id: UUID, written: WrittenMinutes, zone: tzinfo | None = None) -> LiveMessage:
    """The live feed's news of minutes."""
    meeting_id = written.minutes.meeting_id
    return LiveMessage(
        workspace_id=workspace_id,
        meeting_id=meeting_id,
        kind="minutes",
        id=meeting_id,
        data=MinutesOut.of(written, zone).model_dump(mode="json"),
        version=written.version,
    )
