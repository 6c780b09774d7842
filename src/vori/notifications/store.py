"""The table of readers, and what concerns a person, read from the tables of tickets, comments, minutes and meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from vori.database.connection import Transaction
from vori.events import Evidence, Status
from vori.minutes.model import AUTOMATIC
from vori.notifications.model import About, Happened, Kind, News, Reader
from vori.tickets.model import PERSON

QUOTED = 300
"""Characters of a comment that are told."""
THEIRS = """
select distinct ticket_id from ticket_change
where lane = 'applied' and at > %(since)s and %(person)s in (before->>'assignee', after->>'assignee')
"""
CHANGES = """
select change_id, ticket_id, version, undoes, before - 'content' as before, after - 'content' as after, actor, person,
  decided_at is not null as accepted, meeting_id, at
from ticket_change
where ticket_id = any(%(tickets)s) and lane = 'applied' and at > %(since)s
order by ticket_id, version
"""
COMMENTS = """
select c.comment_id, c.ticket_id, c.author, left(c.text, %(most)s) as text, c.at
from ticket_comment c join ticket t using (ticket_id)
where c.at > %(since)s and t.removed_at is null and c.author is distinct from %(person)s
  and (t.assignee = %(person)s or exists (
    select from ticket_comment own where own.ticket_id = c.ticket_id and own.author = %(person)s and own.at < c.at))
"""
MINUTES = """
select n.meeting_id, v.written_at from minutes n join minutes_version v using (meeting_id)
where v.version = 1 and v.written_at > %(since)s
  and (n.body->'participants' @> jsonb_build_array(jsonb_build_object('name', %(person)s::text))
       or exists (select from participant p where p.meeting_id = n.meeting_id and p.name = %(person)s))
"""


async def read_changes_about(tx: Transaction, person: str, since: datetime) -> list[Happened]:
    """All that happened since to tickets that were somebody's at some time since, ticket by ticket, oldest first."""
    theirs = await tx.fetch_all(THEIRS, {"person": person, "since": since})
    rows = await tx.fetch_all(CHANGES, {"tickets": [row["ticket_id"] for row in theirs], "since": since})
    return [Happened(**row | {"before": _about(row["before"]), "after": _about(row["after"])}) for row in rows]


async def read_comments_about(tx: Transaction, person: str, since: datetime) -> list[News]:
    """What others wrote under somebody's tickets, and after them under others'."""
    rows = await tx.fetch_all(COMMENTS, {"person": person, "since": since, "most": QUOTED})
    return [
        News(
            kind="comment",
            id=row["comment_id"],
            at=row["at"],
            actor=PERSON,
            person=row["author"],
            ticket_id=row["ticket_id"],
            text=row["text"],
        )
        for row in rows
    ]


async def read_minutes_about(tx: Transaction, person: str, since: datetime) -> list[News]:
    """Minutes, as they first were final, of meetings in which somebody took part."""
    rows = await tx.fetch_all(MINUTES, {"person": person, "since": since})
    return [
        News("minutes", row["meeting_id"], row["written_at"], AUTOMATIC, meeting_id=row["meeting_id"]) for row in rows
    ]


async def read_meeting_titles(tx: Transaction, meeting_ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = await tx.fetch_all(
        "select meeting_id, title from meeting where meeting_id = any(%s)", (list(set(meeting_ids)),)
    )
    return {row["meeting_id"]: row["title"] for row in rows}


async def read_proofs(tx: Transaction, change_ids: Iterable[UUID]) -> dict[UUID, tuple[Evidence, ...]]:
    """What these changes and suggestions rest on."""
    rows = await tx.fetch_all(
        "select change_id, evidence from ticket_change where change_id = any(%s)", (list(change_ids),)
    )
    return {row["change_id"]: tuple(Evidence.model_validate(said) for said in row["evidence"]) for row in rows}


async def read_reader(tx: Transaction, person: str) -> Reader:
    """Somebody who has never read anything wants everything."""
    row = await tx.fetch_one("select read_until, unwanted from notification_reader where person = %s", (person,))
    return Reader(row["read_until"], frozenset(row["unwanted"])) if row else Reader()


async def mark_read(tx: Transaction, person: str, until: datetime) -> None:
    """Note that somebody has read all that is not newer; what was read stays read."""
    await tx.execute(
        """insert into notification_reader as kept (workspace_id, person, read_until) values (%s, %s, %s)
           on conflict (workspace_id, person) do update
             set read_until = greatest(kept.read_until, excluded.read_until)""",
        (tx.workspace_id, person, until),
    )


async def save_unwanted(tx: Transaction, person: str, unwanted: Iterable[Kind]) -> None:
    """Put these kinds in the place of those that somebody didn't want before."""
    await tx.execute(
        """insert into notification_reader (workspace_id, person, unwanted) values (%s, %s, %s)
           on conflict (workspace_id, person) do update set unwanted = excluded.unwanted""",
        (tx.workspace_id, person, list(unwanted)),
    )


def _about(fields: dict[str, Any] | None) -> About | None:
    if fields is None:
        return None
    return About(
        title=fields["title"],
        status=Status(fields["status"]),
        assignee=fields.get("assignee"),
        due=date.fromisoformat(fields["due"]) if fields.get("due") else None,
        blocked=fields.get("blocked", False),
        blocked_reason=fields.get("blocked_reason", ""),
    )
