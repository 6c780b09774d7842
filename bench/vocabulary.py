"""What the team's vocabulary does for its terms, and to everything else.

    python bench/vocabulary.py [--eval DIR] [--piper "piper -m VOICE.onnx"]

Sentences with a term each (vocabulary.json; half of them were not looked at before the thresholds were set) are spoken
by Debian's flite, and by Piper if there is one. Where no voice is to be had, recorded speech with known words stands in
(DIR/audio/dev_*.tsv): the glossary then has the content words of the very texts that are spoken. Harm is looked for in
recordings of whole streams (DIR/audio/stream_dev_*), with terms that nobody says.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import soundfile
from numpy.typing import NDArray

from vori.events import Language
from vori.transcript.model import Stretch
from vori.transcript.resample import Resampler
from vori.transcript.subtitles import Line
from vori.transcript.transcribe import transcribe
from vori.transcript.vocabulary.terms import words_of
from vori.transcript.whisper import Whisper, load_whisper

VOICES = ("slt", "awb", "rms")
GLOSSARIES = (0, 50, 300)
"""Unrelated terms beside those that are said."""
RECORDED = {"dev_en": 100, "dev_ko": 100}
LANGUAGES: tuple[Language, ...] = ("en", "ko")
Samples = NDArray[np.int16]


@dataclass(frozen=True)
class Case:
    """Speech, what is said in it, and which terms of the glossary are."""

    samples: Samples
    language: Language
    words: str
    terms: tuple[str, ...]


def spoken(samples: Samples, rate: int) -> Samples:
    """At 16 kHz."""
    resampler = Resampler(rate)
    return np.concatenate((resampler.take(samples), resampler.finish()))


def floats(samples: Samples) -> NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32768)


def sentences(rows: list[dict[str, str]], piper: str) -> Iterator[Case]:
    """Each row in each voice."""
    voices = [["flite", "-voice", voice, "-t"] for voice in VOICES] + ([[*shlex.split(piper), "--"]] if piper else [])
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "said.wav"
        for row in rows:
            for program, *orders, last in voices:
                told = row["sentence"].format(row["said"])
                out = ["-o" if program == "flite" else "-f", str(file)]
                subprocess.run([program, *orders, *out, last, told], check=True, capture_output=True)
                samples, rate = soundfile.read(file, dtype="int16")
                yield Case(spoken(samples, rate), "en", row["sentence"].format(row["term"]), (row["term"],))


def recorded(folder: Path, name: str) -> list[Case]:
    """Clips with their texts; their terms are the content words of all the texts."""
    with (folder / "audio" / f"{name}.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    terms = dict.fromkeys(word for row in rows for word in words_of(row["ref"]))
    return [
        Case(
            np.asarray(soundfile.read(folder / "audio" / row["file"], dtype="int16")[0]),
            "ko" if row["lang"] == "ko" else "en",
            row["ref"],
            tuple(term for term in terms if is_in(term, row["ref"])),
        )
        for row in rows
    ]


def plain(text: str, language: Language) -> str:
    """English words, or Korean letters without spaces."""
    text = text.lower().replace("’", "'")
    if language == "ko":
        return re.sub("[^0-9a-z가-힣]", "", text)
    return " ".join(re.sub("[^a-z0-9' ]", " ", text.replace("-", "")).split())


def is_in(term: str, text: str) -> bool:
    """Whether a text has a term: as words, in Korean with or without spaces and with particles."""
    if re.search("[가-힣]", term):
        return plain(term, "ko") in plain(text, "ko")
    return f" {plain(term, 'en')} " in f" {plain(text, 'en')} "


def errors(said: Sequence[str], heard: Sequence[str], language: Language) -> float:
    """Per cent: of words in English, of letters in Korean."""
    rate = jiwer.cer if language == "ko" else jiwer.wer
    pairs = [(plain(one, language), plain(other, language)) for one, other in zip(said, heard, strict=True)]
    return 100 * float(rate([one for one, _ in pairs], [other for _, other in pairs]))


def helped(whisper: Whisper, title: str, cases: Sequence[Case], unrelated: Sequence[str], sizes: Sequence[int]) -> None:
    """Print how many terms are written as they should be, without a vocabulary and with larger and larger ones."""
    language = cases[0].language
    terms = tuple(dict.fromkeys(term for case in cases for term in case.terms))
    for size in (None, *sizes):
        vocabulary = () if size is None else (*terms, *(term for term in unrelated[:size] if term not in terms))
        began = time.process_time()
        heard = [
            whisper.final(Stretch(floats(case.samples), 0, language, vocabulary=vocabulary)).text for case in cases
        ]
        spent = (time.process_time() - began) / len(cases)
        right = sum(is_in(term, text) for case, text in zip(cases, heard, strict=True) for term in case.terms)
        every = sum(len(case.terms) for case in cases)
        wrong = errors([case.words for case in cases], heard, language)
        given = "none" if size is None else f"{len(terms)} + {size} unrelated"
        print(
            f"| {title} | {given} | {100 * right / every:.0f} % of {every} | {wrong:.1f} % | {spent:.2f} s |",
            flush=True,
        )


def harmed(whisper: Whisper, folder: Path, language: Language, unrelated: tuple[str, ...]) -> None:
    """Print what terms that nobody says do to a whole recording."""
    recording = folder / "audio" / f"stream_dev_{language}"
    samples = np.asarray(soundfile.read(recording.with_suffix(".flac"), dtype="int16")[0])
    said = " ".join(json.loads(recording.with_suffix(".json").read_text(encoding="utf-8"))["words"])
    heard: list[list[str]] = []
    for vocabulary in ((), unrelated):
        lines = transcribe(samples, whisper, language, vocabulary)
        heard.append([line.text for line in lines if isinstance(line, Line)])
    rates = [errors([said], [" ".join(texts)], language) for texts in heard]
    changed = [(one, other) for one, other in zip(*heard, strict=True) if one != other]
    told = f"{rates[0]:.2f} % | {rates[1]:.2f} % | {len(changed)} of {len(heard[0])}"
    print(f"| {recording.name} | {len(unrelated)} | {told} |", flush=True)
    for one, other in changed:
        print(f"    {one} → {other}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--eval", type=Path, help="folder with audio/")
    parser.add_argument("--piper", default="", help="the command of a Piper voice; it is given -f FILE and the text")
    asked = parser.parse_args()
    voices = shutil.which("flite") is not None
    if not voices:
        print(
            "flite is missing, so no sentences are spoken. On Debian and Ubuntu: apt-get install flite", file=sys.stderr
        )
    data: dict[str, Any] = json.loads((Path(__file__).parent / "vocabulary.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as home:
        whisper = load_whisper("base", Path(home))
        print("| speech | vocabulary | terms right | error | CPU per utterance |\n|---|---|---|---|---|")
        for part in ("tuned", "unseen") if voices else ():
            cases = list(sentences(data[part], asked.piper))
            helped(whisper, f"sentences, {part}", cases, data["unrelated"]["en"], GLOSSARIES)
        for name, size in RECORDED.items() if asked.eval else ():
            cases = recorded(asked.eval, name)
            helped(whisper, name, cases, data["unrelated"][cases[0].language], (size,))
        print(
            "\n| recording | unrelated terms | error without | error with | utterances changed |\n|---|---|---|---|---|"
        )
        for language in LANGUAGES if asked.eval else ():
            harmed(whisper, asked.eval, language, tuple(data["unrelated"][language]))


if __name__ == "__main__":
    main()
