"""`vori simulate`: what it writes and says, and what it refuses."""

import json
from pathlib import Path

from tests.cli.conftest import Vori


def test_the_command_says_what_it_wrote_and_what_was_wrong(vori: Vori, tmp_path: Path) -> None:
    asked = ("simulate", "--weeks", "1", "--teams", "1", "--people", "3", "--out", "EVENTS.jsonl")
    refused = vori(*asked, "--effect", "two_oclock")
    assert (refused.returncode, list(tmp_path.iterdir())) == (1, [])
    assert "There is no effect 'two_oclock'." in refused.stderr
    assert "ten_oclock[=0.23]" in refused.stderr
    done = vori(*asked, "--effect", "ten_oclock=0.5")
    assert done.returncode == 0
    assert f"{len((tmp_path / 'EVENTS.jsonl').read_bytes().splitlines())} events: EVENTS.jsonl" in done.stderr
    assert json.loads((tmp_path / "EVENTS.truth.json").read_text())["planted"]["ten_oclock"]["size"] == 0.5
