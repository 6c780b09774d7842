"""Any rate to 16 kHz: true to the sound, and the same however it is cut into pieces."""

from __future__ import annotations

import numpy as np
import pytest

from vori.transcript.resample import Resampler


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 47_999, 48_000])
def test_a_tone_keeps_its_pitch_and_place(rate: int) -> None:
    seconds = np.arange(rate) / rate
    resampler = Resampler(rate)
    found = np.concatenate(
        [resampler.take((8000 * np.sin(2 * np.pi * 440 * seconds)).astype(np.int16)), resampler.finish()]
    )
    wanted = 8000 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    assert len(found) == 16_000
    assert np.abs(found - wanted)[200:-200].max() < 10


def test_what_16_khz_cannot_hold_is_taken_out() -> None:
    seconds = np.arange(48_000) / 48_000
    found = Resampler(48_000).take((8000 * np.sin(2 * np.pi * 9000 * seconds)).astype(np.int16))
    assert np.abs(found[200:]).max() < 80


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_pieces_and_restarts_make_no_difference(rate: int) -> None:
    random = np.random.default_rng(1)
    sound = random.integers(-9000, 9000, rate, dtype=np.int16)
    whole = Resampler(rate)
    expected = np.concatenate([whole.take(sound), whole.finish()])
    found, at, resampler = [], 0, Resampler(rate)
    while at < rate:
        size = int(random.integers(1, 2000))
        found.append(resampler.take(sound[at : at + size]))
        resampler = Resampler(rate, resampler.given, resampler.rest)
        at += size
    assert np.array_equal(np.concatenate([*found, resampler.finish()]), expected)


def test_16_khz_stays_as_it_is() -> None:
    sound = np.arange(100, dtype=np.int16)
    assert np.array_equal(Resampler(16_000).take(sound), sound)
