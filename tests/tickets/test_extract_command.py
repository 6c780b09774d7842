"""`vori extract`: any file of meetings in, one line of predictions each out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vori.cli.extract import extract
from vori.errors import Invalid, NotFound

MEETING: dict[str, Any] = {
    "meeting_id": "m1",
    "date": "2026-03-02",
    "lang": "ko",
    "register": "formal",
    "utterances": [
        {"id": "a", "speaker": "수현", "text": "백엔드 API 문서화 작업을 현재 진행하고 있습니다.", "start": 1.5},
        {"id": "b", "speaker": "민수", "text": "제가 배포 체크리스트를 목요일까지 작성하겠습니다.", "start": 4.0},
        {"id": "c", "speaker": "민수", "text": "출시일은 4월 1일로 확정하겠습니다.", "start": 9.0},
    ],
    "existing_tickets": [{"id": "T1", "title": "백엔드 API 문서화", "status": "TODO", "assignee": "수현"}],
    "tickets": [{"title": "the answers are not looked at"}],
}


def run(folder: Path, *lines: str) -> list[dict[str, Any]]:
    meetings, out = folder / "meetings.jsonl", folder / "predictions.jsonl"
    meetings.write_text("\n".join(lines), encoding="utf-8")
    extract(meetings, out)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_predictions(tmp_path: Path) -> None:
    bare = {"meeting_id": "m2", "utterances": [{"id": "x", "text": "I'll write the release notes by Friday."}]}
    first, second = run(tmp_path, json.dumps(MEETING), "", json.dumps(bare))
    (change,) = first["status_changes"]
    assert (change["ticket_id"], change["to"], change["evidence_ids"], change["lane"]) == (
        "T1",
        "IN_PROGRESS",
        ["a"],
        "applied",
    )
    (ticket,) = first["tickets"]
    assert (ticket["title"], ticket["assignee"], ticket["due"]) == ("배포 체크리스트 작성", "민수", "2026-03-05")
    assert (ticket["evidence_ids"], ticket["lane"], ticket["status"]) == (["b"], "applied", "TODO")
    assert [made["evidence_ids"] for made in first["decisions"]] == [["c"]]
    (undated,) = second["tickets"]
    assert (undated["title"], undated["due"]) == ("Write the release notes", None)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "Line 2"),
        ("[]", "Line 2"),
        ('{"meeting_id": "m"}', "utterances"),
        ('{"meeting_id": "m", "utterances": [{"id": "a"}]}', "utterances.0.text"),
        ('{"meeting_id": "m", "utterances": [{"id": "a", "text": "x", "start": -1}]}', "utterances.0.start"),
        ('{"meeting_id": "m", "utterances": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]}', "same id"),
        ('{"meeting_id": "m", "date": "soon", "utterances": []}', "date"),
        (
            '{"meeting_id": "m", "utterances": [], "existing_tickets": [{"id": "T", "title": "t", "status": "X"}]}',
            "existing_tickets.0.status",
        ),
    ],
)
def test_a_malformed_line_is_named_and_nothing_is_left_behind(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(Invalid) as caught:
        run(tmp_path, '{"meeting_id": "m0", "utterances": []}', line)
    assert "Line 2 of" in caught.value.message
    assert told in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["meetings.jsonl"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        extract(tmp_path / "none.jsonl", tmp_path / "out.jsonl")
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(Invalid):
        extract(tmp_path / "empty.jsonl", tmp_path / "no such folder" / "out.jsonl")
