"""Rows as analytics writes them, made up, for pages and tests that need results without an engine to reckon them."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from vori.analytics.live.store import Piece
from vori.analytics.live.tell import Step, Teller
from vori.analytics.model import (
    Kind,
    MeetingRow,
    Row,
    Score,
    ScorePart,
    SpeakerRow,
    StayRow,
    TicketRow,
)
from vori.analytics.store import Scope, save_results
from vori.clock import now
from vori.database.connection import LOG_ROLE, Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import Status
from vori.livefeed import open_livefeed

MINUTE_MS, DAY_MS = 60_000, 86_400_000


def meeting(workspace: UUID, day: date, **given: object) -> MeetingRow:
    """An ordinary meeting of half an hour at ten, but for what is given."""
    meeting_id = uuid4()
    begins = datetime.combine(day, time(10), ZoneInfo("UTC"))
    usual = {
        "workspace_id": workspace,
        "key": str(meeting_id),
        "day": day,
        "meeting_id": meeting_id,
        "title": "Planning",
        "language": "en",
        "started_at": begins,
        "ended_at": begins + timedelta(minutes=30),
        "length_ms": 30 * MINUTE_MS,
        "hour": 10,
        "weekday": day.isoweekday(),
        "late_ms": None,
        "over_ms": None,
        "speakers": 5,
        "utterances": 100,
        "turns": 40,
        "talk_ms": 24 * MINUTE_MS,
        "silence_ms": 6 * MINUTE_MS,
        "interruptions": None,
        "monologues": 0,
        "questions": 4,
        "answered": 3,
        "decisions": 1,
        "decision_ms": None,
        "created": 2,
        "actionable": 1,
        "blockers": 0,
        "carried": 0,
        "evenness": None,
        "score": score(None, "decision_time"),
        "behind": {},
    }
    return MeetingRow.model_validate(usual | given)


def score(value: float | None, missing: str = "") -> Score:
    """A score whose parts are all alike, or that lacks one."""
    parts = {name: ScorePart(value=value) for name in ("actionable", "decision_time", "participation")}
    if missing:
        parts[missing] = ScorePart(value=None, missing="no_decision")
    return Score(value=None if missing else value, **parts)


def spoke(held: MeetingRow, *names: str) -> list[SpeakerRow]:
    """As many voices, alike."""
    return [
        SpeakerRow(
            workspace_id=held.workspace_id,
            key=f"{held.meeting_id}/{name}",
            day=held.day,
            meeting_id=held.meeting_id,
            who=name,
            talk_ms=held.talk_ms // len(names),
            share=1 / len(names),
            turns=held.turns // len(names),
            questions=1,
            longest_ms=MINUTE_MS,
        )
        for name in names
    ]


def life(
    workspace: UUID, title: str, begins: datetime, *days: float, labels: Sequence[str] = (), reason: str = ""
) -> list[Row]:
    """A ticket that was so many days in TODO, then in progress, then done; it is still where the days end."""
    ticket_id = uuid4()
    order = (Status.TODO, Status.IN_PROGRESS, Status.DONE)
    moments = [begins]
    for each in days:
        moments.append(moments[-1] + timedelta(days=each))
    stays = []
    for number, since in enumerate(moments):
        over = number < len(days)
        held_up = {reason: int(days[number] * DAY_MS / 2)} if reason and over and number == 1 else {}
        stays.append(
            StayRow(
                workspace_id=workspace,
                key=f"{ticket_id}/{number}",
                day=since.date(),
                ticket_id=ticket_id,
                number=number,
                status=order[number],
                since=since,
                until=moments[number + 1] if over else None,
                next_status=order[number + 1] if over else None,
                blocked=held_up,
                title=title,
                labels=tuple(labels),
                assigned=True,
            )
        )
    done = moments[2] if len(days) == 2 else None
    begun = moments[1] if days else None
    ticket = TicketRow(
        workspace_id=workspace,
        key=str(ticket_id),
        day=begins.date(),
        ticket_id=ticket_id,
        title=title,
        labels=tuple(labels),
        status=order[len(days)],
        opened_at=begins,
        opened_in=None,
        begun_at=begun,
        done_at=done,
        cycle_ms=int((done - begun).total_seconds() * 1000) if done and begun else None,
        lead_ms=int((done - begins).total_seconds() * 1000) if done else None,
        reopened=0,
        meetings=(),
    )
    return [ticket, *stays]


async def put(database: Database, rows: Iterable[Row]) -> None:
    """Keep these, and those of their kinds that there are."""
    sorted_out: defaultdict[tuple[UUID, Kind], list[Row]] = defaultdict(list)
    for row in rows:
        sorted_out[row.workspace_id, row.kind].append(row)
    for (workspace, kind), some in sorted_out.items():
        async with database.transaction(workspace) as tx:
            await save_results(tx, kind, some, Scope(keys=[row.key for row in some]), now())


def put_into(database_url: str, rows: Sequence[Row]) -> None:
    """The same for a running VORI, from where another loop may be running."""

    async def keep() -> None:
        async with Database(database_url) as database:
            await put(database, rows)

    _apart(keep())


def tell_live(database_url: str, workspace: UUID, *, people: int, talk_ms: int) -> None:
    """So many spoke for so long each in the five minutes that go on, as the stream tells it to a running VORI."""
    at = now()
    at -= timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    counts = {"utterances": 1, "talk_ms": talk_ms, "questions": 0, "created": 0, "moved": 0, "done": 0, "decisions": 0}
    pieces = [Piece(str(workspace), str(UUID(int=5)), f"voice {one}", at, **counts) for one in range(people)]

    async def tell() -> None:
        async with (
            Database(database_url) as database,
            Database(database_url, role=LOG_ROLE) as log_database,
            PostgresEventLog(log_database) as log,
            open_livefeed("postgres:", log_database) as feed,
        ):
            await Teller(database, log, feed).tell([Step(str(workspace), pieces, None)])

    _apart(tell())


def _apart(work: Coroutine[object, object, None]) -> None:
    """In a thread of its own."""
    thread = threading.Thread(target=asyncio.run, args=(work,))
    thread.start()
    thread.join()
