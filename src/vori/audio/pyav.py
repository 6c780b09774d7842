"""Audio files to samples, through PyAV, in a child process that has little time, little memory and no say.

The child is this module run as a program: the file is its standard input, 16 kHz mono s16le its standard output, and
one JSON line on standard error says what was wrong with the file.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import resource
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any

import av

from vori.errors import Invalid, TooLarge, Unavailable, VoriError

SAMPLE_RATE = 16_000
BLOCK_BYTES = 64 * 1024
CONTAINERS = "wav,mp3,mov,matroska,ogg,flac"
"""FFmpeg's readers for wav, mp3, m4a, webm, ogg and flac; playlists, which name other files, are not among them."""
REMEDY = "Send a wav, mp3, m4a, webm, ogg or flac file."


class UnreadableAudio(Invalid):
    code = "unreadable_audio"


class AudioTooLong(TooLarge):
    code = "audio_too_long"


@dataclass(frozen=True, slots=True)
class Caps:
    """What decoding one file may take."""

    seconds: float = 6 * 3600
    """Of sound."""
    cpu_s: int = 600
    memory_bytes: int = 1 << 30
    """Address space of the child."""
    wall_s: float = 900


async def decode_file(file: IO[bytes], caps: Caps | None = None) -> AsyncGenerator[bytes, None]:
    """The first audio track of an open file, from its beginning, as blocks of 16 kHz mono s16le.

    `file` must be a real one (with a descriptor). Raises `UnreadableAudio`, `AudioTooLong`, or `Unavailable` when the
    child itself failed. Blocks may have come before: use nothing until the last one has.
    """
    caps = caps or Caps()
    os.lseek(file.fileno(), 0, os.SEEK_SET)
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", __name__, json.dumps(asdict(caps))),
        stdin=file.fileno(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=4 * BLOCK_BYTES,
    )
    assert child.stdout
    assert child.stderr
    watchdog = asyncio.get_running_loop().call_later(caps.wall_s, child.kill)
    try:
        while block := await child.stdout.read(BLOCK_BYTES):
            yield block + await _other_half(child.stdout, block)
        words, code = await child.stderr.read(), await child.wait()
    finally:
        watchdog.cancel()
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.communicate()  # to the pipes' end, or they stay open
    if code != 0:
        raise _verdict(code, words)


async def _other_half(pipe: asyncio.StreamReader, block: bytes) -> bytes:
    """The byte that completes the last sample, if the pipe cut one in two."""
    return await pipe.read(1) if len(block) % 2 else b""


def _verdict(code: int, words: bytes) -> VoriError:
    try:
        said = json.loads(words.splitlines()[-1])
        kind = {error.code: error for error in (UnreadableAudio, AudioTooLong)}[said["code"]]
        return kind(said["message"], remedy=said["remedy"])
    except (IndexError, ValueError, KeyError, TypeError):
        pass
    if code < 0 or b"MemoryError" in words or b"Cannot allocate" in words:
        return AudioTooLong("Decoding this file takes more time or memory than VORI allows.", remedy=REMEDY)
    return Unavailable(f"The decoder failed: {words[-300:].decode(errors='replace')}", remedy="Run `vori doctor`.")


def _confine(caps: Caps) -> None:
    """Limits that the kernel keeps: processor time, address space, and no file may be written."""
    wanted = {
        resource.RLIMIT_CPU: caps.cpu_s,
        resource.RLIMIT_AS: caps.memory_bytes,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, limit in wanted.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))


def _blocks(file: IO[bytes], caps: Caps) -> Iterator[bytes]:
    """Decode what `file` holds. Raises `UnreadableAudio`, `AudioTooLong`."""
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "pipe"}
    try:
        container = av.open(file, options=options, metadata_errors="ignore")
    except (av.FFmpegError, ValueError) as error:
        raise UnreadableAudio("This is not an audio file that VORI can read.", remedy=REMEDY) from error
    with container:
        if not container.streams.audio:
            raise UnreadableAudio("This file has no audio track.", remedy=REMEDY)
        track = container.streams.audio[0]
        track.codec_context.thread_count = 1
        resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        samples = good = bad = 0
        for frame in _frames(container, track):
            if frame is None:
                bad += 1
                continue
            good += 1
            for out in resampler.resample(frame):
                samples += out.samples
                if samples > caps.seconds * SAMPLE_RATE:
                    raise AudioTooLong(
                        f"This file holds more than {caps.seconds / 3600:g} hours of sound.",
                        remedy="Send it in shorter pieces.",
                    )
                yield bytes(out.planes[0])[: out.samples * 2]
        if bad >= max(good, 1) or not samples:
            raise UnreadableAudio("This file holds no sound that can be decoded.", remedy=REMEDY)
        for out in resampler.resample(None):
            yield bytes(out.planes[0])[: out.samples * 2]


def _frames(container: Any, track: Any) -> Iterator[av.AudioFrame | None]:
    """Decoded frames; None for each packet that is damaged. A file that breaks off ends there."""
    try:
        for packet in container.demux(track):
            try:
                yield from packet.decode()
            except av.FFmpegError:
                yield None
    except av.FFmpegError:
        yield None


def main() -> int:
    caps = Caps(**json.loads(sys.argv[1]))
    _confine(caps)
    av.logging.set_level(None)
    try:
        if os.fstat(0).st_size == 0:
            raise UnreadableAudio("This file is empty.", remedy=REMEDY)
        with os.fdopen(0, "rb", closefd=False) as file:
            for block in _blocks(file, caps):
                sys.stdout.buffer.write(block)
        sys.stdout.buffer.flush()
    except VoriError as error:
        print(json.dumps({"code": error.code, "message": error.message, "remedy": error.remedy}), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
