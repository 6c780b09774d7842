"""Events of meetings as they happen, and what live numbers must come of them: counted by SQL alone, in one pass."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import psycopg
from psycopg.conninfo import make_conninfo

from vori.database.embedded import SUPERUSER
from vori.events import (
    Event,
    MeetingEnded,
    MeetingReported,
    MeetingStarted,
    ReportedDecision,
    Status,
    TicketCreated,
    TicketFacts,
    TicketUpdated,
    UtteranceFinal,
    Word,
)

SPACE = UUID(int=77)
SENTENCES = (
    "배포는 언제까지 끝나나요?",
    "결제 화면에서 오류가 나서 배포를 미루기로 했습니다.",
    "The rollback of the billing service works.",
    "Who takes the billing rollback?",
    "We decided to ship the search page on Monday.",
    "네, 그렇게 하겠습니다.",
)
PEOPLE = ("Maya", "Jun", "Ana", "Seo-yeon")

EVENTS = """
select distinct on (event ->> 'event_id') topic, kind, (event ->> 'workspace_id')::uuid as workspace_id,
  (event ->> 'meeting_id')::uuid as meeting_id, (event ->> 'occurred_at')::timestamptz as at, event
from (
  select topic, line ->> 'type' as kind, line -> 'event' as event
  from (select topic, convert_from(value, 'utf8')::jsonb as line from log_event where topic <> 'analytics.metrics') l
) e
"""

PIECES = f"""
select workspace_id, meeting_id, who, date_bin('5 min', at, timestamptz 'epoch') as starts_at,
  sum(utterances)::bigint as utterances, sum(talk_ms)::bigint as talk_ms, sum(questions)::bigint as questions,
  sum(created)::bigint as created, sum(moved)::bigint as moved, sum(done)::bigint as done,
  sum(decisions)::bigint as decisions
from (
  select workspace_id, meeting_id, at,
    case when kind = 'UtteranceFinal' then coalesce(
      case when event ->> 'voice' is null then event ->> 'speaker' end,
      concat_ws(':', event ->> 'stream', event ->> 'voice')) else '' end as who,
    (kind = 'UtteranceFinal')::int as utterances,
    coalesce((event ->> 'end_ms')::bigint - (event ->> 'start_ms')::bigint, 0) as talk_ms,
    (kind = 'UtteranceFinal' and event ->> 'text' ~ %(question)s)::int as questions,
    (kind = 'TicketCreated')::int as created,
    (kind = 'TicketUpdated' and changed)::int as moved,
    (kind = 'TicketUpdated' and changed and event -> 'after' ->> 'status' = 'DONE')::int as done,
    case when kind = 'MeetingReported' then jsonb_array_length(event -> 'decisions') else 0 end as decisions
  from (
    select *, event -> 'before' ->> 'status' <> event -> 'after' ->> 'status' as changed from ({EVENTS}) once
  ) e
) counted
where utterances + created + moved + decisions > 0
group by workspace_id, meeting_id, who, starts_at
"""

WINDOWS = """
select workspace_id, subject, minutes,
  date_bin(make_interval(mins => minutes), starts_at, timestamptz 'epoch') as begins,
  count(distinct meeting_id) filter (where who <> '')::int as meetings,
  count(distinct who) filter (where who <> '')::int as people,
  sum(utterances)::bigint as utterances, sum(talk_ms)::bigint as talk_ms, sum(questions)::bigint as questions,
  sum(created)::bigint as created, sum(moved)::bigint as moved, sum(done)::bigint as done,
  sum(decisions)::bigint as decisions
from expected_piece
cross join lateral (values (meeting_id), (workspace_id)) as s (subject)
cross join (values (5::smallint), (30), (60)) as m (minutes)
group by workspace_id, subject, minutes, begins
"""


NUMBERS = f"""
with once as ({EVENTS}), said as (
  select meeting_id, count(*) as utterances,
    sum((event ->> 'end_ms')::bigint - (event ->> 'start_ms')::bigint) as talk_ms,
    count(*) filter (where event ->> 'text' ~ %(question)s) as questions
  from once where kind = 'UtteranceFinal' group by meeting_id
), ticket as (
  select meeting_id, count(*) filter (where kind = 'TicketCreated') as created,
    count(*) filter (where event -> 'before' ->> 'status' <> event -> 'after' ->> 'status') as moved
  from once where kind in ('TicketCreated', 'TicketUpdated') group by meeting_id
), turn as (
  select meeting_id, count(*) filter (where who is distinct from before) as turns from (
    select meeting_id, who, lag(who) over (partition by meeting_id order by start_ms, end_ms, who) as before from (
      select meeting_id, event ->> 'speaker' as who, (event ->> 'start_ms')::bigint as start_ms,
        (event ->> 'end_ms')::bigint as end_ms from once where kind = 'UtteranceFinal'
    ) u
  ) t group by meeting_id
)
select m.meeting_id, coalesce(utterances, 0) as utterances, coalesce(talk_ms, 0)::bigint as talk_ms,
  coalesce(questions, 0) as questions, coalesce(turns, 0) as turns, coalesce(created, 0) as created,
  coalesce(moved, 0) as moved, exists (
    select from once where kind = 'MeetingEnded' and meeting_id = m.meeting_id) as over
from once m left join said using (meeting_id) left join ticket using (meeting_id) left join turn using (meeting_id)
where m.kind = 'MeetingStarted'
"""

DIFFERENCES = """
select 'piece' as what, count(*) from (
  (select * from expected_piece except select * from live_piece) union all
  (select * from live_piece except select * from expected_piece)) d
union all
select 'window', count(*) from (
  (select * from expected_window except select workspace_id, subject, minutes, starts_at, meetings, people, utterances,
     talk_ms, questions, created, moved, done, decisions from live_window) union all
  (select workspace_id, subject, minutes, starts_at, meetings, people, utterances, talk_ms, questions, created, moved,
     done, decisions from live_window except select * from expected_window)) d
union all
select 'meeting', count(*) from (
  (select * from expected_numbers except select * from told) union all
  (select * from told except select * from expected_numbers)) d
"""

TOLD = """
create temporary view told as
select meeting_id, (body ->> 'utterances')::bigint as utterances, (body ->> 'talk_ms')::bigint as talk_ms,
  (body ->> 'questions')::bigint as questions, (body ->> 'turns')::bigint as turns,
  (body ->> 'created')::bigint as created, (body ->> 'moved')::bigint as moved, (body ->> 'over')::bool as over
from live_meeting
"""


def differences(database_url: str) -> dict[str, int]:
    """Rows of live numbers that aren't what SQL counts over the events in the log, by what they are of."""
    from vori.analytics.model import QUESTION

    with psycopg.connect(make_conninfo(database_url, user=SUPERUSER)) as connection:
        told = {"question": QUESTION}
        connection.execute("create temporary table expected_piece as " + PIECES, told)
        connection.execute("create temporary table expected_window as " + WINDOWS)
        connection.execute("create temporary table expected_numbers as " + NUMBERS, told)
        connection.execute(TOLD)
        found: dict[str, int] = dict(connection.execute(DIFFERENCES).fetchall())
        connection.rollback()
    return found


class Meetings:
    """Meetings that go on at the same time; who speaks and what happens next is drawn from `seed`."""

    def __init__(self, count: int, *, seed: int, workspaces: int = 2, name: str = "") -> None:
        self.chance = random.Random(seed)
        self._ids = [uuid5(SPACE, f"{name} {seed} {number}") for number in range(count)]
        self._workspaces = [uuid5(SPACE, f"workspace {number}") for number in range(workspaces)]
        self._spoken = dict.fromkeys(self._ids, 0)
        self._tickets: dict[UUID, list[TicketFacts]] = {meeting: [] for meeting in self._ids}
        self._number = 0

    def begin(self, at: datetime) -> Iterator[Event]:
        for meeting in self._ids:
            yield MeetingStarted(**self._of(meeting, at), title="Daily", language="auto")

    def end(self, at: datetime) -> Iterator[Event]:
        for meeting in self._ids:
            later = self._of(meeting, at + timedelta(seconds=1))
            yield MeetingEnded(**self._of(meeting, at), reason="asked")
            yield MeetingReported(**later, tickets=(), decisions=(ReportedDecision(text="Ship it.", evidence=()),))

    def next(self, at: datetime) -> Event:
        """Something happens in one of them: mostly, somebody has said something."""
        meeting = self.chance.choice(self._ids)
        tickets = self._tickets[meeting]
        drawn = self.chance.random()
        if drawn < 0.03:
            ticket = TicketFacts(
                ticket_id=self._id(),
                key="VOR-1",
                title="Ship it",
                content="",
                status=Status.TODO,
                assignee=None,
                due=None,
            )
            tickets.append(ticket)
            return TicketCreated(**self._of(meeting, at), ticket=ticket, evidence=())
        if drawn < 0.06 and tickets:
            before = tickets.pop()
            after = before.model_copy(update={"status": self.chance.choice(list(Status))})
            tickets.append(after)
            told = self._of(meeting, at)
            return TicketUpdated(**told, change_id=self._id(), before=before, after=after, evidence=())
        return self._say(meeting, at)

    def _say(self, meeting: UUID, at: datetime) -> UtteranceFinal:
        start = max(0, self._spoken[meeting] + self.chance.randrange(-600, 900))
        self._spoken[meeting] = end = start + self.chance.randrange(700, 6000)
        who, text = self.chance.choice(PEOPLE), self.chance.choice(SENTENCES)
        words = text.split()
        pace = (end - start) // len(words)
        return UtteranceFinal(
            **self._of(meeting, at),
            utterance_id=self._id(),
            stream=uuid5(meeting, who),
            speaker=who,
            start_ms=start,
            end_ms=end,
            language="ko" if text[0] > "z" else "en",
            text=text,
            words=tuple(
                Word(text=word, start_ms=start + nth * pace, end_ms=start + nth * pace + pace)
                for nth, word in enumerate(words)
            ),
        )

    def _of(self, meeting: UUID, at: datetime) -> dict[str, object]:
        workspace = self._workspaces[meeting.int % len(self._workspaces)]
        return {"event_id": self._id(), "workspace_id": workspace, "meeting_id": meeting, "occurred_at": at}

    def _id(self) -> UUID:
        self._number += 1
        return uuid5(self._ids[0], str(self._number))
