"""From the end of a word to its draft and to its final form, over recordings that say when each word ends.

    python bench/latency.py --eval DIR [--language en] [--seconds 120]

Each recording (DIR/audio/stream_dev_*.flac, with its .json) is streamed into a throw-away VORI at the speed of speech,
while a page's WebSocket tells what it shows and when; the evaluation's own scorer measures from the end of each word
(known within 0.1 s). The meeting's language is left to VORI. `streaming.py` sets other systems beside it.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from costs import cpu_s
from recordings import load
from scored import Scorer
from stack import Stack
from watching import play

LANGUAGES = {"en": "English", "ko": "Korean"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--eval", type=Path, required=True, help="folder with audio/ and score_transcript.py")
    parser.add_argument("--language", choices=LANGUAGES, help="only this one")
    parser.add_argument("--seconds", type=float, default=1e6, help="only the beginning of each recording")
    asked = parser.parse_args()
    scorer = Scorer(asked.eval)
    print("| | error | draft p50 / p95 | final p50 / p95 | final after the utterance's last word p50 / p95 | CPU |")
    print("|---|---|---|---|---|---|")
    with Stack() as stack:
        for language in [asked.language] if asked.language else LANGUAGES:
            recording = load(asked.eval / "audio" / f"stream_dev_{language}.flac", asked.seconds)
            transcriber = stack.pids()["transcriber"]
            before = cpu_s(transcriber)
            shown = asyncio.run(play(stack.url, [recording], key=stack.key))
            spent = cpu_s(transcriber) - before
            got = scorer.figures([recording], shown)
            error = f"CER {got['cer']} %" if language == "ko" else f"WER {got['wer']} %"
            print(
                f"| {LANGUAGES[language]}, {recording.spoken_s:.0f} s | {error} "
                f"| {got['draft_p50']} / {got['draft_p95']} s | {got['final_p50']} / {got['final_p95']} s "
                f"| {got['after_speech_p50']} / {got['after_speech_p95']} s | {spent / recording.seconds:.2f} s/s |",
                flush=True,
            )
    print("\nTargets, in the median with one stream: draft ≤ 1.5 s, final ≤ 3 s.")
    print("CPU: the transcriber's, per second of sound.")


if __name__ == "__main__":
    main()
