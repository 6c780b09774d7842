"""What is searched: meetings, tickets, what was said and what minutes say. It reads the tables of all of these.

Each word has to occur somewhere in the text, in whatever case (ILIKE): that finds a Korean word with any particle
behind it, which PostgreSQL's own dictionaries don't, and needs no extension.
"""

from __future__ import annotations

import re
from typing import Any

from vori.database.connection import Transaction

MEETINGS = """
select 'meeting' as kind, meeting_id as id, meeting_id, title, '' as text, null as speaker, null::int as start_ms,
  started_at as at
from meeting where title ilike all(%(like)s) order by started_at desc, meeting_id limit %(limit)s
"""
TICKETS = """
select 'ticket' as kind, ticket_id as id, null::uuid as meeting_id, 'VORI-' || number as title, title as text,
  null as speaker, null::int as start_ms, changed_at as at
from ticket
where removed_at is null and concat_ws(E'\n', 'VORI-' || number, title, content, assignee) ilike all(%(like)s)
order by status = 'DONE', number desc limit %(limit)s
"""
SAID = """
select 'said' as kind, u.utterance_id as id, u.meeting_id, m.title, said.text, coalesce((
    select name from speaker_name n where n.stream = u.stream and n.voice is not distinct from u.voice
  ), u.speaker) as speaker, u.start_ms, m.started_at as at
from utterance u join meeting m using (meeting_id) cross join lateral (
  select coalesce((
    select c.text from utterance_correction c where c.utterance_id = u.utterance_id order by version desc limit 1
  ), u.text) as text
) said
where said.text ilike all(%(like)s) order by m.started_at desc, u.start_ms, u.utterance_id limit %(limit)s
"""
MINUTES = """
select 'minutes' as kind, (line->>'id')::uuid as id, n.meeting_id, m.title, line->>'text' as text, null as speaker,
  (line->'evidence'->0->>'start_ms')::int as start_ms, m.started_at as at
from minutes n join meeting m using (meeting_id) cross join lateral (
  select jsonb_array_elements(n.body->part) as line
  from unnest(array['summary', 'decisions', 'questions', 'blockers']) as part
) lines
where line->>'text' ilike all(%(like)s) order by m.started_at desc, start_ms limit %(limit)s
"""


async def read_hits(tx: Transaction, asked: str, limit: int) -> list[dict[str, Any]]:
    """Up to `limit` of each kind that have every word of `asked`, the newest first; nothing without a word."""
    words = asked.split()
    if not words:
        return []
    wanted = {"like": ["%" + re.sub(r"([\\%_])", r"\\\1", word) + "%" for word in words], "limit": limit}
    hits: list[dict[str, Any]] = []
    for query in (MEETINGS, TICKETS, SAID, MINUTES):
        hits += await tx.fetch_all(query, wanted)
    return hits
