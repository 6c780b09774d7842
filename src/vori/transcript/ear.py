"""One stream, from frames to stretches of speech. What it remembers fits into a few bytes, so a crash costs nothing."""

from __future__ import annotations

import base64
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vori.audio.model import AudioStream, MalformedFrame, Timeline, samples_in
from vori.audio.opus import PRIMING, OpusDecoder
from vori.events import AudioFrame, Language
from vori.transcript.model import SAMPLE_RATE, WINDOW, Stretch
from vori.transcript.resample import Resampler
from vori.transcript.silero import Silero
from vori.transcript.stream import DRAFT_EVERY, Segmenter, Span

CHECKPOINT_EVERY = 10 * SAMPLE_RATE
"""Samples of silence after which the state is worth keeping."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An utterance that is over, still without words."""

    first_sample: int
    stretch: Stretch


class Ear:
    """Follows one stream. The same frames give the same utterances, whether or not it was rebuilt in between.

    Calls block for a moment (voice activity); they must come one at a time.
    """

    def __init__(self, stream: AudioStream, language: Language | None, silero: Silero, kept: bytes = b"") -> None:
        self.stream = stream
        self.draft: tuple[int, Stretch] | None = None
        """The newest hearing of what is being said, if it is worth a draft: (first sample, stretch)."""
        self.closed = False
        """The stream has ended, and nothing came since."""
        self._language = language
        self._silero = silero
        self._rate = stream.sample_rate
        self._timeline: Timeline | None = None
        self._packets: deque[bytes] = deque(maxlen=PRIMING)
        self._segmenter = Segmenter()
        self._voice = silero.voice()
        self._resampler = Resampler(self._rate)
        self._samples: NDArray[np.int16] = np.zeros(0, np.int16)
        """At 16 kHz, from `_from` on."""
        self._from = 0
        self._since = 0
        self._drafted = 0
        self._kept_at = 0
        if kept:
            self._restore(kept)
        self._decoder = OpusDecoder(self._rate, self._packets) if stream.codec == "opus" else None

    def take(self, frame: AudioFrame) -> list[Heard]:
        """Take a frame in; the utterances that it ends. A frame taken before changes nothing."""
        timeline = self._timeline or Timeline(self._rate)
        try:
            count = samples_in(frame.codec, frame.sample_rate, frame.data)
        except MalformedFrame:
            return []
        placed = timeline.place(frame.seq, frame.captured_ms, count)
        if placed is None:
            return []
        first, self._timeline = placed
        self.closed = False
        heard: list[Heard] = []
        if first != timeline.next_sample:
            heard += self._break_off()
            self._go_on_at(first * SAMPLE_RATE // self._rate)
        heard += self._hear(self._resampler.take(self._decode(frame.data)))
        self._wish_draft()
        return heard

    def end(self) -> list[Heard]:
        """The stream has ended: what was going on is over."""
        heard = list(self._break_off())
        self._go_on_at(self._segmenter.at)
        self.closed = True
        return heard

    def quiet_for_long(self) -> bool:
        """Whether the state is worth keeping although nobody has said anything."""
        return self._segmenter.first is None and self._segmenter.at - self._kept_at >= CHECKPOINT_EVERY

    @property
    def speaking(self) -> int | None:
        """The first sample of what is being said."""
        return self._segmenter.first

    def state(self) -> bytes:
        """All it remembers; `Ear(…, kept=state)` goes on from here, and so does this one, in the same way."""
        self._kept_at = self._segmenter.at
        if self._decoder:
            self._decoder = OpusDecoder(self._rate, self._packets)
        parts = (self._voice.state, self._resampler.rest.tobytes(), self._samples.tobytes())
        head = {
            "timeline": asdict(self._timeline) if self._timeline else None,
            "segmenter": asdict(self._segmenter),
            "packets": [base64.b64encode(packet).decode() for packet in self._packets],
            "given": self._resampler.given,
            "from": self._from,
            "since": self._since,
            "closed": self.closed,
            "lengths": [len(part) for part in parts],
        }
        return json.dumps(head).encode() + b"\n" + b"".join(parts)

    def _restore(self, kept: bytes) -> None:
        line, _, rest = kept.partition(b"\n")
        head: dict[str, Any] = json.loads(line)
        voice, waiting, samples = (
            rest[sum(head["lengths"][:place]) : sum(head["lengths"][: place + 1])] for place in range(3)
        )
        self._timeline = Timeline(**head["timeline"]) if head["timeline"] else None
        self._segmenter = Segmenter(**head["segmenter"])
        self._packets.extend(base64.b64decode(packet) for packet in head["packets"])
        self._voice = self._silero.voice(voice)
        self._resampler = Resampler(self._rate, head["given"], np.frombuffer(waiting, np.int16))
        self._samples = np.frombuffer(samples, np.int16)
        self._from, self._since, self.closed = head["from"], head["since"], head["closed"]
        self._kept_at = self._segmenter.at

    def _decode(self, data: bytes) -> NDArray[np.int16]:
        if self._decoder is None:
            return np.frombuffer(data, "<i2").astype(np.int16, copy=False)
        self._packets.append(data)
        return self._decoder.decode(data)

    def _hear(self, samples: NDArray[np.int16]) -> Iterator[Heard]:
        self._samples = np.concatenate((self._samples, samples))
        while self._from + len(self._samples) - self._segmenter.at >= WINDOW:
            at = self._segmenter.at - self._from
            chance = self._voice.hear(_floats(self._samples[at : at + WINDOW]))
            span = self._segmenter.hear(chance)
            if span is not None:
                yield self._heard(span)
        needed = self._segmenter.needed_from()
        self._samples, self._from = self._samples[max(0, needed - self._from) :], max(self._from, needed)

    def _break_off(self) -> Iterator[Heard]:
        """No sound follows what came so far: hear out what is left of it, in a last window filled up with silence."""
        yield from self._hear(self._resampler.finish())
        left = self._from + len(self._samples) - self._segmenter.at
        if left > 0:
            yield from self._hear(np.zeros(WINDOW - left, np.int16))
        span = self._segmenter.stop()
        if span is not None:
            yield self._heard(span)

    def _go_on_at(self, sample: int) -> None:
        self._segmenter.skip_to(max(sample, self._segmenter.at))
        self._voice = self._silero.voice()
        self._resampler = Resampler(self._rate)
        self._samples, self._from = np.zeros(0, np.int16), self._segmenter.at
        self.draft = None

    def _heard(self, span: Span) -> Heard:
        samples = self._samples[span.first - self._from : span.end - self._from]
        heard = Heard(span.first, self._stretch(span.first, samples))
        self._since, self._drafted, self.draft = span.end, span.end, None
        return heard

    def _wish_draft(self) -> None:
        first = self._segmenter.first
        if first is None or not self._segmenter.worth_hearing() or self._segmenter.at - self._drafted < DRAFT_EVERY:
            return
        self._drafted = self._segmenter.at
        self.draft = (first, self._stretch(first, self._samples[first - self._from :]))

    def _stretch(self, first: int, samples: NDArray[np.int16]) -> Stretch:
        return Stretch(
            samples=_floats(samples),
            start_ms=first * 1000 // SAMPLE_RATE,
            language=self._language,
            since_ms=self._since * 1000 // SAMPLE_RATE,
        )


def _floats(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32768)
