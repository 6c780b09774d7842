"""The meeting and participant tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg.types.json import Jsonb

from vori.clock import now
from vori.database.connection import Transaction
from vori.errors import NotFound
from vori.meetings.model import EndReason, Meeting, ScriptLine

COLUMNS = """meeting_id, workspace_id, title, language, status, started_at, ended_at, end_reason, script,
  array(select name from participant p where p.meeting_id = m.meeting_id order by name) as participants"""


async def create_meeting(tx: Transaction, meeting: Meeting) -> None:
    await tx.execute(
        """insert into meeting (meeting_id, workspace_id, title, language, status, started_at, script)
           values (%s, %s, %s, %s, %s, %s, %s)""",
        (
            meeting.meeting_id,
            meeting.workspace_id,
            meeting.title,
            meeting.language,
            meeting.status,
            meeting.started_at,
            Jsonb([asdict(line) for line in meeting.script], dumps=json.dumps) if meeting.script else None,
        ),
    )
    await add_participants(tx, meeting.meeting_id, meeting.participants)


async def add_participants(tx: Transaction, meeting_id: UUID, names: Iterable[str]) -> None:
    """Note who takes part; names already noted stay."""
    for name in names:
        await tx.execute(
            "insert into participant (workspace_id, meeting_id, name) values (%s, %s, %s) on conflict do nothing",
            (tx.workspace_id, meeting_id, name),
        )


async def rename_meeting(tx: Transaction, meeting_id: UUID, title: str) -> None:
    await tx.execute("update meeting set title = %s where meeting_id = %s", (title, meeting_id))


async def end_meeting(tx: Transaction, meeting_id: UUID, reason: EndReason) -> bool:
    """Mark a live meeting as ended; False if it had ended already."""
    done = await tx.execute(
        "update meeting set status = 'ended', ended_at = %s, end_reason = %s where meeting_id = %s and status = 'live'",
        (now(), reason, meeting_id),
    )
    return done.rowcount == 1


async def read_meeting(tx: Transaction, meeting_id: UUID) -> Meeting:
    """One meeting. Raises `NotFound` when this workspace has none such."""
    row = await tx.fetch_one(f"select {COLUMNS} from meeting m where meeting_id = %s", (meeting_id,))
    if row is None:
        raise NotFound(f"There is no meeting {meeting_id}.", remedy="`GET /api/meetings` lists the meetings there are.")
    return _meeting(row)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which meetings to list; None: whatever."""

    text: str | None = None
    status: Literal["live", "ended"] | None = None
    since: datetime | None = None
    until: datetime | None = None


async def read_meetings(
    tx: Transaction, limit: int, before: tuple[datetime, UUID] | None = None, wanted: Wanted | None = None
) -> list[Meeting]:
    """The newest meetings first; `before` is (started_at, meeting_id) of the last one seen."""
    asked = asdict(wanted or Wanted())
    like = "%" + re.sub(r"([\\%_])", r"\\\1", asked["text"]) + "%" if asked["text"] else None
    rows = await tx.fetch_all(
        f"""select {COLUMNS} from meeting m
            where (%(start)s::timestamptz is null or (started_at, meeting_id) < (%(start)s, %(id)s))
              and (%(status)s::text is null or status = %(status)s)
              and (%(since)s::timestamptz is null or started_at >= %(since)s)
              and (%(until)s::timestamptz is null or started_at < %(until)s)
              and (%(like)s::text is null or title ilike %(like)s or exists (
                select from participant p where p.meeting_id = m.meeting_id and p.name ilike %(like)s))
            order by started_at desc, meeting_id desc limit %(limit)s""",
        asked
        | {"like": like, "limit": limit, "start": before[0] if before else None, "id": before[1] if before else None},
    )
    return [_meeting(row) for row in rows]


async def read_held(tx: Transaction, since: datetime, until: datetime) -> list[Meeting]:
    """The meetings that began in a span of time, oldest first."""
    rows = await tx.fetch_all(
        f"""select {COLUMNS} from meeting m
            where started_at >= %s and started_at < %s and status in ('live', 'ended')
            order by started_at, meeting_id""",
        (since, until),
    )
    return [_meeting(row) for row in rows]


async def read_rehearsals(tx: Transaction) -> frozenset[UUID]:
    """The ids of all meetings that are rehearsals."""
    rows = await tx.fetch_all("select meeting_id from meeting where script is not null")
    return frozenset(row["meeting_id"] for row in rows)


def _meeting(row: dict[str, Any]) -> Meeting:
    script = tuple(ScriptLine(**line) for line in row.pop("script") or ())
    return Meeting(**row | {"participants": tuple(row["participants"]), "script": script})
