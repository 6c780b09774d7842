"""The minutes table."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from vori.database.connection import Transaction
from vori.minutes.model import Minutes, WrittenMinutes


async def save_minutes(tx: Transaction, minutes: Minutes, markdown: str, at: datetime) -> WrittenMinutes | None:
    """Keep a meeting's minutes in place of what was there; None when that said the same."""
    row = await tx.fetch_one(
        """insert into minutes as kept (meeting_id, workspace_id, version, markdown, body, written_at)
           values (%(meeting_id)s, %(workspace_id)s, 1, %(markdown)s, %(body)s, %(at)s)
           on conflict (meeting_id) do update
             set version = kept.version + 1, markdown = excluded.markdown, body = excluded.body,
                 written_at = excluded.written_at
             where (kept.markdown, kept.body) is distinct from (excluded.markdown, excluded.body)
           returning version, markdown, body, written_at""",
        {
            "meeting_id": minutes.meeting_id,
            "workspace_id": tx.workspace_id,
            "markdown": markdown,
            "body": Jsonb(minutes.model_dump(mode="json")),
            "at": at,
        },
    )
    return _written(row) if row else None


async def read_minutes(tx: Transaction, meeting_id: UUID) -> WrittenMinutes | None:
    """A meeting's minutes; None while they aren't written."""
    row = await tx.fetch_one(
        "select version, markdown, body, written_at from minutes where meeting_id = %s", (meeting_id,)
    )
    return _written(row) if row else None


def _written(row: dict[str, Any]) -> WrittenMinutes:
    return WrittenMinutes(
        minutes=Minutes.model_validate(row["body"]),
        markdown=row["markdown"],
        version=row["version"],
        written_at=row["written_at"],
    )
