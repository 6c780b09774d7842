"""The command line as people meet it: help at once, one clear sentence when something is wrong."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tests.cli.conftest import Vori

from vori.cli.live import View
from vori.cli.server import default_url
from vori.errors import Invalid
from vori.sample.script import FOLDER


@pytest.fixture
def nobody() -> Iterator[str]:
    """A port of this machine where nothing listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield str(held.getsockname()[1])


def test_help_names_every_command_and_loads_nothing_heavy() -> None:
    program = "import sys; from vori.cli.main import app; app(['--help'], standalone_mode=False); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    for name in (
        "up",
        "demo",
        "listen",
        "meetings",
        "tickets",
        "minutes",
        "transcript",
        "retranscribe",
        "replay",
        "transcribe",
        "extract",
        "analytics",
        "doctor",
        "relay",
        "models",
        "export",
        "bench",
        "dev",
    ):
        assert f" {name} " in ran.stdout
    loaded = set(ran.stdout.split())
    heavy = {"numpy", "httpx", "fastapi", "psycopg", "pydantic", "websockets", "onnxruntime", "faster_whisper", "av"}
    assert not loaded & heavy


@pytest.mark.parametrize("command", ["meetings", "tickets", "minutes", "transcript", "demo"])
def test_without_a_server_it_says_so(vori: Vori, nobody: str, command: str) -> None:
    ran = vori(command, VORI_PORT=nobody)
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr == f"VORI isn't running at http://127.0.0.1:{nobody}.\nStart it with `make up`.\n"


def test_a_paper_is_of_the_form_that_its_file_names(vori: Vori, nobody: str) -> None:
    for command, wrong, forms, known in (
        ("minutes", "minutes.html", "md, docx, pdf nor json", ("minutes.PDF", "minutes")),
        ("transcript", "words.pdf", "txt, srt, vtt nor json", ("words.srt", "words")),
    ):
        ran = vori(command, "--out", wrong, VORI_PORT=nobody)
        assert (ran.returncode, ran.stdout) == (1, "")
        assert f"neither {forms}" in ran.stderr
        for name in known:
            assert "isn't running" in vori(command, "--out", name, VORI_PORT=nobody).stderr


def test_vori_url_goes_first(vori: Vori, nobody: str) -> None:
    assert (
        f"http://localhost:{nobody}" in vori("meetings", VORI_PORT="1", VORI_URL=f"http://localhost:{nobody}/").stderr
    )


@pytest.mark.parametrize("url", ["localhost:8674", "ftp://localhost", "http://", "nonsense"])
def test_a_wrong_vori_url_is_named(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("VORI_URL", url)
    with pytest.raises(Invalid, match="VORI_URL"):
        default_url()


def test_a_wrong_setting_is_named(vori: Vori) -> None:
    ran = vori("meetings", VORI_PORT="many")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith("VORI_PORT isn't right:")
    assert "Traceback" not in ran.stderr


def test_another_server_is_not_mistaken_for_vori(vori: Vori) -> None:
    class Other(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        ran = vori("meetings", VORI_PORT=str(server.server_port))
        server.shutdown()
    assert ran.returncode == 1
    assert "answered 404, and not the way VORI does" in ran.stderr
    assert "VORI_URL" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [([], "a FILE, or --mic"), (["--mic", "talk.wav"], "a FILE, or --mic"), (["nowhere.wav"], "no file nowhere.wav")],
)
def test_listen_wants_one_thing_to_listen_to(vori: Vori, arguments: list[str], told: str) -> None:
    ran = vori("listen", *arguments)
    assert ran.returncode == 1
    assert told in ran.stderr


def test_a_wrong_option_is_explained_by_the_command_itself(vori: Vori) -> None:
    ran = vori("tickets", "--status", "sleeping")
    assert ran.returncode == 2
    assert "in_progress" in ran.stderr
    assert vori("tickets", "--help").stdout.count("--status") == 1


def snapshot(**state: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {"meeting": None, "minutes": None, "meetings": [], "utterances": [], "tickets": []}
    empty |= {"streams": {}, "lags": {}, "drafts": {}}
    return {
        "type": "snapshot",
        "seq": 1,
        "epoch": "e",
        "state": empty | state,
    }


def diff(kind: str, key: str, data: dict[str, Any] | None) -> dict[str, Any]:
    return {"type": "diff", "seq": 2, "kind": kind, "id": key, "data": data}


def test_a_view_follows_its_messages() -> None:
    view = View()
    view.take(snapshot(meeting={"meeting_id": "m", "status": "live"}, tickets=[{"ticket_id": "t", "version": 1}]))
    view.take(diff("draft", "u", {"text": "I w"}))
    view.take(diff("draft", "v", {"text": "hm"}))
    view.take(diff("utterance", "u", {"utterance_id": "u", "text": "I will."}))
    view.take(diff("draft", "u", {"text": "late"}))
    view.take(diff("draft", "v", None))
    view.take(diff("ticket", "t", {"ticket_id": "t", "version": 2}))
    view.take(diff("minutes", "other", {"version": 1}))
    view.take(diff("meeting", "m", {"meeting_id": "m", "status": "ended"}))
    assert view.drafts == {}
    assert view.utterances["u"]["text"] == "I will."
    assert view.tickets["t"]["version"] == 2
    assert view.minutes is None
    assert view.meeting == {"meeting_id": "m", "status": "ended"}
    view.take(diff("ticket", "t", None))
    view.take(diff("minutes", "m", {"version": 1, "state": "draft"}))
    assert view.tickets == {}
    assert view.minutes == {"version": 1, "state": "draft"}
    assert not view.written_up
    view.take(diff("minutes", "m", {"version": 1, "state": "final"}))
    assert view.written_up
    view.take(snapshot())
    assert view.utterances == {}
    assert view.minutes is None


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_demo_s_scripts_are_whole(language: str) -> None:
    script = json.loads((FOLDER / f"{language}.json").read_text())
    assert len(script["voices"]) == 3
    assert {line["voice"] for line in script["lines"]} == set(script["voices"])
    assert {ticket["status"] for ticket in script["tickets"]} == {"TODO", "IN_PROGRESS"}
    times = [time for line in script["lines"] for time in (line["start_ms"], line["end_ms"])]
    assert times == sorted(times), "voices take turns"
    assert all((FOLDER / voice["file"]).stat().st_size > 10_000 for voice in script["voices"].values())
    if language == "ko":
        said = {line["text"] for line in script["lines"]}
        assert {
            "백엔드 API 문서화 작업을 현재 진행하고 있습니다.",
            "프론트엔드 로그인 페이지 구현이 완료되었습니다.",
        } <= said


def test_corrections_are_written_to_a_file(vori: Vori, tmp_path: Path) -> None:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = '{"meeting_id": "가"}\n'.encode() if self.path == "/api/corrections" else b""
            self.send_response(200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_port)
        ran = vori("export", "corrections", "--out", "cases.jsonl", VORI_PORT=port)
        refused = vori("export", "corrections", "--out", "no/such/folder.jsonl", VORI_PORT=port)
        server.shutdown()
    assert (ran.returncode, ran.stderr) == (0, "1 meetings: cases.jsonl\n")
    assert (tmp_path / "cases.jsonl").read_text() == '{"meeting_id": "가"}\n'
    assert refused.returncode == 1
    assert "can't be written" in refused.stderr


def test_a_replay_shows_what_would_differ_and_takes_it_over_when_asked(vori: Vori) -> None:
    asked: list[str] = []
    talk = {"turns": [], "tickets": [], "date": "2026-03-02", "language": "ko"}
    made = {"title": "다크 모드 검토", "assignee": "수현", "due": None}
    change = {
        "ticket_id": "t", "lane": "pending", "before": None, "after": made, "evidence": [{"start_ms": 35000}]
    }  # fmt: skip
    found = {"changes": [change], "withdrawn": [], "not_found_again": [], "keys": {}, "accepted": False}

    class Answering(BaseHTTPRequestHandler):
        def answer(self, body: Any) -> None:
            asked.append(self.path.rpartition("/")[2])
            written = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def do_GET(self) -> None:
            self.answer(talk)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.answer(found)

        def log_message(self, *_: object) -> None:
            pass

    meeting = "00000000-0000-0000-0000-000000000001"
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        port = str(server.server_port)
        looked = vori("replay", meeting, VORI_PORT=port)
        taken = vori("replay", meeting, "--extractor", "offline", "--accept", VORI_PORT=port)
        server.shutdown()
    assert "new  다크 모드 검토, 수현  (pending)" in looked.stdout
    assert "Nothing was changed." in looked.stdout
    assert "Taken over." in taken.stdout
    assert asked == ["talk", "replays", "talk", "replays", "accept"]
