"""Words that VORI writes where nobody speaks: silence, noise, music, clicks and breath.

    python bench/invented.py [--minutes 10]

The sound is made here, from a seed. It goes through voice activity detection and the final pass, as live sound does;
and, to try the guards behind it, past voice activity detection in stretches of 5 s.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vori.events import Language
from vori.transcript.context import after
from vori.transcript.ear import Ear
from vori.transcript.model import SAMPLE_RATE, Said, Stretch
from vori.transcript.silero import Silero
from vori.transcript.whisper import Whisper, load_whisper

Sound = NDArray[np.float64]
LEVELS = (0.003, 0.03, 0.2)
"""Of full scale: barely audible, ordinary, loud."""
STRETCH_S = 5
LANGUAGES: tuple[Language | None, ...] = ("ko", "en", None)


def coloured(random: np.random.Generator, count: int, power: float) -> Sound:
    """Noise whose strength falls with frequency to this power: 0 white, 0.5 pink, 1 brown."""
    spectrum = np.fft.rfft(random.normal(size=count))
    spectrum /= np.maximum(1, np.arange(len(spectrum))) ** power
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.abs(noise).max())


def band(random: np.random.Generator, count: int, low: float, high: float) -> Sound:
    spectrum = np.fft.rfft(random.normal(size=count))
    hertz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    spectrum[(hertz < low) | (hertz > high)] = 0
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.abs(noise).max())


def breath(random: np.random.Generator, count: int) -> Sound:
    """In and out, every four seconds."""
    at = np.arange(count) / SAMPLE_RATE
    swell = np.maximum(0, np.sin(2 * np.pi * at / 4)) ** 2 + 0.6 * np.maximum(0, -np.sin(2 * np.pi * at / 4)) ** 4
    return band(random, count, 300, 3000) * swell


def murmur(random: np.random.Generator, count: int) -> Sound:
    """Noise in the bands of speech that swells and fades like syllables: a crowd in the next room."""
    at, sound = np.arange(count) / SAMPLE_RATE, np.zeros(count)
    for low, high in ((200, 900), (900, 2500), (2500, 4000)):
        pace, phase = random.uniform(3, 6), random.uniform(0, 6)
        sound += band(random, count, low, high) * (0.5 + 0.5 * np.sin(2 * np.pi * pace * at + phase)) ** 2
    return np.asarray(sound / np.abs(sound).max())


def clicks(random: np.random.Generator, count: int) -> Sound:
    """Keys and knocks at random times."""
    sound = np.zeros(count)
    for at in random.integers(0, count - 800, count // 3000):
        length = int(random.integers(40, 800))
        sound[at : at + length] += random.normal(size=length) * np.exp(-np.arange(length) / (length / 6))
    return np.asarray(sound / np.abs(sound).max())


def music(random: np.random.Generator, count: int) -> Sound:
    """Chords and a tune, plucked."""
    sound, beat = np.zeros(count + 2 * SAMPLE_RATE), SAMPLE_RATE // 2
    scale = 220 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16]) / 12)
    ring = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    for place in range(0, count, beat):
        for hertz in random.choice(scale, 3 if place // beat % 4 == 0 else 1, replace=False):
            tones = sum(np.sin(2 * np.pi * hertz * part * ring) / part for part in (1, 2, 3, 5))
            sound[place : place + len(ring)] += tones * np.exp(-3 * ring)
    return np.asarray(sound[:count] / np.abs(sound).max())


def tones(random: np.random.Generator, count: int) -> Sound:
    """Mains hum, and a telephone that rings now and then."""
    at = np.arange(count) / SAMPLE_RATE
    ringing = (at % 4 < 1) * (np.sin(2 * np.pi * 440 * at) + np.sin(2 * np.pi * 480 * at)) / 2
    return np.asarray(0.3 * np.sin(2 * np.pi * 50 * at) + 0.7 * ringing)


KINDS: dict[str, Callable[[np.random.Generator, int], Sound]] = {
    "nothing at all": lambda _, count: np.zeros(count),
    "white noise": lambda random, count: coloured(random, count, 0),
    "pink noise": lambda random, count: coloured(random, count, 0.5),
    "brown noise": lambda random, count: coloured(random, count, 1),
    "breath": breath,
    "murmur": murmur,
    "keys and knocks": clicks,
    "music": music,
    "hum and telephone": tones,
}


def sounds(minutes: float) -> Iterator[tuple[str, NDArray[np.int16]]]:
    """Each kind at each level, all of the same length."""
    random = np.random.default_rng(20261124)
    count = int(minutes * 60 * SAMPLE_RATE / (len(KINDS) * len(LEVELS)))
    for kind, make in KINDS.items():
        for level in LEVELS:
            yield kind, np.rint(make(random, count) * level * 32767).astype(np.int16)


def heard(
    silero: Silero, whisper: Whisper, sound: NDArray[np.int16], language: Language | None
) -> tuple[list[str], int]:
    """What is written as live sound, and how many stretches were taken for speech."""
    ear, before, texts, count = Ear(silero, language=language), tuple[Said, ...](), list[str](), 0
    for at in range(0, len(sound) + SAMPLE_RATE, SAMPLE_RATE):
        for found in ear.hear(sound[at : at + SAMPLE_RATE]) if at < len(sound) else ear.end():
            count += 1
            words = whisper.final(replace(found.stretch, before=before))
            before = after(before, found.stretch, words)
            texts += [words.text] if words.text else []
    return texts, count


def unguarded(whisper: Whisper, sound: NDArray[np.int16], language: Language | None) -> list[str]:
    """What is written when everything is taken for speech."""
    texts = []
    for at in range(0, len(sound) - SAMPLE_RATE, STRETCH_S * SAMPLE_RATE):
        samples = sound[at : at + STRETCH_S * SAMPLE_RATE].astype(np.float32) / np.float32(32768)
        texts.append(whisper.final(Stretch(samples=samples, start_ms=0, language=language)).text)
    return [text for text in texts if text]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    asked = parser.parse_args()
    silero, found = Silero(), dict[tuple[str, Language | None], Any]()
    with tempfile.TemporaryDirectory() as home:
        whisper = load_whisper("base", Path(home))
        for kind, sound in sounds(asked.minutes):
            for language in LANGUAGES:
                texts, count = heard(silero, whisper, sound, language)
                known = found.setdefault((kind, language), ([], 0, []))
                past = unguarded(whisper, sound, language)
                found[kind, language] = (known[0] + texts, known[1] + count, known[2] + past)
    print("| sound | language | taken for speech | words written | words past voice activity detection |")
    print("|---|---|---|---|---|")
    for (kind, language), (texts, count, past) in found.items():
        live, told = len(" ".join(texts).split()), "; ".join(sorted(set(past)))[:160]
        row = (kind, language or "left open", count, live, f"{len(' '.join(past).split())} {told}")
        print(f"| {' | '.join(map(str, row))} |")
    written = sum(len(" ".join(texts).split()) for texts, *_ in found.values())
    print(f"\n{written} words written in {asked.minutes:g} minutes: in Korean, in English, and left open.")


if __name__ == "__main__":
    main()
