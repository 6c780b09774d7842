"""A room's numbering, memory and pages, without any socket."""

import json
from uuid import UUID, uuid4

import pytest

from vori.board.live import REMEMBERED, WAITING, Page, Position, Room
from vori.livefeed import Kind, LiveMessage

KINDS: tuple[Kind, ...] = ("meeting", "stream", "draft", "utterance", "ticket", "minutes")
WORKSPACE, MEETING, OTHER = uuid4(), uuid4(), uuid4()


def news(kind: Kind = "ticket", meeting: UUID | None = MEETING, key: UUID | None = None, **data: object) -> LiveMessage:
    return LiveMessage(workspace_id=WORKSPACE, meeting_id=meeting, kind=kind, id=key or uuid4(), data=data)


def handed(page: Page) -> list[str]:
    kinds: list[str] = []
    while not page.waiting.empty():
        diff = page.waiting.get_nowait()
        kinds.append(diff.message.kind if diff else "gap")
    return kinds


def test_a_page_sees_its_meeting_and_every_ticket_and_the_overview_no_words() -> None:
    room, meeting_page, overview = Room(), Page(MEETING), Page(None)
    room.pages |= {meeting_page, overview}
    for kind in KINDS:
        room.spread(news(kind, OTHER))
    assert (handed(meeting_page), handed(overview)) == (["ticket"], ["meeting", "ticket", "minutes"])
    for kind in KINDS:
        room.spread(news(kind, MEETING))
    assert handed(meeting_page) == list(KINDS)
    assert handed(overview) == ["meeting", "ticket", "minutes"]
    assert room.seq == 12


def test_what_was_missed_is_exactly_what_came_after() -> None:
    room = Room()
    room.spread(news(n=1))
    seen = room.position
    room.spread(news(n=2))
    room.spread(news("draft", OTHER, n=3))
    room.spread(news(n=4))
    missed = room.missed(seen, MEETING)
    assert missed is not None
    assert [json.loads(diff.text) | {"id": ""} for diff in missed] == [
        {"type": "diff", "seq": 2, "kind": "ticket", "id": "", "data": {"n": 2}},
        {"type": "diff", "seq": 4, "kind": "ticket", "id": "", "data": {"n": 4}},
    ]
    assert room.missed(room.position, MEETING) == []
    assert room.missed(Position(room.epoch, 5), MEETING) is None, "from the future"
    assert room.missed(Position("another", 2), MEETING) is None


def test_memory_has_an_end() -> None:
    room = Room()
    room.spread(news())
    early = room.position
    for _ in range(REMEMBERED):
        room.spread(news())
    assert len(room.missed(early, None) or []) == REMEMBERED
    room.spread(news())
    assert room.missed(early, None) is None


def test_a_page_that_falls_behind_is_dropped_and_others_are_not() -> None:
    room, slow, quick = Room(), Page(MEETING), Page(MEETING)
    room.pages |= {slow, quick}
    for _ in range(WAITING):
        room.spread(news())
        handed(quick)
    assert not slow.too_slow.is_set()
    room.spread(news())
    assert slow.too_slow.is_set()
    assert room.pages == {quick}


def test_passing_words_are_kept_until_they_are_final_or_gone() -> None:
    room, said, dropped = Room(), uuid4(), uuid4()
    room.spread(news("draft", key=said, text="I will"))
    room.spread(news("draft", key=said, text="I will build"))
    room.spread(news("draft", key=dropped, text="hm"))
    room.spread(news("draft", OTHER, text="elsewhere"))
    room.spread(news("stream", key=said, state="listening"))
    passing = room.passing(MEETING)
    assert passing.drafts == {str(said): {"text": "I will build"}, str(dropped): {"text": "hm"}}
    assert passing.streams == {str(said): {"state": "listening"}}
    room.spread(LiveMessage(workspace_id=WORKSPACE, meeting_id=MEETING, kind="draft", id=dropped, data=None))
    room.spread(news("utterance", key=said, text="I will build it."))
    assert room.passing(MEETING).drafts == {}
    assert len(room.passing(OTHER).drafts) == 1
    room.spread(news("minutes", OTHER, key=OTHER))
    assert len(room.passing(OTHER).drafts) == 1, "minutes without a version are a draft"
    room.spread(news("minutes", OTHER, key=OTHER).model_copy(update={"version": 1}))
    assert room.passing(OTHER).drafts == {}


def test_after_a_gap_every_page_begins_anew_under_another_epoch() -> None:
    room, page = Room(), Page(MEETING)
    room.pages.add(page)
    room.spread(news("draft", text="I"))
    seen = room.position
    handed(page)
    room.forget()
    assert handed(page) == ["gap"]
    assert room.epoch != seen.epoch
    assert room.missed(seen, MEETING) is None
    assert room.passing(MEETING).drafts == {}
    assert page in room.pages


@pytest.mark.parametrize("text", ["", "7", ":", "e:", "e:x", "e:-1", "e:²", "e:" + "9" * 400])
def test_a_position_that_makes_no_sense_is_none(text: str) -> None:
    assert Position.parse(text) is None


def test_a_position_reads_back() -> None:
    assert Position.parse("abc:12") == Position("abc", 12)


def test_a_late_message_doesn_t_take_a_newer_one_s_place() -> None:
    room, page, key = Room(), Page(None), uuid4()
    room.pages.add(page)
    for version in (1, 3, 2, 3, 4):
        room.spread(news(key=key, text=version).model_copy(update={"version": version}))
    handed_on = [page.waiting.get_nowait() for _ in range(page.waiting.qsize())]
    told = [diff.message.version for diff in handed_on if diff]
    assert told == [1, 3, 3, 4]
