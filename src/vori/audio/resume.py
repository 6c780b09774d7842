"""A recording that is uploaded piece by piece: what arrived stays, and whoever was cut off goes on from there."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import UUID

from pydantic import BaseModel

from vori.audio.upload import MAX_BYTES, BodyTooLarge
from vori.errors import Conflict, NotFound

KEPT_S = 7 * 24 * 3600.0
"""After so long without a further piece a recording is given up."""
KEY = r"^[0-9a-f]{32,64}$"


class Received(BaseModel):
    """How much of a recording has arrived: the next piece begins there."""

    bytes: int


class Unfinished:
    """The recordings that arrive in pieces, in a folder of their own. A key is its client's name for one recording."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._busy: set[Path] = set()

    def received(self, workspace_id: UUID, key: str) -> Received:
        file = self._file(workspace_id, key)
        return Received(bytes=file.stat().st_size if file.exists() else 0)

    async def append(self, workspace_id: UUID, key: str, offset: int, body: AsyncIterator[bytes]) -> Received:
        """Add what begins at `offset`, as it comes: of a piece that is cut off, what came stays.

        Raises `Conflict` when so much, or more, has arrived already, or when another piece is just arriving;
        `BodyTooLarge`.
        """
        file = self._file(workspace_id, key)
        with self._alone(file):
            if offset == 0:
                await asyncio.to_thread(self._forget_old)
            size = self.received(workspace_id, key).bytes
            if offset != size:
                raise Conflict(
                    f"{size} bytes of this recording are here, so a piece can't begin at {offset}.",
                    remedy="Ask how much has arrived, and go on from there.",
                    code="other_offset",
                )
            with file.open("ab") as out:
                async for block in body:
                    size += len(block)
                    if size > MAX_BYTES:
                        raise BodyTooLarge(f"This recording is over the limit of {MAX_BYTES >> 20} MiB.", remedy="")
                    await asyncio.to_thread(out.write, block)
        return Received(bytes=size)

    @contextmanager
    def whole(self, workspace_id: UUID, key: str) -> Iterator[IO[bytes]]:
        """What arrived, as the whole recording; it goes once the block is left without an error. Raises `NotFound`."""
        file = self._file(workspace_id, key)
        with self._alone(file):
            if not file.exists():
                raise NotFound("Nothing of this recording has arrived.", remedy="Upload it first.")
            with file.open("rb") as opened:
                yield opened
            file.unlink()

    def drop(self, workspace_id: UUID, key: str) -> None:
        """Forget a recording."""
        file = self._file(workspace_id, key)
        with self._alone(file):
            file.unlink(missing_ok=True)

    def _file(self, workspace_id: UUID, key: str) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder / f"{workspace_id}-{key}.part"

    @contextmanager
    def _alone(self, file: Path) -> Iterator[None]:
        if file in self._busy:
            raise Conflict("Another piece of this recording is just arriving.", remedy="Try again in a moment.")
        self._busy.add(file)
        try:
            yield
        finally:
            self._busy.discard(file)

    def _forget_old(self) -> None:
        for file in self._folder.glob("*.part"):
            if file not in self._busy and time.time() - file.stat().st_mtime > KEPT_S:
                file.unlink(missing_ok=True)


def digest_of(file: IO[bytes]) -> str:
    """The SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    while block := file.read(1 << 20):
        digest.update(block)
    return digest.hexdigest()
