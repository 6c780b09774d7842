"""The stream of live numbers in a process of its own, so that it can be measured and killed.

    python bench/streamed.py DATABASE_URL FOLDER

What it logs is one JSON a line on stderr: `stream.started`, then `stream.step` for each step.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from vori.logs import configure


async def stream(database_url: str, folder: Path) -> None:
    from vori.analytics.engine.session import open_session
    from vori.analytics.engine.stream import run
    from vori.analytics.live.tell import Teller
    from vori.database.connection import LOG_ROLE, Database
    from vori.eventlog import open_eventlog
    from vori.livefeed import open_livefeed

    with open_session(folder / "spark") as spark:
        async with (
            Database(database_url) as database,
            Database(database_url, role=LOG_ROLE) as log_database,
            open_eventlog("postgres:", log_database) as log,
            open_livefeed("postgres:", log_database) as feed,
        ):
            await run(spark, ("postgres:", database_url), folder / "checkpoints", Teller(database, log, feed))


@dataclass
class Streamed:
    """Such a process. Its log is `folder`/log."""

    database_url: str
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self, patience_s: float = 300.0) -> None:
        """Until the stream has started."""
        self.folder.mkdir(parents=True, exist_ok=True)
        known = len(self.told("stream.started"))
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, __file__, self.database_url, str(self.folder)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + patience_s
        while len(self.told("stream.started")) == known:
            assert self.process.poll() is None, self.log[-3000:]
            assert time.monotonic() < until, "it didn't start"
            time.sleep(0.2)

    def kill(self) -> None:
        """Driver and JVM, at once and without a word; Python's workers end when their JVM does."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def told(self, name: str) -> list[dict[str, Any]]:
        """Log lines of this name, oldest first."""
        return [from_json(line) for line in re.findall(rf'^{{.*"event": ?"{re.escape(name)}".*}}$', self.log, re.M)]


if __name__ == "__main__":
    configure("debug", "json")
    asyncio.run(stream(sys.argv[1], Path(sys.argv[2])))
