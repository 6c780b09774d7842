"""From the end of a word to its draft and to its final form, over recordings that say when each word ends.

    python bench/latency.py --eval DIR [--language en] [--seconds 120]

Each recording (DIR/audio/stream_dev_*.flac, with its .json) is streamed into a throw-away VORI at the speed of speech,
WebSocket with its time, and has the evaluation's own scorer measure from the end of each word (known within 0.1 s).
The meeting's language is left to VORI.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from stack import Stack
from vori.cli.live import View, follow
from vori.cli.server import Server
from vori.cli.stream import AudioSender

LANGUAGES = {"en": "English", "ko": "Korean"}
PATIENCE_S = 60.0
RATE = 16_000

Events = list[dict[str, Any]]


def cpu_s(pid: int) -> float:
    """Processor seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def stream(stack: Stack, sound: np.ndarray[Any, np.dtype[np.int16]]) -> tuple[Events, list[float]]:
    """What a page showed, in seconds since the first sample; and how long after its last word each utterance came."""
    async with Server(stack.url) as server:
        created = time.monotonic()
        meeting_id = (await server.post("/api/meetings", {"title": "Latency"}))["meeting_id"]
        view, events, delays = View(), Events(), list[float]()
        began = asyncio.get_running_loop().create_future()

        async def watch() -> None:
            async for message in follow(server, meeting_id, view):
                if view.minutes:
                    return
                if message["type"] != "diff" or message["kind"] not in {"draft", "utterance"}:
                    continue
                at = time.monotonic() - await began
                if message["kind"] == "utterance":
                    delays.append(at - message["data"]["end_ms"] / 1000 + origin_s)
                said = sorted(view.utterances.values(), key=lambda utterance: utterance["start_ms"])
                drafts = sorted(view.drafts.values(), key=lambda draft: draft["start_ms"])
                shown = {
                    "confirmed": " ".join(utterance["text"] for utterance in said),
                    "draft": " ".join(draft["text"] for draft in drafts),
                }
                events.append({"t": at} | shown)

        watching = asyncio.create_task(watch())
        async with AudioSender(server.socket_url(f"/api/meetings/{meeting_id}/audio"), "bench") as sender:
            origin_s = time.monotonic() - created
            began.set_result(time.monotonic())
            await sender.send_samples(sound)
            await sender.finish()
        await server.post(f"/api/meetings/{meeting_id}/end")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(watching, PATIENCE_S)
    return events, delays


def cut(reference: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The part of a reference that lies in the first `seconds`."""
    words = sum(end <= seconds - 0.3 for end in reference["ends"])
    return reference | {"words": reference["words"][:words], "ends": reference["ends"][:words]}


def measure(stack: Stack, folder: Path, language: str, seconds: float) -> dict[str, Any]:
    recording = folder / "audio" / f"stream_dev_{language}"
    sound, rate = soundfile.read(recording.with_suffix(".flac"), dtype="int16", frames=int(seconds * RATE))
    assert rate == RATE
    reference = cut(json.loads(recording.with_suffix(".json").read_text()), len(sound) / RATE)
    transcriber = stack.pids()["transcriber"]
    before = cpu_s(transcriber)
    events, delays = asyncio.run(stream(stack, sound))
    spent = cpu_s(transcriber) - before
    said, shown = stack.home / "reference.json", stack.home / "shown.jsonl"
    said.write_text(json.dumps(reference))
    shown.write_text("".join(json.dumps(event) + "\n" for event in events))
    command: list[str | Path] = [sys.executable, "-B", folder / "score_transcript.py", said, shown, "--json"]
    scored: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    after_last = np.quantile(delays, [0.5, 0.95]).round(2).tolist()
    return scored | {"cpu": spent / (len(sound) / RATE), "seconds": len(sound) / RATE, "after_last": after_last}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder with audio/ and score_transcript.py")
    parser.add_argument("--language", choices=LANGUAGES, help="only this one")
    parser.add_argument("--seconds", type=float, default=1e6, help="only the beginning of each recording")
    asked = parser.parse_args()
    print("| | error | draft p50 / p95 | final p50 / p95 | final after the utterance's last word p50 / p95 | CPU |")
    print("|---|---|---|---|---|---|")
    with Stack() as stack:
        for language in [asked.language] if asked.language else LANGUAGES:
            got = measure(stack, asked.eval, language, asked.seconds)
            error = f"CER {got['cer']} %" if language == "ko" else f"WER {got['wer']} %"
            print(
                f"| {LANGUAGES[language]}, {got['seconds']:.0f} s | {error} "
                f"| {got['draft_p50']} / {got['draft_p95']} s | {got['confirmed_p50']} / {got['confirmed_p95']} s "
                f"| {got['after_last'][0]} / {got['after_last'][1]} s | {got['cpu']:.2f} s/s |",
                flush=True,
            )
    print("\nTargets, in the median with one stream: draft ≤ 1.5 s, final ≤ 3 s.")
    print("CPU: the transcriber's, per second of sound.")


if __name__ == "__main__":
    main()
