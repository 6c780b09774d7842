"""Debian's Chromium for tests, benchmarks and photographs: found, or installed where that is allowed."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

QUIET = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--no-first-run",
]
"""Options with which it asks nobody for anything."""
MISSING = "There is no Chromium, and it can't be installed here{why}. On Debian: apt-get install chromium"


class NoBrowser(Exception):
    """Its text says what to do."""


def find_chromium() -> str:
    """Where it is. Root on Debian gets it installed, once by whoever asks first. Raises `NoBrowser`."""
    with Path(__file__).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        return _find_or_install()


def _find_or_install() -> str:
    why = ""
    if not shutil.which("chromium") and os.geteuid() == 0 and shutil.which("apt-get"):
        install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "chromium"]
        for order in (["apt-get", "update", "--quiet"], install):
            quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
            done = subprocess.run(order, check=False, capture_output=True, text=True, env=quietly)
            why = f" ({done.stderr.strip().splitlines()[-1]})" if done.returncode and done.stderr.strip() else ""
    found = shutil.which("chromium")
    if not found:
        raise NoBrowser(MISSING.format(why=why))
    return found
