"""tests/golden holds one JSON per event: what is on the wire, and has to stay readable."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from tests.eventlog.engines import MEETINGS, said

from vori.events import EVENTS, AudioFrame, MeetingStarted, UnknownEvent, UtteranceFinal, decode, encode

GOLDEN = Path(__file__).parent.parent / "golden"
SOUND = bytes(range(256)) + b"\n\n{"


def on_the_wire(name: str) -> bytes:
    head = json.loads((GOLDEN / f"{name}.json").read_text())
    return json.dumps(head).encode() + b"\n" + (SOUND if name == "AudioFrame" else b"")


def test_every_event_has_its_golden_and_every_golden_its_event() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_an_event_reads_back_as_it_was_written(name: str) -> None:
    event = decode(on_the_wire(name))
    assert type(event) is EVENTS[name]
    written = encode(event)
    head, _, tail = written.partition(b"\n")
    assert json.loads(head) == json.loads((GOLDEN / f"{name}.json").read_text())
    assert tail == (SOUND if name == "AudioFrame" else b"")
    assert decode(written) == event
    assert encode(decode(written)) == written


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_a_golden_shows_every_field(name: str) -> None:
    shown = json.loads((GOLDEN / f"{name}.json").read_text())["event"]
    assert shown.keys() == EVENTS[name].model_fields.keys() - {"data"}
    assert UUID(shown["event_id"]).version == 7


def test_an_utterance_told_before_there_were_voices_is_read() -> None:
    head = json.loads((GOLDEN / "UtteranceFinal.json").read_text()) | {"version": 1}
    del head["event"]["voice"]
    event = decode(json.dumps(head).encode() + b"\n")
    assert isinstance(event, UtteranceFinal)
    assert (event.speaker, event.voice) == ("Jun", None)


def test_a_meeting_that_began_before_plans_were_told_is_read() -> None:
    head = json.loads((GOLDEN / "MeetingStarted.json").read_text()) | {"version": 1}
    del head["event"]["planned_at"], head["event"]["planned_until"]
    event = decode(json.dumps(head).encode() + b"\n")
    assert isinstance(event, MeetingStarted)
    assert (event.language, event.planned_at, event.planned_until) == ("auto", None, None)


@pytest.mark.parametrize("name", ["TicketCreated", "TicketUpdated", "MeetingReported"])
def test_a_ticket_told_before_it_had_priority_labels_and_rank_is_read(name: str) -> None:
    def forget(value: object) -> None:
        if isinstance(value, dict):
            if "key" in value:
                for field in ("priority", "labels", "blocked", "blocked_reason", "rank", "meetings"):
                    del value[field]
            for inner in value.values():
                forget(inner)
        elif isinstance(value, list):
            for inner in value:
                forget(inner)

    head = json.loads((GOLDEN / f"{name}.json").read_text()) | {"version": 2}
    forget(head)
    read = decode(json.dumps(head).encode() + b"\n")
    assert '"labels":[],"blocked":false' in read.model_dump_json()


def test_sound_stays_out_of_the_json() -> None:
    event = decode(on_the_wire("AudioFrame"))
    assert isinstance(event, AudioFrame)
    assert event.data == SOUND
    assert encode(event).endswith(b"}\n" + SOUND)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b'{"type": "Nothing", "version": 1, "event": {}}',
        b'{"type": "AudioEnded", "version": 1, "event": {}}',
        b'{"type": "AudioEnded", "version": "x", "event": {}}',
        encode(said(MEETINGS[0], "x")).replace(b'"version":2', b'"version":3'),
        encode(said(MEETINGS[0], "x")).replace(b'"text":', b'"unheard_of":1,"text":'),
    ],
)
def test_what_can_t_be_read_is_an_unknown_event(value: bytes) -> None:
    with pytest.raises(UnknownEvent):
        decode(value)
