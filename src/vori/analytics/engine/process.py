"""The JVM behind this process's session: one per folder, its words in a file, and gone when the session is."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyspark
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from vori.errors import Conflict, Unavailable
from vori.jvm import java_home

ARENAS = "2"
"""Of glibc's memory for a JVM's many threads: by itself it makes eight per core, and gives none of them back."""
STOP_PATIENCE_S = 5.0
LOG_BYTES = 1 << 20
"""A longer log begins anew."""


@contextmanager
def launched(folder: Path, conf: SparkConf) -> Iterator[Path]:
    """Start a JVM with which pyspark works in this process, and end it; yields a folder for what lasts no longer.

    Raises `Unavailable` when there is no Java or it doesn't start, `Conflict` while another session has `folder`, or
    this process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scratch = scratch_of(folder)
    with (folder / "jvm.lock").open("a+") as lock:
        _take(lock, folder)
        if SparkContext._gateway is not None:
            raise Conflict("This process has a session of Spark already.", remedy="Use that one, or end it first.")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        try:
            _launch(folder, conf)
            lock.truncate(0)
            lock.write(str(pid()))
            lock.flush()
            yield scratch
        finally:
            _end()
            shutil.rmtree(scratch, ignore_errors=True)
            lock.truncate(0)


def scratch_of(folder: Path) -> Path:
    return folder.absolute() / "scratch"


def pid() -> int | None:
    """Of the JVM, while it runs."""
    gateway = SparkContext._gateway
    return gateway.proc.pid if gateway is not None and gateway.proc.poll() is None else None


def kill() -> None:
    """End the JVM at once; whoever waits for it gets an error."""
    if (running := pid()) is not None:
        os.kill(running, signal.SIGKILL)


def first_cause(told: str) -> str:
    """The line that names the error, of what a JVM says of one."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    named = [line for line in lines if line.startswith(("java.", "org.", "Exception", "Error", "Caused by:"))]
    return (named or lines[-1:] or ["it said nothing."])[0][:300]


def _take(lock: IO[str], folder: Path) -> None:
    """Hold the folder, and end a JVM whose process was killed and which hasn't noticed yet."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Conflict(
            f"Another session of Spark works in {folder}.", remedy="End it, or name another folder."
        ) from error
    lock.seek(0)
    left = lock.read().strip()
    while left and str(scratch_of(folder)) in _command_line(left):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(left), signal.SIGKILL)
        time.sleep(0.05)


def _command_line(process: str) -> str:
    """Empty for one that has ended, even if nobody has asked how."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        asked = ["ps", "-ww", "-o", "args=", "-p", process]
        done = subprocess.run(asked, capture_output=True, text=True, check=False) if sys.platform != "linux" else None
        return done.stdout if done else ""


def _launch(folder: Path, conf: SparkConf) -> None:
    os.environ["SPARK_HOME"] = pyspark.__path__[0]
    os.environ.setdefault("MALLOC_ARENA_MAX", ARENAS)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    path = folder / "spark.log"
    with path.open("ab") as log:
        if log.tell() > LOG_BYTES:
            log.truncate(0)
        began = log.tell()
        try:
            with _set("JAVA_HOME", str(java_home(folder))):
                gateway = launch_gateway(conf, {"stdout": log, "stderr": log})  # type: ignore[no-untyped-call]
        except PySparkRuntimeError as error:
            told = first_cause(path.read_bytes()[began:].decode(errors="replace"))
            raise Unavailable(f"Spark did not start: {told}", remedy=f"See {path}.") from error
    SparkContext._ensure_initialized(gateway=gateway)


@contextmanager
def _set(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


def _end() -> None:
    gateway = SparkContext._gateway
    if gateway is None:
        return
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    SparkSession._instantiatedSession = None
    with contextlib.suppress(Exception):  # py4j's own kinds, when the JVM is gone
        gateway.shutdown()
    gateway.proc.stdin.close()
    try:
        gateway.proc.wait(STOP_PATIENCE_S)
    except subprocess.TimeoutExpired:
        gateway.proc.kill()
        gateway.proc.wait()
