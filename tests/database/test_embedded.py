"""The embedded server survives what machines do to it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from vori.database.embedded import SUPERUSER, EmbeddedPostgres

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def own_home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="vori-pg-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def connect(server: EmbeddedPostgres) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(make_conninfo(server.url, user=SUPERUSER), autocommit=True)


def gone(pid: int, patience_s: float = 15) -> bool:
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


PARENT = """
import sys, time
from pathlib import Path
from typing import Any
from vori.database.embedded import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
server.start()
print(server.pid, flush=True)
time.sleep(120)
"""


def start_parent(home: Path) -> tuple[subprocess.Popen[str], int]:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(home)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    while True:  # log lines share stdout
        line = parent.stdout.readline()
        if line.strip().isdigit():
            parent.stdout.close()
            return parent, int(line)
        assert line, "the server did not start"


def test_data_outlives_stop_kill_of_everything_and_a_server_left_behind(own_home: Path) -> None:
    server = EmbeddedPostgres(own_home, durable=False)
    server.start()
    with connect(server) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (1)")
        assert connection.execute("show listen_addresses").fetchone() == ("",)
    server.stop()

    # kill -9 of the parent alone: the server ends by itself
    parent, pid = start_parent(own_home)
    parent.kill()
    parent.wait()
    assert gone(pid)

    # kill -9 of parent and server at once: the next start waits until the stale lock clears
    parent, pid = start_parent(own_home)
    with connect(server) as connection:
        connection.execute("insert into kept values (2)")
    os.kill(pid, signal.SIGKILL)
    parent.kill()
    parent.wait()
    server.start()
    with connect(server) as connection:
        assert connection.execute("select n from kept order by n").fetchall() == [(1,), (2,)]

    # another launcher on the same home replaces a server left behind
    left_behind = server.pid
    assert left_behind
    replacement = EmbeddedPostgres(own_home, durable=False)
    replacement.start()
    assert replacement.pid != left_behind
    with connect(replacement) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (2,)
    replacement.stop()
    server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change users")
def test_started_by_root_the_server_runs_as_its_own_user(postgres: EmbeddedPostgres) -> None:
    assert postgres.pid
    assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0
    assert postgres.socket_folder.stat().st_mode & 0o077 == 0
