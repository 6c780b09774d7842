"""Speech recognition behind an OpenAI-compatible URL: a stretch goes out as a WAV file, its words come back."""

from __future__ import annotations

import contextlib
import io
import re
import time
import wave
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import numpy as np
from numpy.typing import NDArray

from vori.errors import BadAnswer, Invalid, SupplierError, Unavailable
from vori.transcript.answer import Answer, hearing, read, timed
from vori.transcript.doubt import believable, looks_wrong, loops
from vori.transcript.model import SAMPLE_RATE, Recognition, Stretch
from vori.transcript.weights import NoModel

CONNECT_S = 5.0
ANSWER_S = 30.0
"""Longest wait for an answer."""
DRAFT_S = 5.0
"""Longest wait for a draft: final words may be waiting behind it."""
WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Between attempts, unless the server asks for another wait."""
LONGEST_WAIT_S = 10.0
PATIENCE_S = 60.0
"""After so long no further attempt is begun."""
NO_DRAFTS_S = 30.0
"""Without drafts after one has failed."""
PROMPT_S = 2.0
"""Seconds of English that a prompt helps with; on less it is told again instead."""
PROMPT_LENGTH = 600
"""Characters of it."""
PASSING = frozenset({408, 425, 429})
"""Statuses besides 5xx that may be gone when asked again."""
LEAK = 6
"""Characters of the key in a row that make a server's words unfit to be repeated."""
PLACE = "https://host/v1#model-name"

REFUSED = "speech_key_refused"


class Remote:
    """A `Recogniser`. May be used by several threads at a time.

    A server need not give the same stretch the same words again; temperature 0 is asked for. What fails in passing is
    tried again for a while; then the errors are `Unavailable`, `BadAnswer` and `NoModel`. None of them holds the key.
    """

    continues = False

    def __init__(
        self,
        address: str,
        *,
        key: str = "",
        draft_every_s: float = 3.0,
        answer_s: float = ANSWER_S,
        waits_s: tuple[float, ...] = WAITS_S,
    ) -> None:
        """`draft_every_s` of speech lie between two drafts; 0: there are none. Raises `Invalid` for a wrong address."""
        url, self._model = parse(address)
        self._key = _checked(key)
        self._host = urlsplit(url).netloc
        self.name = f"{self._model} at {self._host}"
        self._every = draft_every_s
        self._answer_s = answer_s
        self._waits = waits_s
        self._verbose = True
        """Ask for all that can be known; some models give their text alone, and refuse to be asked for more."""
        self._drafted: dict[tuple[int, int], float] = {}
        """Per utterance: seconds of speech that its last draft heard."""
        self._drafts_from = 0.0
        self._url = f"{url}/audio/transcriptions"
        self._http = httpx.Client(headers={"authorization": f"Bearer {self._key}"} if self._key else {})

    def __enter__(self) -> Remote:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def check(self) -> str:
        """Send a second of silence; what came of it, in a few words. Raises what `final` raises."""
        self._ask(Stretch(np.zeros(SAMPLE_RATE, np.float32), 0, None))
        return f"{self.name} answers{', and takes the key' if self._key else ''}"

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        """Seldom, all at the same time, and never again what fails: the final words will tell."""
        found = [Recognition("", stretch.language or "en") for stretch in stretches]
        due = [number for number, stretch in enumerate(stretches) if self._draft_is_due(stretch)]
        if due:
            with ThreadPoolExecutor(len(due)) as pool:
                asked = pool.map(self._draft, [stretches[number] for number in due])
                for number, draft in zip(due, asked, strict=True):
                    found[number] = draft or found[number]
        return found

    def final(self, stretch: Stretch) -> Recognition:
        begun = prompt(stretch)
        answer = self._ask(stretch, begun)
        found = hearing(answer, stretch)
        if begun and looks_wrong(found, stretch.before[-1].text):
            alone = self._ask(stretch)
            again = hearing(alone, stretch)
            if not loops(again):
                answer, found = alone, again
        if not believable(found):
            return Recognition("", found.language)
        return Recognition(found.text, found.language, timed(answer, found.text, stretch))

    def _draft(self, stretch: Stretch) -> Recognition | None:
        try:
            found = hearing(self._ask(stretch, prompt(stretch), draft=True), stretch)
        except SupplierError:
            self._drafts_from = time.monotonic() + NO_DRAFTS_S
            return None
        return Recognition(found.text, found.language) if believable(found) else None

    def _draft_is_due(self, stretch: Stretch) -> bool:
        if not self._every or time.monotonic() < self._drafts_from:
            return False
        utterance = (stretch.since_ms, stretch.start_ms)  # of which stream is not known; a mix-up costs a draft
        seconds = len(stretch.samples) / SAMPLE_RATE - stretch.onset
        if seconds - self._drafted.get(utterance, 0.0) < self._every:
            return False
        self._drafted[utterance] = seconds
        for oldest in list(self._drafted)[:-1000]:
            self._drafted.pop(oldest, None)
        return True

    def _ask(self, stretch: Stretch, begun: str = "", *, draft: bool = False) -> Answer:
        """Ask as much as the model is known to answer."""
        verbose = self._verbose
        if verbose:
            with contextlib.suppress(_Rejected):
                return self._send(stretch, begun, draft=draft, verbose=True)
        answer = self._send(stretch, begun, draft=draft, verbose=False)
        if verbose:
            self._verbose = False
        return answer

    def _send(self, stretch: Stretch, begun: str, *, draft: bool, verbose: bool) -> Answer:
        """One request, made again while it fails in passing (a draft's isn't)."""
        form: dict[str, Any] = {"model": self._model, "temperature": "0", "response_format": "json"}
        if verbose:
            form |= {"response_format": "verbose_json", "timestamp_granularities[]": ["word", "segment"]}
        if stretch.language:
            form["language"] = stretch.language
        if begun:
            form["prompt"] = begun
        files = {"file": ("speech.wav", _wav(stretch.samples), "audio/wav")}
        limit = httpx.Timeout(min(DRAFT_S, self._answer_s) if draft else self._answer_s, connect=CONNECT_S)
        began = time.monotonic()
        for wait in (*(() if draft else self._waits), None):
            asked = None
            try:
                response = self._http.post(self._url, data=form, files=files, timeout=limit)
            except httpx.HTTPError as error:
                failed: SupplierError = self._unreachable(error)
            else:
                if response.is_success:
                    return read(response.content)
                failed, asked = self._problem(response), _asked_to_wait(response)
                if response.status_code < 500 and response.status_code not in PASSING:
                    raise failed
            pause = asked if wait is not None and asked is not None else wait
            if pause is None or time.monotonic() - began + pause > PATIENCE_S:
                break
            time.sleep(pause)
        raise failed from None

    def _unreachable(self, error: httpx.HTTPError) -> Unavailable:
        if isinstance(error, httpx.TimeoutException):
            return Unavailable(
                f"The speech server {self._host} doesn't answer in time.",
                remedy="See whether it is overloaded; VORI asks again later.",
            )
        return Unavailable(
            f"The speech server {self._host} can't be reached: {self._fit(str(error)) or type(error).__name__}.",
            remedy="Check VORI_SPEECH_MODEL, the network, and whether that server runs.",
        )

    def _problem(self, response: httpx.Response) -> SupplierError:
        """What a failed answer means, and what to do about it."""
        status = response.status_code
        if status in {401, 403}:
            what = "refuses VORI_SPEECH_KEY" if self._key else "wants a key"
            return Unavailable(
                f"The speech server {self._host} {what} ({status}).",
                remedy="Set VORI_SPEECH_KEY to a key that it accepts.",
                code=REFUSED,
            )
        said = self._told(response)
        if status == 404 or response.is_redirect:
            path = urlsplit(self._url).path
            return NoModel(
                f"The speech server {self._host} has no {self._model!r} at {path} ({status}){said}.",
                remedy=f"Check VORI_SPEECH_MODEL; it is written like {PLACE}.",
            )
        if status in {400, 415, 422}:
            return _Rejected(
                f"The speech server {self._host} rejects the request ({status}){said}.",
                remedy="Check the model's name in VORI_SPEECH_MODEL.",
            )
        busy = status in PASSING
        return Unavailable(
            f"The speech server {self._host} {'is too busy' if busy else 'failed'} ({status}){said}.",
            remedy="Look at that account's limits." if busy else "See what that server's log says.",
        )

    def _told(self, response: httpx.Response) -> str:
        """What the server says about it, to stand behind a sentence."""
        try:
            said: Any = response.json()
            for field in ("error", "message", "detail"):
                said = said.get(field, said) if isinstance(said, dict) else said
        except ValueError:
            said = response.text
        told = self._fit(said) if isinstance(said, str) and not said.lstrip().startswith("<") else ""
        return f": {told}" if told else ""

    def _fit(self, said: str) -> str:
        """Somebody else's words in one short line; none if they may hold a piece of the key."""
        size = min(LEAK, len(self._key)) or 1
        pieces = [self._key[at : at + size] for at in range(len(self._key) - size + 1)] if self._key else []
        if any(piece in said for piece in pieces):
            return ""
        return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", said).split())[:200].rstrip(".")


class _Rejected(BadAnswer):
    """The server understands, but won't do it the way it was asked."""


def parse(address: str) -> tuple[str, str]:
    """(URL, model) in the address of an engine, `http(s)://host/v1#model`. Raises `Invalid`; it repeats no secret."""
    try:
        parts = urlsplit(address)
        right = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        right = False
    if not right:
        raise Invalid("VORI_SPEECH_MODEL isn't a web address.", remedy=f"Write it like {PLACE}.")
    if parts.username or parts.password or parts.query:
        raise Invalid(
            f"VORI_SPEECH_MODEL holds more than the address of {parts.hostname} and a model.",
            remedy=f"Write it like {PLACE}; the key belongs in VORI_SPEECH_KEY.",
        )
    model = unquote(parts.fragment).strip()
    if not model or not model.isprintable():
        raise Invalid(f"VORI_SPEECH_MODEL names no model at {parts.netloc}.", remedy=f"Write it like {PLACE}.")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", model


def prompt(stretch: Stretch) -> str:
    """What was said just before, where that helps to hear what follows."""
    said = [said for said in stretch.before if stretch.language in {None, said.language}]
    seconds = len(stretch.samples) / SAMPLE_RATE - stretch.onset
    if not said or (said[-1].language == "en" and seconds < PROMPT_S):
        return ""
    return " ".join(one.text for one in said)[-PROMPT_LENGTH:]


def _asked_to_wait(response: httpx.Response) -> float | None:
    """Seconds, as far as VORI goes along with it."""
    try:
        return min(LONGEST_WAIT_S, max(0.0, float(response.headers["retry-after"])))
    except (KeyError, ValueError):
        return None


def _checked(key: str) -> str:
    key = key.strip()
    if not re.fullmatch(r"[\x21-\x7e]*", key):
        raise Invalid("VORI_SPEECH_KEY holds characters that no key has.", remedy="Copy it anew.")
    return key


def _wav(samples: NDArray[np.float32]) -> bytes:
    """Mono, 16 kHz, 16 bits."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(SAMPLE_RATE)
        writer.writeframes(np.clip(np.rint(samples * 32768), -32768, 32767).astype("<i2").tobytes())
    return file.getvalue()
