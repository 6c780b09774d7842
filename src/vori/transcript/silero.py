"""Is somebody speaking? Silero's voice activity model, window by window, its state carried along."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from vori.errors import Unavailable
from vori.transcript.model import SAMPLE_RATE, WINDOW

CONTEXT = 64
"""Samples before a window that the model wants to see again."""
_STATE = (2, 1, 128)
_RATE = np.array(SAMPLE_RATE, dtype=np.int64)


class Silero:
    """The model. One is enough for any number of streams: what differs between streams is in `Voice`."""

    def __init__(self) -> None:
        spec = importlib.util.find_spec("silero_vad")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            if spec is None or spec.origin is None:
                raise FileNotFoundError("silero-vad is not installed")
            path = Path(spec.origin).parent / "data" / "silero_vad_16k_op15.onnx"
            self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise Unavailable(
                f"The voice activity model can't be loaded: {error}.", remedy="Run `make setup`.", code="no_voice_model"
            ) from error

    def voice(self, state: bytes = b"") -> Voice:
        """A stream's own ear; `state` (from `Voice.state`) goes on where another left off."""
        return Voice(self._session, state)


class Voice:
    """Hears one stream."""

    def __init__(self, session: onnxruntime.InferenceSession, state: bytes = b"") -> None:
        self._session = session
        if state:
            values = np.frombuffer(state, np.float32)
            self._state, self._context = values[:-CONTEXT].reshape(_STATE), values[-CONTEXT:]
        else:
            self._state, self._context = np.zeros(_STATE, np.float32), np.zeros(CONTEXT, np.float32)

    @property
    def state(self) -> bytes:
        """All it remembers; the same state hears the same."""
        return self._state.tobytes() + self._context.tobytes()

    def hear(self, window: NDArray[np.float32]) -> float:
        """The probability of speech in the next `WINDOW` samples (16 kHz, in [-1, 1])."""
        if window.shape != (WINDOW,):
            raise ValueError(f"a window holds {WINDOW} samples, not {window.shape}")
        heard = np.concatenate((self._context, window))[None]
        probability, self._state = self._session.run(None, {"input": heard, "state": self._state, "sr": _RATE})
        self._context = heard[0, -CONTEXT:]
        return cast(float, probability.item())
