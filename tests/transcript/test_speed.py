"""What a model can keep up with: measured, kept, and counted up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from vori.errors import Invalid
from vori.transcript.speed import Speed, cores, measure, note, noted
from vori.transcript.whisper import Whisper

SPEED = Speed(listening=0.01, drafts=0.3, finals=0.19, final_s=0.8, speech_s=40.0)


def test_drafts_finals_and_listening_are_counted_apart(whisper: Whisper, jfk: NDArray[np.int16]) -> None:
    speed = measure([jfk], whisper, "en", budget_s=600)
    assert min(speed.listening, speed.drafts, speed.finals) > 0
    assert 6 < speed.speech_s <= 11
    assert speed.streams() < speed.streams(drafts=False)


def test_a_slow_model_is_measured_on_less(whisper: Whisper, jfk: NDArray[np.int16]) -> None:
    assert 0 < measure([jfk, jfk], whisper, "en", budget_s=0).speech_s < 6


def test_silence_can_t_be_measured(whisper: Whisper) -> None:
    with pytest.raises(Invalid, match="Nobody speaks"):
        measure([np.zeros(32_000, np.int16)], whisper, "en", budget_s=600)


def test_a_core_s_streams_are_what_its_second_is_enough_for() -> None:
    assert SPEED.streams() == pytest.approx(2)
    assert SPEED.streams(drafts=False) == pytest.approx(5)
    assert cores() >= 1


def test_measurements_are_kept_by_model_and_language(tmp_path: Path) -> None:
    assert noted(tmp_path) == {}
    note(tmp_path, "base", "en", SPEED)
    note(tmp_path, "base", "ko", SPEED)
    note(tmp_path, "small", "en", SPEED)
    assert noted(tmp_path) == {"base": {"en": SPEED, "ko": SPEED}, "small": {"en": SPEED}}
    (tmp_path / "models" / "speed.json").write_text('{"base": {"en": {"older": 1}}}')
    assert noted(tmp_path) == {}
