"""An utterance as clients see it, over HTTP and on the live feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from vori.audio.model import AudioStream
from vori.events import Language, UtteranceFinal, Word
from vori.livefeed import LiveMessage
from vori.transcript.voice import Lag


class UtteranceOut(BaseModel):
    """What somebody said, and when: ms since the meeting began."""

    utterance_id: UUID
    meeting_id: UUID
    stream: UUID
    speaker: str | None
    start_ms: int
    end_ms: int
    language: Language
    text: str
    words: list[Word]
    voice: int | None = None
    """On a shared microphone: which voice of its stream it is, from 0; None: unknown."""
    version: int = 0
    """How often it was corrected."""
    original: str | None = None
    """What was heard, when the text is a correction."""
    corrected_at: datetime | None = None
    reheard_by: str | None = None
    """The recogniser whose later hearing the latest correction is; None: a person's, or none."""

    @classmethod
    def of(cls, said: UtteranceFinal) -> UtteranceOut:
        return cls.model_validate(said, from_attributes=True)


class DraftOut(BaseModel):
    """Words that may still change: `text` begins with `stable`, and that with `final`."""

    stream: UUID
    speaker: str | None
    start_ms: int
    final: str
    stable: str
    text: str


class LagOut(BaseModel):
    """How a stream's words come late."""

    behind_s: int
    """Whole seconds; 0 when it only waits."""
    queued: bool
    """It waits until others have what they need."""


def utterance_message(said: UtteranceFinal) -> LiveMessage:
    """The live feed's news of a final utterance, or of its correction."""
    shown = UtteranceOut.of(said)
    return LiveMessage(
        workspace_id=said.workspace_id,
        meeting_id=said.meeting_id,
        kind="utterance",
        id=said.utterance_id,
        data=shown.model_dump(mode="json"),
        version=shown.version,
    )


def draft_message(stream: AudioStream, utterance_id: UUID, draft: Mapping[str, object] | None) -> LiveMessage:
    """The live feed's news of words that may still change; None takes them back."""
    data = DraftOut.model_validate(draft).model_dump(mode="json") if draft is not None else None
    return LiveMessage(
        workspace_id=stream.workspace_id, meeting_id=stream.meeting_id, kind="draft", id=utterance_id, data=data
    )


def lag_message(stream: AudioStream, lag: Lag) -> LiveMessage:
    """The live feed's news that a stream's words come late, or that it has to wait; None: they come in time."""
    data = LagOut(**lag._asdict()).model_dump() if any(lag) else None
    return LiveMessage(
        workspace_id=stream.workspace_id, meeting_id=stream.meeting_id, kind="lag", id=stream.stream, data=data
    )
