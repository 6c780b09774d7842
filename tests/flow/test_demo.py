"""What a newcomer does: `vori demo` in both languages, `vori listen`, then reading what came of it."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.flow.conftest import Profile

from stack import Stack
from vori.cli.demo.play import have_tickets
from vori.cli.server import Server
from vori.sample.script import FOLDER

pytestmark = [pytest.mark.flow, pytest.mark.timeout(300)]

CLIP = FOLDER / "en-robert.opus"


@pytest.fixture(scope="module")
def stack(profile: Profile) -> Iterator[Stack]:
    with Stack(**profile()) as started:
        yield started


@contextmanager
def begun(stack: Stack, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command of VORI's, ended when the test leaves it, however it does."""
    environment = stack.environment | {"COLUMNS": "200"}
    command = [sys.executable, "-m", "vori", *arguments]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def ended(program: subprocess.Popen[str], code: int = 0) -> str:
    """What it printed, without colours and wrapping."""
    told, complaints = program.communicate(timeout=240)
    assert program.returncode == code, complaints
    return told


def told_by(stack: Stack, *arguments: str, code: int = 0) -> str:
    with begun(stack, *arguments) as program:
        return ended(program, code)


def words(text: str) -> str:
    """Without punctuation and capitals: where Whisper puts those differs between processors."""
    return " ".join(re.findall(r"\w+", text.lower()))


def meeting_in(text: str) -> str:
    found = re.search(r"/meeting/\?id=([0-9a-f-]{36})", text)
    assert found
    return found[1]


def changes_before_the_end(stack: Stack, meeting_id: str) -> list[dict[str, Any]]:
    """What the meeting did to tickets while it was going on."""
    with stack.client() as client:
        meeting = client.get(f"/api/meetings/{meeting_id}").json()
        assert meeting["status"] == "ended"
        over = datetime.fromisoformat(meeting["ended_at"])
        tickets = client.get("/api/tickets", params={"meeting_id": meeting_id}).json()["items"]
        changes = [c for t in tickets for c in client.get(f"/api/tickets/{t['ticket_id']}/history").json()]
    return [
        change
        for change in changes
        if change["meeting_id"] == meeting_id
        and change["lane"] == "applied"
        and datetime.fromisoformat(change["at"]) < over
    ]


def test_both_demos_give_words_tickets_and_a_move_before_the_end_and_then_minutes(stack: Stack) -> None:
    with begun(stack, "demo") as english, begun(stack, "demo", "--lang", "ko") as korean:
        said, heard = ended(english), ended(korean)
    for expected in ("the login page for the website is finished", "moved", "new ticket", "decisions"):
        assert expected in words(said), said
    kinds = [change["kind"] for change in changes_before_the_end(stack, meeting_in(said))]
    assert {"created", "moved"} <= set(kinds)
    changes = changes_before_the_end(stack, meeting_in(heard))
    moves = {
        change["evidence"][0]["quote"]: tuple(change[when]["status"] for when in ("before", "after"))
        for change in changes
        if change["kind"] == "moved"
    }
    assert moves == {
        "백엔드 API 문서화 작업을 현재 진행하고 있습니다.": ("TODO", "IN_PROGRESS"),
        "프론트엔드 로그인 페이지 구현이 완료되었습니다.": ("IN_PROGRESS", "DONE"),
    }
    made = [change["after"] for change in changes if change["kind"] == "created"]
    assert [(ticket["assignee"], bool(ticket["due"])) for ticket in made] == [("수현", True)]
    assert "연습 회의예요." in heard
    assert "배포는 다음 주 화요일에 하기로 결정했습니다." in heard.split("결정 사항")[1]

    assert "No ticket would differ." in told_by(stack, "replay", meeting_in(heard))
    asyncio.run(again(stack))
    with stack.client() as client:
        titles = [ticket["title"] for ticket in client.get("/api/tickets?limit=200").json()["items"]]
    assert len(titles) == len(set(titles)), "another demo makes no ticket twice"


async def again(stack: Stack) -> None:
    """What another demo begins with."""
    async with Server(stack.url, stack.key) as server:
        for language in ("en", "ko"):
            await have_tickets(server, json.loads((FOLDER / f"{language}.json").read_text())["tickets"])


def test_a_recording_is_heard_and_its_minutes_can_be_read(stack: Stack, tmp_path: Path) -> None:
    said = told_by(stack, "listen", "--fast", "--speaker", "Robert", "--title", "A report", str(CLIP))
    assert "i have started the documentation of the payment service" in words(said), said
    meeting_id = meeting_in(said)
    assert meeting_id in told_by(stack, "meetings")
    minutes = told_by(stack, "minutes", meeting_id)
    assert minutes.startswith("# A report\n")
    assert "Robert: “" in minutes
    paper = tmp_path / "minutes.pdf"
    assert told_by(stack, "minutes", meeting_id, "-o", str(paper)) == ""
    assert paper.read_bytes().startswith(b"%PDF-")
    assert "\nRobert: " in told_by(stack, "transcript", meeting_id, "--format", "srt")
    again = told_by(stack, "retranscribe", meeting_id, "--model", "base")
    assert re.search(r"Of (\d+) utterances \1 would stay as they are", again), again
    assert "Nothing was changed." in again


def test_the_doctor_finds_nothing_broken(stack: Stack) -> None:
    told = told_by(stack, "doctor")
    assert "Everything VORI needs works." in told
    assert f"runs at {stack.url}" in told
    assert "✗" not in told
    stack.environment["VORI_SPEECH_MODEL"] = "/nowhere"
    sick = told_by(stack, "doctor", code=1)
    assert "✗ Speech model" in sick
    assert "1 of " in sick
