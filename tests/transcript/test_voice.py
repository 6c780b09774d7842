"""Silero: hears speech, ignores noise, and goes on from a kept state exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vori.transcript.model import WINDOW
from vori.transcript.silero import Silero


def windows(sound: NDArray[np.int16]) -> NDArray[np.float32]:
    return (sound / np.float32(32768)).astype(np.float32)[: len(sound) // WINDOW * WINDOW].reshape(-1, WINDOW)


def test_speech_is_told_from_noise(silero: Silero, jfk: NDArray[np.int16]) -> None:
    voice = silero.voice()
    assert np.mean([voice.hear(window) for window in windows(jfk)]) > 0.6
    noise = np.random.default_rng(0).normal(0, 3000, 160_000).astype(np.int16)
    voice = silero.voice()
    assert max(voice.hear(window) for window in windows(noise)) < 0.3


def test_a_kept_state_goes_on_exactly(silero: Silero, jfk: NDArray[np.int16]) -> None:
    one, other = silero.voice(), silero.voice()
    for window in windows(jfk)[:120]:
        assert one.hear(window) == other.hear(window)
        other = silero.voice(other.state)
