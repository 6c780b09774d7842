"""A real browser before a real VORI: it speaks a recording into its microphone, and its line can be cut."""

from __future__ import annotations

import json
import os
import socket
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import av
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Playwright, WebSocket, expect, sync_playwright

from browser import QUIET, NoBrowser, find_chromium
from stack import KEYS, Stack
from vori.audio.listen import AudioTold
from vori.board.messages import LiveTold
from vori.people.owner import link
from vori.sample.script import FOLDER

expect.set_options(timeout=30_000)  # ms: what is waited for comes at once, but on a busy machine later
Theme = Literal["light", "dark"]
RATE = 16_000
QUIET_S = 2.0
"""Silence after the words: the fake microphone repeats its last buffer for ever."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's Chromium; it is installed where that is allowed, and never missing in CI."""
    try:
        return find_chromium()
    except NoBrowser as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with Stack() as started:
        yield started


Launch = Callable[..., Browser]


@pytest.fixture
def launch(chromium: str, playwright: Playwright, tmp_path: Path) -> Iterator[Launch]:
    """Start a browser; `speaks` is the recording that its microphone hears."""
    started: list[Browser] = []

    def begin(speaks: Path | None = None) -> Browser:
        arguments = [*QUIET, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
        if speaks:
            arguments.append(f"--use-file-for-fake-audio-capture={spoken(speaks, tmp_path)}%noloop")
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        started.append(browser)
        return browser

    yield begin
    for browser in started:
        browser.close()


def spoken(recording: Path, folder: Path) -> Path:
    """The recording as a WAV file with silence behind it."""
    with av.open(str(recording)) as source:
        to_mono = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        parts = [made.to_ndarray().reshape(-1) for frame in source.decode(audio=0) for made in to_mono.resample(frame)]
    sound = np.concatenate([*parts, np.zeros(int(QUIET_S * RATE), np.int16)])
    out = folder / f"{recording.stem}.wav"
    with wave.open(str(out), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.astype("<i2").tobytes())
    return out


def clip(name: str) -> Path:
    return FOLDER / f"{name}.opus"


@contextmanager
def at(
    browser: Browser, url: str, *, width: int = 1440, theme: Theme = "light", language: str = "en"
) -> Iterator[Page]:
    """A page of its own, let in by the owner's link.

    What its scripts complain of fails the test; so does a message that its types don't know.
    """
    context = browser.new_context(
        base_url=url,
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        locale=language,
    )
    if url in KEYS:
        context.request.get(link(url, KEYS[url]), max_redirects=0)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: faults.append(asked.url) if elsewhere(asked.url) else None)
    page.on("websocket", lambda opened: opened.on("framereceived", lambda frame: heard(opened, frame, faults)))
    yield page
    context.close()
    assert faults == []


def heard(opened: WebSocket, frame: str | bytes, faults: list[str]) -> None:
    """Note what isn't as `schema.ts` has it."""
    told = json.loads(frame)
    shape = LiveTold if "/api/live" in opened.url else AudioTold
    if told["type"] != "error" and shape.model_validate(told).model_dump(mode="json", exclude_unset=True) != told:
        faults.append(f"{opened.url}: {frame!r}")


def elsewhere(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


class Line:
    """A way to VORI that can be cut and mended: plain TCP through a port of its own."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        self._open: list[socket.socket] = []
        self._whole = True
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        self._whole = False
        for held in self._open:
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
            held.close()
        self._open.clear()

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        self.cut()
        self._server.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                if not self._whole:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to))
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    @staticmethod
    def _pass(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while some := one.recv(65_536):
                other.sendall(some)
        for held in (one, other):
            with suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def line(stack: Stack) -> Iterator[Line]:
    made = Line(stack.port)
    KEYS[made.url] = stack.key
    yield made
    made.close()
