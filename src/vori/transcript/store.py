"""The tables of utterances, of their corrections, and of how far each stream has been transcribed."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from vori.audio.store import read_archived, read_segments, read_streams
from vori.database.connection import Transaction
from vori.errors import NotFound
from vori.events import UtteranceCorrected, UtteranceFinal, Word
from vori.meetings.model import EndReason, Meeting
from vori.transcript.correct import Utterance, as_it_stands
from vori.transcript.model import Begun
from vori.transcript.outcome import Capture, Outcome, judge

UTTERANCE = """
select u.utterance_id, u.workspace_id, meeting_id, stream, start_ms, end_ms, language, u.text, words, voice,
       coalesce((
         select name from speaker_name n where n.stream = u.stream and n.voice is not distinct from u.voice
       ), speaker) as speaker,
       created_at as occurred_at, u.utterance_id as event_id, c.version, c.text as corrected, c.at, c.reheard_by
from utterance u
left join lateral (
  select version, text, at, model as reheard_by from utterance_correction c
  where c.utterance_id = u.utterance_id order by version desc limit 1
) c on true
"""
BEGUN = TypeAdapter(Begun)
STANDS = "coalesce(c.text, u.text) <> ''"
"""It is not withdrawn."""


async def add_utterance(tx: Transaction, said: UtteranceFinal, model: str) -> bool:
    """Keep a final utterance; False if it was kept before. `model` is the recogniser's name."""
    done = await tx.execute(
        """insert into utterance (utterance_id, workspace_id, meeting_id, stream, speaker, voice, start_ms, end_ms,
                                  language, text, words, model, created_at)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb, %s, %s) on conflict do nothing""",
        (
            said.utterance_id,
            said.workspace_id,
            said.meeting_id,
            said.stream,
            said.speaker,
            said.voice,
            said.start_ms,
            said.end_ms,
            said.language,
            said.text,
            json.dumps([word.model_dump() for word in said.words]),
            model,
            said.occurred_at,
        ),
    )
    return done.rowcount == 1


async def lock_utterance(tx: Transaction, meeting_id: UUID, utterance_id: UUID) -> Utterance:
    """An utterance, which nobody else corrects until the transaction ends. Raises `NotFound`."""
    of_meeting = (utterance_id, meeting_id)
    await tx.execute("select from utterance where utterance_id = %s and meeting_id = %s for update", of_meeting)
    # A second statement, so that it sees what was corrected while the first one waited.
    row = await tx.fetch_one(f"{UTTERANCE} where u.utterance_id = %s and meeting_id = %s", of_meeting)
    if row is None:
        raise NotFound(
            f"There is no utterance {utterance_id} in this meeting.",
            remedy=f"`GET /api/meetings/{meeting_id}/transcript` lists what was said.",
        )
    return _utterance(row)


async def add_correction(tx: Transaction, corrected: UtteranceCorrected) -> Utterance:
    """Keep a correction; the utterance as it then stands. Call `lock_utterance` first."""
    await tx.execute(
        """insert into utterance_correction (utterance_id, version, workspace_id, text, at, model)
           values (%s, %s, %s, %s, %s, %s)""",
        (
            corrected.utterance_id,
            corrected.version,
            corrected.workspace_id,
            corrected.text,
            corrected.occurred_at,
            corrected.model,
        ),
    )
    return await lock_utterance(tx, corrected.meeting_id, corrected.utterance_id)


async def lock_transcript(tx: Transaction, meeting_id: UUID) -> list[Utterance]:
    """All that was ever said in a meeting; nobody corrects it until the transaction ends."""
    await tx.execute("select from utterance where meeting_id = %s order by utterance_id for update", (meeting_id,))
    return await read_transcript(tx, meeting_id, withdrawn=True)


async def read_transcript(tx: Transaction, meeting_id: UUID, *, withdrawn: bool = False) -> list[Utterance]:
    """All that was said in a meeting, in order of its beginning; with what was `withdrawn`, if asked."""
    rows = await tx.fetch_all(
        f"{UTTERANCE} where meeting_id = %s and (%s or {STANDS}) order by start_ms, u.utterance_id",
        (meeting_id, withdrawn),
    )
    return [_utterance(row) for row in rows]


async def read_utterances(
    tx: Transaction, meeting_id: UUID, limit: int, after: tuple[int, UUID] | None = None
) -> list[Utterance]:
    """The next `limit` utterances of a meeting after the one with this (start_ms, utterance_id)."""
    rows = await tx.fetch_all(
        f"""{UTTERANCE}
            where meeting_id = %(meeting)s and {STANDS}
              and (%(start)s::int is null or (start_ms, u.utterance_id) > (%(start)s, %(id)s::uuid))
            order by start_ms, u.utterance_id limit %(limit)s""",
        {
            "meeting": meeting_id,
            "start": after[0] if after else None,
            "id": after[1] if after else None,
            "limit": limit,
        },
    )
    return [_utterance(row) for row in rows]


async def read_latest(tx: Transaction, meeting_id: UUID, limit: int) -> list[Utterance]:
    """The last `limit` utterances of a meeting, in order of their beginning."""
    rows = await tx.fetch_all(
        f"{UTTERANCE} where meeting_id = %s and {STANDS} order by start_ms desc, u.utterance_id desc limit %s",
        (meeting_id, limit),
    )
    return [_utterance(row) for row in reversed(rows)]


def _utterance(row: dict[str, Any]) -> Utterance:
    version, text, at, by = (row.pop(name) for name in ("version", "corrected", "at", "reheard_by"))
    heard = UtteranceFinal(**row | {"words": tuple(Word(**word) for word in row["words"])})
    return as_it_stands(heard, version or 0, heard.text if text is None else text, at, by)


async def read_checkpoint(tx: Transaction, stream: UUID) -> bytes | None:
    """What `save_checkpoint` kept for a stream."""
    row = await tx.fetch_one("select checkpoint from transcript_stream where stream = %s", (stream,))
    return bytes(row["checkpoint"]) if row and row["checkpoint"] else None


async def read_begun(tx: Transaction, stream: UUID) -> Begun | None:
    """What `save_begun` kept for a stream."""
    row = await tx.fetch_one("select begun from transcript_stream where stream = %s", (stream,))
    return BEGUN.validate_python(row["begun"]) if row and row["begun"] else None


async def save_begun(tx: Transaction, meeting_id: UUID, stream: UUID, begun: Begun) -> None:
    """Keep the words of an utterance that are final before it is over, in the place of those before."""
    await tx.execute(
        """insert into transcript_stream (stream, workspace_id, meeting_id, checkpoint, begun)
           values (%s, %s, %s, '', %s::jsonb)
           on conflict (stream) do update set begun = excluded.begun""",
        (stream, tx.workspace_id, meeting_id, BEGUN.dump_json(begun).decode()),
    )


async def save_checkpoint(tx: Transaction, meeting_id: UUID, stream: UUID, checkpoint: bytes, closed: bool) -> None:
    await tx.execute(
        """insert into transcript_stream (stream, workspace_id, meeting_id, checkpoint, closed)
           values (%s, %s, %s, %s, %s)
           on conflict (stream) do update
             set checkpoint = excluded.checkpoint, closed = excluded.closed, updated_at = now()""",
        (stream, tx.workspace_id, meeting_id, checkpoint, closed),
    )


async def add_unheard(tx: Transaction, meeting_id: UUID, stream: UUID, span_ms: tuple[int, int]) -> None:
    """Note speech, (start, end) in ms since the stream began, that no recogniser could be brought to hear."""
    await tx.execute(
        """insert into transcript_stream (stream, workspace_id, meeting_id, checkpoint, unheard)
           values (%s, %s, %s, '', %s::jsonb)
           on conflict (stream) do update set unheard = transcript_stream.unheard || excluded.unheard""",
        (stream, tx.workspace_id, meeting_id, json.dumps([span_ms])),
    )


async def forget_unheard(tx: Transaction, meeting_id: UUID) -> None:
    """All the speech of a meeting has been heard after all."""
    await tx.execute("update transcript_stream set unheard = '[]' where meeting_id = %s", (meeting_id,))


async def read_outcome(tx: Transaction, meeting: Meeting) -> Outcome:
    """How well a meeting was captured, as far as its sound is archived and transcribed."""
    streams = await read_streams(tx, meeting.meeting_id)
    keys = [stream.stream for stream in streams]
    segments, archived = await read_segments(tx, keys), await read_archived(tx, keys)
    rows = await tx.fetch_all(
        "select stream, closed, unheard from transcript_stream where meeting_id = %s", (meeting.meeting_id,)
    )
    heard = {row["stream"]: row for row in rows}
    captures = [
        Capture(
            stream=stream,
            segments=[segment for segment in segments if segment.stream == stream.stream],
            unheard=[(begin, end) for begin, end in heard[stream.stream]["unheard"]] if stream.stream in heard else (),
            settled=stream.stream in archived and stream.stream in heard and heard[stream.stream]["closed"],
        )
        for stream in streams
    ]
    return judge(meeting, captures, bool(await read_latest(tx, meeting.meeting_id, 1)))


QUIET = """
select meeting_id, case when closed then 'streams_closed' else 'silence' end as reason
from meeting m
cross join lateral (
  select max(greatest(created_at, ended_at)) as touched, bool_and(ended_at is not null) as all_ended
  from audio_stream s where s.meeting_id = m.meeting_id
) s
cross join lateral (select max(created_at) as said from utterance u where u.meeting_id = m.meeting_id) u
cross join lateral (
  select coalesce(%(closed_s)s > 0 and all_ended
                  and touched < now() - make_interval(secs => %(closed_s)s), false) as closed,
         %(silence_s)s > 0
         and greatest(started_at, touched, said) < now() - make_interval(secs => %(silence_s)s) as silent
) q
where status = 'live' and (closed or silent) and (%(meeting)s::uuid is null or meeting_id = %(meeting)s)
"""


async def read_quiet(
    tx: Transaction, closed_s: float, silence_s: float, meeting_id: UUID | None = None
) -> dict[UUID, EndReason]:
    """Live meetings with all streams closed, or with nothing said, for so many seconds (0: never that), and which.

    Of one meeting only if `meeting_id` says so; then no stream can be opened in it until this transaction is over.
    """
    if meeting_id is not None:
        await tx.execute("select from meeting where meeting_id = %s for update", (meeting_id,))
    asked = {"closed_s": closed_s, "silence_s": silence_s, "meeting": meeting_id}
    return {row["meeting_id"]: row["reason"] for row in await tx.fetch_all(QUIET, asked)}
