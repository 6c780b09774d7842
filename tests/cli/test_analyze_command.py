"""`vori analyze`: a folder with all rows and a report, or nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Vori

from vori.analytics.model import ROWS, Kind

KINDS: tuple[Kind, ...] = ("meeting", "speaker", "stay", "ticket", "keyword", "topic", "trend")


@pytest.mark.flow
@pytest.mark.timeout(900)  # a Spark of its own
def test_a_made_up_week_becomes_rows_and_a_report(vori: Vori, tmp_path: Path) -> None:
    made = ("simulate", "--weeks", "1", "--teams", "1", "--people", "3", "--out", "EVENTS.jsonl")
    assert vori(*made).returncode == 0
    lines = (tmp_path / "EVENTS.jsonl").read_text(encoding="utf-8").splitlines()
    command = [sys.executable, "-m", "vori", "analyze", "EVENTS.jsonl", "--out", "found"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = {kind: (tmp_path / "found" / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines() for kind in KINDS}
    read = {kind: [ROWS[kind].model_validate_json(line) for line in of_kind] for kind, of_kind in rows.items()}
    assert len(read["meeting"]) == sum('"type":"MeetingEnded"' in line for line in lines)
    assert len(read["ticket"]) >= 3
    assert len(read["keyword"]) > len(read["meeting"])
    assert len(read["topic"]) >= 3
    assert not read["trend"], "a week tells none"
    assert f"{len(lines)} events: {len(read['meeting'])} of meeting" in done.stderr
    [team] = json.loads((tmp_path / "EVENTS.truth.json").read_text(encoding="utf-8"))["teams"]
    report = (tmp_path / "found" / "REPORT.md").read_text(encoding="utf-8")
    held = {one["title"] for one in map(json.loads, rows["meeting"])}
    assert held <= {one["title"] for one in team["series"]}
    assert all(f"| {title} |" in report for title in held)
    assert all(f"- {row['label']}: " in report for row in map(json.loads, rows["topic"]))
    hours = {row["hour"] for row in map(json.loads, rows["meeting"])}
    assert hours <= {int(one["at"][:2]) + late for one in team["series"] for late in (0, 1)}, "the team's own clock"


def test_what_can_t_be_analysed_leaves_nothing(vori: Vori, tmp_path: Path) -> None:
    (tmp_path / "EVENTS.jsonl").write_text('{"type":"MeetingEnded","version":1,"event":{}}\n')
    refused = vori("analyze", "EVENTS.jsonl", "--out", "found")
    assert (refused.returncode, [path.name for path in tmp_path.iterdir()]) == (1, ["EVENTS.jsonl"])
    assert "EVENTS.jsonl, line 1: The event log holds a malformed MeetingEnded" in refused.stderr
    again = vori("analyze", "EVENTS.jsonl", "--out", ".")
    assert (again.returncode, "is there already" in again.stderr) == (1, True)
