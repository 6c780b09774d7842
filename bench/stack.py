"""A throw-away VORI for tests and benchmarks: `vori up` in a home of its own, on a free port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from costs import tree
from vori.people.owner import owner_key
from vori.settings import OFF

KEYS: dict[str, str] = {}
"""By the address of a VORI that was started here, its owner's key."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    """Used with `with`. Its processes are real, so they can be killed; its home goes when it ends. Without analytics,
    unless VORI_ANALYTICS_MASTER is given."""

    def __init__(self, **environment: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="vori-stack-", dir="/tmp"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "VORI_HOME": str(self.home),
            "VORI_PORT": str(self.port),
            "VORI_URL": self.url,
            "VORI_ANALYTICS_MASTER": OFF,
            **environment,
        }
        self.ready_after_s = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def key(self) -> str:
        """The owner's."""
        return owner_key(self.home)

    @property
    def headers(self) -> dict[str, str]:
        """What a call of the API has to carry."""
        return {"authorization": f"Bearer {self.key}"}

    @property
    def log_text(self) -> str:
        return (self.home / "up.log").read_text(errors="replace")

    def start(self, patience_s: float = 90.0) -> None:
        """`vori up`; returns when it says that it is ready."""
        began = time.monotonic()
        with (self.home / "up.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "vori", "up"], env=self.environment, stdout=log, stderr=log
            )
        while "ready at" not in self.log_text.lower():
            if self._process.poll() is not None or time.monotonic() - began > patience_s:
                raise RuntimeError(f"vori up did not become ready:\n{self.log_text[-3000:]}")
            time.sleep(0.05)
        KEYS[self.url] = self.key
        self.ready_after_s = time.monotonic() - began

    def stop(self) -> None:
        """As Ctrl-C does; by force after half a minute."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        """SIGKILL to every process, the supervisor last-born first: what a power cut looks like to the disk."""
        if self._process is not None:
            for pid in [*self.pids().values(), self._process.pid]:
                os.kill(pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def kill_role(self, role: str) -> bool:
        """SIGKILL to one role; False if it wasn't running just then."""
        pid = self.pids().get(role)
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    def pids(self) -> dict[str, int]:
        """The supervisor's children by role; `postgres` is the server."""
        assert self._process is not None
        found = {}
        for task in Path(f"/proc/{self._process.pid}/task").iterdir():
            for pid in map(int, (task / "children").read_text().split()):
                try:
                    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
                except OSError:
                    continue
                found["postgres" if "postgres" in words[0] else words[words.index("run") + 1]] = pid
        return found

    @property
    def database_url(self) -> str:
        """As its roles have it."""
        words = Path(f"/proc/{self.pids()['gateway']}/environ").read_bytes().decode().split("\0")
        return next(word.partition("=")[2] for word in words if word.startswith("VORI_DATABASE_URL="))

    def tree(self) -> list[int]:
        """Every process of this stack: the supervisor and all that descend from it."""
        assert self._process is not None
        return tree(self._process.pid)

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One call of the API."""
        with self.client() as client:
            return client.request(method, path, **options)

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30.0, headers=self.headers, trust_env=False)
