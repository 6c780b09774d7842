"""A scripted language model, spoken to in each of the wires that VORI knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.tickets.llm.model_server import ModelServer

from vori.tickets.llm.breaker import Breaker
from vori.tickets.llm.extract import Limits, LlmExtractor
from vori.tickets.llm.model import Ledger, MemoryLedger
from vori.tickets.llm.pydantic_ai import PydanticAI

KEY = "sk-test-5f0e9a71c3"
KINDS = ("anthropic", "openai", "url")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def model_at(server: ModelServer, kind: str = "url", **options: Any) -> PydanticAI:
    if kind == "url":
        return PydanticAI(f"http://{server.host}/v1#clerk-1", **options)
    name, path = {"anthropic": ("claude-sonnet-5", ""), "openai": ("gpt-4o", "/v1")}[kind]
    return PydanticAI(f"{kind}:{name}", url=f"http://{server.host}{path}", **({"key": KEY} | options))


Opener = Callable[..., LlmExtractor]


@pytest.fixture
def opened(server: ModelServer) -> Opener:
    """Opens an extractor on the server; waits are short."""

    def open_it(
        kind: str = "url",
        *,
        ledger: Ledger | None = None,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
        **options: Any,
    ) -> LlmExtractor:
        return LlmExtractor(
            model_at(server, kind, **options),
            MemoryLedger() if ledger is None else ledger,
            limits=limits,
            breaker=breaker,
            waits_s=(0.01, 0.02),
        )

    return open_it
