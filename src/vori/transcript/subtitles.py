"""A transcript as plain text, as subtitles (SRT, WebVTT), or as JSON. Pure: no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from vori.events import Language, Word

Format = Literal["txt", "srt", "vtt", "json"]
MEDIA_TYPES: dict[Format, str] = {
    "txt": "text/plain; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Line:
    """What is shown at once: words and their time, ms from the start."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str | None = None
    language: Language | None = None
    words: Sequence[Word] = ()


def write(lines: Iterable[Line], form: Format) -> str:
    """The lines in a format, ending with a line break; nothing at all if nothing was said (but for a header)."""
    return {"txt": _txt, "srt": _srt, "vtt": _vtt, "json": _json}[form](list(lines))


def _spoken(line: Line) -> str:
    return f"{line.speaker}: {line.text}" if line.speaker else line.text


def _txt(lines: list[Line]) -> str:
    return "".join(f"{_spoken(line)}\n" for line in lines)


def _srt(lines: list[Line]) -> str:
    blocks = (
        f"{number}\n{_clock(line.start_ms, ',')} --> {_clock(line.end_ms, ',')}\n{_spoken(line)}\n"
        for number, line in enumerate(lines, 1)
    )
    return "\n".join(blocks)


def _vtt(lines: list[Line]) -> str:
    blocks = (f"\n{_clock(line.start_ms, '.')} --> {_clock(line.end_ms, '.')}\n{_cue(line)}\n" for line in lines)
    return "WEBVTT\n" + "".join(blocks)


def _cue(line: Line) -> str:
    text = _escaped(line.text)
    return f"<v {_escaped(line.speaker)}>{text}" if line.speaker else text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _json(lines: list[Line]) -> str:
    body = [
        {
            "start_ms": line.start_ms,
            "end_ms": line.end_ms,
            "speaker": line.speaker,
            "language": line.language,
            "text": line.text,
            "words": [word.model_dump() for word in line.words],
        }
        for line in lines
    ]
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _clock(ms: int, point: str) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{rest:03}"
