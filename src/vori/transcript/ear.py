"""One stream, from frames to stretches of speech. All that it remembers can be kept, so a crash changes nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vori.audio.model import Codec, MalformedFrame, Timeline, samples_in
from vori.audio.opus import PRIMING, OpusDecoder
from vori.events import AudioFrame, Language, Word
from vori.transcript.echo import Loudness, is_echo
from vori.transcript.model import SAMPLE_RATE, WINDOW, Begun, Recognition, Stretch, TimedWord
from vori.transcript.resample import Resampler
from vori.transcript.silero import Silero
from vori.transcript.stream import DRAFT_EVERY, TAIL, Segmenter, Span

CHECKPOINT_EVERY = 10 * SAMPLE_RATE
"""Samples of silence after which the state is worth keeping."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """An utterance, still without words. `first` and `end` are samples at 16 kHz since the stream began."""

    first: int
    end: int
    samples: NDArray[np.int16]
    onset: float
    """Where in it speech begins, in seconds."""
    since: int
    """Sample at which the utterance before it ended."""
    language: Language | None
    """Pinned, or None."""
    over: bool
    """Its last word seems to be said: if nothing more is, the utterance will be exactly this."""

    def is_just(self, other: Heard) -> bool:
        """Whether both are the same stretch of their stream."""
        return (self.first, self.end) == (other.first, other.end)

    @property
    def start_ms(self) -> int:
        """Since the stream began."""
        return self.first * 1000 // SAMPLE_RATE

    def after(self, begun: Begun | None) -> tuple[int, int]:
        """Where it begins, or goes on after its first words, and ends: ms since the stream began."""
        begin_ms = self.start_ms + (round(begun.words[-1].end * 1000) if begun else 0)
        return begin_ms, self.end * 1000 // SAMPLE_RATE

    @property
    def stretch(self) -> Stretch:
        """For a recogniser."""
        return Stretch(
            samples=_floats(self.samples),
            start_ms=self.start_ms,
            language=self.language,
            onset=self.onset,
            since_ms=self.since * 1000 // SAMPLE_RATE,
        )

    @property
    def spoken(self) -> NDArray[np.float32]:
        """Its sound from the first word to the last, in [-1, 1], without the quiet before and after."""
        begin = max(0, round(self.onset * SAMPLE_RATE))
        return _floats(self.samples[begin : max(begin, len(self.samples) - TAIL)])

    def words(self, found: Recognition, origin_ms: int = 0) -> tuple[Word, ...]:
        """What was found in it, timed by a clock on which the stream began at `origin_ms`. Never empty."""
        begin_ms = origin_ms + self.start_ms
        words = found.words or (TimedWord(found.text, self.onset, (self.end - self.first) / SAMPLE_RATE),)
        return tuple(
            Word(text=word.text, start_ms=begin_ms + round(word.start * 1000), end_ms=begin_ms + round(word.end * 1000))
            for word in words
        )


class Ear:
    """Follows one stream. The same frames give the same utterances, whether or not it was rebuilt in between.

    Calls block for a moment (voice activity); they must come one at a time.
    """

    def __init__(
        self,
        silero: Silero,
        *,
        codec: Codec = "pcm_s16le",
        sample_rate: int = SAMPLE_RATE,
        language: Language | None = None,
        parts: bool = False,
        kept: bytes = b"",
    ) -> None:
        """With `parts`, what is being said for long is handed out in between, not `over`, to be begun with.

        `kept` is another ear's `state()`, to go on from there.
        """
        self.draft: Heard | None = None
        """What is being said, when it is worth another draft. Whoever uses it sets it to None."""
        self.loudness = Loudness()
        """By the stream's clock; not kept, so after a crash it begins anew."""
        self.closed = False
        """The stream has ended, and nothing came since."""
        self._silero = silero
        self._rate = sample_rate
        self._language = language
        self._parts = parts
        self._timeline = Timeline(sample_rate)
        self._packets: list[bytes] = []
        """All that a fresh Opus decoder must hear to go on exactly as this one does."""
        self._segmenter = Segmenter()
        self._voice = silero.voice()
        self._resampler = Resampler(sample_rate)
        self._samples: NDArray[np.int16] = np.zeros(0, np.int16)
        """At 16 kHz, from `_from` on."""
        self._from = self._since = self._kept_at = 0
        self._drafted = (0, False)
        if kept:
            self._restore(kept)
        self._decoder = OpusDecoder(sample_rate, self._packets) if codec == "opus" else None

    def take(self, frame: AudioFrame) -> list[Heard]:
        """Take a frame in; the utterances that it ends. A frame taken before changes nothing."""
        try:
            count = samples_in(frame.codec, frame.sample_rate, frame.data)
        except MalformedFrame:
            return []
        placed = self._timeline.place(frame.seq, frame.captured_ms, count)
        if placed is None:
            return []
        first, timeline = placed
        heard = self._lead_to(first)
        self._timeline, self.closed = timeline, False
        return heard + self.hear(self._resampler.take(self._decode(frame.data)))

    def take_samples(self, first: int, samples: NDArray[np.int16]) -> list[Heard]:
        """Take in samples of the stream's own rate, `first` being the place of the first; the utterances they end."""
        heard = self._lead_to(first)
        self._timeline, self.closed = replace(self._timeline, next_sample=first + len(samples)), False
        return heard + self.hear(self._resampler.take(samples))

    def hear(self, samples: NDArray[np.int16]) -> list[Heard]:
        """Go on with samples at 16 kHz; the utterances that they end."""
        heard = list(self._hear(samples))
        self._wish_draft()
        return heard

    def end(self) -> list[Heard]:
        """The stream has ended: what was going on is over."""
        heard = list(self._break_off())
        self._go_on_at(self._segmenter.at)
        self.closed = True
        return heard

    def echoes(self, heard: Heard, origin_ms: int, others: Iterable[tuple[Ear, int]]) -> bool:
        """Whether an utterance of this stream is only what came from one of the others' voices through a loudspeaker.

        Beside each other ear: where its stream's time 0 lies, as `origin_ms` is this one's, ms since the meeting began.
        """
        others_loudness = [(ear.loudness, began_ms - origin_ms) for ear, began_ms in others if ear is not self]
        begin_ms = heard.start_ms + round(heard.onset * 1000)
        return is_echo(self.loudness, others_loudness, begin_ms, heard.end * 1000 // SAMPLE_RATE)

    def quiet_for_long(self) -> bool:
        """Whether the state is worth keeping although nobody has said anything."""
        return self._segmenter.first is None and self._segmenter.at - self._kept_at >= CHECKPOINT_EVERY

    @property
    def speaking(self) -> int | None:
        """The first sample of what is being said."""
        return self._segmenter.first

    def settle(self) -> None:
        """Forget what is not needed any more. It leaves a trace in the sound: call it where the sound alone says so."""
        self._kept_at = self._segmenter.at
        self._packets = self._packets[-PRIMING:]
        if self._decoder:
            self._decoder = OpusDecoder(self._rate, self._packets)

    def state(self) -> bytes:
        """All it remembers. Another ear goes on from it exactly as this one does."""
        parts = (self._voice.state, self._resampler.rest.tobytes(), self._samples.tobytes())
        head = {
            "timeline": asdict(self._timeline),
            "segmenter": asdict(self._segmenter),
            "packets": [base64.b64encode(packet).decode() for packet in self._packets],
            "given": self._resampler.given,
            "from": self._from,
            "since": self._since,
            "kept_at": self._kept_at,
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
        self._timeline = Timeline(**head["timeline"])
        self._segmenter = Segmenter(**head["segmenter"])
        self._packets = [base64.b64decode(packet) for packet in head["packets"]]
        self._voice = self._silero.voice(voice)
        self._resampler = Resampler(self._rate, head["given"], np.frombuffer(waiting, np.int16))
        self._samples = np.frombuffer(samples, np.int16)
        self._from, self._since, self._kept_at = head["from"], head["since"], head["kept_at"]
        self.closed = head["closed"]

    def _decode(self, data: bytes) -> NDArray[np.int16]:
        if self._decoder is None:
            return np.frombuffer(data, "<i2").astype(np.int16, copy=False)
        self._packets.append(data)
        return self._decoder.decode(data)

    def _hear(self, samples: NDArray[np.int16]) -> Iterator[Heard]:
        self._samples = np.concatenate((self._samples, samples))
        while self._from + len(self._samples) - self._segmenter.at >= WINDOW:
            at = self._segmenter.at - self._from
            window = _floats(self._samples[at : at + WINDOW])
            self.loudness.add(self._segmenter.at * 1000 // SAMPLE_RATE, window)
            chance = self._voice.hear(window)
            if span := self._segmenter.hear(chance):
                yield self._ended(span)
            if self._parts and (span := self._segmenter.part()):
                yield self._heard(span, over=False)
        needed = self._segmenter.needed_from()
        self._samples, self._from = self._samples[max(0, needed - self._from) :], max(self._from, needed)

    def _lead_to(self, first: int) -> list[Heard]:
        """The next sample has this place; a gap before it ends what was going on."""
        if first == self._timeline.next_sample:
            return []
        heard = list(self._break_off())
        self._go_on_at(first * SAMPLE_RATE // self._rate)
        return heard

    def _break_off(self) -> Iterator[Heard]:
        """No sound follows what came so far: hear out what is left of it, in a last window filled up with silence."""
        yield from self._hear(self._resampler.finish())
        left = self._from + len(self._samples) - self._segmenter.at
        if left > 0:
            yield from self._hear(np.zeros(WINDOW - left, np.int16))
        if span := self._segmenter.stop():
            yield self._ended(span)

    def _go_on_at(self, sample: int) -> None:
        self._segmenter.skip_to(max(sample, self._segmenter.at))
        self._voice = self._silero.voice()
        self._resampler = Resampler(self._rate)
        self._samples, self._from = np.zeros(0, np.int16), self._segmenter.at
        self.draft = None

    def _ended(self, span: Span) -> Heard:
        heard = self._heard(span, over=True)
        self._since, self._drafted, self.draft = span.end, (span.end, False), None
        return heard

    def _wish_draft(self) -> None:
        """Another draft is worth while when enough was added, or when what is said seems to be over.

        One that still waits for its turn grows. In a short pause it is better to wait and see: a draft begun then would
        hold up the final words.
        """
        going_on = self._segmenter.so_far()
        if going_on is None:
            return
        span, quiet = going_on
        over = quiet >= TAIL
        grown = self.draft is not None or span.end - self._drafted[0] >= DRAFT_EVERY
        if self._drafted != (span.end, over) if over else grown and not quiet:
            self._drafted, self.draft = (span.end, over), self._heard(span, over=over)

    def _heard(self, span: Span, *, over: bool) -> Heard:
        return Heard(
            first=span.first,
            end=span.end,
            samples=self._samples[span.first - self._from : span.end - self._from],
            onset=(span.onset - span.first) / SAMPLE_RATE,
            since=self._since,
            language=self._language,
            over=over,
        )


def _floats(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    return samples.astype(np.float32) / np.float32(32768)
