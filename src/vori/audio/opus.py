"""Opus packets to samples and back, through the libopus inside PyAV."""

from __future__ import annotations

from collections.abc import Iterable

import av
import numpy as np
from numpy.typing import NDArray

from vori.audio.model import samples_in
from vori.audio.packet import opus_duration

NATIVE_RATE = 48_000
"""libopus always decodes to this; other rates are whole fractions of it."""
PRIMING = 4
"""Packets after which a fresh decoder sounds like one that heard the whole stream."""
TAPS_PER_STEP = 16


class OpusDecoder:
    """Decodes one stream, mono, at 8, 12, 16, 24 or 48 kHz.

    Two decoders primed with the same packets go on to give the same samples.
    """

    def __init__(self, sample_rate: int, primed_with: Iterable[bytes] = ()) -> None:
        self.sample_rate = sample_rate
        self._step = NATIVE_RATE // sample_rate
        self._taps = _low_pass(self._step)
        self._tail = np.zeros(len(self._taps) - 1, np.float32)
        self._codec = av.codec.CodecContext.create("libopus", "r")
        assert isinstance(self._codec, av.AudioCodecContext)
        self._codec.layout = "mono"
        self._codec.sample_rate = NATIVE_RATE
        for packet in primed_with:
            self.decode(packet)

    def decode(self, packet: bytes) -> NDArray[np.int16]:
        """The packet's samples, exactly as many as `samples_in` says; silence for one that libopus refuses."""
        if not opus_duration(packet):
            return np.zeros(0, np.int16)
        wanted = samples_in("opus", NATIVE_RATE, packet)
        try:
            heard = [frame.to_ndarray()[0] for frame in self._codec.decode(av.Packet(packet))]
        except av.FFmpegError:
            heard = []
        native = np.concatenate([*heard, np.zeros(wanted, np.int16)])[:wanted].astype(np.int16)
        return native if self._step == 1 else self._decimate(native)

    def _decimate(self, native: NDArray[np.int16]) -> NDArray[np.int16]:
        known = np.concatenate([self._tail, native.astype(np.float32)])
        self._tail = known[len(native) :]
        windows = np.lib.stride_tricks.sliding_window_view(known, len(self._taps))[:: self._step]
        return np.clip(np.rint(windows @ self._taps), -32768, 32767).astype(np.int16)


def _low_pass(step: int) -> NDArray[np.float32]:
    """A windowed sinc that keeps what a rate `step` times lower can hold."""
    reach = TAPS_PER_STEP * step // 2
    at = np.arange(-reach, reach + 1)
    taps = np.sinc(at * 0.9 / step) * np.blackman(len(at))
    result: NDArray[np.float32] = (taps / taps.sum()).astype(np.float32)
    return result


class OpusEncoder:
    """Encodes mono speech into packets of `packet_ms`, one packet per frame on the wire."""

    def __init__(self, sample_rate: int = 16_000, *, packet_ms: int = 100, bit_rate: int = 24_000) -> None:
        self.sample_rate = sample_rate
        self.packet_samples = sample_rate * packet_ms // 1000
        codec = av.codec.CodecContext.create("libopus", "w")
        assert isinstance(codec, av.AudioCodecContext)
        codec.sample_rate, codec.layout, codec.format, codec.bit_rate = sample_rate, "mono", "s16", bit_rate
        codec.options = {"application": "voip", "frame_duration": str(packet_ms)}
        self._codec = codec
        self._rest = np.zeros(0, np.int16)
        self._sent = 0

    def encode(self, samples: NDArray[np.int16]) -> list[bytes]:
        """Packets that are full now; the rest waits for more samples."""
        self._rest = np.concatenate([self._rest, samples.astype(np.int16, copy=False)])
        packets: list[bytes] = []
        while len(self._rest) >= self.packet_samples:
            block, self._rest = self._rest[: self.packet_samples], self._rest[self.packet_samples :]
            frame = av.AudioFrame.from_ndarray(block[None, :], format="s16", layout="mono")
            frame.sample_rate, frame.pts = self.sample_rate, self._sent
            self._sent += len(block)
            packets += [bytes(packet) for packet in self._codec.encode(frame)]
        return packets

    def flush(self) -> list[bytes]:
        """The last packets: what waits, filled up with silence."""
        missing = -len(self._rest) % self.packet_samples
        packets = self.encode(np.zeros(missing, np.int16))
        return packets + [bytes(packet) for packet in self._codec.encode(None)]
