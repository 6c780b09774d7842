"""The microphone of this machine, through PortAudio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vori.errors import Unavailable

SAMPLE_RATE = 16_000
BLOCK = SAMPLE_RATE // 10


async def capture() -> AsyncIterator[NDArray[np.int16]]:
    """Blocks of 100 ms, mono, 16 kHz, until it is closed. Raises `Unavailable` without PortAudio or device."""
    sounddevice = _portaudio()
    loop = asyncio.get_running_loop()
    blocks: asyncio.Queue[NDArray[np.int16]] = asyncio.Queue()

    def take(data: Any, _frames: int, _time: Any, _status: Any) -> None:
        loop.call_soon_threadsafe(blocks.put_nowait, np.frombuffer(bytes(data), np.int16))

    try:
        stream = sounddevice.RawInputStream(
            samplerate=SAMPLE_RATE, blocksize=BLOCK, channels=1, dtype="int16", callback=take
        )
    except (sounddevice.PortAudioError, ValueError) as error:
        raise Unavailable(f"No microphone can be opened: {error}.", remedy="Plug one in, or allow its use.") from error
    with stream:
        while True:
            yield await blocks.get()


def microphones() -> list[str]:
    """Names of this machine's microphones. Raises `Unavailable` without PortAudio."""
    return [device["name"] for device in _portaudio().query_devices() if device["max_input_channels"] > 0]


def _portaudio() -> Any:
    try:
        import sounddevice
    except OSError as error:
        raise Unavailable(
            "The microphone needs PortAudio, which isn't installed.",
            remedy="On Debian and Ubuntu: apt-get install libportaudio2. On macOS: brew install portaudio.",
        ) from error
    return sounddevice
