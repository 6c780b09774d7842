"""Log lines: one form for VORI's own and for the libraries', for people or for programs."""

import json
import subprocess
import sys

import pytest

PROGRAM = """
import logging, structlog
from vori.logs import configure
configure("info", "{style}")
log = structlog.get_logger()
log.debug("too.small")
log.info("ticket.proposed", meeting_id="m1", title="제목")
logging.getLogger("uvicorn.error").info("chatter")
logging.getLogger("somewhere").warning("careful")
try:
    1 / 0
except ZeroDivisionError:
    log.exception("it.broke")
"""


@pytest.mark.parametrize("style", ["console", "json"])
def test_lines_go_to_stderr_in_one_form(style: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(style=style)], capture_output=True, check=True, text=True
    )
    assert ran.stdout == ""
    assert "too.small" not in ran.stderr
    assert "chatter" not in ran.stderr
    assert "ticket.proposed" in ran.stderr
    assert "제목" in ran.stderr
    assert "ZeroDivisionError" in ran.stderr
    if style == "json":
        lines = [json.loads(line) for line in ran.stderr.splitlines()]
        assert [line["event"] for line in lines] == ["ticket.proposed", "careful", "it.broke"]
        assert lines[0] | {"meeting_id": "m1", "level": "info"} == lines[0]
        assert all(line["timestamp"].endswith("Z") for line in lines)
