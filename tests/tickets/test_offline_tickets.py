"""What opens a ticket, what it is called, whose it is and when it is due; and what opens none."""

from __future__ import annotations

from datetime import date

import pytest
from tests.tickets.talks import talk

from vori.tickets.model import Extraction, Proposal
from vori.tickets.offline import OfflineExtractor
from vori.tickets.validate import validate


def read(extractor: OfflineExtractor, script: str) -> Extraction:
    said = talk(script)
    return validate(extractor.extract(said), said)


def one(extractor: OfflineExtractor, script: str) -> Proposal:
    (proposal,) = read(extractor, script).proposals
    return proposal


def test_a_promise_opens_a_ticket_of_the_speaker(extractor: OfflineExtractor) -> None:
    proposal = one(extractor, "민수: 제가 배포 체크리스트를 목요일까지 작성하겠습니다.")
    assert (proposal.title, proposal.assignee, proposal.due) == ("배포 체크리스트 작성", "민수", date(2026, 3, 5))
    assert (proposal.lane, proposal.evidence_ids) == ("applied", ("u1",))
    assert "민수: 제가 배포 체크리스트를" in proposal.content
    proposal = one(extractor, "Ana: I'll write the deployment checklist by Thursday.")
    assert (proposal.title, proposal.assignee, proposal.due) == (
        "Write the deployment checklist",
        "Ana",
        date(2026, 3, 5),
    )
    assert proposal.lane == "applied"


@pytest.mark.parametrize(
    ("script", "title", "assignee", "due"),
    [
        (
            "지민: 수현님이 고객 설문 결과를 정리해서 내일까지 공유해 주세요.\n수현: 네, 알겠습니다.",
            "고객 설문 결과 정리 및 공유",
            "수현",
            date(2026, 3, 3),
        ),
        (
            "지민: 신청서 양식을 새로 만들어 주실 수 있을까요?\n수현: 네, 금요일까지 만들겠습니다.",
            "신청서 양식 새로 제작",
            "수현",
            date(2026, 3, 6),
        ),
        (
            "Kim: Leo, could you send the signed contract to the supplier by Wednesday?\nLeo: Sure.",
            "Send the signed contract to the supplier",
            "Leo",
            date(2026, 3, 4),
        ),
        (
            "Kim: Please update the price list.\nLeo: Will do.",
            "Update the price list",
            "Leo",
            None,
        ),
    ],
)
def test_a_request_and_its_answer_are_one_ticket(
    extractor: OfflineExtractor, script: str, title: str, assignee: str, due: date | None
) -> None:
    proposal = one(extractor, script)
    assert (proposal.title, proposal.assignee, proposal.due) == (title, assignee, due)
    assert proposal.evidence_ids == ("u1", "u2")


def test_a_promise_that_points_back_is_named_by_the_turn_before(extractor: OfflineExtractor) -> None:
    proposal = one(extractor, "지민: 개인정보 안내 페이지 링크가 깨져 있어요.\n도윤: 그건 제가 오늘 수정하겠습니다.")
    assert (proposal.title, proposal.assignee) == ("개인정보 안내 페이지 링크 수정", "도윤")
    assert (proposal.due, proposal.evidence_ids) == (date(2026, 3, 2), ("u1", "u2"))
    proposal = one(extractor, "Kim: The contact page is broken.\nLeo: I'll fix it today.")
    assert "contact page" in proposal.title
    assert (proposal.assignee, proposal.evidence_ids) == ("Leo", ("u1", "u2"))


def test_work_said_twice_is_one_ticket(extractor: OfflineExtractor) -> None:
    script = (
        "민수: 제가 배포 체크리스트를 작성하겠습니다.\n지민: 좋습니다.\n민수: 배포 체크리스트는 목요일까지 작성할게요."
    )
    proposal = one(extractor, script)
    assert (proposal.due, proposal.evidence_ids) == (date(2026, 3, 5), ("u1", "u3"))


def test_the_answer_to_until_when_gives_the_day(extractor: OfflineExtractor) -> None:
    script = "민수: 제가 발표 자료 초안을 만들겠습니다.\n지민: 언제까지 가능할까요?\n민수: 수요일까지요."
    assert one(extractor, script).due == date(2026, 3, 4)


@pytest.mark.parametrize(
    "script",
    [
        "지민: 네, 알겠습니다.",
        "지민: 그럼 회의 시작하겠습니다.",
        "지민: 많이 드세요.",
        "민수: 그건 못 하겠습니다.",
        "지민: 잘 모르겠습니다.",
        "지민: 오늘은 여기까지 하겠습니다.",
        "지민: 커피는 제가 사겠습니다.",
        "지민: 다크 모드는 언젠가 한번 해 보면 좋겠네요.",
        "지민: 포스터도 제가 만들까요?\n수현: 아니요, 포스터는 안 만들어도 됩니다.",
        "민수: 제가 서버를 끄려고 했는데 그냥 둘게요.",
        "지민: 출시 공지는 마케팅팀에서 알아서 하신대요.",
        "지민: 로고를 바꾸면 어떨까요?\n수현: 글쎄요, 좀 더 생각해 봅시다.",
        "Kim: Okay, let's get started.",
        "Kim: I'll get a coffee first.",
        "Kim: It might be nice to have a dark theme someday.",
        "Kim: Should I design a poster?\nLeo: No, we don't need a poster.",
        "Leo: I was going to restart the server. I'll leave it alone then.",
        "Kim: Marketing said they'll handle the announcement.",
        "Leo: I can't promise that.",
        "Kim: What are we doing for lunch?",
        "Leo: I'll see you tomorrow.",
    ],
)
def test_what_only_sounds_like_work_opens_nothing(extractor: OfflineExtractor, script: str) -> None:
    assert read(extractor, script).proposals == ()


def test_a_promise_about_a_ticket_that_exists_opens_no_second_one(extractor: OfflineExtractor) -> None:
    said = talk("도윤: 로그인 페이지 구현은 금요일까지 끝내겠습니다.", [("로그인 페이지 구현", "IN_PROGRESS", "도윤")])
    assert extractor.extract(said) == Extraction()


def test_other_work_on_the_same_thing_is_other_work(extractor: OfflineExtractor) -> None:
    board = [("Migrate the billing database", "TODO", "Leo")]
    found = extractor.extract(talk("Leo: I'll back up the billing database tonight.", board))
    assert ([proposal.title for proposal in found.proposals], found.moves) == (["Back up the billing database"], ())
    assert extractor.extract(talk("Leo: I'll finish migrating the billing database.", board)) == Extraction()


def test_what_is_taken_back_at_once_is_gone(extractor: OfflineExtractor) -> None:
    script = "민수: 제가 배포 체크리스트를 작성하겠습니다.\n민수: 아니다, 배포 체크리스트는 안 만들어도 되겠네요."
    assert all(p.lane != "applied" for p in read(extractor, script).proposals)


def test_decisions(extractor: OfflineExtractor) -> None:
    script = """지민: 출시일은 4월 1일로 확정하겠습니다.
    수현: 할인은 이번에는 안 할까요?
    지민: 그럼 할인은 하지 않기로 하죠.
    Kim: We decided to move the release to Tuesday.
    Kim: Let's get started."""
    assert [made.evidence_ids for made in read(extractor, script).decisions] == [("u1",), ("u3",), ("u4",)]


def test_unknown_speakers_are_nobody(extractor: OfflineExtractor) -> None:
    said = talk("x: 제가 배포 체크리스트를 목요일까지 작성하겠습니다.")
    (turn,) = said.turns
    nameless = type(said)([type(turn)(turn.id, None, turn.text, 0, 1)], (), said.date, None)
    (proposal,) = extractor.extract(nameless).proposals
    assert proposal.assignee is None


def test_who_only_asks_owns_nothing(extractor: OfflineExtractor) -> None:
    found = read(extractor, "지민: 금요일까지 로고 파일을 정리해 주세요.\nKim: Please tidy the logo files by Friday.")
    assert found.proposals
    assert {proposal.assignee for proposal in found.proposals} == {None}


def test_the_same_talk_gets_the_same_answer(extractor: OfflineExtractor) -> None:
    script = """지민: 안드로이드에서 로그가 두 번씩 찍히는 문제가 있어요.
    민수: 제가 이번 주 안에 고치겠습니다.
    Kim: Leo, please send the invoice to the client.
    Leo: Will do."""
    said = talk(script, [("로그 수집 서버 이전", "IN_PROGRESS", "민수")])
    assert extractor.extract(said) == extractor.extract(said) == OfflineExtractor().extract(said)


def test_any_text_can_be_read(extractor: OfflineExtractor) -> None:
    odd = [
        "",
        " ",
        "?",
        "…",
        "ㅋㅋㅋ",
        "네",
        "🙂🙂",
        "a" * 5000,
        "가" * 3000,
        "\x00\n\t",
        "((((",
        "1234",
        "그",
        "you, please",
    ]
    said = talk("\n".join(f"x: {text!r}" for text in odd))
    turns = [type(said.turns[0])(f"u{n}", None, text, n, n) for n, text in enumerate(odd)]
    extractor.extract(type(said)(turns, talk("a: b", [("제목", "TODO")]).tickets, said.date, None))


@pytest.mark.parametrize("heard", [8, 9, 10])
def test_two_people_s_work_side_by_side_stays_two_tickets(extractor: OfflineExtractor, heard: int) -> None:
    script = """Maya: Good morning everybody. Let us look at our open tasks for this week.
    Alan: The login page for the website is finished. I merged it yesterday evening.
    Maya: Very good. How far are we with the documentation?
    Robert: I have started the documentation of the payment service. About half of it is written.
    Maya: Thank you. Our customers keep asking for a spreadsheet export of the monthly reports.
    Alan: I will build the spreadsheet export for the monthly reports by Friday.
    Maya: Robert, will you please write the release notes before the end of the week?
    Robert: Sure, I will write the release notes by Thursday.
    Alan: Maybe we could think about a dark theme some day.
    Maya: Not now. We decided to move the release to next Tuesday."""
    found = read(extractor, "\n".join(script.splitlines()[:heard])).proposals
    assert [(proposal.assignee, proposal.evidence_ids) for proposal in found] == [
        ("Alan", ("u5", "u6")),
        ("Robert", ("u7", "u8")),
    ]
