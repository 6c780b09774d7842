"""Tables of live numbers: pieces (a voice's, in a meeting, in five minutes), windows made of them, meetings so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg.types.json import Json

from vori.analytics.model import LiveNumbers, LiveTeam, LiveWindow
from vori.analytics.store import read_settings
from vori.analytics.voices import NAMELESS
from vori.database.connection import Transaction

WINDOWS = 24
"""Of a length, the newest."""
HOUR = 60

PUT_PIECES = """
insert into live_piece
select * from json_to_recordset(%s) as p (workspace_id uuid, meeting_id uuid, who text, starts_at timestamptz,
  utterances bigint, talk_ms bigint, questions bigint, created bigint, moved bigint, done bigint, decisions bigint)
on conflict (meeting_id, who, starts_at) do update set
  utterances = excluded.utterances, talk_ms = excluded.talk_ms, questions = excluded.questions,
  created = excluded.created, moved = excluded.moved, done = excluded.done, decisions = excluded.decisions
"""

ROLL_UP = """
with touched as (
  select distinct t.meeting_id, m.minutes,
    date_bin(make_interval(mins => m.minutes), t.starts_at, timestamptz 'epoch') as begins
  from unnest(%(meetings)s::uuid[], %(starts)s::timestamptz[]) as t (meeting_id, starts_at)
  cross join (values (5), (30), (60)) as m (minutes)
), part as (
  select t.meeting_id as subject, t.minutes, t.begins, p.*
  from touched t join live_piece p on p.meeting_id = t.meeting_id
    and p.starts_at >= t.begins and p.starts_at < t.begins + make_interval(mins => t.minutes)
  union all
  select %(workspace)s, t.minutes, t.begins, p.*
  from (select distinct minutes, begins from touched) t join live_piece p on p.workspace_id = %(workspace)s
    and p.starts_at >= t.begins and p.starts_at < t.begins + make_interval(mins => t.minutes)
), voice as (
  select *, dense_rank() over (partition by subject, minutes, begins, meeting_id order by nullif(who, '')) as nth
  from part
)
insert into live_window
select %(workspace)s, subject, minutes, begins,
  count(distinct meeting_id) filter (where who <> ''),
  greatest(count(distinct who) filter (where who <> '' and who !~ %(nameless)s), max(nth) filter (where who <> '')),
  sum(utterances), sum(talk_ms), sum(questions), sum(created), sum(moved), sum(done), sum(decisions)
from voice group by subject, minutes, begins
on conflict (subject, minutes, starts_at) do update set
  meetings = excluded.meetings, people = excluded.people, utterances = excluded.utterances,
  talk_ms = excluded.talk_ms, questions = excluded.questions, created = excluded.created,
  moved = excluded.moved, done = excluded.done, decisions = excluded.decisions
"""
"""Whole windows are summed anew, so that it may be done again. People are counted as `people_in` does: `nth` of the
last is how many voices a meeting heard (work and decisions, which are nobody's, come after it)."""

PUT_NUMBERS = """
insert into live_meeting as kept (meeting_id, workspace_id, body, at) values (%s, %s, %s, %s)
on conflict (meeting_id) do update set body = excluded.body, at = excluded.at
where kept.at <= excluded.at and kept.body is distinct from excluded.body
"""


class Piece(NamedTuple):
    """What one voice did in a meeting in the five minutes from `starts_at`; of tickets and decisions `who` is ''."""

    workspace_id: str
    meeting_id: str
    who: str
    starts_at: datetime
    utterances: int
    talk_ms: int
    questions: int
    created: int
    moved: int
    done: int
    decisions: int


async def put_pieces(tx: Transaction, pieces: Sequence[Piece]) -> None:
    """These are the values now, and windows follow. All are of the transaction's workspace."""
    if not pieces:
        return
    rows = [piece._asdict() | {"starts_at": piece.starts_at.isoformat()} for piece in sorted(pieces)]
    await tx.execute(PUT_PIECES, (Json(rows),))
    params = {
        "meetings": [piece.meeting_id for piece in pieces],
        "starts": [piece.starts_at for piece in pieces],
        "workspace": tx.workspace_id,
        "nameless": NAMELESS,
    }
    await tx.execute(ROLL_UP, params)


async def put_numbers(tx: Transaction, numbers: LiveNumbers) -> bool:
    """These are a meeting's numbers now. False if that is nothing new."""
    body = Json(numbers.model_dump(mode="json"))
    done = await tx.execute(PUT_NUMBERS, (numbers.meeting_id, tx.workspace_id, body, numbers.at))
    return done.rowcount == 1


async def read_numbers(tx: Transaction, meeting_id: UUID) -> LiveNumbers | None:
    """A meeting's numbers so far."""
    row = await tx.fetch_one("select body from live_meeting where meeting_id = %s", (meeting_id,))
    return LiveNumbers.model_validate(row["body"]) if row else None


async def read_windows(tx: Transaction, subject: UUID) -> list[LiveWindow]:
    """The newest windows of a meeting, or of the whole workspace, of each length; oldest first."""
    rows = await tx.fetch_all(
        """select minutes, starts_at, meetings, people, utterances, talk_ms, questions, created, moved, done, decisions
           from (select *, row_number() over (partition by minutes order by starts_at desc) as place
                 from live_window where subject = %s) as newest
           where place <= %s order by minutes, starts_at""",
        (subject, WINDOWS),
    )
    return [LiveWindow.model_validate(row) for row in rows]


async def read_team(tx: Transaction) -> LiveTeam:
    """The workspace's, but those in which somebody spoke and fewer people than its settings want."""
    assert tx.workspace_id is not None
    wanted, windows = await read_settings(tx), await read_windows(tx, tx.workspace_id)
    return LiveTeam(windows=[one for one in windows if not one.people or wanted.tells(one.people)])


async def read_last_hour(tx: Transaction) -> LiveTeam:
    """Of these, the newest hour and what is within it."""
    windows = (await read_team(tx)).windows
    began = max((one.starts_at for one in windows if one.minutes == HOUR), default=None)
    return LiveTeam(windows=[one for one in windows if began is not None and one.starts_at >= began])
