"""Real models and a real voice; loaded once per run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from vori.transcript.silero import Silero
from vori.transcript.whisper import Whisper, load_whisper

CLIPS = Path(__file__).parents[1] / "clips"


@pytest.fixture(scope="session")
def silero() -> Silero:
    return Silero()


@pytest.fixture(scope="session")
def whisper(home: Path) -> Whisper:
    """The packaged Whisper base, assembled in this run's home."""
    return load_whisper("base", home)


@pytest.fixture(scope="session")
def jfk() -> NDArray[np.int16]:
    """11 s of speech with pauses, 16 kHz."""
    return np.asarray(soundfile.read(CLIPS / "jfk.flac", dtype="int16")[0])


@pytest.fixture(scope="session")
def modern() -> NDArray[np.int16]:
    """1.9 s of speech, 16 kHz."""
    return np.asarray(soundfile.read(CLIPS / "modern.flac", dtype="int16")[0])
