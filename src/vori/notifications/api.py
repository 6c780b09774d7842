"""Notifications over HTTP: what concerns whoever asks, how far they have read, and what they don't want to be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.database.paging import decode_cursor, encode_cursor, foreign_cursor
from vori.errors import Invalid
from vori.events import Evidence
from vori.meetings.store import read_rehearsals
from vori.notifications.model import (
    KINDS,
    TOLD_FOR,
    Kind,
    News,
    Reader,
    newest_first,
    of_suggestions,
    of_tickets,
    place,
)
from vori.notifications.show import NotificationOut, Notifications, shown
from vori.notifications.store import (
    mark_read,
    read_changes_about,
    read_comments_about,
    read_meeting_titles,
    read_minutes_about,
    read_proofs,
    read_reader,
    save_unwanted,
)
from vori.people.api import CurrentPerson, CurrentWorkspace
from vori.tickets.store import read_some, read_suggestions
from vori.transcript.naming.model import named
from vori.transcript.naming.store import read_names

SUGGESTIONS = 200
"""That wait; older ones aren't told."""
SKEW = timedelta(minutes=1)
"""Clocks of several machines may differ by so much."""


def somebody(person: CurrentPerson) -> str:
    if person is None:
        raise Invalid(
            "Nobody said whose notifications these are.",
            remedy="Send the name that their tickets are assigned to in the header Vori-Person.",
            code="nobody",
        )
    return person


Somebody = Annotated[str, Depends(somebody)]


class Read(BaseModel):
    """How far somebody has read."""

    model_config = ConfigDict(extra="forbid")
    until: AwareDatetime = Field(
        description="The `at` of the newest that they have seen; older ones count as read too."
    )


class NotificationSettings(BaseModel):
    """What somebody doesn't want to be told."""

    model_config = ConfigDict(extra="forbid")
    unwanted: list[Kind] = Field(max_length=len(KINDS))


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["notifications"])

    @router.get("/notifications")
    async def listing(
        workspace_id: CurrentWorkspace,
        person: Somebody,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: str | None = None,
    ) -> Notifications:
        """What concerns whoever asks, the newest first, of the last 30 days; not what they did themselves.

        It is told from what is stored: what was undone, decided or removed is gone here too. Later pages mark as unread
        what was so when the first was asked for.
        """
        below, read_until = _seen(cursor) if cursor else (None, None)
        async with database.transaction(workspace_id) as tx:
            reader = await read_reader(tx, person)
            told = newest_first(await _news(tx, person), reader, await read_rehearsals(tx))
            before = Reader(read_until) if cursor else reader
            rest = [one for one in told if below is None or place(one) < below]
            items = await _shown(tx, rest[:limit], before)
        following = _cursor(rest[limit - 1], before) if len(rest) > limit else None
        return Notifications(items=items, next_cursor=following, unread=sum(map(reader.unread, told)))

    @router.post("/notifications/read", status_code=204)
    async def read(asked: Read, workspace_id: CurrentWorkspace, person: Somebody) -> None:
        """Note how far whoever asks has read. What was read stays read."""
        if asked.until > now() + SKEW:
            raise Invalid("Nobody has read what is yet to come.", remedy="Send the `at` of a notification.")
        async with database.transaction(workspace_id) as tx:
            await mark_read(tx, person, asked.until)

    @router.get("/settings/notifications")
    async def settings(workspace_id: CurrentWorkspace, person: Somebody) -> NotificationSettings:
        """What whoever asks doesn't want to be told."""
        async with database.transaction(workspace_id) as tx:
            return _wishes(await read_reader(tx, person))

    @router.put("/settings/notifications")
    async def replace(
        asked: NotificationSettings, workspace_id: CurrentWorkspace, person: Somebody
    ) -> NotificationSettings:
        """Replace what whoever asks doesn't want to be told. It holds for what happened before, too."""
        async with database.transaction(workspace_id) as tx:
            await save_unwanted(tx, person, dict.fromkeys(asked.unwanted))
            return _wishes(await read_reader(tx, person))

    return router


async def _news(tx: Transaction, person: str) -> list[News]:
    since = now() - TOLD_FOR
    waiting = [change for change in await read_suggestions(tx, SUGGESTIONS) if change.at > since]
    return [
        *of_tickets(await read_changes_about(tx, person, since), person),
        *of_suggestions(waiting),
        *await read_comments_about(tx, person, since),
        *await read_minutes_about(tx, person, since),
    ]


async def _shown(tx: Transaction, news: list[News], before: Reader) -> list[NotificationOut]:
    meetings = {one.meeting_id for one in news if one.meeting_id}
    return shown(
        news,
        {one.id for one in news if before.unread(one)},
        await read_some(tx, {one.ticket_id for one in news if one.ticket_id}),
        await read_meeting_titles(tx, meetings),
        await _proofs(tx, news, meetings),
    )


async def _proofs(tx: Transaction, news: list[News], meetings: Iterable[UUID]) -> dict[UUID, list[Evidence]]:
    """What news rest on, by the names that voices have now."""
    names: dict[tuple[UUID, int | None], str] = {}
    for meeting_id in meetings:
        names |= await read_names(tx, meeting_id)
    proofs = await read_proofs(tx, [one.id for one in news])
    return {change_id: [named(said, names) for said in evidence] for change_id, evidence in proofs.items()}


def _wishes(reader: Reader) -> NotificationSettings:
    return NotificationSettings(unwanted=[kind for kind in KINDS if kind in reader.unwanted])


def _cursor(last: News, before: Reader) -> str:
    return encode_cursor(last.at.isoformat(), str(last.id), before.read_until.isoformat() if before.read_until else "")


def _seen(cursor: str) -> tuple[tuple[datetime, str], datetime | None]:
    """The place of the last one seen, and how far had been read when the first page was asked for."""
    at, last, read_until = decode_cursor(cursor, 3)
    try:
        seen = (_moment(at), str(UUID(last)))
        return seen, _moment(read_until) if read_until else None
    except ValueError:
        raise foreign_cursor() from None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
