"""Samples to FLAC and back, without loss, through libsndfile."""

from __future__ import annotations

import io

import numpy as np
import soundfile
from numpy.typing import NDArray

from vori.errors import BadAnswer


def encode_flac(samples: NDArray[np.int16], sample_rate: int) -> bytes:
    """Mono samples as a FLAC file; the same samples give the same bytes."""
    file = io.BytesIO()
    soundfile.write(file, samples, sample_rate, format="FLAC", subtype="PCM_16")
    return file.getvalue()


def decode_flac(data: bytes) -> NDArray[np.int16]:
    """The samples of a mono FLAC file. Raises `BadAnswer` when it is damaged."""
    try:
        samples: NDArray[np.int16]
        samples, _ = soundfile.read(io.BytesIO(data), dtype="int16")
    except soundfile.LibsndfileError as error:
        raise BadAnswer(f"A recording can't be read: {error}", remedy="The file may be damaged.") from error
    return samples
