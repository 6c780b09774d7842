"""Hearing an ended meeting again, over HTTP: ask for it, look at the difference, accept it or discard it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, StringConstraints

from vori.audio.retention.model import sound_deleted
from vori.audio.retention.store import read_deletion
from vori.audio.store import read_streams
from vori.clock import new_id, now
from vori.database.connection import Database, Transaction
from vori.database.text import Line
from vori.errors import Conflict, Invalid
from vori.eventlog import EventLog
from vori.events import Language
from vori.livefeed import LiveFeed
from vori.meetings.store import read_meeting
from vori.people.api import CurrentWorkspace
from vori.transcript.retranscription import accept as accepting
from vori.transcript.retranscription.model import Kind, Retranscription, State, WordChange
from vori.transcript.retranscription.store import (
    add_retranscription,
    lock_retranscription,
    read_reheard,
    read_retranscription,
    read_retranscriptions,
    settle,
)
from vori.transcript.store import read_outcome, read_transcript


class NewRetranscription(BaseModel):
    """By which model: `base`, a folder, or a name on the hub; left out, the one that VORI_SPEECH_MODEL names.

    `language` pins it; left out, it is as it was for the meeting.
    """

    model_config = ConfigDict(extra="forbid")
    model: Annotated[Line, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] | None = None
    language: Language | None = None


class WordingOut(BaseModel):
    """What accepting would do to one utterance; see `kind`."""

    kind: Kind
    utterance_id: UUID | None
    start_ms: int
    end_ms: int
    before: str
    after: str
    words: tuple[WordChange, ...]


class StreamDifference(BaseModel):
    """One stream, old and new, utterance by utterance."""

    stream: UUID
    stream_id: str
    speaker: str | None
    changes: list[WordingOut]


class RetranscriptionOut(BaseModel):
    """A meeting being heard again."""

    retranscription_id: UUID
    meeting_id: UUID
    model: str | None
    language: Language | None
    state: State
    progress: float
    """From 0 to 1."""
    recogniser: str | None
    reason: str | None
    """Why it failed."""
    created_at: datetime
    finished_at: datetime | None
    difference: list[StreamDifference] | None = None
    """From the transcript as it stands; only when it is ready and asked for by its id."""

    @classmethod
    def of(cls, job: Retranscription) -> RetranscriptionOut:
        done = job.done_ms / job.total_ms if job.total_ms else float(job.state == "ready")
        facts = {name: getattr(job, name) for name in cls.model_fields if hasattr(job, name)}
        return cls(**facts, progress=round(min(1.0, done), 3))


def routes(database: Database, log: EventLog, feed: LiveFeed) -> APIRouter:
    router = APIRouter(prefix="/api/meetings/{meeting_id}/retranscriptions", tags=["transcript"])
    _add_asking(router, database)
    _add_deciding(router, database, log, feed)
    return router


def _add_asking(router: APIRouter, database: Database) -> None:
    @router.post("", status_code=202)
    async def ask(meeting_id: UUID, asked: NewRetranscription, workspace_id: CurrentWorkspace) -> RetranscriptionOut:
        """Have an ended meeting heard again by another model, in the background. The transcript stays as it is."""
        job = Retranscription(
            retranscription_id=new_id(),
            workspace_id=workspace_id,
            meeting_id=meeting_id,
            model=asked.model,
            language=asked.language,
            state="queued",
            created_at=now(),
        )
        if asked.model and "://" in asked.model:  # the key to such a URL goes to the one that is set, and no other
            raise Invalid(
                "A model behind a URL can't be named here.",
                remedy="Set VORI_SPEECH_MODEL to it, and leave `model` out.",
            )
        async with database.transaction(workspace_id) as tx:
            await _refuse_unfit(tx, meeting_id)
            if not await add_retranscription(tx, job):
                raise Conflict(
                    "This meeting is being heard again already.",
                    remedy="Wait until that is done, or discard it.",
                    code="retranscription_at_work",
                )
            # Not before: adding it has waited for whoever is about to delete the sound.
            if deletion := await read_deletion(tx, meeting_id):
                raise sound_deleted(deletion)
        return RetranscriptionOut.of(job)

    @router.get("")
    async def every(meeting_id: UUID, workspace_id: CurrentWorkspace) -> list[RetranscriptionOut]:
        """The meeting's retranscriptions, newest first, without differences."""
        async with database.transaction(workspace_id) as tx:
            await read_meeting(tx, meeting_id)
            return [RetranscriptionOut.of(job) for job in await read_retranscriptions(tx, meeting_id)]

    @router.get("/{retranscription_id}")
    async def one(meeting_id: UUID, retranscription_id: UUID, workspace_id: CurrentWorkspace) -> RetranscriptionOut:
        """How far it is; when it is ready, what accepting it would change."""
        async with database.transaction(workspace_id) as tx:
            job = await read_retranscription(tx, meeting_id, retranscription_id)
            shown = RetranscriptionOut.of(job)
            if job.state != "ready":
                return shown
            streams = await read_streams(tx, meeting_id)
            said = await read_transcript(tx, meeting_id, withdrawn=True)
            found = await read_reheard(tx, retranscription_id)
        shown.difference = [
            StreamDifference(
                stream=stream.stream,
                stream_id=stream.stream_id,
                speaker=stream.speaker,
                changes=[WordingOut.model_validate(change, from_attributes=True) for change in changes],
            )
            for stream, changes in accepting.changes_by_stream(streams, said, found)
        ]
        return shown


def _add_deciding(router: APIRouter, database: Database, log: EventLog, feed: LiveFeed) -> None:
    @router.post("/{retranscription_id}/accept")
    async def accept(meeting_id: UUID, retranscription_id: UUID, workspace_id: CurrentWorkspace) -> RetranscriptionOut:
        """Take its words over: as corrections, new utterances and withdrawn ones; what people corrected stays.

        The meeting is reported, and its minutes are written, anew. Repeating it changes nothing.
        """
        async with database.transaction(workspace_id) as tx:
            return RetranscriptionOut.of(await accepting.accept(tx, log, feed, meeting_id, retranscription_id))

    @router.post("/{retranscription_id}/discard")
    async def discard(meeting_id: UUID, retranscription_id: UUID, workspace_id: CurrentWorkspace) -> RetranscriptionOut:
        """Drop it, whether it waits, runs or is ready. The transcript stays as it is."""
        async with database.transaction(workspace_id) as tx:
            job = await lock_retranscription(tx, meeting_id, retranscription_id)
            if job.state == "accepted":
                raise Conflict("This retranscription is accepted already.", remedy="Correct single utterances instead.")
            await settle(tx, retranscription_id, "discarded")
            return RetranscriptionOut.of(await read_retranscription(tx, meeting_id, retranscription_id))


async def _refuse_unfit(tx: Transaction, meeting_id: UUID) -> None:
    """Raises `NotFound`, and `Conflict` for a meeting that can't be heard again now."""
    meeting = await read_meeting(tx, meeting_id)
    if meeting.status == "live":
        raise Conflict(
            "This meeting is still going on.",
            remedy=f"End it first: `POST /api/meetings/{meeting_id}/end`.",
            code="meeting_live",
        )
    outcome = await read_outcome(tx, meeting)
    if not outcome.final:
        raise Conflict(
            "The last words of this meeting are still being transcribed.",
            remedy="Try again when its minutes are there.",
            code="meeting_unsettled",
        )
    if not outcome.captured_ms:
        raise Conflict(
            "Nothing was recorded in this meeting.", remedy="There is nothing to hear again.", code="nothing_recorded"
        )
