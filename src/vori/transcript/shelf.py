"""Sound that waits for its words, kept on disk when there is much of it, so that a long recording takes no memory."""

from __future__ import annotations

import tempfile
import threading
from pathlib import Path
from typing import NamedTuple


class Slot(NamedTuple):
    """Where something lies on the shelf."""

    begin: int
    size: int


class Shelf:
    """A file without a name in `folder`: gone when it is closed, or when this process dies. Any thread may use it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - as long as this object
        self._lock = threading.Lock()
        self._end = self._held = 0

    def put(self, data: bytes) -> Slot:
        with self._lock:
            slot = Slot(self._end, len(data))
            self._file.seek(slot.begin)
            self._file.write(data)
            self._end += slot.size
            self._held += 1
            return slot

    def get(self, slot: Slot) -> bytes:
        """May be asked for again until it is given back."""
        with self._lock:
            self._file.seek(slot.begin)
            return self._file.read(slot.size)

    def clear_one(self) -> None:
        """Something put here isn't needed any more; an empty shelf takes no room."""
        with self._lock:
            self._held -= 1
            if not self._held:
                self._file.truncate(0)
                self._end = 0

    def close(self) -> None:
        self._file.close()
