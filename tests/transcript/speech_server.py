"""An OpenAI-compatible speech server on this machine, for tests: real HTTP, answers as you set them."""

from __future__ import annotations

import io
import json
import time
import wave
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.local_server import LocalServer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came."""

    form: dict[str, list[str]]
    sound: NDArray[np.int16]
    authorization: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """An answer to give."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after_s: float = 0.0


Teller = Callable[[Asked], Told]


class SpeechServer(LocalServer):
    """Gives `told`, one after the other, and then always the same `text`; refuses any key but `key`, if it has one."""

    def __init__(self, *, key: str | None = None, text: str = "Hello there.", tell: Teller | None = None) -> None:
        self.asked: list[Asked] = []
        self.told: deque[Told] = deque()
        self._key = key
        self._tell = tell or (lambda _: Told({"text": text}))
        super().__init__(Route("/v1/audio/transcriptions", self._transcribe, methods=["POST"]))
        self.address = f"http://{self.host}/v1#ear-1"

    async def _transcribe(self, request: Request) -> Response:
        async with request.form() as form:
            fields: dict[str, list[str]] = {}
            for name, value in form.multi_items():
                if isinstance(value, str):
                    fields.setdefault(name, []).append(value)
            file = form["file"]
            assert isinstance(file, UploadFile)
            assert file.filename == "speech.wav"
            sound = _sound(await file.read())
        asked = Asked(fields, sound, request.headers.get("authorization"))
        self.asked.append(asked)
        if self._key and asked.authorization != f"Bearer {self._key}":
            return JSONResponse({"error": {"message": f"Incorrect API key provided: {asked.authorization}"}}, 401)
        told = self.told.popleft() if self.told else await run_in_threadpool(self._tell, asked)
        await run_in_threadpool(time.sleep, told.after_s)
        body = told.body if isinstance(told.body, str | bytes) else json.dumps(told.body, ensure_ascii=False)
        return Response(body, told.status, told.headers, "application/json")


def _sound(file: bytes) -> NDArray[np.int16]:
    with wave.open(io.BytesIO(file)) as reader:
        assert (reader.getframerate(), reader.getnchannels(), reader.getsampwidth()) == (16_000, 1, 2)
        return np.frombuffer(reader.readframes(reader.getnframes()), "<i2").astype(np.int16)
