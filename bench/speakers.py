"""How well the voices of a shared microphone are told apart, and what it costs.

    OPENBLAS_NUM_THREADS=1 python bench/speakers.py [--eval DIR]

Conversations are put together from DIR/audio/dev_en (LibriSpeech): turns of 1 to 8 s, a pause of 0.2 to 0.9 s between
them, as they are and as in a room (reverberation that differs by place, 20 dB above a steady hiss). The AMI excerpts
(DIR/audio/meetings) are meetings as they are. Everything is cut into utterances and heard as the transcriber does.
A voice is the person whom it is given to most, no person is two voices; every other label is wrong.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from vori.transcript.ear import Ear, Heard
from vori.transcript.silero import Silero
from vori.transcript.speaker_encoder import SpeakerEncoder
from vori.transcript.speakers import Speakers

EVAL = Path(__file__).parents[2] / "shared" / "eval"
RATE = 16_000
COLUMNS = (
    "",
    "people",
    "utterances of one",
    "given a voice",
    "of these wrong",
    "of several, given one",
    "voices",
    "CPU per 3 s of speech",
)
TURNS, SESSIONS = 40, 6
MOSTLY = 0.85
"""Share of an utterance's speech that one person must have, or it is of several."""

Sound = NDArray[np.float32]
Talk = list[tuple[int, int, str]]
"""Who spoke: (first, end) in samples, and the person."""


@dataclass
class Tally:
    """Utterances of one kind of conversation."""

    said: int = 0
    named: int = 0
    wrong: int = 0
    mixed: int = 0
    mixed_named: int = 0
    voices: list[int] = field(default_factory=list)
    seconds: float = 0.0
    cpu_s: float = 0.0


def cut(samples: Sound, silero: Silero) -> Iterator[Heard]:
    ear, whole = Ear(silero), np.rint(samples * 32767).clip(-32768, 32767).astype(np.int16)
    for at in range(0, len(whole), RATE):
        yield from ear.hear(whole[at : at + RATE])
    yield from ear.end()


def person(heard: Heard, talk: Talk) -> str | None:
    """Who says an utterance; None: several."""
    shares = Counter[str]()
    for first, end, name in talk:
        shares[name] += max(0, min(end, heard.end) - max(first, heard.first))
    name, share = shares.most_common(1)[0]
    return name if share >= MOSTLY * shares.total() else None


def hear(samples: Sound, talk: Talk, silero: Silero, encoder: SpeakerEncoder, tally: Tally) -> None:
    speakers, pairs = Speakers(), list[tuple[str, int]]()
    for heard in cut(samples, silero):
        began = time.process_time()
        voice = speakers.take(encoder.hear(heard.spoken))
        tally.cpu_s += time.process_time() - began
        tally.seconds += len(heard.spoken) / RATE
        name = person(heard, talk)
        if name is None:
            tally.mixed += 1
            tally.mixed_named += voice is not None
        else:
            tally.said += 1
            if voice is not None:
                pairs.append((name, voice))
    tally.named += len(pairs)
    tally.wrong += len(pairs) - right(pairs)
    tally.voices.append(len({voice for _, voice in pairs}))


def right(pairs: Sequence[tuple[str, int]]) -> int:
    """Labels that fit, with voices given to persons one to one in the best way."""
    names, fits = sorted({name for name, _ in pairs}), Counter(pairs)
    voices = {voice for _, voice in pairs} | {-1 - spare for spare in range(len(names))}
    orders = permutations(voices, len(names))
    return max((sum(fits[fit] for fit in zip(names, order, strict=True)) for order in orders), default=0)


def room(rng: np.random.Generator) -> Sound:
    """How a place in a room answers to a click: reverberation of 0.3 to 0.6 s."""
    length = int(rng.uniform(0.3, 0.6) * RATE)
    tail = rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / length)
    tail *= rng.uniform(0.3, 0.5) / np.sqrt((tail**2).sum())
    tail[0] = 1
    return tail.astype(np.float32)


def conversation(clips: dict[str, list[Sound]], people: int, in_room: bool, seed: int) -> tuple[Sound, Talk]:
    rng = np.random.default_rng(seed)
    names = list(rng.permutation(sorted(clips))[:people])
    places, level = {name: room(rng) for name in names}, {name: 10 ** (rng.uniform(-6, 6) / 20) for name in names}
    parts, talk, at, before = list[Sound](), Talk(), 0, None
    for _ in range(TURNS):
        name = str(rng.choice([other for other in names if other != before or people == 1]))
        clip = clips[name][rng.integers(len(clips[name]))]
        length = min(len(clip), int(rng.uniform(1, 8) * RATE))
        begin = int(rng.integers(len(clip) - length + 1))
        turn = clip[begin : begin + length]
        if in_room:
            turn = level[name] * 0.2 * np.convolve(turn, places[name]).astype(np.float32)[:length]
        talk.append((at, at + length, name))
        parts += [turn, np.zeros(int(rng.uniform(0.2, 0.9) * RATE), np.float32)]
        at, before = at + length + len(parts[-1]), name
    sound = np.concatenate(parts)
    if in_room:
        sound += rng.standard_normal(len(sound)).astype(np.float32) * float(sound.std()) / 10
    return sound, talk


def read_clips(folder: Path) -> dict[str, list[Sound]]:
    clips: dict[str, list[Sound]] = {}
    with (folder / "dev_en.tsv").open() as table:
        for row in csv.DictReader(table, delimiter="\t"):
            clips.setdefault(row["speaker"], []).append(soundfile.read(folder / row["file"], dtype="float32")[0])
    return clips


def read_rttm(path: Path) -> Talk:
    rows = (line.split() for line in path.read_text().splitlines())
    return [(int(float(row[3]) * RATE), int((float(row[3]) + float(row[4])) * RATE), row[7]) for row in rows]


def row(what: str, people: str, tally: Tally) -> str:
    cells = [
        what,
        people,
        str(tally.said),
        f"{tally.named / max(tally.said, 1):.0%}",
        f"{tally.wrong / max(tally.named, 1):.1%}",
        f"{tally.mixed_named} of {tally.mixed}",
        f"{np.mean(tally.voices):.1f}",
        f"{tally.cpu_s / max(tally.seconds, 1) * 3000:.0f} ms",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--eval", type=Path, default=EVAL, help="folder with audio/")
    folder = parser.parse_args().eval / "audio"
    silero, encoder, clips = Silero(), SpeakerEncoder(), read_clips(folder)
    print(f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|")
    for in_room in (False, True):
        for people in (1, 2, 3):
            tally = Tally()
            for seed in range(SESSIONS):
                hear(*conversation(clips, people, in_room, seed), silero, encoder, tally)
            print(row("LibriSpeech, in a room" if in_room else "LibriSpeech", str(people), tally), flush=True)
    tally, counts = Tally(), list[int]()
    for path in sorted((folder / "meetings").glob("*.rttm")):
        talk = read_rttm(path)
        counts.append(len({name for _, _, name in talk}))
        hear(soundfile.read(path.with_suffix(".flac"), dtype="float32")[0], talk, silero, encoder, tally)
    print(row(f"AMI excerpts, {len(counts)} of 30 s", f"{min(counts)} to {max(counts)}", tally))


if __name__ == "__main__":
    main()
