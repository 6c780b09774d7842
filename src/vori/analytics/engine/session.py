"""A Spark session, on this machine or on a cluster's master."""

from __future__ import annotations

import re
import socket
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from pyspark import SparkConf
from pyspark.sql import SparkSession

from vori.analytics.engine.process import first_cause, launched, scratch_of
from vori.errors import Invalid, Unavailable

LOCAL = "local[2]"
MASTER = re.compile(r"local(\[(\d+|\*)(,\d+)?\])?|spark://[^,/]+:\d+(,[^,/]+:\d+)*|yarn|k8s://\S+")
QUICK = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""For a JVM that does all by itself beside the rest of VORI: ready with half the work, and smaller."""
DAEMON = "vori.analytics.engine.daemon"
"""Its workers share what they have loaded; executors elsewhere have Spark's own."""
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
    """A session that keeps what it must write in `folder`: the only one of this process and of the folder. `memory` is
    the driver's heap; `jars` join its class path; `more` are settings of Spark's by name, which win.

    Raises `Unavailable` when there is no Java or Spark doesn't start, `Invalid` for a master that Spark doesn't know.
    """
    if not MASTER.fullmatch(master):
        raise Invalid(
            f"{master!r} is no master that Spark knows.",
            remedy="Set VORI_ANALYTICS_MASTER to local[2], or to spark://host:port.",
        )
    scratch = scratch_of(folder)
    told = {
        "spark.master": master,
        "spark.app.name": "vori",
        "spark.driver.memory": memory,
        "spark.driver.extraClassPath": ":".join(str(jar) for jar in jars),
        "spark.driver.extraJavaOptions": f"-Djava.io.tmpdir={scratch} -Duser.timezone=UTC",
        "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(folder.absolute() / "warehouse"),
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.streaming.stateStore.providerClass": ROCKSDB,
        "spark.sql.streaming.stateStore.rocksdb.changelogCheckpointing.enabled": "true",
        "spark.sql.streaming.metricsEnabled": "false",
        "spark.sql.streaming.numRecentProgressUpdates": "4",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    if master.startswith("local"):
        told |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        told["spark.driver.extraJavaOptions"] += f" {QUICK}"
        told["spark.python.daemon.module"] = DAEMON
    elif master.startswith("spark://"):
        here = _address_towards(master)
        told |= {"spark.driver.host": here, "spark.driver.bindAddress": here}
        if jars:
            told["spark.jars"] = ",".join(str(jar) for jar in jars)  # executors fetch them from the driver
    conf = SparkConf(loadDefaults=False).setAll(list((told | dict(more or {})).items()))
    with launched(folder, conf):
        session = _connect(conf, master)
        try:
            yield session
        finally:
            with suppress(Exception), warnings.catch_warnings(action="ignore"):  # a JVM that was killed can't be told
                session.stop()


def _connect(conf: SparkConf, master: str) -> SparkSession:
    try:
        return SparkSession.builder.config(conf=conf).getOrCreate()
    except Exception as error:  # of py4j, which pyspark lets through
        raise Unavailable(
            f"Spark did not start on {master}: {first_cause(str(error))}",
            remedy="See that its master can be reached." if master.startswith("spark:") else "",
        ) from error


def _address_towards(master: str) -> str:
    """This machine's address on the way to a master: where executors find the driver."""
    first = urlsplit(master.split(",", maxsplit=1)[0])
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((first.hostname or "", first.port or 7077))
            return str(probe.getsockname()[0])
    except (OSError, ValueError) as error:
        raise Invalid(f"There is no way to the master {master}: {error}.", remedy="Check its address.") from error
