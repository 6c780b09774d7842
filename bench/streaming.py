"""VORI beside other systems: the same sound, the same Whisper weights, the same processors, one table.

    python bench/streaming.py [--eval DIR] [--stream X.flac …] [--streams N] [--seconds S] [--capacity] [--json]

Each recording (FLAC, 16 kHz mono, with a JSON beside it that says when each word ends) is played to each system at the
speed of speech, through its own interface. DIR has the scorer (score_transcript.py) and, in audio/, the recordings
played by default.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from costs import Meter, cpu_s
from recordings import Recording, Shown, load
from rivals import FOLDER, Ufal, WhisperLiveKit
from scored import Scorer, growing
from systems import Missing, System, Vori

EVAL = Path(__file__).parents[2] / "shared" / "eval"
DEFAULT = ("stream_dev_en.flac", "stream_dev_ko.flac")
RIVALS = ("ufal", "whisperlivekit")
MOST = 32
"""Streams at most."""
IN_TIME_S = 5.0
"""What 95 of 100 words take at most to become final, for a number of streams to count as carried."""
HEAD = (
    "| system | sound | streams | error | draft p50 / p95 | stable p50 / p95 | final p50 / p95 "
    "| final after speech p50 / p95 | flicker | rewrites | CPU s/s (recogniser) "
    "| peak MiB RSS / PSS (RSS per further stream) | most streams |"
)
LANGUAGES = {"en": "English", "ko": "Korean"}

Row = dict[str, Any]


@dataclass
class Played:
    """Recordings that were played at once to one system, and what that gave."""

    recordings: Sequence[Recording]
    shown: list[Shown]
    cpu: float
    """Processor seconds per second of sound, of all its processes; then of the one that recognises."""
    recogniser_cpu: float | None
    rss_mb: float
    pss_mb: float
    """Memory at its peak, what processes share counted for each and counted once."""


@dataclass
class Capacity:
    """How many streams at once a system carries."""

    most: int = 0
    per_stream_mb: int | None = None
    steps: list[str] = field(default_factory=list)


def play(system: System, recordings: Sequence[Recording]) -> Played:
    """Raises `Missing`."""
    with system.run(recordings) as running:
        before = cpu_s(running.recogniser) if running.recogniser else 0.0
        with Meter(running.roots) as meter:
            shown = asyncio.run(running.play(recordings))
        spent = cpu_s(running.recogniser) - before if running.recogniser else None
    seconds = sum(recording.seconds for recording in recordings)
    recogniser = None if spent is None else spent / seconds
    return Played(recordings, shown, meter.cpu_s / seconds, recogniser, meter.rss_mb, meter.pss_mb)


def rows(system: System, played: Played, scorer: Scorer) -> list[Row]:
    """One per language."""
    costs = {
        "cpu_s_per_s": round(played.cpu, 2),
        "recogniser_cpu_s_per_s": None if played.recogniser_cpu is None else round(played.recogniser_cpu, 2),
        "rss_mb": round(played.rss_mb),
        "pss_mb": round(played.pss_mb),
        "streams": len(played.recordings),
    }
    found = []
    for language in dict.fromkeys(recording.language for recording in played.recordings):
        pairs = zip(played.recordings, played.shown, strict=True)
        recordings, shown = zip(*(pair for pair in pairs if pair[0].language == language), strict=True)
        sound = {
            "recordings": sorted({recording.name for recording in recordings}),
            "seconds": round(recordings[0].spoken_s, 1),
        }
        found.append({"system": system.name, **scorer.figures(recordings, shown), **costs, **sound})
    return found


def find_capacity(system: System, recordings: Sequence[Recording], scorer: Scorer, limit: int) -> Capacity:
    """Play to more and more streams, until the words come late or work piles up."""
    found = Capacity()
    each_once: Played | None = None
    for count in (1, *range(2, limit + 1, 2)):
        try:
            played = play(system, in_turn(recordings, count))
        except Missing as why:
            found.steps.append(f"{count}: {why}")
            break
        finals = [scorer.delays(*pair).final for pair in zip(played.recordings, played.shown, strict=True)]
        p95 = scorer.quantiles("final", finals)["final_p95"]
        grows = growing(played.recordings, finals)
        step = f"{count}: final p95 {p95} s, {played.cpu * count:.2f} cores, {played.rss_mb:.0f} MiB"
        found.steps.append(step + (", work piles up" if grows else ""))
        tell(f"{system.name}, streams at once: {found.steps[-1]}")
        if each_once:
            found.per_stream_mb = per_stream_mb(each_once, played)
        elif count >= len(recordings):
            each_once = played
        if p95 is None or p95 > IN_TIME_S or grows:
            break
        found.most = count
    return found


def per_stream_mb(few: Played, many: Played) -> int:
    """MiB of resident memory that a further stream takes. Both heard the same languages, each of which costs some."""
    return round((many.rss_mb - few.rss_mb) / (len(many.recordings) - len(few.recordings)))


def in_turn(recordings: Sequence[Recording], count: int) -> list[Recording]:
    return [recordings[number % len(recordings)] for number in range(count)]


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def table(all_rows: Iterable[Row]) -> str:
    lines = [HEAD, "|---" * (HEAD.count("|") - 1) + "|"]
    for row in all_rows:
        kind = "cer" if "cer" in row else "wer"
        pairs = (f"{row[f'{name}_p50']} / {row[f'{name}_p95']} s" for name in ("draft", "stable", "final"))
        after = f"{row['after_speech_p50']} / {row['after_speech_p95']} s" if row["after_speech_p50"] else "–"
        alone, further = row["recogniser_cpu_s_per_s"], row.get("rss_per_stream_mb")
        cells = (
            row["system"],
            f"{LANGUAGES.get(row['lang'], row['lang'])}, {row['seconds']:.0f} s",
            row["streams"],
            f"{kind.upper()} {row[kind]} %",
            *pairs,
            after,
            row["flicker"],
            row["rewrites"],
            f"{row['cpu_s_per_s']}" + (f" ({alone})" if alone is not None else ""),
            f"{row['rss_mb']} / {row['pss_mb']}" + (f" (+ {further})" if further is not None else ""),
            row.get("max_streams", "–"),
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def measure(system: System, asked: argparse.Namespace, scorer: Scorer) -> tuple[list[Row], list[str]]:
    """The system's rows, and its footnotes."""
    files = asked.stream or [asked.eval / "audio" / name for name in DEFAULT]
    recordings = [load(file, asked.seconds) for file in files]
    runs = [[recording] for recording in recordings] if asked.streams == 1 else [in_turn(recordings, asked.streams)]
    found: list[Row] = []
    system.prepare()
    notes = [f"{system.name}: {system.setting}"]
    more: Row = {}
    for run in runs:
        tell(f"{system.name}: {len(run)} at once, {run[0].spoken_s:.0f} s …")
        played = play(system, run)
        found += rows(system, played, scorer)
    short = [load(file, min(asked.seconds, asked.capacity_seconds)) for file in files]
    if asked.streams > len(files):
        more = {"rss_per_stream_mb": per_stream_mb(play(system, short), played)}
    if asked.capacity:
        capacity = find_capacity(system, short, scorer, asked.most)
        more = {"rss_per_stream_mb": capacity.per_stream_mb} | more | {"max_streams": capacity.most}
        notes += [f"{system.name}, streams at once: {step}" for step in capacity.steps]
    return [row | more for row in found], notes


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--eval", type=Path, default=EVAL, help="folder with score_transcript.py and audio/")
    parser.add_argument("--stream", type=Path, action="append", help="a FLAC with its JSON beside it; repeatable")
    parser.add_argument("--streams", type=int, default=1, metavar="N", help="play N at once, the recordings in turn")
    parser.add_argument("--seconds", type=float, default=1e6, help="only the beginning of each recording")
    parser.add_argument("--capacity", action="store_true", help="find how many streams at once each system carries")
    parser.add_argument("--capacity-seconds", type=float, default=60.0, help="of each recording, for that")
    parser.add_argument("--most", type=int, default=MOST, help="streams at most, for that")
    parser.add_argument("--one-meeting", action="store_true", help="VORI: all streams in one meeting")
    parser.add_argument("--cores", type=int, help="processors that everything shares; all by default")
    parser.add_argument("--rivals", default=",".join(RIVALS), help="which of these, with commas; none: VORI alone")
    parser.add_argument(
        "--rival-ufal", type=Path, default=FOLDER / "whisper_streaming", metavar="PATH", help="its checkout"
    )
    parser.add_argument(
        "--rival-threads", type=int, help="for a rival's model; by default UFAL's 1, the other's all processors"
    )
    parser.add_argument("--json", action="store_true", help="print the rows as JSON")
    return parser.parse_args()


def systems(asked: argparse.Namespace) -> list[System]:
    rivals: dict[str, System] = {
        "ufal": Ufal(asked.rival_ufal, asked.rival_threads or 1),
        "whisperlivekit": WhisperLiveKit(asked.rival_threads or len(os.sched_getaffinity(0))),
    }
    names = [name for name in asked.rivals.split(",") if name not in {"", "none"}]
    if unknown := set(names) - set(rivals):
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. There are {', '.join(rivals)}.")
    return [Vori(together=asked.one_meeting), *(rivals[name] for name in names)]


def main() -> None:
    asked = parse()
    if asked.cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: asked.cores])
    scorer = Scorer(asked.eval)
    found: list[Row] = []
    notes: list[str] = []
    for system in systems(asked):
        try:
            its_rows, its_notes = measure(system, asked, scorer)
        except Missing as why:
            its_rows, its_notes = [], [f"{system.name}: not measured, {why}"]
            tell(its_notes[0])
        found += its_rows
        notes += its_notes
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return
    print(table(found), end="\n\n")
    print("\n".join(f"- {note}" for note in notes))
    print(f"\nOn {len(os.sched_getaffinity(0))} processors.")


if __name__ == "__main__":
    main()
