"""Resemblyzer's encoder in numpy: it says what torch makes of the same weights, and tells real voices apart."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from vori.sample.script import FOLDER
from vori.transcript.ear import Ear
from vori.transcript.silero import Silero
from vori.transcript.speaker_encoder import SpeakerEncoder, read_weights
from vori.transcript.speakers import Speakers

DEMO = FOLDER
VOICES = ("en-maya", "en-alan", "en-robert")
BY_TORCH = {
    203: 0.29806,
    131: 0.23955,
    107: 0.19992,
    82: 0.19848,
    16: 0.19732,
    162: 0.18703,
    30: 0.18682,
    212: 0.18468,
}
"""The highest values that Resemblyzer 0.1.4 with torch gave for the second below, at the same loudness."""


@pytest.fixture(scope="module")
def encoder() -> SpeakerEncoder:
    return SpeakerEncoder()


def floats(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32768)


def test_it_hears_what_the_reference_hears(encoder: SpeakerEncoder, jfk: NDArray[np.int16]) -> None:
    vector = encoder.hear(floats(jfk[16000 : 16000 + 25440])).vector
    assert {place: pytest.approx(float(vector[place]), abs=2e-5) for place in BY_TORCH} == BY_TORCH


def test_it_does_not_matter_how_loud_somebody_speaks(encoder: SpeakerEncoder, jfk: NDArray[np.int16]) -> None:
    loud, quiet = (encoder.hear(floats(jfk) * np.float32(gain)).vector for gain in (1.0, 0.05))
    assert loud @ quiet == pytest.approx(1, abs=1e-4)


def test_an_utterance_of_two_voices_is_less_alike_than_one_of_one(encoder: SpeakerEncoder) -> None:
    maya, alan = (
        soundfile.read(DEMO / f"{name}.opus", dtype="float32")[0][: 64 * 16000] for name in ("en-maya", "en-alan")
    )
    power = [np.cumsum(np.square(sound, dtype=np.float64)) for sound in (maya, alan)]
    loudest = [int(np.argmax((total[40000:] - total[:-40000])[::1600])) * 1600 for total in power]
    one, other = maya[loudest[0] :][:40000], alan[loudest[1] :][:40000]
    assert encoder.hear(one).alike > 0.75
    assert encoder.hear(np.concatenate((one, other))).alike < 0.7


def test_silence_and_next_to_nothing_have_a_print_that_says_nothing(encoder: SpeakerEncoder) -> None:
    for samples in (0, 1, 100, 40_000):
        heard = encoder.hear(np.zeros(samples, np.float32))
        assert np.isfinite(heard.vector).all()
        assert heard.seconds == samples / 16000


def test_three_voices_through_one_microphone_are_told_apart(encoder: SpeakerEncoder, silero: Silero) -> None:
    tracks = [soundfile.read(DEMO / f"{name}.opus", dtype="int16")[0] for name in VOICES]
    length = max(map(len, tracks))
    together = sum(np.pad(track, (0, length - len(track))).astype(np.int32) for track in tracks)
    ear, speakers, numbers = Ear(silero), Speakers(), dict[str, set[int | None]]()
    for heard in [*ear.hear(np.clip(together, -32768, 32767).astype(np.int16)), *ear.end()]:
        loud = [float(np.square(track[heard.first : heard.end].astype(np.float64)).sum()) for track in tracks]
        numbers.setdefault(VOICES[int(np.argmax(loud))], set()).add(speakers.take(encoder.hear(heard.spoken)))
    named = {name: found - {None} for name, found in numbers.items()}
    assert sorted(map(len, named.values())) == [1, 1, 1], "each has one voice ..."
    assert len(set.union(*named.values())) == 3, "... of its own"


@pytest.mark.parametrize("name", ["os.system", "builtins.eval", "torch.storage._load_from_bytes"])
def test_nothing_but_tensors_is_read_out_of_a_model(name: str) -> None:
    module, _, function = name.rpartition(".")
    evil = b"\x80\x02c" + f"{module}\n{function}\n".encode() + b"X\x04\x00\x00\x00true\x85R."
    with pytest.raises(pickle.UnpicklingError, match="no place"):
        read_weights(evil)
