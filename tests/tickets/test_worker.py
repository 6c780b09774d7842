"""From final words to the board, on the real database, log and live feed: exactly once, whatever is cut off."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid5

import pytest

from vori.audio.model import AudioStream, stream_key
from vori.audio.store import create_stream
from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import (
    MeetingEnded,
    MeetingReported,
    MeetingStarted,
    Status,
    TicketCreated,
    TicketUpdated,
    Topic,
    TranscriptClosed,
    UtteranceFinal,
)
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting, end_meeting
from vori.tickets import worker
from vori.tickets.api import by_hand
from vori.tickets.apply import apply
from vori.tickets.model import Change, Extraction, Extractor, Fields, Talk, Ticket
from vori.tickets.offline import OfflineExtractor
from vori.tickets.store import lock_board, read_changes, read_meeting_changes, read_tickets

SCRIPT = [
    ("지민", "안녕하세요, 주간 회의를 시작하겠습니다."),
    ("수현", "백엔드 API 문서화 작업을 현재 진행하고 있습니다."),
    ("도윤", "프론트엔드 로그인 페이지 구현이 완료되었습니다."),
    ("지민", "결제 오류가 났을 때 보여 줄 안내 문구가 필요합니다."),
    ("수현", "제가 결제 오류 안내 문구를 작성하겠습니다."),
    ("지민", "언제까지 가능할까요?"),
    ("수현", "금요일까지요."),
    ("도윤", "다크 모드는 나중에 한번 생각해 보면 좋겠네요."),
    ("지민", "도윤님이 배포 체크리스트를 정리해서 내일까지 공유해 주세요."),
    ("도윤", "네, 알겠습니다."),
    ("지민", "배포는 다음 주 화요일에 하기로 결정했습니다."),
]
BOARD = [Fields("백엔드 API 문서화"), Fields("프론트엔드 로그인 페이지 구현", status=Status.IN_PROGRESS)]


@dataclass
class Scene:
    """A workspace with two tickets and a meeting about them."""

    database: Database
    log: PostgresEventLog
    feed: PostgresLiveFeed
    extractor: Extractor
    workspace: UUID
    meeting_id: UUID

    async def begin(self, language: Literal["ko", "auto"] = "ko") -> None:
        meeting = Meeting(
            meeting_id=self.meeting_id,
            workspace_id=self.workspace,
            title="주간 회의",
            language=language,
            status="live",
            started_at=datetime(2026, 3, 2, 9, tzinfo=UTC),
            participants=("지민",),
        )
        async with self.database.transaction(self.workspace) as tx:
            await tx.execute(
                "insert into workspace (workspace_id, name) values (%s, 'test') on conflict do nothing",
                (self.workspace,),
            )
            await create_meeting(tx, meeting)
            await self.log.append(
                tx,
                MeetingStarted(
                    workspace_id=self.workspace, meeting_id=self.meeting_id, title=meeting.title, language=language
                ),
            )
            await lock_board(tx)
            for fields in BOARD:
                await apply(tx, self.log, self.feed, None, by_hand(new_id(), "created", None, fields))
        for speaker in dict.fromkeys(speaker for speaker, _ in SCRIPT):
            await self.join(speaker)

    async def join(self, speaker: str) -> None:
        stream = AudioStream(
            stream_key(self.meeting_id, speaker), self.workspace, self.meeting_id, speaker, "opus", 48_000, None,
            speaker, 0, datetime.now(UTC),
        )  # fmt: skip
        async with self.database.transaction(self.workspace) as tx:
            await create_stream(tx, stream)

    async def say(self, lines: Sequence[tuple[str, str]], first: int = 0) -> None:
        for number, (speaker, text) in enumerate(lines, first):
            async with self.database.transaction(self.workspace) as tx:
                await self.log.append(tx, self.utterance(number, speaker, text))

    def utterance(self, number: int, speaker: str, text: str) -> UtteranceFinal:
        stream = stream_key(self.meeting_id, speaker)
        return UtteranceFinal(
            workspace_id=self.workspace,
            meeting_id=self.meeting_id,
            utterance_id=uuid5(stream, f"utterance:{number}"),
            stream=stream,
            speaker=speaker,
            start_ms=number * 5000,
            end_ms=number * 5000 + 4000,
            language="ko",
            text=text,
        )

    async def close(self, speaker: str) -> None:
        async with self.database.transaction(self.workspace) as tx:
            stream = stream_key(self.meeting_id, speaker)
            await self.log.append(
                tx, TranscriptClosed(workspace_id=self.workspace, meeting_id=self.meeting_id, stream=stream)
            )

    async def end(self) -> None:
        async with self.database.transaction(self.workspace) as tx:
            await end_meeting(tx, self.meeting_id, "asked")
            await self.log.append(
                tx, MeetingEnded(workspace_id=self.workspace, meeting_id=self.meeting_id, reason="asked")
            )

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        task = asyncio.create_task(worker.run(self.database, self.log, self.feed, self.extractor))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def caught_up(self) -> None:
        async with asyncio.timeout(20):
            while True:
                progress = await self.log.progress(worker.GROUP)
                behind = sum(end - at for at, end in progress.values())
                if len(progress) == 5 * len(worker.TOPICS) and not behind:
                    return
                await asyncio.sleep(0.02)

    async def work(self) -> None:
        """Let the worker do all there is to do."""
        async with self.working():
            await self.caught_up()

    async def tickets(self) -> dict[str, Ticket]:
        async with self.database.transaction(self.workspace) as tx:
            return {ticket.fields.title: ticket for ticket in await read_tickets(tx, 100)}

    async def changes(self) -> list[Change]:
        async with self.database.transaction(self.workspace) as tx:
            return await read_meeting_changes(tx, self.meeting_id)

    async def events(self, topic: Topic) -> list[Any]:
        return [record.event async for record in self.log.read(topic, str(self.meeting_id))]

    async def told(self) -> list[object]:
        """All that the meeting led to, without times and the ids of this run's tickets."""
        numbers = {ticket.ticket_id: ticket.number for ticket in (await self.tickets()).values()}
        rows: list[object] = [
            (numbers.get(c.ticket_id), c.kind, c.lane, c.version, c.before, c.after, [q.quote for q in c.evidence])
            for c in await self.changes()
        ]
        reports = await self.events(Topic.MEETING_REPORTED)
        last = [(item.ticket.key, item.ticket.title, item.action) for item in reports[-1].tickets] if reports else []
        decided = [made.text for made in reports[-1].decisions] if reports else []
        return [*sorted(rows, key=repr), last, decided]


@pytest.fixture
async def log(log_database: Database) -> AsyncIterator[PostgresEventLog]:
    async with PostgresEventLog(log_database, rebalance_s=0.05) as opened:
        yield opened


@pytest.fixture
async def scene(
    database: Database, log_database: Database, log: PostgresEventLog, extractor: OfflineExtractor
) -> AsyncIterator[Scene]:
    async with PostgresLiveFeed(log_database) as feed:
        made = Scene(database, log, feed, extractor, new_id(), new_id())
        await made.begin()
        yield made


async def test_words_move_and_open_tickets_while_the_meeting_goes_on(scene: Scene) -> None:
    async with scene.working():
        await scene.say(SCRIPT[:2])
        await scene.caught_up()
        assert (await scene.tickets())["백엔드 API 문서화"].fields.status is Status.IN_PROGRESS
        await scene.say(SCRIPT[2:5], 2)
        await scene.caught_up()
        tickets = await scene.tickets()
        assert tickets["프론트엔드 로그인 페이지 구현"].fields.status is Status.DONE
        made = tickets["결제 오류 안내 문구 작성"]
        assert (made.key, made.fields.assignee, made.fields.due) == ("VORI-3", "수현", None)
        assert made.meeting_id == scene.meeting_id
        await scene.say(SCRIPT[5:], 5)
        await scene.caught_up()
    tickets = await scene.tickets()
    assert str(tickets["결제 오류 안내 문구 작성"].fields.due) == "2026-03-06", "said two turns later"
    checklist = tickets["배포 체크리스트 정리 및 공유"]
    assert (checklist.key, checklist.fields.assignee, str(checklist.fields.due)) == ("VORI-4", "도윤", "2026-03-03")
    assert len(tickets) == 4

    async with scene.database.transaction(scene.workspace) as tx:
        history = await read_changes(tx, tickets["백엔드 API 문서화"].ticket_id)
    assert [(change.kind, change.actor) for change in history] == [("created", "person"), ("moved", "offline 1")]
    (quoted,) = history[1].evidence
    assert (quoted.quote, quoted.start_ms, quoted.end_ms) == (SCRIPT[1][1], 5000, 9000)
    assert history[1].before == BOARD[0]
    created = await scene.events(Topic.TICKET_CREATED)
    updated = await scene.events(Topic.TICKET_UPDATED)
    assert [event.ticket.title for event in created if isinstance(event, TicketCreated)] == [
        "결제 오류 안내 문구 작성",
        "배포 체크리스트 정리 및 공유",
    ]
    moves = [(e.before.status, e.after.status) for e in updated if isinstance(e, TicketUpdated) and e.after]
    assert moves[:2] == [("TODO", "IN_PROGRESS"), ("IN_PROGRESS", "DONE")]


async def test_the_meeting_is_reported_when_its_last_words_are_read_and_it_has_ended(scene: Scene) -> None:
    await scene.say(SCRIPT)
    await scene.close("지민")
    await scene.end()
    await scene.close("수현")
    await scene.work()
    assert await scene.events(Topic.MEETING_REPORTED) == [], "one stream is still being read"
    await scene.close("도윤")
    await scene.work()
    (reported,) = await scene.events(Topic.MEETING_REPORTED)
    assert isinstance(reported, MeetingReported)
    assert [(item.ticket.key, item.action, item.from_status) for item in reported.tickets] == [
        ("VORI-1", "moved", "TODO"),
        ("VORI-2", "moved", "IN_PROGRESS"),
        ("VORI-3", "created", None),
        ("VORI-4", "created", None),
    ]
    assert [made.text for made in reported.decisions] == [SCRIPT[10][1]]
    assert reported.decisions[0].evidence[0].start_ms == 50_000


async def test_a_meeting_that_ends_last_is_reported_then_and_one_without_sound_too(scene: Scene) -> None:
    await scene.say(SCRIPT[:2])
    for speaker in ("지민", "수현", "도윤"):
        await scene.close(speaker)
    await scene.work()
    assert await scene.events(Topic.MEETING_REPORTED) == []
    await scene.end()
    await scene.work()
    assert len(await scene.events(Topic.MEETING_REPORTED)) == 1

    silent = Scene(scene.database, scene.log, scene.feed, scene.extractor, scene.workspace, new_id())
    async with silent.database.transaction(silent.workspace) as tx:
        await create_meeting(
            tx, Meeting(silent.meeting_id, silent.workspace, "still", "auto", "live", datetime.now(UTC))
        )
    await silent.end()
    await silent.work()
    (reported,) = await silent.events(Topic.MEETING_REPORTED)
    assert (reported.tickets, reported.decisions) == ((), ())


class Counting:
    """Counts how often an extractor is asked."""

    def __init__(self, extractor: Extractor) -> None:
        self.name, self.version, self.warm = extractor.name, extractor.version, extractor.warm
        self.extractor = extractor
        self.asked = 0

    def extract(self, talk: Talk) -> Extraction:
        self.asked += 1
        return self.extractor.extract(talk)


async def test_reading_the_log_again_changes_nothing(scene: Scene, log_database: Database) -> None:
    scene.extractor = extractor = Counting(scene.extractor)
    await scene.say(SCRIPT)
    await scene.work()
    before, events = await scene.told(), await scene.events(Topic.TICKET_UPDATED)
    assert extractor.asked == len(SCRIPT)
    async with log_database.transaction() as tx:
        await tx.execute("update log_progress set next_offset = 0")
    await scene.work()
    assert await scene.told() == before
    assert await scene.events(Topic.TICKET_UPDATED) == events
    assert extractor.asked == len(SCRIPT), "what was taken in is not read again"


async def test_a_worker_cut_off_at_any_moment_ends_with_the_same_board(scene: Scene) -> None:
    async def heard(meeting: Scene) -> None:
        await meeting.say(SCRIPT)
        await meeting.end()
        for speaker in ("지민", "수현", "도윤"):
            await meeting.close(speaker)

    await heard(scene)
    await scene.work()
    other = Scene(scene.database, scene.log, scene.feed, scene.extractor, new_id(), new_id())
    await other.begin()
    await heard(other)
    dice = random.Random(7)
    for _ in range(12):
        async with other.working():
            await asyncio.sleep(dice.uniform(0.0, 0.12))
    await other.work()
    assert await other.told() == await scene.told()
    assert len(await other.told()) > 6


async def test_what_is_not_yet_told_is_not_known_to_an_earlier_step(scene: Scene) -> None:
    """A worker that lags reads each utterance with those before it, not with those that came since."""
    for number, (speaker, text) in enumerate(SCRIPT):
        await scene.say([(speaker, text)], number)
        await scene.work()
    lagging = Scene(scene.database, scene.log, scene.feed, scene.extractor, new_id(), new_id())
    await lagging.begin()
    await lagging.say(SCRIPT)
    await lagging.work()
    assert await lagging.told() == await scene.told()


async def test_what_a_person_undid_stays_undone(scene: Scene) -> None:
    from vori.tickets.reconcile import undo

    await scene.say(SCRIPT[:5])
    await scene.work()
    made = (await scene.tickets())["결제 오류 안내 문구 작성"]
    async with scene.database.transaction(scene.workspace) as tx:
        await lock_board(tx)
        change = undo(made, await read_changes(tx, made.ticket_id), new_id(), datetime.now(UTC))
        await apply(tx, scene.log, scene.feed, made, change)
    await scene.say([*SCRIPT[5:8], ("수현", "제가 결제 오류 안내 문구를 작성하겠습니다.")], 5)
    await scene.work()
    assert set(await scene.tickets()) == {fields.title for fields in BOARD}


class Stumbling(Counting):
    """Fails whenever the latest words are about the weather."""

    def extract(self, talk: Talk) -> Extraction:
        if "날씨" in talk.turns[-1].text:
            raise RuntimeError("no idea")
        return super().extract(talk)


async def test_words_that_the_extractor_fails_at_hold_up_nothing(scene: Scene) -> None:
    scene.extractor = Stumbling(scene.extractor)
    await scene.say([SCRIPT[4], ("지민", "오늘 날씨가 좋네요."), SCRIPT[1]])
    await scene.work()
    tickets = await scene.tickets()
    assert tickets["백엔드 API 문서화"].fields.status is Status.IN_PROGRESS
    assert "결제 오류 안내 문구 작성" in tickets


async def test_an_unsure_proposal_is_noted_but_opens_nothing(scene: Scene) -> None:
    await scene.say([("지민", "금요일까지 로고 파일을 정리해 주세요.")])
    await scene.work()
    assert set(await scene.tickets()) == {fields.title for fields in BOARD}
    (suggested,) = await scene.changes()
    assert (suggested.kind, suggested.version) == ("created", None)
    assert suggested.lane == "pending"
