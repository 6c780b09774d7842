"""A single Kafka node on this machine, for development and tests: loopback only, one copy of the data, ends with us."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import IO
from uuid import uuid4

import structlog

from vori.database.embedded import die_with_parent
from vori.errors import Conflict, Unavailable
from vori.jvm import SOURCE, find_java, resolve_jars

log = structlog.get_logger()

HOST = "127.0.0.1"
START_PATIENCE_S = 180.0
STOP_PATIENCE_S = 15.0
LEFTOVER_PATIENCE_S = 5.0
"""How long a node whose VORI was killed may take to end."""
CHOSEN_PORTS = range(20_000, 32_768)
"""Below the ports that systems give to outgoing connections: a client that calls again and again while the node is
down could otherwise be given the node's own port, and would connect to itself and hold it."""
STARTED = b"Kafka Server started"
JAVA_OPTIONS = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData")
"""C1 alone halves the CPU that a start takes."""
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "log.dirs": "data",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "group.initial.rebalance.delay.ms": "0",
    "auto.create.topics.enable": "false",
    "message.max.bytes": str(4 << 20),
    "log.cleaner.dedupe.buffer.size": str(4 << 20),
}
"""After a crash the node must wait until its own former session is over. The cleaner's buffer is 128 MB by default."""
LOGGING = """\
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %m (%c{1})%n
logger.started.name = kafka.server.KafkaRaftServer
logger.started.level = info
"""


class Broker:
    """One node on one folder. `start` after `stop` or `kill` brings it back on the same port with its data."""

    def __init__(
        self,
        folder: Path,
        port: int = 0,
        controller_port: int = 0,
        *,
        jvm: Path = SOURCE,
        environment: Mapping[str, str] = os.environ,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Port 0 takes a free one, once. `jvm` is the folder of the pom; programs are looked up in `environment`.

        `settings` (Kafka's own names) come over those made here.
        """
        self.folder = folder.absolute()
        self.data = self.folder / "data"
        self.log_file = self.folder / "server.log"
        self.port = port or free_port()
        self.controller_port = controller_port or free_port(but=self.port)
        self.jvm = jvm
        self.environment = environment
        self.settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def bootstrap(self) -> str:
        """What Kafka's clients take as bootstrap.servers."""
        return f"{HOST}:{self.port}"

    @property
    def url(self) -> str:
        return f"kafka://{self.bootstrap}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self.running and self._process else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> Broker:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> str:
        """Start it unless it runs, and return its `url` once it answers. Any thread may call this."""
        if self.running:
            return self.url
        self._forget()
        java = find_java(self.environment)
        jars = resolve_jars("kafka", source=self.jvm, environment=self.environment)
        self.folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        try:
            self._lock = self._take_folder()
            for port in (self.port, self.controller_port):
                _require_free(port)
            command = [java, "-cp", f"{jars}/*", *JAVA_OPTIONS]
            command += [f"-Djava.io.tmpdir={self.folder}", "-Dlog4j2.configurationFile=log4j2.properties"]
            self._write_settings()
            self._format(command)
            self._launch(command)
        except BaseException:
            self.kill()
            raise
        log.info("kafka.started", pid=self.pid, url=self.url, took_s=round(time.monotonic() - began, 1))
        return self.url

    def stop(self) -> None:
        """End it in good order."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(STOP_PATIENCE_S)
        self.kill()

    def kill(self) -> None:
        """End it as a crash would (SIGKILL)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._forget()

    def wait(self) -> int:
        """Until it ends; its exit code."""
        return self._process.wait() if self._process else 0

    def _forget(self) -> None:
        self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _take_folder(self) -> IO[str]:
        """Lock the folder. The node inherits the lock, so one that outlives its VORI is waited for."""
        lock = (self.folder / "lock").open("a+")
        deadline = time.monotonic() + LEFTOVER_PATIENCE_S
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() < deadline:
                    time.sleep(0.05)
                    continue
                lock.seek(0)
                process = lock.read().strip() or "unknown"
                lock.close()
                raise Conflict(
                    f"Kafka is already running on {self.folder} (process {process}).",
                    remedy="Stop it first, or choose another folder.",
                ) from error
            return lock

    def _write_settings(self) -> None:
        listeners = f"PLAINTEXT://{self.bootstrap}"
        controller = f"{HOST}:{self.controller_port}"
        settings = {
            **SETTINGS,
            "listeners": f"{listeners},CONTROLLER://{controller}",
            "advertised.listeners": listeners,
            "controller.quorum.bootstrap.servers": controller,
            **self.settings,
        }
        lines = [f"{name}={value}\n" for name, value in settings.items()]
        (self.folder / "server.properties").write_text("".join(lines))
        (self.folder / "log4j2.properties").write_text(LOGGING)

    def _format(self, command: list[str]) -> None:
        """Make the storage once; one that was left half made is made anew."""
        stamp = self.data / "formatted"
        if stamp.exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        cluster = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
        tool = ["kafka.tools.StorageTool", "format", "--standalone", f"--cluster-id={cluster}"]
        done = subprocess.run(
            [*command, *tool, "--config", "server.properties"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self._environment(),
            check=False,
        )
        if done.returncode != 0:
            told = (done.stderr or done.stdout).strip()[-400:]
            raise Unavailable(f"Kafka's storage could not be made: {told}", remedy=f"See that {self.data} is writable.")
        stamp.write_text(cluster)

    def _launch(self, command: list[str]) -> None:
        """Start the process and wait until it says that it serves."""
        with self.log_file.open("ab") as output:
            begin = output.tell()
            self._process = self._spawn([*command, "kafka.Kafka", "server.properties"], output)
        deadline = time.monotonic() + START_PATIENCE_S
        while STARTED not in (told := self._told_since(begin)):
            if not self.running or time.monotonic() > deadline:
                raise Unavailable(f"Kafka did not start: {_last_words(told)}", remedy=f"See {self.log_file}.")
            time.sleep(0.02)

    def _spawn(self, command: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the process from a thread that lives as long as it: Linux ends the process when that thread ends."""
        assert self._lock is not None
        lock = self._lock
        born: Future[subprocess.Popen[bytes]] = Future()

        def keep() -> None:
            try:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd=self.folder,
                    env=self._environment(),
                    pass_fds=(lock.fileno(),),
                    start_new_session=True,
                    preexec_fn=partial(die_with_parent, signal.SIGTERM),  # noqa: PLW1509 - one prctl, nothing else
                )
            except BaseException as error:
                born.set_exception(error)
            else:
                born.set_result(process)
                process.wait()

        Thread(target=keep, name="kafka-keeper", daemon=True).start()
        process = born.result()
        lock.truncate(0)
        lock.write(str(process.pid))
        lock.flush()
        return process

    def _environment(self) -> dict[str, str]:
        """Java reads paths in the locale's encoding, and a folder's name may be in any script."""
        return {**self.environment, "LC_ALL": "C.UTF-8"}

    def _told_since(self, begin: int) -> bytes:
        with self.log_file.open("rb") as written:
            written.seek(begin)
            return written.read()


def _last_words(told: bytes) -> str:
    """The first exception's line, else the first error's, else the last line."""
    lines = told.decode(errors="replace").strip().splitlines()
    for sign in (r"\w(Exception|Error): ", r" (ERROR|FATAL) "):
        for line in lines:
            if re.search(sign, line):
                return line[:400]
    return lines[-1][:400] if lines else "no reason was logged"


def free_port(but: int = 0) -> int:
    """One that no outgoing connection will be given while its server is down."""
    while True:
        port = random.choice(CHOSEN_PORTS)
        if port != but and _is_free(port):
            return port


def _require_free(port: int) -> None:
    if not _is_free(port):
        raise Conflict(
            f"Port {port} is not free, and Kafka needs it.",
            remedy="Stop what listens there, or choose another port.",
            code="port_taken",
        )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
