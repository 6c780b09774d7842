"""`vori up`: PostgreSQL and one process per role on this machine, kept running, stopped cleanly."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import IO

import structlog

from vori.database.embedded import EmbeddedPostgres, die_with_parent
from vori.database.migrate import migrate
from vori.errors import Conflict, Unavailable
from vori.eventlog import KAFKA
from vori.settings import OFF, Settings

log = structlog.get_logger()

ROLES = ("gateway", "transcriber", "scribe")
KAFKA_ROLES = ("relay",)
"""Needed too when the event log is Kafka."""
OPTIONAL_ROLES = ("analytics",)
"""Started once all else is ready, which waits for none of them; one that can't work on this machine is left off."""
READY_FD = "VORI_READY_FD"
"""Names the pipe on which a role says, in one JSON line, that it is ready and where."""
WONT_HEAL = 78
"""Exit code of a role that starting again would not help (a missing model, say)."""
BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 60.0
STOP_PATIENCE_S = 10.0


class Role:
    """One role's process, started again when it ends."""

    def __init__(self, name: str, environment: dict[str, str], *, needed: bool = True) -> None:
        self.name = name
        self.environment = environment
        self.needed = needed
        self.off = False
        self.ready: dict[str, str] | None = None
        self._was_ready = False
        self._failures = 0
        self._next_start = 0.0
        self._started = 0.0
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: IO[bytes] | None = None

    def start(self) -> None:
        read, write = os.pipe()
        self._pipe = os.fdopen(read, "rb")
        self._started = time.monotonic()
        self.ready = None
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vori", "run", self.name],
            stdin=subprocess.DEVNULL,
            env=self.environment | {READY_FD: str(write)},
            pass_fds=(write,),
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
        )
        os.close(write)

    def tend(self) -> None:
        """Read its readiness; start it again when it has ended and its back-off is over."""
        if self._process is None:
            if not self.off and time.monotonic() >= self._next_start:
                self.start()
            return
        if self._pipe and select.select([self._pipe], [], [], 0)[0]:
            line = self._pipe.readline()
            self._pipe.close()
            self._pipe = None
            if line:
                self.ready = json.loads(line)
                self._was_ready = True
        code = self._process.poll()
        if code is None:
            return
        self._forget()
        if code == WONT_HEAL and not self.needed:
            self.off = True
            log.warning("role.off", role=self.name)
            return
        if code == WONT_HEAL and not self._was_ready:
            raise Unavailable(f"The {self.name} can't work on this machine.", remedy="Its message above says why.")
        self._failures = 0 if time.monotonic() - self._started > STEADY_S else self._failures + 1
        pause = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
        self._next_start = time.monotonic() + pause
        log.warning("role.ended", role=self.name, exit_code=code, restart_in_s=pause)

    def ask_to_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def wait_stopped(self) -> None:
        if self._process is None:
            return
        try:
            self._process.wait(STOP_PATIENCE_S)
        except subprocess.TimeoutExpired:
            log.warning("role.killed", role=self.name)
            self._process.kill()
            self._process.wait()
        self._forget()

    def _forget(self) -> None:
        self._process = None
        if self._pipe:
            self._pipe.close()
            self._pipe = None


class Supervisor:
    """Everything `vori up` runs. `on_ready` is called once, with the gateway's URL."""

    def __init__(self, settings: Settings, on_ready: Callable[[str], None]) -> None:
        self.settings = settings
        self.on_ready = on_ready
        self._stopping = False
        self._announced = False

    def run(self) -> None:
        """Until SIGINT or SIGTERM. Raises `Conflict` when another VORI uses this home."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        self.settings.home.mkdir(parents=True, exist_ok=True)
        with (self.settings.home / "vori.lock").open("a+") as lock:
            self._take(lock)
            postgres = None if self.settings.database_url else EmbeddedPostgres(self.settings.home)
            url = postgres.start() if postgres else self.settings.database_url
            roles: list[Role] = []
            try:
                migrate(url)
                environment = os.environ | {
                    "VORI_DATABASE_URL": url,
                    "VORI_HOME": str(self.settings.home.absolute()),
                    "VORI_PORT": str(self.settings.port or _free_port(self.settings.host)),
                }
                names = ROLES + (KAFKA_ROLES if self.settings.eventlog_url.startswith(KAFKA) else ())
                roles = [Role(name, dict(environment)) for name in names]
                if self.settings.analytics_master != OFF:
                    roles += [Role(name, dict(environment), needed=False) for name in OPTIONAL_ROLES]
                self._tend(roles, postgres)
            finally:
                for role in roles:
                    role.ask_to_stop()
                for role in roles:
                    role.wait_stopped()
                if postgres:
                    postgres.stop()
                log.info("vori.stopped")

    def _tend(self, roles: list[Role], postgres: EmbeddedPostgres | None) -> None:
        while not self._stopping:
            if postgres and not postgres.running:
                log.warning("postgres.ended")
                postgres.start()
            for role in roles:
                if role.needed or self._announced:
                    role.tend()
            if not self._announced and all(role.ready for role in roles if role.needed):
                self._announced = True
                self.on_ready(next(role.ready["url"] for role in roles if role.ready and "url" in role.ready))
            time.sleep(0.05 if not self._announced else 0.2)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _take(self, lock: IO[str]) -> None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise Conflict(
                f"VORI is already running on {self.settings.home} (process {lock.read().strip() or 'unknown'}).",
                remedy="Stop it first, or set VORI_HOME to another folder.",
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()


def _free_port(host: str) -> int:
    """Chosen here, not by the gateway, so that a gateway that is started again keeps its address."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def announce_ready(role: str, url: str | None = None) -> None:
    """Called by a role when it is ready to work: tell the supervisor, if there is one."""
    descriptor = os.environ.pop(READY_FD, None)
    if descriptor is None:
        return
    with os.fdopen(int(descriptor), "w") as pipe:
        pipe.write(json.dumps({"role": role} | ({"url": url} if url else {})) + "\n")
