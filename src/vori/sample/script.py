"""The sample meetings as they are kept: who speaks, which tickets exist beforehand, what is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vori.events import Language

FOLDER = Path(__file__).parent


def read_script(language: Language) -> dict[str, Any]:
    script: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return script


def asked(script: dict[str, Any]) -> dict[str, Any]:
    """The meeting to ask for."""
    lines = [
        {"stream_id": line["voice"], "start_ms": line["start_ms"], "end_ms": line["end_ms"], "text": line["text"]}
        for line in script["lines"]
    ]
    meeting = {"title": script["title"], "language": script["language"], "participants": list(script["voices"])}
    return meeting | ({"script": lines} if script["rehearsal"] else {})
