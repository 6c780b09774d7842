"""The tables of tickets, of their changes, and of what the worker has taken in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from vori.clock import now
from vori.database.connection import Transaction
from vori.errors import Conflict, NotFound
from vori.events import Evidence, Priority, Status, UtteranceCorrected, UtteranceFinal
from vori.tickets.history.model import open_suggestions
from vori.tickets.model import PERSON, Change, Fields, Ticket

FIELDS = "title, content, status, assignee, due, priority, labels, blocked, blocked_reason, rank"
TICKET = f"""ticket_id, meeting_id, number, {FIELDS}, version, created_at, changed_at, removed_at,
  array(select l.meeting_id from ticket_meeting l where l.ticket_id = ticket.ticket_id order by l.at) as meetings,
  exists (select from ticket_change c where c.ticket_id = ticket.ticket_id and c.version = ticket.version
          and c.actor <> 'person' and c.decided_at is null) as by_vori"""
CHANGE = """change_id, ticket_id, meeting_id, kind, before, after, reason, evidence, actor, certainty, lane, at, undoes,
  version, prompt, decided_by, decided_at, person"""
GIVEN = """%(title)s, %(content)s, %(status)s, %(assignee)s, %(due)s, %(priority)s, %(labels)s, %(blocked)s,
  %(blocked_reason)s, %(rank)s"""
IN_REACH = 300
"""Tickets that a meeting's words are compared with, at most: all that are open, then the last finished."""
FINISHED_FOR = timedelta(days=60)
"""Tickets finished longer ago are not looked for in what is said."""

_FIELDS = TypeAdapter(Fields)
_EVIDENCE = TypeAdapter(tuple[Evidence, ...])


async def lock_board(tx: Transaction) -> None:
    """Wait to be the only one who changes this workspace's tickets until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('tickets ' || %s, 0))", (str(tx.workspace_id),))


async def read_ticket(tx: Transaction, ticket_id: UUID) -> Ticket:
    """One ticket; one that was removed, too. Raises `NotFound` when this workspace has none such."""
    row = await tx.fetch_one(f"select {TICKET} from ticket where ticket_id = %s", (ticket_id,))
    if row is None:
        raise NotFound(f"There is no ticket {ticket_id}.", remedy="`GET /api/tickets` lists the tickets there are.")
    return _ticket(row)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets a list shall have; what is None doesn't matter."""

    status: Sequence[Status] | None = None
    meeting_id: UUID | None = None
    """It came up there."""
    assignee: str | None = None
    """Empty: nobody."""
    label: str | None = None
    priority: Priority | None = None
    blocked: bool | None = None
    due_until: date | None = None
    text: str | None = None
    """In title, content or key, in whatever case."""


async def read_tickets(
    tx: Transaction, limit: int, wanted: Wanted = Wanted(), *, below: int | None = None
) -> list[Ticket]:
    """The newest tickets first; `below` is the last number seen."""
    rows = await tx.fetch_all(
        f"""select {TICKET} from ticket
            where removed_at is null
              and (%(status)s::text[] is null or status = any(%(status)s))
              and (%(below)s::int is null or number < %(below)s)
              and (%(meeting_id)s::uuid is null or exists (
                    select from ticket_meeting l
                    where l.ticket_id = ticket.ticket_id and l.meeting_id = %(meeting_id)s))
              and (%(assignee)s::text is null or coalesce(assignee, '') = %(assignee)s)
              and (%(label)s::text is null or %(label)s = any(labels))
              and (%(priority)s::text is null or priority = %(priority)s)
              and (%(blocked)s::boolean is null or blocked = %(blocked)s)
              and (%(due_until)s::date is null or due <= %(due_until)s)
              and (%(text)s::text is null
                   or position(lower(%(text)s) in lower(concat_ws(E'\n', 'VORI-' || number, title, content))) > 0)
            order by number desc limit %(limit)s""",
        asdict(wanted) | {"below": below, "limit": limit},
    )
    return [_ticket(row) for row in rows]


async def read_some(tx: Transaction, ticket_ids: Iterable[UUID]) -> dict[UUID, Ticket]:
    """Those of these tickets that there are, removed ones included."""
    rows = await tx.fetch_all(f"select {TICKET} from ticket where ticket_id = any(%s)", (list(ticket_ids),))
    return {row["ticket_id"]: _ticket(row) for row in rows}


async def read_board(tx: Transaction, meeting_id: UUID) -> dict[UUID, Ticket]:
    """The tickets that a meeting's words may be about, and those that it opened or changed, by id."""
    rows = await tx.fetch_all(
        f"""(select {TICKET} from ticket
             where removed_at is null and (status <> 'DONE' or changed_at > %(since)s)
             order by status = 'DONE', number desc limit %(limit)s)
            union
            select {TICKET} from ticket where ticket_id in (
              select ticket_id from ticket_change where meeting_id = %(meeting)s)
            order by number""",
        {"since": now() - FINISHED_FOR, "limit": IN_REACH, "meeting": meeting_id},
    )
    return {row["ticket_id"]: _ticket(row) for row in rows}


async def read_open_titles(tx: Transaction, meeting_id: UUID) -> list[str]:
    """What the open tickets are called that a meeting's words may be about, those that it changed included, newest
    first.
    """
    tickets = reversed((await read_board(tx, meeting_id)).values())
    return [ticket.fields.title for ticket in tickets if ticket.fields.status != Status.DONE and not ticket.removed_at]


async def read_first_touch(tx: Transaction, meeting_id: UUID) -> datetime | None:
    """When a meeting first had to do with a ticket; None if it never had."""
    row = await tx.fetch_one("select min(at) as first from ticket_meeting where meeting_id = %s", (meeting_id,))
    assert row is not None
    first: datetime | None = row["first"]
    return first


async def read_board_at(tx: Transaction, at: datetime) -> tuple[list[Ticket], list[Change]]:
    """The tickets that a meeting at that time could be about, as they are now, and all changes since, oldest first."""
    rows = await tx.fetch_all(
        f"""select {TICKET} from ticket
            where created_at < %(at)s and (removed_at is null or removed_at > %(at)s)
              and (status <> 'DONE' or changed_at > %(since)s)
            order by status = 'DONE' and changed_at < %(at)s, number desc limit %(limit)s""",
        {"at": at, "since": at - FINISHED_FOR, "limit": IN_REACH},
    )
    changes = await tx.fetch_all(
        f"select {CHANGE} from ticket_change where lane = 'applied' and at >= %s order by at, version", (at,)
    )
    return [_ticket(row) for row in reversed(rows)], [_change(row) for row in changes]


async def read_changes(tx: Transaction, ticket_id: UUID) -> list[Change]:
    """A ticket's history, oldest first; suggestions last."""
    return (await read_histories(tx, [ticket_id])).get(ticket_id, [])


async def read_histories(tx: Transaction, ticket_ids: Iterable[UUID]) -> dict[UUID, list[Change]]:
    """The histories of these tickets, oldest first; suggestions last."""
    rows = await tx.fetch_all(
        f"select {CHANGE} from ticket_change where ticket_id = any(%s) order by version nulls last, at, change_id",
        (list(ticket_ids),),
    )
    histories: dict[UUID, list[Change]] = {}
    for row in rows:
        histories.setdefault(row["ticket_id"], []).append(_change(row))
    return histories


async def read_corrected_meetings(tx: Transaction) -> list[UUID]:
    """Meetings of which a person undid or rejected something, or changed a ticket that they had changed."""
    rows = await tx.fetch_all(
        """select meeting_id from meeting m where exists (
             select from ticket_change c
             where c.meeting_id = m.meeting_id
               and (c.undoes is not null or (c.lane <> 'applied' and c.decided_at is not null) or exists (
                 select from ticket_change p
                 where p.ticket_id = c.ticket_id and p.actor = %s and p.version > c.version)))
           order by started_at, meeting_id""",
        (PERSON,),
    )
    return [row["meeting_id"] for row in rows]


async def read_meeting_changes(tx: Transaction, meeting_id: UUID) -> list[Change]:
    """All that a meeting led to, suggestions included, ticket by ticket, oldest first within each."""
    rows = await tx.fetch_all(
        f"""select {CHANGE} from ticket_change where meeting_id = %s
            order by ticket_id, version nulls last, at, change_id""",
        (meeting_id,),
    )
    return [_change(row) for row in rows]


async def read_change(tx: Transaction, change_id: UUID) -> Change:
    """One change or suggestion. Raises `NotFound` when this workspace has none such."""
    row = await tx.fetch_one(f"select {CHANGE} from ticket_change where change_id = %s", (change_id,))
    if row is None:
        raise NotFound(f"There is no change {change_id}.", remedy="A ticket's history and /api/suggestions list them.")
    return _change(row)


async def read_suggestions(
    tx: Transaction, limit: int, *, meeting_id: UUID | None = None, ticket_id: UUID | None = None
) -> list[Change]:
    """Suggestions that wait for a person, the newest first."""
    rows = await tx.fetch_all(
        f"""select {CHANGE} from ticket_change
            where lane <> 'applied' and decided_at is null
              and (%(meeting)s::uuid is null or meeting_id = %(meeting)s)
              and (%(ticket)s::uuid is null or ticket_id = %(ticket)s)
            order by at desc, change_id limit %(limit)s""",
        {"meeting": meeting_id, "ticket": ticket_id, "limit": limit},
    )
    changes = [_change(row) for row in rows]
    return open_suggestions(changes, await read_some(tx, {change.ticket_id for change in changes}))


async def read_titles(tx: Transaction) -> tuple[dict[UUID, str], list[str]]:
    """What all open tickets are called, and what people have lately refused to open."""
    opened = await tx.fetch_all("select ticket_id, title from ticket where removed_at is null and status <> 'DONE'")
    refused = await tx.fetch_all(
        """select after->>'title' as title from ticket_change
           where kind = 'created' and lane <> 'applied' and decided_at > %s""",
        (now() - FINISHED_FOR,),
    )
    return {row["ticket_id"]: row["title"] for row in opened}, [row["title"] for row in refused]


async def read_handled(tx: Transaction, meeting_id: UUID) -> frozenset[UUID]:
    """The tickets that a person has changed by hand since the meeting first had to do with them."""
    rows = await tx.fetch_all(
        """select distinct p.ticket_id from ticket_change p join ticket_meeting m using (ticket_id)
           where p.actor = %s and m.meeting_id = %s and p.at >= m.at""",
        (PERSON, meeting_id),
    )
    return frozenset(row["ticket_id"] for row in rows)


async def read_next_rank(tx: Transaction, status: Status, rank: str = "") -> str | None:
    """The first rank after `rank` in a column; None when nothing follows."""
    row = await tx.fetch_one(
        "select min(rank) as next from ticket where status = %s and removed_at is null and rank > %s", (status, rank)
    )
    assert row is not None
    following: str | None = row["next"]
    return following


async def link_meeting(tx: Transaction, ticket_id: UUID, meeting_id: UUID, at: datetime) -> None:
    """Note that a ticket came up in a meeting."""
    await tx.execute(
        """insert into ticket_meeting (ticket_id, meeting_id, workspace_id, at) values (%s, %s, %s, %s)
           on conflict do nothing""",
        (ticket_id, meeting_id, tx.workspace_id, at),
    )


async def open_ticket(tx: Transaction, change: Change) -> tuple[Ticket, Change]:
    """Make the ticket of a `created` change, with the next number. Call `lock_board` first."""
    assert change.after is not None
    row = await tx.fetch_one(
        f"""insert into ticket (ticket_id, workspace_id, meeting_id, number, {FIELDS}, created_at, changed_at)
            values (%(ticket_id)s, %(workspace_id)s, %(meeting_id)s,
                    (select coalesce(max(number), 0) + 1 from ticket where workspace_id = %(workspace_id)s),
                    {GIVEN}, %(at)s, %(at)s)
            returning {TICKET}""",
        {
            "ticket_id": change.ticket_id,
            "workspace_id": tx.workspace_id,
            "meeting_id": change.meeting_id,
            "at": change.at,
            **_row(change.after),
        },
    )
    assert row is not None
    ticket = replace(_ticket(row), by_vori=change.by_vori)
    return ticket, await save_change(tx, replace(change, version=ticket.version))


async def change_ticket(tx: Transaction, ticket: Ticket, change: Change) -> tuple[Ticket, Change]:
    """Apply a change to a ticket, as it was read. Raises `Conflict` if it has changed since."""
    after = change.after or ticket.fields
    row = await tx.fetch_one(
        f"""update ticket set ({FIELDS}) = row({GIVEN}), removed_at = %(removed_at)s, changed_at = %(at)s,
              version = version + 1
            where ticket_id = %(ticket_id)s and version = %(version)s
            returning {TICKET}""",
        {
            "ticket_id": ticket.ticket_id,
            "version": ticket.version,
            "at": change.at,
            "removed_at": change.at if change.after is None else None,
            **_row(after),
        },
    )
    if row is None:
        raise Conflict(f"{ticket.key} has just been changed by someone else.", remedy="Read it again, then decide.")
    changed = replace(_ticket(row), by_vori=change.by_vori)
    return changed, await save_change(tx, replace(change, version=changed.version))


async def save_change(tx: Transaction, change: Change) -> Change:
    """Note a change or a suggestion; a suggestion noted before is replaced."""
    await tx.execute(
        f"""insert into ticket_change (workspace_id, {CHANGE})
            values (%(workspace_id)s, %(change_id)s, %(ticket_id)s, %(meeting_id)s, %(kind)s, %(before)s::jsonb,
                    %(after)s::jsonb, %(reason)s, %(evidence)s::jsonb, %(actor)s, %(certainty)s, %(lane)s, %(at)s,
                    %(undoes)s, %(version)s, %(prompt)s, %(decided_by)s, %(decided_at)s, %(person)s)
            on conflict (change_id) do update
              set before = excluded.before, after = excluded.after, reason = excluded.reason,
                  evidence = excluded.evidence, actor = excluded.actor, certainty = excluded.certainty,
                  lane = excluded.lane, at = excluded.at, version = excluded.version, prompt = excluded.prompt,
                  decided_by = excluded.decided_by, decided_at = excluded.decided_at, person = excluded.person
              where ticket_change.lane <> 'applied'""",
        {
            **{name: getattr(change, name) for name in Change.__slots__},
            "workspace_id": tx.workspace_id,
            "before": _json(change.before),
            "after": _json(change.after),
            "evidence": _EVIDENCE.dump_json(change.evidence).decode(),
        },
    )
    return change


async def withdraw(tx: Transaction, suggestions: Iterable[UUID]) -> None:
    """Forget suggestions that later words have made void."""
    await tx.execute("delete from ticket_change where change_id = any(%s) and lane <> 'applied'", (list(suggestions),))


async def add_turn(tx: Transaction, said: UtteranceFinal) -> bool:
    """Note that an utterance was taken in; False if it had been."""
    done = await tx.execute(
        """insert into ticket_turn (utterance_id, workspace_id, meeting_id, stream, speaker, voice, start_ms, end_ms,
                                    text)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing""",
        (
            said.utterance_id,
            tx.workspace_id,
            said.meeting_id,
            said.stream,
            said.speaker,
            said.voice,
            said.start_ms,
            said.end_ms,
            said.text,
        ),
    )
    return done.rowcount == 1


async def correct_turn(tx: Transaction, corrected: UtteranceCorrected) -> None:
    """Have an utterance read in its corrected words from now on; one that was never taken in stays out."""
    await tx.execute(
        "update ticket_turn set text = %s where utterance_id = %s", (corrected.text, corrected.utterance_id)
    )


async def read_turns(tx: Transaction, meeting_id: UUID) -> list[Evidence]:
    """What was said in a meeting as far as it was taken in, in order."""
    rows = await tx.fetch_all(
        """select utterance_id, stream, speaker, voice, start_ms, end_ms, text as quote from ticket_turn
           where meeting_id = %s order by start_ms, utterance_id""",
        (meeting_id,),
    )
    return [Evidence(**row) for row in rows]


async def close_stream(tx: Transaction, meeting_id: UUID, stream: UUID) -> None:
    """Note that all that was said on a stream was taken in."""
    await tx.execute(
        "insert into ticket_stream (stream, workspace_id, meeting_id) values (%s, %s, %s) on conflict do nothing",
        (stream, tx.workspace_id, meeting_id),
    )


async def read_closed_streams(tx: Transaction, meeting_id: UUID) -> set[UUID]:
    rows = await tx.fetch_all("select stream from ticket_stream where meeting_id = %s", (meeting_id,))
    return {row["stream"] for row in rows}


def _json(fields: Fields | None) -> str | None:
    return None if fields is None else _FIELDS.dump_json(fields).decode()


def _row(fields: Fields) -> dict[str, Any]:
    return asdict(fields) | {"labels": list(fields.labels)}


def _ticket(row: dict[str, Any]) -> Ticket:
    given = {name: row.pop(name) for name in Fields.__slots__}
    given["status"] = Status(given["status"])
    given["priority"] = Priority(given["priority"]) if given["priority"] else None
    given["labels"] = tuple(given["labels"])
    return Ticket(fields=Fields(**given), **row | {"meetings": tuple(row["meetings"])})


def _change(row: dict[str, Any]) -> Change:
    return Change(
        **row
        | {
            "before": None if row["before"] is None else _FIELDS.validate_python(row["before"]),
            "after": None if row["after"] is None else _FIELDS.validate_python(row["after"]),
            "evidence": _EVIDENCE.validate_python(row["evidence"]),
        }
    )
