"""A language model's server on this machine, for tests: the wires of Anthropic and OpenAI, scripted answers."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from tests.local_server import LocalServer


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """All that the model was told."""
        return json.dumps(self.body, ensure_ascii=False)

    @property
    def question(self) -> str:
        """What it was asked, without the instructions."""
        told = next(m for m in self.body["messages"] if m["role"] == "user")["content"]
        return told if isinstance(told, str) else "".join(part.get("text", "") for part in told)

    @property
    def data(self) -> list[dict[str, Any]]:
        """The lines of the meeting's data."""
        return [json.loads(line) for line in self.question.split("<data>\n")[1].split("\n</data>")[0].splitlines()]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer to give. `body`: a dictionary is the model's answer in the right envelope, text is sent as it is."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    after_s: float = 0.0
    cut: bool = False
    """Break off in the middle."""
    tokens: tuple[int, int] = (1000, 100)
    finish: str = ""


Teller = Callable[[Asked], Told]


def nothing(asked: Asked) -> Told:
    """A right answer with nothing in it."""
    return Told(answer(asked))


def answer(asked: Asked, **lists: Any) -> dict[str, Any]:
    """An answer that says what was read."""
    turns = [line["turn"] for line in asked.data if "turn" in line]
    return {"read": {"first": turns[0], "last": turns[-1]}, **lists}


class ModelServer(LocalServer):
    """Gives `told`, one after the other, and then what `tell` says."""

    def __init__(self, tell: Teller = nothing) -> None:
        self.asked: list[Asked] = []
        self.told: deque[Told | Teller] = deque()
        self.tell = tell
        super().__init__(
            Route("/v1/messages", self._answer, methods=["POST"]),
            Route("/v1/chat/completions", self._answer, methods=["POST"]),
            log_level="critical",
        )

    async def _answer(self, request: Request) -> Response:
        asked = Asked(request.url.path, await request.json(), dict(request.headers))
        self.asked.append(asked)
        told = self.told.popleft() if self.told else self.tell
        if callable(told):
            told = told(asked)
        await asyncio.sleep(told.after_s)
        body = told.body
        if not isinstance(body, str):
            wrap = _anthropic if asked.path == "/v1/messages" else _openai
            body = json.dumps(wrap(asked, told) if told.status == 200 else body, ensure_ascii=False)
        if told.cut:
            return StreamingResponse(_half(body), headers={"content-length": str(len(body.encode()))})
        return Response(body, told.status, told.headers, "application/json")


async def _half(body: str) -> Any:
    yield body.encode()[: len(body) // 2]
    await asyncio.sleep(0.05)
    raise ConnectionResetError


def _anthropic(asked: Asked, told: Told) -> dict[str, Any]:
    used = {"input_tokens": told.tokens[0], "output_tokens": told.tokens[1]}
    call = {"type": "tool_use", "id": "call_1", "name": asked.body["tools"][0]["name"], "input": told.body}
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": asked.body["model"], "content": [call],
        "stop_reason": told.finish or "tool_use", "stop_sequence": None, "usage": used,
    }  # fmt: skip


def _openai(asked: Asked, told: Told) -> dict[str, Any]:
    content = told.body.get("text") if "text" in told.body else json.dumps(told.body, ensure_ascii=False)
    used = {"prompt_tokens": told.tokens[0], "completion_tokens": told.tokens[1], "total_tokens": sum(told.tokens)}
    message = {"role": "assistant", "content": content}
    return {
        "id": "chat_1", "object": "chat.completion", "created": 1, "model": asked.body["model"], "usage": used,
        "choices": [{"index": 0, "message": message, "finish_reason": told.finish or "stop"}],
    }  # fmt: skip
