"""A Spark session, on this machine or on a cluster's master."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import SparkSession

LOCAL = "local[2]"
ROCKSDB = "org.apache.spark.sql.execution.streaming.state.RocksDBStateStoreProvider"


@contextmanager
def open_session(
    folder: Path,
    *,
    master: str = LOCAL,
    memory: str = "640m",
    jars: Sequence[Path] = (),
    more: Mapping[str, str] | None = None,
) -> Iterator[SparkSession]:
    """A session that keeps what it must write in `folder`. `memory` is the driver's heap; `jars` join its class path;
    `more` are settings of Spark's by name, which win. Raises `Unavailable` when there is no Java."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    told = {
        "spark.driver.memory": memory,
        "spark.driver.extraClassPath": ":".join(str(jar) for jar in jars),
        "spark.executor.extraClassPath": ":".join(str(jar) for jar in jars),
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={folder.absolute()} -Duser.timezone=UTC",
        "spark.local.dir": str(folder.absolute()),
        "spark.sql.warehouse.dir": str(folder.absolute() / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.streaming.stateStore.providerClass": ROCKSDB,
        "spark.sql.streaming.metricsEnabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    if master.startswith("local"):
        told |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    builder = SparkSession.builder.master(master).appName("vori")
    for name, value in (told | dict(more or {})).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()
