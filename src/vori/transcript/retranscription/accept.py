"""What was heard again becomes the transcript: as corrections, new utterances, and the meeting's report anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID, uuid5

from vori.audio.model import AudioStream
from vori.audio.store import read_streams
from vori.database.connection import Transaction
from vori.errors import Conflict
from vori.eventlog import EventLog
from vori.events import TranscriptClosed, UtteranceCorrected, UtteranceFinal
from vori.livefeed import LiveFeed
from vori.transcript.correct import Utterance
from vori.transcript.retranscription.model import Change, Reheard, Retranscription, compare
from vori.transcript.retranscription.store import lock_retranscription, read_reheard, read_retranscription, settle
from vori.transcript.show import utterance_message
from vori.transcript.store import add_correction, add_utterance, forget_unheard, lock_transcript


class NotReady(Conflict):
    code = "retranscription_not_ready"


def changes_by_stream(
    streams: Sequence[AudioStream], said: Sequence[Utterance], found: Sequence[Reheard]
) -> list[tuple[AudioStream, list[Change]]]:
    """What accepting would do, to the streams of which anything was ever said."""
    compared = [
        (
            stream,
            compare(
                [utterance for utterance in said if utterance.stream == stream.stream],
                [heard for heard in found if heard.stream == stream.stream],
            ),
        )
        for stream in streams
    ]
    return [(stream, changes) for stream, changes in compared if changes]


async def accept(
    tx: Transaction, log: EventLog, feed: LiveFeed, meeting_id: UUID, retranscription_id: UUID
) -> Retranscription:
    """Take over what was heard again. Done twice, it changes nothing more. Raises `NotFound`, `NotReady`."""
    job = await lock_retranscription(tx, meeting_id, retranscription_id)
    if job.state == "accepted":
        return job
    if job.state != "ready":
        raise NotReady(f"This retranscription is {job.state}.", remedy="Only a ready one can be accepted.")
    streams, said = await read_streams(tx, meeting_id), await lock_transcript(tx, meeting_id)
    found = await read_reheard(tx, retranscription_id)
    assert job.recogniser
    versions = {utterance.utterance_id: utterance.version for utterance in said}
    for stream, changes in changes_by_stream(streams, said, found):
        for event in _events(job, stream, changes, versions):
            await log.append(tx, event)
            if isinstance(event, UtteranceFinal):
                await add_utterance(tx, event, job.recogniser)
                await feed.publish(utterance_message(event), tx)
            else:
                await feed.publish(utterance_message(await add_correction(tx, event)), tx)
    await forget_unheard(tx, meeting_id)
    await settle(tx, retranscription_id, "accepted")
    await log.append(tx, _closed_again(job, streams[0]))
    return await read_retranscription(tx, meeting_id, retranscription_id)


def _events(
    job: Retranscription, stream: AudioStream, changes: Sequence[Change], versions: Mapping[UUID, int]
) -> Iterator[UtteranceFinal | UtteranceCorrected]:
    """The facts that changes make, once they are accepted. `versions` are those of the utterances as they stand."""
    for change in changes:
        if change.kind in {"corrected", "withdrawn"} and change.utterance_id:
            yield UtteranceCorrected(
                workspace_id=job.workspace_id,
                meeting_id=job.meeting_id,
                utterance_id=change.utterance_id,
                version=versions[change.utterance_id] + 1,
                text=change.after,
                model=job.recogniser,
            )
        elif change.new:
            utterance_id = change.new.utterance_id(job.retranscription_id)
            yield UtteranceFinal(
                event_id=utterance_id,
                workspace_id=job.workspace_id,
                meeting_id=job.meeting_id,
                utterance_id=utterance_id,
                stream=stream.stream,
                speaker=stream.speaker,
                start_ms=change.start_ms,
                end_ms=change.end_ms,
                language=change.new.language,
                text=change.new.text,
                words=change.new.words,
            )


def _closed_again(job: Retranscription, stream: AudioStream) -> TranscriptClosed:
    """Everything is transcribed, again: whoever waited for that reports the meeting anew."""
    return TranscriptClosed(
        event_id=uuid5(job.retranscription_id, "accepted"),
        workspace_id=job.workspace_id,
        meeting_id=job.meeting_id,
        stream=stream.stream,
    )
