"""A file of events is looked through before it is analysed, and refused at the line that is none."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from tests.analytics.made import CASES, PLAIN, SEOUL

from vori.analytics.lines import look_through
from vori.cli.analyze import read_zones
from vori.errors import Invalid

LINES = [line for case in CASES for line in case().lines()]
SAID = next(line for line in LINES if "UtteranceFinal" in line)
BEGAN = next(line for line in LINES if "MeetingStarted" in line)


def written(folder: Path, *lines: str) -> Path:
    path = folder / "EVENTS.jsonl"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_file_of_events_is_counted(tmp_path: Path) -> None:
    found = look_through(written(tmp_path, *LINES))
    assert (found.lines, found.workspaces) == (len(LINES), {str(SEOUL), str(PLAIN)})


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "no event"),
        ("[]", "no event"),
        ('{"type":"Nothing","version":1,"event":{}}', "can't read"),
        (BEGAN.replace('"title"', '"name"'), "malformed MeetingStarted"),
        (BEGAN.replace('"version":2', '"version":9'), "version 9"),
        (SAID.replace('"version":2', '"version":9'), "version 9"),
        (SAID.replace('"text"', '"words_"'), "text: Field required"),
        (SAID.replace('"start_ms":', '"start_ms":"soon","x":'), "start_ms: Input"),
        (SAID.replace('"end_ms":', '"end_ms":-1,"x":').replace(',"x":', ',"voice":'), "ends before it begins"),
        (SAID.replace('"workspace_id":"', '"workspace_id":"x'), "UUID"),
        (SAID.replace('"utterance_id":"', '"utterance_id":"x'), "utterance_id: "),
        (SAID.replace('"language":"', '"language":"x'), "language: "),
        (SAID.replace('"occurred_at":"', '"occurred_at":"x'), "occurred_at: "),
    ],
)
def test_a_line_that_is_no_event_is_told_by_its_number(tmp_path: Path, line: str, wrong: str) -> None:
    assert line not in LINES
    with pytest.raises(Invalid, match=f"line 3: .*{wrong}"):
        look_through(written(tmp_path, SAID, BEGAN, line, SAID))


def test_no_events_are_no_file_of_events(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is empty"):
        look_through(written(tmp_path))
    with pytest.raises(Invalid, match="can't be read: No such file"):
        look_through(tmp_path / "nothing")


def test_clocks_are_those_told_else_those_of_a_made_up_history(tmp_path: Path) -> None:
    truth = tmp_path / "EVENTS.truth.json"
    one, other, third = sorted(str(uuid4()) for _ in range(3))
    every = {one, other, third}
    assert set(read_zones(every, [], truth).values()) == {"UTC"}
    truth.write_text(f'{{"teams": [{{"workspace_id": "{one}", "time_zone": "Asia/Seoul", "name": "x"}}]}}')
    assert read_zones(every, [], truth) == {one: "Asia/Seoul", other: "UTC", third: "UTC"}
    told = [f"{other}=America/New_York", "Asia/Singapore"]
    assert read_zones(every, told, truth) == dict.fromkeys(every, "Asia/Singapore") | {other: "America/New_York"}
    with pytest.raises(Invalid, match="'Seoul' is no time zone"):
        read_zones(every, ["Seoul"], truth)
    with pytest.raises(Invalid, match="No event is of workspace 'x'"):
        read_zones(every, ["x=Asia/Seoul"], truth)
