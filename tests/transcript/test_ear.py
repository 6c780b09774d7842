"""From frames to stretches of speech: the same ones whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import numpy as np
import pytest
from numpy.typing import NDArray

from vori.audio.model import Codec
from vori.audio.opus import OpusEncoder
from vori.events import AudioFrame
from vori.transcript.ear import Ear, Heard
from vori.transcript.model import WINDOW
from vori.transcript.silero import Silero

Found = list[tuple[int, int, bool, bytes]]
IDS = {"workspace_id": uuid4(), "meeting_id": uuid4(), "stream": uuid4()}


def frames(sound: NDArray[np.int16], codec: Codec = "pcm_s16le", rate: int = 16_000) -> Iterator[AudioFrame]:
    """100 ms of PCM each, or 20 ms of Opus."""
    step_ms = 20 if codec == "opus" else 100
    if codec == "opus":
        encoder = OpusEncoder(rate, packet_ms=step_ms)
        pieces = [*encoder.encode(sound), *encoder.flush()]
    else:
        pieces = [sound[at : at + rate // 10].tobytes() for at in range(0, len(sound), rate // 10)]
    for seq, data in enumerate(pieces):
        yield AudioFrame(seq=seq, captured_ms=seq * step_ms, codec=codec, sample_rate=rate, data=data, **IDS)


def told(heard: list[Heard]) -> Found:
    return [(one.first, one.end, one.over, one.stretch.samples.tobytes()) for one in heard]


def test_silence_gives_nothing_and_speech_its_utterances(silero: Silero, jfk: NDArray[np.int16]) -> None:
    ear = Ear(silero)
    assert [heard for frame in frames(np.zeros(80_000, np.int16)) for heard in ear.take(frame)] == []
    ear = Ear(silero)
    heard = [one for frame in frames(jfk) for one in ear.take(frame)] + ear.end()
    spoken = [(one.first / 16_000 + one.stretch.onset, one.end / 16_000) for one in heard]
    assert [(round(begin, 1), round(end, 1)) for begin, end in spoken] == [
        (0.4, 2.4),
        (3.3, 4.6),
        (5.4, 7.8),
        (8.2, 11.0),
    ]
    assert ear.closed


@pytest.mark.parametrize(("codec", "rate"), [("pcm_s16le", 16_000), ("pcm_s16le", 44_100), ("opus", 48_000)])
def test_an_ear_rebuilt_from_what_it_kept_hears_the_same(
    silero: Silero, jfk: NDArray[np.int16], long_speech: NDArray[np.int16], codec: Codec, rate: int
) -> None:
    sound = np.concatenate([jfk, np.zeros(176_000, np.int16), long_speech, jfk[:80_000]])
    sound = sound[np.arange(len(sound) * rate // 16_000) * 16_000 // rate]
    sent = [frame for frame in frames(sound, codec, rate) if not 4_000 <= frame.captured_ms < 4_700]
    assert_same_through_crashes(silero, sent, codec, rate)


def assert_same_through_crashes(silero: Silero, sent: list[AudioFrame], codec: Codec, rate: int) -> None:
    random = np.random.default_rng(7)

    def new(kept: bytes = b"") -> Ear:
        return Ear(silero, codec=codec, sample_rate=rate, parts=True, kept=kept)

    def hear(*, crashes: bool) -> Found:
        ear, at, kept, found = new(), 0, (0, b""), dict[tuple[int, int, bool], bytes]()
        while at < len(sent):
            heard = ear.take(sent[at])
            at += 1
            found |= {(first, end, over): samples for first, end, over, samples in told(heard)}
            if any(one.over for one in heard) or ear.quiet_for_long():
                ear.settle()
                kept = at, ear.state()
            elif crashes and random.random() < 0.02:
                kept = at, ear.state()
            if crashes and random.random() < 4 / len(sent):
                at, ear = kept[0], new(kept[1])
        found |= {(first, end, over): samples for first, end, over, samples in told(ear.end())}
        return [(*place, samples) for place, samples in found.items()]

    undisturbed = hear(crashes=False)
    assert sum(over for *_, over, _ in undisturbed) >= 5
    assert hear(crashes=True) == undisturbed


def test_a_gap_ends_the_utterance_and_time_goes_on_after_it(silero: Silero, jfk: NDArray[np.int16]) -> None:
    sent = list(frames(jfk))
    ear = Ear(silero)
    assert [one for frame in sent[:20] for one in ear.take(frame)] == []
    late = [frame.model_copy(update={"captured_ms": frame.captured_ms + 60_000}) for frame in sent[20:]]
    [broken_off, *after] = [one for frame in late for one in ear.take(frame)] + ear.end()
    assert (broken_off.first, broken_off.end) == (0, 32_000 + WINDOW // 2)
    assert len(broken_off.stretch.samples) == broken_off.end
    assert ear.take(sent[3]) == [], "a frame taken before changes nothing"
    assert [round(one.first / 16_000 + one.stretch.onset, 1) for one in after] == [63.3, 65.4, 68.2]


def test_drafts_come_while_somebody_speaks_and_not_in_silence(silero: Silero, jfk: NDArray[np.int16]) -> None:
    ear, drafts = Ear(silero), list[Heard]()
    for frame in frames(np.concatenate([np.zeros(32_000, np.int16), jfk, np.zeros(48_000, np.int16)])):
        ear.take(frame)
        if ear.draft:
            drafts.append(ear.draft)
            ear.draft = None
    assert 8 <= len(drafts) <= 25
    assert all(draft.first >= 16_000 and draft.end <= 36_800 + len(jfk) for draft in drafts)
    assert sum(draft.over for draft in drafts) >= 3
