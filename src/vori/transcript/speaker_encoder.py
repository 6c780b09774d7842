"""What a voice sounds like, as a vector: Resemblyzer's encoder (GE2E: three LSTMs), run in numpy, without torch.

Source: the package's weights and its sizes; the network is that of Wan et al. 2018, "Generalized end-to-end loss for
speaker verification". Utterances are heard in as few windows as cover them, and one shorter than a window isn't padded.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import pickle
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vori.errors import Unavailable
from vori.transcript.model import SAMPLE_RATE
from vori.transcript.speakers import Print

SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
"""Of the packaged pretrained.pt."""
LAYERS, UNITS = 3, 256
FRAME, HOP, BANDS = 400, 160, 40
"""Samples in a frame and from one to the next; mel bands."""
WINDOW, MOST_WINDOWS = 160, 4
"""Frames that the network hears at once, and how often at most it is asked about one utterance."""
LOUDNESS = 10 ** (-25 / 20)
"""Root mean square that speech is brought to: the bands are not logarithmic, so loudness matters."""

Floats = NDArray[np.float32]


class SpeakerEncoder:
    """The network. One is enough for any number of streams; it keeps nothing between calls."""

    def __init__(self) -> None:
        try:
            weights = read_weights(_packaged())
            self._layers = [_layer(weights, number) for number in range(LAYERS)]
            self._linear = np.ascontiguousarray(weights["linear.weight"].T), weights["linear.bias"]
        except (OSError, ValueError, KeyError, EOFError, pickle.UnpicklingError) as error:
            raise Unavailable(
                f"The speaker model can't be loaded: {error}.", remedy="Run `make setup`.", code="no_speaker_model"
            ) from error
        self._bands = _mel_bands()

    def hear(self, samples: Floats) -> Print:
        """The print of an utterance, from its first word to its last: shape (n,), mono, 16 kHz, in [-1, 1].

        Blocks, for about 15 ms of processor time per 1.6 s, up to four times that.
        """
        parts = self._parts(samples)
        mean = parts.mean(axis=0)
        length, count = float(np.linalg.norm(mean)), len(parts)
        alike = 1.0 if count == 1 else (count * length**2 - 1) / (count - 1)
        return Print(mean / np.float32(length or 1), len(samples) / SAMPLE_RATE, alike)

    def _parts(self, samples: Floats) -> Floats:
        """Vectors of length 1, one per window: shape (windows, 256)."""
        mel = self._mel(samples)
        count = min(MOST_WINDOWS, max(1, -(-(len(mel) - 1) // WINDOW)))
        starts = np.linspace(0, max(0, len(mel) - WINDOW), count).round().astype(int)
        states = np.stack([mel[start : start + WINDOW] for start in starts], axis=1)
        for layer in self._layers:
            states = _lstm(states, *layer)
        weight, bias = self._linear
        vectors = np.maximum(states[-1] @ weight + bias, 0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)

    def _mel(self, samples: Floats) -> Floats:
        """Power in each band, frame by frame: shape (frames, 40)."""
        loudness = float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0
        padded = np.pad(samples * np.float32(LOUDNESS / max(loudness, 1e-6)), FRAME // 2)
        frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
        window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
        power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
        return np.asarray(power @ self._bands, np.float32)


def read_weights(data: bytes) -> dict[str, Floats]:
    """The tensors of a model that torch saved before its version 1.6: four pickles, the last of names, then numbers.

    Raises what `pickle`, `struct`-like reading and numpy raise for data that is none.
    """
    file = io.BytesIO(data)
    for _ in range(3):  # a magic number, the format's version, the machine that wrote it
        _Tensors(file).load()
    tree, names = _Tensors(file).load(), _Tensors(file).load()
    numbers = {}
    for name in names:
        count = int.from_bytes(file.read(8), "little")
        numbers[name] = np.frombuffer(file.read(4 * count), "<f4")
    return {
        name: numbers[storage][offset : offset + int(np.prod(shape))].reshape(shape)
        for name, (storage, offset, shape) in tree["model_state"].items()
    }


class _Tensors(pickle.Unpickler):
    """Reads a tensor as (name of its numbers, offset, shape), and nothing that isn't needed for that."""

    def find_class(self, module: str, name: str) -> Any:
        known = {
            "collections.OrderedDict": OrderedDict,
            "torch.FloatStorage": None,
            "torch._utils._rebuild_tensor_v2": _tensor,
        }
        try:
            return known[f"{module}.{name}"]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a model") from None

    def persistent_load(self, place: Sequence[Any]) -> Any:
        return place[2]


def _tensor(storage: str, offset: int, shape: tuple[int, ...], *_: Any) -> tuple[str, int, tuple[int, ...]]:
    return storage, offset, shape


def _packaged() -> bytes:
    """The packaged model, checked."""
    spec = importlib.util.find_spec("resemblyzer")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("Resemblyzer is not installed")
    data = (Path(spec.origin).parent / "pretrained.pt").read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError("the packaged model is damaged")
    return data


def _layer(weights: dict[str, Floats], number: int) -> tuple[Floats, Floats, Floats]:
    """(of the input, of the state before, bias) of an LSTM, made for `_lstm`.

    Its gates are put in the order input, forget, output, candidate; those that go through a sigmoid are halved, for
    sigmoid(x) is 0.5 + 0.5 tanh(x / 2).
    """
    order = np.concatenate((np.arange(2 * UNITS), np.arange(3 * UNITS, 4 * UNITS), np.arange(2 * UNITS, 3 * UNITS)))
    scale = np.repeat(np.array([0.5, 1], np.float32), [3 * UNITS, UNITS])
    of_input, of_state = (
        np.ascontiguousarray(weights[f"lstm.weight_{kind}_l{number}"][order].T * scale) for kind in ("ih", "hh")
    )
    bias = weights[f"lstm.bias_ih_l{number}"] + weights[f"lstm.bias_hh_l{number}"]
    return of_input, of_state, bias[order] * scale


def _lstm(inputs: Floats, of_input: Floats, of_state: Floats, bias: Floats) -> Floats:
    """What an LSTM says at each step: (steps, windows, n) to (steps, windows, 256)."""
    steps, windows, width = inputs.shape
    driven = (inputs.reshape(-1, width) @ of_input + bias).reshape(steps, windows, -1)
    states = np.empty((steps, windows, UNITS), np.float32)
    state, cell = np.zeros((2, windows, UNITS), np.float32)
    gates = np.empty((windows, 4 * UNITS), np.float32)
    for step in range(steps):
        np.matmul(state, of_state, out=gates)
        gates += driven[step]
        np.tanh(gates, out=gates)
        soft = gates[:, : 3 * UNITS]
        soft *= 0.5
        soft += 0.5
        cell *= gates[:, UNITS : 2 * UNITS]
        cell += gates[:, :UNITS] * gates[:, 3 * UNITS :]
        state = np.multiply(gates[:, 2 * UNITS : 3 * UNITS], np.tanh(cell), out=states[step])
    return states


def _mel_bands() -> NDArray[np.float64]:
    """Triangles of equal area on Slaney's mel scale, 0 to 8 kHz: shape (201, 40)."""
    linear, per_log = 200 / 3, np.log(6.4) / 27
    highest = 1000 / linear + np.log(SAMPLE_RATE / 2 / 1000) / per_log
    mels = np.linspace(0, highest, BANDS + 2)
    edges = np.where(mels < 1000 / linear, mels * linear, 1000 * np.exp(per_log * (mels - 1000 / linear)))
    bins = np.linspace(0, SAMPLE_RATE / 2, FRAME // 2 + 1)
    rising = (bins[:, None] - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - bins[:, None]) / np.diff(edges)[1:]
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2])))
