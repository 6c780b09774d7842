"""What VORI tells its pages has the shape of which the pages' types are made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import pytest
from tests.board.house import told

from vori.analytics.live.tell import metrics_message, team_message
from vori.analytics.model import LiveNumbers, LiveTeam, LiveWindow
from vori.audio.model import AudioStream
from vori.audio.receive import stream_message
from vori.board.live import Page, Room
from vori.clock import now
from vori.events import Evidence, LiveVoice, SpeakerNamed, UtteranceFinal
from vori.livefeed import Kind, LiveMessage
from vori.meetings.model import Meeting
from vori.meetings.show import meeting_message
from vori.minutes.model import Minutes, WrittenMinutes
from vori.minutes.show import minutes_message
from vori.people.model import LOCAL_WORKSPACE as TEAM
from vori.tickets.model import Change, Fields, Ticket
from vori.tickets.show import suggestion_message, ticket_message
from vori.transcript.naming.api import speaker_message
from vori.transcript.show import draft_message, lag_message, utterance_message
from vori.transcript.voice import Lag

GOLDEN = Path(__file__).parents[1] / "golden"
MEETING = Meeting(uuid4(), TEAM, "Talk", "auto", "live", now(), participants=("Maya",))
STREAM = AudioStream(uuid4(), TEAM, MEETING.meeting_id, "desk", "opus", 48_000, None, "Maya", 0, now())
FIELDS = Fields("문서화", due=now().date(), labels=("backend",), rank="n")
TICKET = Ticket(uuid4(), None, 7, FIELDS, 3, now(), now())
EVIDENCE = Evidence(
    utterance_id=uuid4(), stream=STREAM.stream, speaker=None, start_ms=0, end_ms=900, quote="시작했습니다"
)
CHANGE = Change(
    uuid4(), TICKET.ticket_id, None, "moved", None, FIELDS, "Said so.", (EVIDENCE,), "offline-1", 0.5, "pending", now()
)
MINUTES = Minutes(
    meeting_id=MEETING.meeting_id,
    title="Talk",
    language="ko",
    started_at=now(),
    duration_ms=900,
    rehearsal=False,
    participants=(),
)
NUMBERS = LiveNumbers(
    meeting_id=MEETING.meeting_id,
    at=now(),
    floor="Maya",
    voices=[LiveVoice(who="Maya", talk_ms=900, share=1.0, turns=1)],
    utterances=1,
    turns=1,
    talk_ms=900,
    questions=0,
    interruptions=None,
    topic=[],
    decided_at_ms=None,
    created=0,
    moved=0,
    over=False,
)


WINDOW = LiveWindow(
    minutes=5,
    starts_at=now(),
    meetings=1,
    people=5,
    utterances=9,
    talk_ms=9_000,
    questions=1,
    created=1,
    moved=1,
    done=0,
    decisions=0,
)


def golden(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))["event"]
    return event


def news() -> Iterator[LiveMessage]:
    """Every kind as its slice tells it, with and without something in it."""
    yield meeting_message(MEETING)
    for state in ("connected", "listening", "no_signal", "disconnected", "ended"):
        yield stream_message(STREAM, state)
    yield lag_message(STREAM, Lag(7, True))
    yield lag_message(STREAM, Lag(0, False))
    words = {"stream": str(STREAM.stream), "speaker": None, "start_ms": 0, "final": "", "stable": "안", "text": "안녕"}
    yield draft_message(STREAM, uuid4(), words)
    yield draft_message(STREAM, uuid4(), None)
    yield utterance_message(UtteranceFinal(**golden("UtteranceFinal")))
    yield speaker_message(SpeakerNamed(**golden("SpeakerNamed")), "Maya")
    yield speaker_message(SpeakerNamed(**golden("SpeakerNamed") | {"voice": None}), None)
    yield ticket_message(TEAM, TICKET)
    yield ticket_message(TEAM, TICKET, gone=True)
    yield suggestion_message(TEAM, CHANGE, waits=True)
    yield suggestion_message(TEAM, CHANGE, waits=False)
    yield minutes_message(TEAM, WrittenMinutes(minutes=MINUTES, version=1, written_at=now()))
    yield metrics_message(TEAM, NUMBERS)
    yield team_message(TEAM, LiveTeam(windows=[WINDOW]), now())
    yield team_message(TEAM, LiveTeam(windows=[]), now())


@pytest.mark.parametrize("message", list(news()), ids=lambda message: message.kind)
def test_a_diff_has_the_shape_that_pages_know(message: LiveMessage) -> None:
    room, page = Room(), Page(message.meeting_id)
    room.pages.add(page)
    room.spread(message)
    diff = page.waiting.get_nowait()
    assert diff is not None
    assert told(diff.text)["kind"] == message.kind


def test_every_kind_is_tried() -> None:
    assert {message.kind for message in news()} == set(get_args(Kind))
