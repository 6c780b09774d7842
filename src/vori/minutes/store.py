"""The tables of minutes: as they stand, every version, and the drafts of meetings that aren't written up yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import BaseModel

from vori.database.connection import Transaction
from vori.errors import NotFound
from vori.minutes.model import AUTOMATIC, Edits, Minutes, Participant, Source, Version, WrittenMinutes
from vori.transcript.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Kept:
    """Minutes with what they are made of."""

    written: WrittenMinutes
    base: Minutes
    """As VORI wrote them, before people's edits."""
    edits: Edits
    source: Source


async def lock_minutes(tx: Transaction, meeting_id: UUID) -> Kept | None:
    """A meeting's minutes, which nobody else changes until this transaction ends; None while there are none.

    They have the meeting's title of now.
    """
    row = await tx.fetch_one("select * from minutes where meeting_id = %s for update", (meeting_id,))
    if row is None:
        return None
    return Kept(
        written=await _titled(tx, _written(row)),
        base=Minutes.model_validate(row["base"]).model_copy(update=await _title(tx, meeting_id)),
        edits=Edits.model_validate(row["edits"]),
        source=Source.model_validate(row["source"]),
    )


async def save_minutes(tx: Transaction, kept: Kept) -> None:
    """Keep minutes in place of what was there; a version that is new goes into the history too. Call `lock_minutes`
    first.
    """
    written = kept.written
    values = {
        "meeting_id": written.minutes.meeting_id,
        "workspace_id": tx.workspace_id,
        "version": written.version,
        "body": _json(written.minutes),
        "base": _json(kept.base),
        "edits": _json(kept.edits),
        "source": _json(kept.source),
        "by": written.by,
        "at": written.written_at,
    }
    await tx.execute(
        """insert into minutes (meeting_id, workspace_id, version, body, base, edits, source, by, written_at)
           values (%(meeting_id)s, %(workspace_id)s, %(version)s, %(body)s, %(base)s, %(edits)s, %(source)s, %(by)s,
                   %(at)s)
           on conflict (meeting_id) do update
             set version = excluded.version, body = excluded.body, base = excluded.base, edits = excluded.edits,
                 source = excluded.source, by = excluded.by, written_at = excluded.written_at""",
        values,
    )
    await tx.execute(
        """insert into minutes_version (meeting_id, version, workspace_id, body, edits, by, written_at)
           values (%(meeting_id)s, %(version)s, %(workspace_id)s, %(body)s, %(edits)s, %(by)s, %(at)s)
           on conflict (meeting_id, version) do nothing""",
        values,
    )
    await tx.execute("delete from minutes_draft where meeting_id = %s", (written.minutes.meeting_id,))


async def read_minutes(tx: Transaction, meeting_id: UUID, version: int | None = None) -> WrittenMinutes | None:
    """A meeting's minutes as they stand, else their draft, else None; under the meeting's title of now.

    With `version`: as they stood then; raises `NotFound` when there was no such version.
    """
    row = await _read_row(tx, meeting_id, version)
    return await _titled(tx, _written(row)) if row else None


async def _titled(tx: Transaction, written: WrittenMinutes) -> WrittenMinutes:
    title = await _title(tx, written.minutes.meeting_id)
    return written.model_copy(update={"minutes": written.minutes.model_copy(update=title)})


async def _title(tx: Transaction, meeting_id: UUID) -> dict[str, Any]:
    return await tx.fetch_one("select title from meeting where meeting_id = %s", (meeting_id,)) or {}


async def _read_row(tx: Transaction, meeting_id: UUID, version: int | None) -> dict[str, Any] | None:
    if version is not None:
        row = await tx.fetch_one(
            "select * from minutes_version where meeting_id = %s and version = %s", (meeting_id, version)
        )
        if row is None:
            raise NotFound(
                f"These minutes have no version {version}.", remedy="Their `versions` lists those there are."
            )
        return row
    row = await tx.fetch_one("select * from minutes where meeting_id = %s", (meeting_id,))
    if row is None:
        row = await tx.fetch_one(
            "select * from minutes_draft where meeting_id = %s and body is not null", (meeting_id,)
        )
    return row


async def read_talk(
    tx: Transaction, meeting_ids: Iterable[UUID]
) -> dict[UUID, tuple[tuple[Participant, ...], Outcome | None]]:
    """Of those of these meetings that have minutes: who spoke how much, and how well it was captured."""
    rows = await tx.fetch_all(
        """select meeting_id, body->'participants' as participants, body->'outcome' as outcome from minutes
           where meeting_id = any(%s)""",
        (list(meeting_ids),),
    )
    return {
        row["meeting_id"]: (
            tuple(Participant.model_validate(person) for person in row["participants"]),
            Outcome.model_validate(row["outcome"]) if row["outcome"] else None,
        )
        for row in rows
    }


async def read_edits(tx: Transaction, meeting_id: UUID, version: int) -> Edits:
    """What people had made of the minutes by that version. Raises `NotFound` when there was none such."""
    row = await tx.fetch_one(
        "select edits from minutes_version where meeting_id = %s and version = %s", (meeting_id, version)
    )
    if row is None:
        raise NotFound(f"These minutes have no version {version}.", remedy="Their `versions` lists those there are.")
    return Edits.model_validate(row["edits"])


async def read_versions(tx: Transaction, meeting_id: UUID) -> list[Version]:
    """The history, newest first."""
    rows = await tx.fetch_all(
        "select version, by, written_at from minutes_version where meeting_id = %s order by version desc", (meeting_id,)
    )
    return [Version(**row) for row in rows]


async def read_draft_source(tx: Transaction, meeting_id: UUID) -> Source | None:
    """What happened to tickets in a meeting so far; None once its minutes are written."""
    row = await tx.fetch_one(
        """select exists (select from minutes where meeting_id = %(meeting)s) as written,
                  (select source from minutes_draft where meeting_id = %(meeting)s) as source""",
        {"meeting": meeting_id},
    )
    if row is None or row["written"]:
        return None
    return Source.model_validate(row["source"] or {})


async def save_draft_source(tx: Transaction, meeting_id: UUID, source: Source) -> None:
    await tx.execute(
        """insert into minutes_draft (meeting_id, workspace_id, source) values (%s, %s, %s)
           on conflict (meeting_id) do update set source = excluded.source""",
        (meeting_id, tx.workspace_id, _json(source)),
    )


async def save_draft(tx: Transaction, minutes: Minutes, at: datetime) -> WrittenMinutes | None:
    """Keep a draft; None when it says what the one before said, or the minutes are written by now."""
    row = await tx.fetch_one(
        """insert into minutes_draft as kept (meeting_id, workspace_id, body, written_at)
           select %(meeting_id)s, %(workspace_id)s, %(body)s, %(at)s
           where not exists (select from minutes where meeting_id = %(meeting_id)s)
           on conflict (meeting_id) do update set body = excluded.body, written_at = excluded.written_at
             where kept.body is distinct from excluded.body
           returning body, written_at""",
        {
            "meeting_id": minutes.meeting_id,
            "workspace_id": tx.workspace_id,
            "body": _json(minutes),
            "at": at,
        },
    )
    return _written(row) if row else None


def _json(value: BaseModel) -> Jsonb:
    return Jsonb(value.model_dump(mode="json"))


def _written(row: dict[str, Any]) -> WrittenMinutes:
    return WrittenMinutes(
        minutes=Minutes.model_validate(row["body"]),
        version=row.get("version", 0),
        by=row.get("by", AUTOMATIC),
        written_at=row["written_at"],
    )
