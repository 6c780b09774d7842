"""The tables of audio streams, of their archived segments, and of how far the archive has come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from vori.audio.model import AudioStream, Segment
from vori.clock import now
from vori.database.connection import Transaction

STREAM = """stream, workspace_id, meeting_id, stream_id, codec, sample_rate, language, speaker, origin_ms, created_at,
  recording, ended_at"""


async def meeting_is_live(tx: Transaction, meeting_id: UUID) -> bool:
    """Whether the meeting still runs. It can't be ended by anyone else until this transaction is over."""
    row = await tx.fetch_one("select status from meeting where meeting_id = %s for share", (meeting_id,))
    return row is not None and row["status"] == "live"


async def create_stream(tx: Transaction, stream: AudioStream) -> AudioStream:
    """Note a new stream; the one that is already there if there is one with this name."""
    await tx.execute(
        f"""insert into audio_stream ({STREAM}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict do nothing""",
        (
            stream.stream,
            stream.workspace_id,
            stream.meeting_id,
            stream.stream_id,
            stream.codec,
            stream.sample_rate,
            stream.language,
            stream.speaker,
            stream.origin_ms,
            stream.created_at,
            stream.recording,
            stream.ended_at,
        ),
    )
    row = await tx.fetch_one(f"select {STREAM} from audio_stream where stream = %s", (stream.stream,))
    assert row is not None
    return AudioStream(**row)


async def end_stream(tx: Transaction, stream: UUID) -> bool:
    """Mark a stream as ended; False if it had ended already."""
    done = await tx.execute(
        "update audio_stream set ended_at = %s where stream = %s and ended_at is null", (now(), stream)
    )
    return done.rowcount == 1


async def read_stream(tx: Transaction, stream: UUID) -> AudioStream | None:
    row = await tx.fetch_one(f"select {STREAM} from audio_stream where stream = %s", (stream,))
    return AudioStream(**row) if row else None


async def read_streams(tx: Transaction, meeting_id: UUID) -> list[AudioStream]:
    """A meeting's streams, oldest first."""
    rows = await tx.fetch_all(
        f"select {STREAM} from audio_stream where meeting_id = %s order by created_at, stream", (meeting_id,)
    )
    return [AudioStream(**row) for row in rows]


async def read_segments(tx: Transaction, streams: Sequence[UUID]) -> list[Segment]:
    """The archived segments of some streams, in order of their samples."""
    rows = await tx.fetch_all(
        """select stream, meeting_id, first_sample, samples, sample_rate, path from audio_segment
           where stream = any(%s) order by stream, first_sample""",
        (list(streams),),
    )
    return [Segment(**row) for row in rows]


async def read_recorded(tx: Transaction, meeting_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How much sound of each meeting is archived, in ms: of several streams, of the one that has most."""
    rows = await tx.fetch_all(
        """select meeting_id, max(recorded)::bigint as recorded from (
             select meeting_id, sum(samples * 1000.0 / sample_rate) as recorded from audio_segment
             where meeting_id = any(%s) group by meeting_id, stream) as streams
           group by meeting_id""",
        (list(meeting_ids),),
    )
    return {row["meeting_id"]: row["recorded"] for row in rows}


async def add_segments(tx: Transaction, segments: Iterable[Segment]) -> None:
    """Note archived segments; one written again replaces itself, one of a stream deleted since is let go."""
    for segment in segments:
        await tx.execute(
            """insert into audio_segment (stream, workspace_id, meeting_id, first_sample, samples, sample_rate, path)
               select stream, workspace_id, meeting_id, %s, %s, %s, %s from audio_stream where stream = %s
               on conflict (stream, first_sample) do update set samples = excluded.samples, path = excluded.path""",
            (
                segment.first_sample,
                segment.samples,
                segment.sample_rate,
                segment.path,
                segment.stream,
            ),
        )


async def read_archive_state(tx: Transaction, stream: UUID) -> dict[str, Any] | None:
    """What `save_archive_state` kept for this stream."""
    row = await tx.fetch_one("select timeline from audio_archive where stream = %s", (stream,))
    return dict(row["timeline"]) if row else None


async def read_archived(tx: Transaction, streams: Sequence[UUID]) -> set[UUID]:
    """Those of some streams that have ended and are archived to their end."""
    rows = await tx.fetch_all(
        "select stream from audio_archive where stream = any(%s) and (timeline -> 'ended')::boolean", (list(streams),)
    )
    return {row["stream"] for row in rows}


async def save_archive_state(tx: Transaction, stream: UUID, state: dict[str, Any]) -> None:
    await tx.execute(
        """insert into audio_archive (stream, workspace_id, timeline)
           select stream, workspace_id, %s::jsonb from audio_stream where stream = %s
           on conflict (stream) do update set timeline = excluded.timeline""",
        (json.dumps(state), stream),
    )
