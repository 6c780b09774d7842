"""Language models through pydantic-ai: Claude, OpenAI's, and any behind an OpenAI-compatible URL."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence

import httpx2
import structlog
from pydantic_ai import Agent, ModelRetry, NativeOutput, RunContext, ToolOutput, capture_run_messages
from pydantic_ai.exceptions import (
    AgentRunError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelContextWindowExceededError,
    ModelHTTPError,
    ModelNotFoundError,
    ModelQuotaExceededError,
    ModelRequestRejectedError,
    ModelRequestTimeout,
    ModelTimeoutError,
    OutputTokenLimitExceeded,
    UnexpectedModelBehavior,
)
from pydantic_ai.messages import ModelMessage, ModelResponse
from pydantic_ai.models import Model
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers.anthropic import AnthropicProvider
from pydantic_ai.providers.openai import OpenAIProvider
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings
from pydantic_ai.usage import RunUsage

from vori.errors import BadAnswer, Invalid, Unavailable, VoriError
from vori.tickets.llm.address import FORM, HOMES, Place, parse
from vori.tickets.llm.model import Answer, Busy, Complaint, Meter, TooLong

CONNECT_S = 5.0
ANSWER_S = 60.0
"""Longest wait for an answer."""
ANSWER_TOKENS = 8000
ANSWER_BYTES = 400_000
"""A reply that is longer is not read to its end: it is many times what was allowed."""
MENDED = 2
"""Times that a model may mend an answer in the wrong form."""
LEAK = 6
"""Characters of the key in a row that make a server's words unfit to be repeated."""
PASSING = frozenset({408, 409, 425, 429})
"""Statuses besides 5xx that may be gone when asked again."""

FORMS: dict[str, ToolOutput[Answer] | NativeOutput[Answer]] = {
    "anthropic": ToolOutput(Answer, name="report"),
    "openai": NativeOutput(Answer, strict=True),
    "url": NativeOutput(Answer),
}
"""How each is held to the form of an answer; not every server behind a URL knows the strict way."""

REFUSED = "extractor_key_refused"

logger = structlog.get_logger()


class PydanticAI:
    """A `LanguageModel`. Each request has a connection of its own, so threads need not share an event loop."""

    def __init__(self, address: str, *, key: str = "", url: str = "", answer_s: float = ANSWER_S) -> None:
        """`url` takes the place of the supplier's own. Raises `Invalid` for a wrong address, or a key that is none."""
        place = parse(address)
        self._place = Place(place.kind, url or place.url, place.model)
        self._key = key.strip()
        if not re.fullmatch(r"[\x21-\x7e]*", self._key):
            raise Invalid("VORI_EXTRACTOR_KEY holds characters that no key has.", remedy="Copy it anew.")
        if not self._key and place.kind in HOMES:
            raise Invalid(f"{place.name} wants a key.", remedy="Set VORI_EXTRACTOR_KEY.")
        self.name = place.name
        self._answer_s = answer_s

    def ask(self, instructions: str, question: str, complaint: Complaint, meter: Meter) -> Answer:
        used = RunUsage()
        try:
            return asyncio.run(self._ask(instructions, question, complaint, used))
        except AgentRunError as error:
            raise self._problem(error) from None
        except Exception as error:  # a reply that its library stumbles over must not stop the meeting
            logger.warning("extractor.stumbled", model=self.name, error=type(error).__name__)
            raise BadAnswer(f"The reply of {self.name} can't be read ({type(error).__name__}).") from None
        finally:
            meter.add(Meter(used.requests, used.input_tokens, used.output_tokens, used.cost))

    async def _ask(self, instructions: str, question: str, complaint: Complaint, used: RunUsage) -> Answer:
        limits = httpx2.Timeout(self._answer_s, connect=min(CONNECT_S, self._answer_s))
        async with httpx2.AsyncClient(
            transport=_Bounded(httpx2.AsyncHTTPTransport()), timeout=limits, headers={"accept-encoding": "identity"}
        ) as client:
            agent = Agent(
                self._model(client),
                output_type=FORMS[self._place.kind],
                instructions=instructions,
                retries=MENDED,
                model_settings=ModelSettings(
                    max_tokens=ANSWER_TOKENS, max_retries=0, request_timeout=self._answer_s, timeout=self._answer_s
                ),
            )

            @agent.output_validator
            def mend(told: RunContext[object], answer: Answer) -> Answer:
                if _cut_short(told.messages):
                    raise OutputTokenLimitExceeded("The answer ends before its end.")
                if wrong := complaint(answer):
                    raise ModelRetry(wrong)
                return answer

            with capture_run_messages() as messages:
                try:
                    return (await agent.run(question, usage=used)).output
                except UnexpectedModelBehavior as error:
                    if _cut_short(messages):
                        raise OutputTokenLimitExceeded(error.message) from None
                    raise

    def _model(self, client: httpx2.AsyncClient) -> Model:
        place = self._place
        if place.kind == "anthropic":
            anthropic = AnthropicProvider(api_key=self._key, base_url=place.url, http_client=client)
            return AnthropicModel(place.model, provider=anthropic)
        if place.kind == "openai":
            openai = OpenAIProvider(api_key=self._key, base_url=place.url, http_client=client)
            return OpenAIChatModel(place.model, provider=openai)
        other = OpenAICompatibleProvider("url", base_url=place.url, api_key=self._key or "none", http_client=client)
        older = OpenAIModelProfile(openai_chat_supports_max_completion_tokens=False)  # all know `max_tokens`
        return OpenAIChatModel(place.model, provider=other, profile=older)

    def _problem(self, error: AgentRunError) -> VoriError:
        """What a failure means, and what to do about it."""
        if isinstance(error, OutputTokenLimitExceeded | ModelContextWindowExceededError):
            return TooLong(f"{self.name} can't take so much at once.", remedy="Use a model that reads and writes more.")
        if not isinstance(error, ModelAPIError):
            return BadAnswer(
                f"{self.name} gave no answer in the right form, {MENDED + 1} times over.",
                remedy="Use a model that keeps to a given form better.",
            )
        status = error.status_code if isinstance(error, ModelHTTPError) else None
        told = f" ({status}){self._told(error)}" if status else ""
        if isinstance(error, ModelAuthenticationError) or status in {401, 403}:
            return Unavailable(
                f"{self.name} {'refuses VORI_EXTRACTOR_KEY' if self._key else 'wants a key'} ({status}).",
                remedy="Set VORI_EXTRACTOR_KEY to a key that it accepts.",
                code=REFUSED,
            )
        if isinstance(error, ModelNotFoundError) or status == 404:
            return Unavailable(f"There is no {self.name}{told}.", remedy=f"Check VORI_EXTRACTOR: {FORM}.")
        if isinstance(error, ModelQuotaExceededError):
            return Unavailable(f"The account of {self.name} is used up{told}.", remedy="See to that account's credit.")
        if status == 413:
            return TooLong(f"{self.name} can't take so much at once{told}.", remedy="Use a model that reads more.")
        passing = status is None or status >= 500 or status in PASSING
        if isinstance(error, ModelRequestRejectedError) or not passing:
            return BadAnswer(
                f"{self.name} rejects the request{told}.", remedy="See whether the model takes such requests."
            )
        late = isinstance(error, ModelRequestTimeout | ModelTimeoutError)
        what = "doesn't answer in time" if late else "is busy or failed" if status else "can't be reached, or broke off"
        busy = Busy(f"{self.name} {what}{told}.", remedy="VORI asks again later.")
        busy.after_s = error.retry_after
        return busy

    def _told(self, error: ModelAPIError) -> str:
        """What the server says about it, in one short line; nothing if that may hold a piece of the key."""
        said: object = error.body
        for field in ("error", "message", "detail"):
            said = said.get(field, said) if isinstance(said, dict) else said
        if not isinstance(said, str) or said.lstrip().startswith("<"):
            return ""
        size = min(LEAK, len(self._key)) or 1
        if any(self._key[at : at + size] in said for at in range(len(self._key) - size + 1) if self._key):
            return ""
        return ": " + " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", said).split())[:200].rstrip(".")


def _cut_short(messages: Sequence[ModelMessage]) -> bool:
    """Whether the last answer ran out of tokens: some suppliers pass on what there was of it as if it were whole."""
    answers = [message for message in messages if isinstance(message, ModelResponse)]
    return bool(answers) and answers[-1].finish_reason == "length"


class _Bounded(httpx2.AsyncBaseTransport):
    """Breaks off a reply that is too long, or packed so that nobody can tell."""

    def __init__(self, inner: httpx2.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise httpx2.RemoteProtocolError("The reply is packed, which was not asked for.", request=request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)
        response.stream = _Counted(response.stream, request)
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, inner: httpx2.AsyncByteStream, request: httpx2.Request) -> None:
        self._inner = inner
        self._request = request

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for part in self._inner:
            length += len(part)
            if length > ANSWER_BYTES:
                raise httpx2.RemoteProtocolError("The reply is too long.", request=self._request)
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()
