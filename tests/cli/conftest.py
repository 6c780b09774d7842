"""`vori`, run in this process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from vori.cli.main import main


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


Vori = Callable[..., Ran]


@pytest.fixture
def vori(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Vori:
    """Runs `vori` with some arguments and variables, in this process."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("VORI_")]:
                patch.delenv(name)
            for name, value in ({"COLUMNS": "120"} | environment).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["vori", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        return Ran(int(ended.value.code or 0), *capsys.readouterr())

    return run
