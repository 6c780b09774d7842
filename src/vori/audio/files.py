"""The archive as files in a folder."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from vori.errors import NotFound


class FileArchive:
    """Recordings under one folder, which only its owner may enter.

    A file appears whole or not at all, and survives a power cut once written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)

    def write(self, path: str, data: bytes) -> None:
        target = self.folder / path
        made = not target.parent.exists()
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _sync(target.parent)
        if made:
            _sync(target.parent.parent)
            _sync(self.folder)

    def read(self, path: str) -> bytes:
        try:
            return (self.folder / path).read_bytes()
        except FileNotFoundError:
            raise NotFound(f"The archive holds no {path}.", remedy="Was it deleted by hand?") from None

    def remove(self, folder: str) -> bool:
        target = self.folder / folder
        if not target.exists():
            return False
        try:
            shutil.rmtree(target)
        except FileNotFoundError:
            return self.remove(folder)  # another process deletes the same
        _sync(self.folder)
        return True


def _sync(folder: Path) -> None:
    """Make a folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
