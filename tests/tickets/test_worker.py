"""From final words to the board, on the real database, log and live feed: exactly once, whatever is cut off."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime

from tests.tickets.scene import BOARD, SCRIPT, Scene

from vori.clock import new_id
from vori.database.connection import Database, Transaction
from vori.errors import TooLarge
from vori.eventlog.postgres import PostgresEventLog
from vori.events import (
    Event,
    MeetingReported,
    Status,
    TicketCreated,
    TicketUpdated,
    Topic,
)
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting
from vori.tickets.apply import apply
from vori.tickets.edit import by_hand
from vori.tickets.history.model import undo
from vori.tickets.model import Extraction, Extractor, Fields, Talk
from vori.tickets.store import lock_board, read_changes


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
    assert [(change.kind, change.actor) for change in history] == [("created", "person"), ("moved", "offline 2")]
    (quoted,) = history[1].evidence
    assert (quoted.quote, quoted.start_ms, quoted.end_ms) == (SCRIPT[1][1], 5000, 9000)
    assert history[1].before is not None
    assert replace(history[1].before, rank="") == BOARD[0]
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
        self.read = [turn.text for turn in talk.turns]
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
    await scene.say([("지민", "이번 주에 로고 파일을 정리해야 할 것 같아요.")])
    await scene.work()
    assert set(await scene.tickets()) == {fields.title for fields in BOARD}
    (suggested,) = await scene.changes()
    assert (suggested.kind, suggested.version) == ("created", None)
    assert suggested.lane == "pending"


async def test_words_that_arrive_late_tell_which_ticket_was_meant(scene: Scene) -> None:
    async with scene.database.transaction(scene.workspace) as tx:
        await lock_board(tx)
        await apply(
            tx,
            scene.log,
            scene.feed,
            None,
            by_hand(new_id(), "created", None, Fields("검색 화면 개편", assignee="수현")),
        )
    await scene.say([("수현", "그건 오늘 아침에 다 끝냈습니다.")], 2)
    await scene.work()
    assert [change for change in await scene.changes() if change.lane == "applied"] == []
    await scene.say([("지민", "검색 화면 개편은 어떻게 됐어요?")], 1)
    await scene.work()
    assert (await scene.tickets())["검색 화면 개편"].fields.status is Status.DONE
    (finished,) = [change for change in await scene.changes() if change.lane == "applied"]
    assert "그건 오늘 아침에 다 끝냈습니다." in {quoted.quote for quoted in finished.evidence}
    updated = await scene.events(Topic.TICKET_UPDATED)
    assert [(event.before.status, event.after.status) for event in updated if event.meeting_id == scene.meeting_id] == [
        (Status.TODO, Status.DONE)
    ]


class Refusing(PostgresEventLog):
    """Takes no new ticket."""

    async def append(self, tx: Transaction, event: Event) -> None:
        if isinstance(event, TicketCreated) and event.evidence:
            raise TooLarge("That is too much.")
        await super().append(tx, event)


async def test_a_change_that_is_refused_is_left_out_whole_and_holds_up_nothing(
    scene: Scene, log_database: Database
) -> None:
    async with Refusing(log_database, rebalance_s=0.05) as scene.log:
        await scene.say([SCRIPT[4], SCRIPT[1]])
        await scene.work()
    tickets = await scene.tickets()
    assert set(tickets) == {fields.title for fields in BOARD}
    assert tickets["백엔드 API 문서화"].fields.status is Status.IN_PROGRESS
    assert [change.kind for change in await scene.changes()] == ["moved"]


async def test_later_decisions_see_the_corrected_words_and_evidence_stays_as_it_was(scene: Scene) -> None:
    misheard = ("수현", "결제 오류 안내 문구 이야기입니다.")
    await scene.say([*SCRIPT[:4], misheard])
    await scene.work()
    await scene.correct(1, "백엔드 API 문서화는 아직 시작하지 않았습니다.")
    await scene.correct(4, SCRIPT[4][1])
    await scene.work()
    assert (await scene.tickets()).keys() == {fields.title for fields in BOARD}, "nobody has said anything since"
    await scene.say(SCRIPT[5:], 5)
    await scene.end()
    for speaker in ("지민", "수현", "도윤"):
        await scene.close(speaker)
    await scene.work()
    tickets = await scene.tickets()
    made = tickets["결제 오류 안내 문구 작성"]
    assert (made.fields.assignee, str(made.fields.due)) == ("수현", "2026-03-06")
    quotes = [(change.ticket_id, quoted.quote) for change in await scene.changes() for quoted in change.evidence]
    assert (made.ticket_id, SCRIPT[4][1]) in quotes
    moved = tickets["백엔드 API 문서화"]
    assert moved.fields.status is Status.IN_PROGRESS, "what was done stays done: people move it back"
    assert [quote for key, quote in quotes if key == moved.ticket_id] == [SCRIPT[1][1]], "its words as they were then"


async def test_a_decision_is_reported_in_its_corrected_words(scene: Scene) -> None:
    await scene.say(SCRIPT)
    corrected = "배포는 다음 주 목요일에 하기로 결정했습니다."
    await scene.correct(10, "배포는 언젠가 하겠죠.")
    await scene.correct(10, corrected, 2)
    await scene.end()
    for speaker in ("지민", "수현", "도윤"):
        await scene.close(speaker)
    await scene.work()
    (reported,) = await scene.events(Topic.MEETING_REPORTED)
    assert [(made.text, made.evidence[0].quote) for made in reported.decisions] == [(corrected, corrected)]


async def test_a_meeting_closed_again_is_reported_anew_without_what_was_withdrawn(scene: Scene) -> None:
    await scene.say(SCRIPT)
    await scene.end()
    speakers = dict.fromkeys(speaker for speaker, _ in SCRIPT)
    for speaker in speakers:
        await scene.close(speaker)
    await scene.work()
    await scene.correct(10, "")
    await scene.close(next(iter(speakers)))
    scene.extractor = extractor = Counting(scene.extractor)
    await scene.work()
    assert extractor.read == [text for _, text in SCRIPT[:10]]
    first, second = await scene.events(Topic.MEETING_REPORTED)
    assert [made.text for made in first.decisions] == [SCRIPT[10][1]]
    assert second.decisions == ()
    assert second.tickets == first.tickets, "what was done stays done"


async def test_a_correction_of_words_that_were_never_taken_in_and_one_read_again_change_nothing(
    scene: Scene, log_database: Database
) -> None:
    await scene.correct(0, "누가 한 말인가요?")
    await scene.work()
    await scene.say(SCRIPT)
    await scene.correct(10, SCRIPT[10][1].replace("화요일", "목요일"))
    await scene.end()
    for speaker in ("지민", "수현", "도윤"):
        await scene.close(speaker)
    await scene.work()
    before = await scene.told()
    async with log_database.transaction() as tx:
        await tx.execute("update log_progress set next_offset = 0")
    await scene.work()
    assert await scene.told() == before
