"""The same session on a master with two workers: events are read by executors, and counted as on one machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from spark_cluster import cluster

pytestmark = pytest.mark.flow

GOLDEN = Path(__file__).parents[1] / "golden"
MEASURE = """
import json, os, sys, time
from pathlib import Path
from vori.analytics.engine.parse import events
from vori.analytics.engine.session import open_session
from vori.jvm import resolve_jars

def place(_):
    time.sleep(0.5)
    from vori.analytics.model import MeetingRow
    return os.environ["SPARK_EXECUTOR_DIRS"]

folder, master, file = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
jars = sorted(resolve_jars("spark").glob("*.jar"))
more = {"spark.executor.memory": "512m", "spark.executor.cores": "1"}
with open_session(folder, master=master, memory="512m", jars=jars, more=more) as spark:
    places = spark.sparkContext.parallelize(range(8), 8).map(place).collect()
    found = events(spark.read.text(file).repartition(4)).groupBy("type").count().collect()
    print(json.dumps({"places": len(set(places)), "found": {row["type"]: row["count"] for row in found}}))
"""


def test_two_workers_read_and_count_events(tmp_path: Path) -> None:
    lines = [json.dumps(json.loads(file.read_text())) for file in sorted(GOLDEN.glob("*.json"))]
    lines = [line for number, line in enumerate(lines) for _ in range(number + 1)]
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(lines))
    with cluster(tmp_path / "cluster") as master:
        command = [sys.executable, "-c", MEASURE, str(tmp_path / "driver"), master, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=250)
    told = json.loads(done.stdout)
    assert told["places"] == 2
    assert told["found"] == Counter(json.loads(line)["type"] for line in lines)
