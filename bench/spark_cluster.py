"""A standalone cluster of Spark on this machine, from the pyspark package: a master and its workers, on loopback alone.

python bench/spark_cluster.py          starts one, says its address, ends it on Ctrl-C
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pyspark

from stack import free_port
from vori.database.embedded import die_with_parent
from vori.jvm import java_home

HOST = "127.0.0.1"
DEPLOY = "org.apache.spark.deploy"
PATIENCE_S = 90.0


@contextmanager
def cluster(folder: Path, *, workers: int = 2, cores: int = 1, memory: str = "1g") -> Iterator[str]:
    """The address of a master with so many workers, each with cores and memory to give to executors. What they write,
    and say, is in `folder`. Executors see the packages and modules that this Python sees."""
    folder.mkdir(parents=True, exist_ok=True)
    url = f"spark://{HOST}:{free_port()}"
    port = url.rpartition(":")[2]
    with ExitStack() as running:
        master = _run(folder, "master", "master.Master", "--host", HOST, "--port", port, "--webui-port", "0")
        running.enter_context(master)
        _await(folder / "master.log", "I have been elected leader", 1)
        for number in range(workers):
            given = ("--cores", str(cores), "--memory", memory, "--work-dir", str(folder / f"work-{number}"))
            name, host = f"worker-{number}", ("--host", HOST, "--webui-port", "0")
            running.enter_context(_run(folder, name, "worker.Worker", *host, *given, url))
        _await(folder / "master.log", "Registering worker", workers)
        yield url


@contextmanager
def _run(folder: Path, name: str, program: str, *words: str) -> Iterator[None]:
    environment = os.environ | {
        "JAVA_HOME": str(java_home(folder)),
        "SPARK_HOME": pyspark.__path__[0],
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "128m",
        "SPARK_DAEMON_JAVA_OPTS": f"-XX:+UseSerialGC -Djava.io.tmpdir={folder}",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [Path(pyspark.__path__[0]) / "bin" / "spark-class", f"{DEPLOY}.{program}", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, signal.SIGTERM),  # noqa: PLW1509 - of one thread
        )
    try:
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _await(log: Path, words: str, times: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while log.read_text(errors="replace").count(words) < times:
        if time.monotonic() > until:
            raise RuntimeError(f"the cluster did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="vori-spark-") as folder, cluster(Path(folder)) as url:
        print(f"VORI_ANALYTICS_MASTER={url}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()


if __name__ == "__main__":
    main()
