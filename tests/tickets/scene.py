"""A meeting about two tickets, on the real database, log and live feed, and the worker that follows it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID, uuid5

from vori.audio.model import AudioStream, stream_key
from vori.audio.store import create_stream
from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import (
    MeetingEnded,
    MeetingStarted,
    SpeakerNamed,
    Status,
    Topic,
    TranscriptClosed,
    UtteranceCorrected,
    UtteranceFinal,
)
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting, end_meeting
from vori.tickets import worker
from vori.tickets.apply import apply
from vori.tickets.edit import by_hand
from vori.tickets.model import Change, Extractor, Fields, Ticket
from vori.tickets.store import lock_board, read_meeting_changes, read_tickets
from vori.transcript.naming.store import set_name

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

    async def join(self, speaker: str | None, stream_id: str = "") -> None:
        """A stream of somebody's, or, with a name of its own, one that several share."""
        name = stream_id or str(speaker)
        stream = AudioStream(
            stream_key(self.meeting_id, name), self.workspace, self.meeting_id, name, "opus", 48_000, None,
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

    async def share(self, stream_id: str, lines: Sequence[tuple[int | None, str]]) -> None:
        """Have the voices of a shared microphone say something."""
        await self.join(None, stream_id)
        for number, (voice, text) in enumerate(lines):
            said = self.utterance(number, stream_id, text).model_copy(update={"speaker": None, "voice": voice})
            async with self.database.transaction(self.workspace) as tx:
                await self.log.append(tx, said)

    async def name(self, stream_id: str, voice: int | None, name: str | None, version: int = 1) -> None:
        stream = stream_key(self.meeting_id, stream_id)
        ids: dict[str, Any] = {"workspace_id": self.workspace, "meeting_id": self.meeting_id}
        async with self.database.transaction(self.workspace) as tx:
            await set_name(tx, self.meeting_id, stream, voice, name)
            await self.log.append(tx, SpeakerNamed(**ids, stream=stream, voice=voice, version=version, name=name))

    async def correct(self, number: int, text: str, version: int = 1) -> None:
        corrected = UtteranceCorrected(
            workspace_id=self.workspace,
            meeting_id=self.meeting_id,
            utterance_id=self.utterance(number, *SCRIPT[number]).utterance_id,
            version=version,
            text=text,
        )
        async with self.database.transaction(self.workspace) as tx:
            await self.log.append(tx, corrected)

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
