"""A file of events, one a line, as `vori simulate` and the event log write them: looked at before it is analysed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic_core import from_json

from vori.errors import Invalid, VoriError
from vori.events import UtteranceFinal, decode

SAID = UtteranceFinal.__name__
NUMBERS = ("start_ms", "end_ms")
TEXTS = ("event_id", "workspace_id", "meeting_id", "occurred_at", "utterance_id", "stream", "language", "text")


@dataclass(slots=True)
class Read:
    """What is in the file."""

    lines: int = 0
    workspaces: set[str] = field(default_factory=set)


def look_through(path: Path) -> Read:
    """Read every line once. Raises `Invalid`, with the number of the first that is no event and what is wrong with it.

    Utterances, by far the most, are looked at by their fields alone, all else is read as VORI reads it.
    """
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
    try:
        told: dict[str, Any] = from_json(line)
    except ValueError as error:
        raise ValueError(f"it is no JSON ({error}).") from error
    if not isinstance(told, dict):
        raise ValueError("it is no JSON object.")
    if told.get("type") != SAID:
        return str(decode(line).workspace_id)
    event = told.get("event")
    version = told.get("version")
    if not isinstance(event, dict) or not isinstance(version, int) or not 1 <= version <= UtteranceFinal.schema_version:
        return str(decode(line).workspace_id)
    for name in TEXTS:
        if not isinstance(event.get(name), str):
            raise ValueError(f"{name} of an utterance must be a text.")
    for name in NUMBERS:
        if not isinstance(event.get(name), int):
            raise ValueError(f"{name} of an utterance must be a whole number.")
    return str(UUID(event["workspace_id"]))
