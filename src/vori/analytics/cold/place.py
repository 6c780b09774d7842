"""Where cold storage lies: <home>/analytics/cold/KIND/workspace=ID/month=YYYY-MM/….parquet, months told in UTC."""

from __future__ import annotations

import fcntl
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

Kind = Literal["events", "metrics", "audio"]


@dataclass(frozen=True, slots=True)
class Cold:
    """Cold storage in a folder. Files come whole, by renaming; what begins with a dot isn't done yet."""

    root: Path

    @classmethod
    def under(cls, home: Path) -> Cold:
        return cls(home / "analytics" / "cold")

    def month(self, kind: Kind, workspace_id: UUID, at: datetime | date) -> Path:
        """The folder of the month in which something was."""
        day = at.astimezone(UTC) if isinstance(at, datetime) else at
        return self.root / kind / f"workspace={workspace_id}" / f"month={day:%Y-%m}"

    def workspaces(self, kind: Kind) -> list[UUID]:
        """Those that have something there."""
        return sorted(UUID(folder.name.partition("=")[2]) for folder in (self.root / kind).glob("workspace=*"))

    def folders(
        self, kind: Kind, workspace_id: UUID, first: date | None = None, last: date | None = None
    ) -> list[Path]:
        """The months that there are of those which hold the days from `first` to `last` of any time zone."""
        found = sorted((self.root / kind / f"workspace={workspace_id}").glob("month=*"))
        begin = f"month={first - timedelta(days=1):%Y-%m}" if first else ""
        end = f"month={last + timedelta(days=1):%Y-%m}" if last else "month=~"
        return [folder for folder in found if begin <= folder.name <= end]

    def files(
        self,
        kind: Kind,
        workspace_id: UUID,
        first: date | None = None,
        last: date | None = None,
        *,
        topics: Collection[str] = ("",),
    ) -> list[Path]:
        """The files of those months; of facts, those of some topics."""
        begins = tuple(topics)
        return [
            path
            for month in self.folders(kind, workspace_id, first, last)
            for path in sorted(month.glob("[!.]*"))
            if path.name.startswith(begins)
        ]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Meanwhile no file that is there goes away; new ones may come."""
        with self._lock(fcntl.LOCK_SH):
            yield

    @contextmanager
    def replacing(self) -> Iterator[None]:
        """Nobody reads and nobody else replaces files. Raises `BlockingIOError` when somebody does."""
        with self._lock(fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield

    @contextmanager
    def _lock(self, how: int) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "lock").open("a") as held:
            fcntl.flock(held, how)
            yield
