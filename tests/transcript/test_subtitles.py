"""The written forms of a transcript, to the letter."""

from __future__ import annotations

import json

from vori.events import Word
from vori.transcript.subtitles import Line, write

LINES = [
    Line(0, 1_500, "Good morning.", "Maya", "en", [Word(text="Good", start_ms=0, end_ms=700)]),
    Line(3_723_004, 3_725_000, "배포는 <금요일> & 끝.", None, "ko"),
]


def test_text() -> None:
    assert write(LINES, "txt") == "Maya: Good morning.\n배포는 <금요일> & 끝.\n"


def test_srt() -> None:
    assert write(LINES, "srt") == (
        "1\n00:00:00,000 --> 00:00:01,500\nMaya: Good morning.\n"
        "\n2\n01:02:03,004 --> 01:02:05,000\n배포는 <금요일> & 끝.\n"
    )


def test_vtt() -> None:
    assert write(LINES, "vtt") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n<v Maya>Good morning.\n"
        "\n01:02:03.004 --> 01:02:05.000\n배포는 &lt;금요일&gt; &amp; 끝.\n"
    )


def test_json() -> None:
    [first, second] = json.loads(write(LINES, "json"))
    assert first["words"] == [{"text": "Good", "start_ms": 0, "end_ms": 700}]
    assert (second["text"], second["language"], second["speaker"]) == ("배포는 <금요일> & 끝.", "ko", None)


def test_nothing_said_is_nothing_written() -> None:
    assert [write([], form) for form in ("txt", "srt", "vtt", "json")] == ["", "", "WEBVTT\n", "[]\n"]
