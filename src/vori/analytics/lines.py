"""A file of events, one a line, as `vori simulate` and the event log write them: looked at before it is analysed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from vori.errors import Invalid, VoriError
from vori.events import UtteranceFinal, decode


@dataclass(slots=True)
class Read:
    """What is in the file."""

    lines: int = 0
    workspaces: set[str] = field(default_factory=set)


def look_through(path: Path) -> Read:
    """Read every line once. Raises `Invalid`, with the number of the first that is none, and what is wrong with it."""
    found = Read()
    try:
        with path.open("rb") as file:
            for line in file:
                found.lines += 1
                try:
                    found.workspaces.add(_workspace(line))
                except (ValueError, VoriError) as error:
                    raise Invalid(
                        f"{path}, line {found.lines}: {error}", remedy="Each line must be one event, as JSON."
                    ) from error
    except OSError as error:
        raise Invalid(f"{path} can't be read: {error.strerror or error}.", remedy="Name a file of events.") from error
    if not found.lines:
        raise Invalid(f"{path} is empty.", remedy="Name a file of events, one a line; `vori simulate` writes such.")
    return found


def _workspace(line: bytes) -> str:
    """Whose event it is."""
    event = decode(line)
    if isinstance(event, UtteranceFinal) and event.end_ms < event.start_ms:
        raise ValueError(f"an utterance ends before it begins (end_ms {event.end_ms}, start_ms {event.start_ms}).")
    return str(event.workspace_id)
