"""Other systems that hear streams with the same Whisper weights: each installed apart, run through its own interface.

They are told the language. VORI's recogniser has one thread; how many a rival's model gets is the caller's choice.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import soundfile
from numpy.typing import NDArray
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from recordings import PATIENCE_S, RATE, Recording, Shown
from stack import free_port
from systems import Missing, Running
from vori.database.embedded import die_with_parent
from vori.transcript import weights

FOLDER = Path(__file__).parent.parent / "out" / "rivals"
ON_CPU = Path(__file__).with_name("on_cpu.py")
FRAME_S = 0.1
WARM_UP_S = 5
START_PATIENCE_S = 120.0
INSTALL_PATIENCE_S = 1800.0
ENVIRONMENT = {"HF_HUB_OFFLINE": "1", "PYTHONPATH": ""}


class Ufal:
    """UFAL's whisper_streaming (local agreement). It isn't on a package registry: a checkout of it is needed.

    Its TCP server hears one client, so each stream has a server. It shows confirmed words only.
    """

    name = "UFAL whisper_streaming"
    packages = ("faster-whisper==1.2.1", "librosa==0.11.0")

    def __init__(self, checkout: Path, threads: int) -> None:
        self.setting = (
            f"its TCP server, one for each stream, faster-whisper int8, threads: {threads}, told the language; "
            "1 s chunks and no voice activity detection, as by its defaults"
        )
        self._threads = threads
        self._script = checkout.absolute() / "whisper_online_server.py"
        self._python = Path()

    def prepare(self) -> None:
        if not self._script.is_file():
            raise Missing(
                f"no {self._script.name} in {self._script.parent}: clone https://github.com/ufal/whisper_streaming "
                "there, or name another folder by --rival-ufal"
            )
        self._python = install("ufal", self.packages)

    @contextmanager
    def run(self, recordings: Sequence[Recording]) -> Iterator[Running]:
        with scratch() as folder, ExitStack() as servers:
            pids, ports = list[int](), list[int]()
            warm = warm_up(folder, recordings[0])
            for recording in recordings:
                ports.append(free_port())
                arguments = ["--host", "127.0.0.1", "--port", ports[-1], "--lan", recording.language]
                arguments += ["--model_dir", weights.packaged(FOLDER), "--warmup-file", warm, "-l", "INFO"]
                log = folder / f"{ports[-1]}.log"
                command = [self._python, ON_CPU, self._script, *arguments]
                pids.append(servers.enter_context(server(command, self._threads, log, "Listening on")))

            async def play(played: Sequence[Recording]) -> list[Shown]:
                return await asyncio.gather(*(_tcp(*pair) for pair in zip(ports, played, strict=True)))

            yield Running(play, pids)


class WhisperLiveKit:
    """WhisperLiveKit's WebSocket server with local agreement: the one of its policies that uses these weights."""

    name = "WhisperLiveKit 0.2.26"
    packages = ("whisperlivekit==0.2.26",)

    def __init__(self, threads: int) -> None:
        self.setting = (
            f"its WebSocket server, local agreement, faster-whisper int8, threads: {threads}, told the language; "
            "voice activity detection on, as by its defaults"
        )
        self._threads = threads
        self._python = Path()

    def prepare(self) -> None:
        self._python = install("whisperlivekit", self.packages)

    @contextmanager
    def run(self, recordings: Sequence[Recording]) -> Iterator[Running]:
        several = len({recording.language for recording in recordings}) > 1
        port = free_port()
        arguments = ["--host", "127.0.0.1", "--port", port]
        arguments += ["--backend", "faster-whisper", "--backend-policy", "localagreement", "--pcm-input"]
        arguments += ["--model_dir", weights.packaged(FOLDER), "--lan", "auto" if several else recordings[0].language]
        with scratch() as folder:
            arguments += ["--warmup-file", warm_up(folder, recordings[0]), "-l", "WARNING"]
            command = [self._python, ON_CPU, self._python.with_name("whisperlivekit-server"), *arguments]
            with server(command, self._threads, folder / "log", "Application startup complete") as pid:

                async def play(played: Sequence[Recording]) -> list[Shown]:
                    own = "?language={}" if several else ""
                    urls = [f"ws://127.0.0.1:{port}/asr" + own.format(recording.language) for recording in played]
                    return await asyncio.gather(*(_socket(*pair) for pair in zip(urls, played, strict=True)))

                yield Running(play, [pid])


def install(name: str, packages: Sequence[str]) -> Path:
    """The Python of a private environment with these packages, made the first time. Raises `Missing`."""
    folder = FOLDER / name
    python, stamp = folder / "bin" / "python", folder / "installed.txt"
    if stamp.is_file() and stamp.read_text().split() == list(packages):
        return python
    print(f"Installing {' '.join(packages)} into {folder} …", file=sys.stderr, flush=True)
    steps: tuple[list[str | Path], ...] = (
        [sys.executable, "-m", "venv", "--clear", folder],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages],
    )
    try:
        for step in steps:
            subprocess.run(step, check=True, capture_output=True, text=True, timeout=INSTALL_PATIENCE_S)
    except subprocess.CalledProcessError as error:
        lines = str(error.stderr or error.stdout).strip().splitlines()
        raise Missing(f"it can't be installed: {lines[-1] if lines else error}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Missing(f"it can't be installed: {error}") from error
    stamp.write_text("\n".join(packages))
    return python


@contextmanager
def scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="vori-rival-") as folder:
        yield Path(folder)


def warm_up(folder: Path, recording: Recording) -> Path:
    """Some sound in a file, with which a rival gets its model going before it is measured."""
    file = folder / "warm_up.wav"
    soundfile.write(file, recording.sound[: WARM_UP_S * RATE], RATE)
    return file


@contextmanager
def server(command: Sequence[object], threads: int, log: Path, sign: str) -> Iterator[int]:
    """A rival's process, from when its log shows `sign`. Raises `Missing` if it ends or that takes too long."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=os.environ | ENVIRONMENT | {"OMP_NUM_THREADS": str(threads)},
            preexec_fn=die_with_parent,  # noqa: PLW1509 - runs before other threads exist
        )
    try:
        deadline = time.monotonic() + START_PATIENCE_S
        while sign not in log.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Missing(f"it doesn't start: {' / '.join(log.read_text(errors='replace').splitlines()[-3:])}")
            time.sleep(0.1)
        yield process.pid
    finally:
        process.kill()
        process.wait()


async def _tcp(port: int, recording: Recording) -> Shown:
    """Raw PCM out; lines "begin end words" back, milliseconds, which are added to those before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    shown, began = Shown(), time.monotonic()

    async def read() -> None:
        text = ""
        async for line in reader:
            text += line.decode(errors="replace").rstrip("\n").split(" ", 2)[2]
            shown.show(time.monotonic() - began, final=text)

    async def send(frame: bytes) -> None:
        writer.write(frame)
        await writer.drain()

    async def close() -> None:
        writer.write_eof()

    await _played(recording, began, read, send, close)
    writer.close()
    return shown


async def _socket(url: str, recording: Recording) -> Shown:
    """Raw PCM out, an empty message as its end; the whole text back each time, confirmed lines and a draft."""
    async with connect(url, proxy=None, max_size=None, ping_timeout=None) as socket:
        shown, began = Shown(), time.monotonic()

        async def read() -> None:
            async for message in socket:
                told = json.loads(message)
                if told.get("type") == "ready_to_stop":
                    return
                if "lines" in told:
                    final = " ".join(line["text"].strip() for line in told["lines"])
                    draft = told["buffer_transcription"].strip()
                    shown.show(time.monotonic() - began, final=final.strip(), draft=draft)

        await _played(recording, began, read, socket.send, lambda: socket.send(b""))
    return shown


async def _played(
    recording: Recording,
    began: float,
    read: Callable[[], Awaitable[None]],
    send: Callable[[bytes], Awaitable[None]],
    close: Callable[[], Awaitable[None]],
) -> None:
    """Send it frame by frame, each when a microphone would have it, and read; wait some time for the last words."""
    reading = asyncio.ensure_future(read())
    try:
        async for frame in _in_time(recording.sound, began):
            await send(frame)
        await close()
        await asyncio.wait_for(reading, PATIENCE_S)
    except TimeoutError:
        pass  # what isn't there by now counts as missing
    except (OSError, WebSocketException) as error:
        print(f"A rival broke off: {error!r}", file=sys.stderr)


async def _in_time(sound: NDArray[Any], began: float) -> AsyncIterator[bytes]:
    step = int(FRAME_S * RATE)
    for number, at in enumerate(range(0, len(sound), step), 1):
        await asyncio.sleep(began + number * FRAME_S - time.monotonic())
        yield sound[at : at + step].astype("<i2", copy=False).tobytes()
