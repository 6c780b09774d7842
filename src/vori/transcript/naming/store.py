"""The table of the names that people put to voices."""

from __future__ import annotations

from uuid import UUID

from vori.database.connection import Transaction
from vori.transcript.naming.model import Voice

SAMPLE_MS = 10_000

VOICES = f"""
select u.stream, u.voice, coalesce(n.name, s.speaker) as name, sum(end_ms - start_ms)::bigint as talk_ms,
       count(*) as utterances,
       (array_agg(start_ms order by least(end_ms - start_ms, {SAMPLE_MS}) desc, start_ms))[1] as sample_start_ms,
       (array_agg(end_ms order by least(end_ms - start_ms, {SAMPLE_MS}) desc, start_ms))[1] as sample_end_ms
from utterance u join audio_stream s using (stream)
left join speaker_name n on n.stream = u.stream and n.voice is not distinct from u.voice
where u.meeting_id = %s and (u.voice is not null or s.speaker is not null) and coalesce((
  select c.text from utterance_correction c where c.utterance_id = u.utterance_id order by version desc limit 1
), u.text) <> ''
group by u.stream, u.voice, n.name, s.speaker
order by min(start_ms), u.stream, u.voice
"""


async def read_names(tx: Transaction, meeting_id: UUID) -> dict[tuple[UUID, int | None], str]:
    """The names that people gave to a meeting's voices, by stream and voice."""
    rows = await tx.fetch_all(
        "select stream, voice, name from speaker_name where meeting_id = %s and name is not null", (meeting_id,)
    )
    return {(row["stream"], row["voice"]): row["name"] for row in rows}


async def read_voices(tx: Transaction, meeting_id: UUID) -> list[Voice]:
    """Everyone whose words are known apart from others', in the order of their first words."""
    return [Voice(**row) for row in await tx.fetch_all(VOICES, (meeting_id,))]


async def set_name(tx: Transaction, meeting_id: UUID, stream: UUID, voice: int | None, name: str | None) -> int | None:
    """Name a voice, or take its name back; how often that was done by now. None: it has this name already."""
    row = await tx.fetch_one(
        """insert into speaker_name as kept (stream, voice, workspace_id, meeting_id, name) values (%s, %s, %s, %s, %s)
           on conflict (stream, voice) do update set name = excluded.name, version = kept.version + 1
             where kept.name is distinct from excluded.name
           returning version""",
        (stream, voice, tx.workspace_id, meeting_id, name),
    )
    return row["version"] if row else None
