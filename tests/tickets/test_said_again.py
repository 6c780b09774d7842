"""Work that is named again has its ticket already: in another meeting it is carried over, never opened twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.tickets.scene import SCRIPT, Scene

from vori.clock import new_id
from vori.events import Status
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting
from vori.tickets.model import Extraction, Proposal, Talk

AGAIN = [SCRIPT[3], SCRIPT[4], SCRIPT[8]]


async def next_week(scene: Scene) -> Scene:
    """Another meeting of the same people."""
    meeting = Meeting(
        new_id(),
        scene.workspace,
        "다음 회의",
        "ko",
        "live",
        datetime(2026, 3, 9, 9, tzinfo=UTC),
        participants=("지민",),
    )
    async with scene.database.transaction(scene.workspace) as tx:
        await create_meeting(tx, meeting)
    return Scene(scene.database, scene.log, scene.feed, scene.extractor, scene.workspace, meeting.meeting_id)


async def test_the_next_meeting_carries_over_what_it_names_again(scene: Scene) -> None:
    await scene.say(SCRIPT)
    await scene.work()
    before = await scene.tickets()
    again = await next_week(scene)
    await again.say(AGAIN)
    await again.work()
    after = await scene.tickets()
    assert {ticket.key for ticket in after.values()} == {ticket.key for ticket in before.values()}
    assert len(after) == len(before) == 4
    assert after["결제 오류 안내 문구 작성"].meetings == (scene.meeting_id, again.meeting_id)


class Rewording:
    """Proposes work in words of its own."""

    name, version = "rewording", "1"

    def __init__(self, title: str) -> None:
        self.title = title

    def warm(self, language: object) -> None:
        """Nothing is loaded."""

    def extract(self, talk: Talk) -> Extraction:
        turn = talk.turns[-1]
        return Extraction((Proposal(self.title, "", Status.TODO, None, None, (turn.id,), 0.95, "applied"),))


@pytest.mark.parametrize(
    "title", ["결제 오류 안내 문구를 작성", "결재 오류 안내 문구 작성하기", "결제오류 안내문구 작성"]
)
async def test_another_extractor_s_words_for_it_open_no_second_ticket(scene: Scene, title: str) -> None:
    await scene.say(SCRIPT[:5])
    await scene.work()
    again = await next_week(scene)
    again.extractor = Rewording(title)
    await again.say([("수현", "결제 오류 안내 문구를 작성하겠습니다.")])
    await again.work()
    assert len(await scene.tickets()) == 3
    assert (await scene.tickets())["결제 오류 안내 문구 작성"].meetings == (scene.meeting_id, again.meeting_id)


async def test_a_correction_amends_the_move_that_was_made_a_moment_ago(scene: Scene) -> None:
    hello = ("지호", "안녕하세요.")
    await scene.say([hello, SCRIPT[2], ("지민", "아니, 그건 지호가 하고 아직 리뷰 중이에요."), ("지호", "네, 맞아요.")])
    await scene.work()
    fields = (await scene.tickets())["프론트엔드 로그인 페이지 구현"].fields
    assert (fields.status, fields.assignee) == (Status.IN_PROGRESS, "지호")
    done, amended = await scene.changes()
    assert (amended.before and amended.before.status, amended.kind) == (Status.DONE, "moved")
    assert [quoted.quote for quoted in amended.evidence][:1] == [quoted.quote for quoted in done.evidence]


async def test_what_stands_in_the_way_is_on_the_ticket_until_it_is_cleared(scene: Scene) -> None:
    await scene.say([("수현", "백엔드 API 문서화가 인증 서버 때문에 막혀 있어요.")])
    await scene.work()
    fields = (await scene.tickets())["백엔드 API 문서화"].fields
    assert (fields.blocked, fields.blocked_reason) == (True, "백엔드 API 문서화가 인증 서버 때문에 막혀 있어요.")
    await scene.say([("수현", "백엔드 API 문서화, 막힌 건 풀렸어요.")], 1)
    await scene.work()
    assert not (await scene.tickets())["백엔드 API 문서화"].fields.blocked
