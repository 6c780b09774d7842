"""What the steps of a stream leave in the tables is what SQL counts over the same events, in whatever order."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.analytics.hearing import EQUAL, Heard, told

from happening import Meetings, differences
from vori.analytics.live.running import EPOCH, Fact, Running
from vori.analytics.live.store import Piece
from vori.analytics.live.tell import Step, Teller
from vori.clock import now
from vori.database.connection import LOG_ROLE, Database
from vori.database.embedded import SUPERUSER
from vori.eventlog.postgres import PostgresEventLog
from vori.events import Event, MeetingReported, TicketUpdated, UtteranceFinal

MICROSECOND = timedelta(microseconds=1)


def fact(event: Event) -> Fact:
    plain = Fact(type(event).__name__, str(event.event_id), (event.occurred_at - EPOCH) // MICROSECOND)
    if isinstance(event, UtteranceFinal):
        asked = event.text.endswith("?")
        plain = plain._replace(start_ms=event.start_ms, end_ms=event.end_ms, text=event.text, question=asked)
        return plain._replace(who=event.speaker, stream=str(event.stream))
    if isinstance(event, TicketUpdated) and event.after is not None:
        return plain._replace(before=event.before.status, after=event.after.status)
    if isinstance(event, MeetingReported):
        return plain._replace(decisions=len(event.decisions))
    return plain


def steps(states: dict[UUID, Running], events: Sequence[Event]) -> list[Step]:
    """What a step tells, as `engine.floor` makes it."""
    found = []
    by_meeting: defaultdict[UUID, list[Event]] = defaultdict(list)
    for event in events:
        by_meeting[event.meeting_id].append(event)
    for meeting, of_meeting in by_meeting.items():
        running = states.setdefault(meeting, Running())
        workspace = str(of_meeting[0].workspace_id)
        pieces = [
            Piece(workspace, str(meeting), who, EPOCH + int(window) * MICROSECOND, *running.pieces[who][window])
            for who, window in running.take([fact(event) for event in of_meeting])
        ]
        found.append(Step(workspace, pieces, running.numbers(meeting)))
    return found


@pytest.mark.parametrize("seed", range(3))
async def test_the_tables_hold_what_sql_counts(seed: int, database: Database, database_url: str) -> None:
    began, chance, heard = now() - timedelta(minutes=40), random.Random(seed), Heard()
    meetings = Meetings(4, seed=seed, workspaces=2)
    events = [*meetings.begin(began), *(meetings.next(began + timedelta(seconds=3 * nth)) for nth in range(1, 500))]
    events += meetings.end(began + timedelta(seconds=1502))
    shuffled = [*events, *chance.choices(events, k=60)]
    chance.shuffle(shuffled)
    async with Database(database_url, role=LOG_ROLE) as log_database, PostgresEventLog(log_database) as log:
        await log.publish(shuffled)
        teller, states = Teller(database, log, heard), dict[UUID, Running]()  # type: ignore[arg-type]
        for first in range(0, len(shuffled), 100):
            found = steps(states, shuffled[first : first + 100])
            await teller.tell(found)
            count = len(heard.messages), len(heard.team)
            await teller.tell(found)
            assert (len(heard.messages), len(heard.team)) == count, "what is told again is no news"
        assert differences(database_url) == EQUAL
        assert len(await told(log, events)) == len(heard.messages)
    with psycopg.connect(make_conninfo(database_url, user=SUPERUSER), autocommit=True) as admin:
        admin.execute("delete from log_event where log_offset = 10 and topic = 'transcription.completed'")
    assert differences(database_url) != EQUAL, "an event less, and it shows"
