"""Somebody's voice in another's microphone doubles no line; what two people really say is kept from both."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.transcript.desk import Desk

from vori.transcript.echo import STEP_MS, Loudness, is_echo
from vori.transcript.model import WINDOW, Recognition, Stretch

Sound = NDArray[np.int16]


def room(voice: Sound, *, late_ms: int, gain: float, noise: float = 20.0) -> Sound:
    """A voice as another microphone hears it from a loudspeaker: later, quieter, duller, with the room's tail."""
    tail = np.exp(-np.arange(1600) / 400) * np.random.default_rng(3).normal(size=1600)
    tail[0] = 6.0
    heard = np.convolve(voice.astype(np.float64), tail / np.abs(tail).sum())[: len(voice)] * 3
    heard = np.convolve(heard, np.ones(4) / 4)[: len(voice)]
    heard = np.concatenate((np.zeros(late_ms * 16), heard))[: len(voice)] * gain
    return np.clip(heard + np.random.default_rng(4).normal(0, noise, len(voice)), -32768, 32767).astype(np.int16)


def loudness(sound: Sound, began_ms: int = 0) -> Loudness:
    found = Loudness()
    for number in range(len(sound) // WINDOW):
        window = sound[number * WINDOW : (number + 1) * WINDOW].astype(np.float32) / np.float32(32768)
        found.add(began_ms + number * STEP_MS, window)
    return found


def echo(mine: Sound, other: Sound, began_ms: int = 0) -> bool:
    return is_echo(loudness(mine), [(loudness(other), began_ms)], 5_400, 7_800)


@pytest.mark.parametrize("late_ms", [40, 200, 500])
@pytest.mark.parametrize("gain", [0.5, 0.1])
def test_a_voice_from_a_loudspeaker_is_an_echo(jfk: Sound, late_ms: int, gain: float) -> None:
    assert echo(room(jfk, late_ms=late_ms, gain=gain), jfk)


def test_streams_that_began_at_different_times_are_compared_by_the_meeting_s_clock(jfk: Sound) -> None:
    heard = room(jfk, late_ms=200, gain=0.3)
    assert echo(heard, jfk[16_000:], began_ms=1_000)
    assert not echo(heard, jfk[16_000:], began_ms=0)


def test_the_speaker_is_no_echo_of_the_loudspeaker(jfk: Sound) -> None:
    assert not echo(jfk, room(jfk, late_ms=200, gain=0.3))


def test_who_speaks_at_the_same_time_is_no_echo(jfk: Sound) -> None:
    quiet = (jfk[::-1] * 0.3).astype(np.int16)
    assert not echo(quiet, jfk)
    over_the_loudspeaker = room(jfk, late_ms=200, gain=0.1) + np.roll(jfk, 40_000) // 2
    assert not echo(over_the_loudspeaker, jfk)


def test_the_same_sound_sent_twice_is_no_echo_and_neither_is_what_can_t_be_compared(jfk: Sound) -> None:
    assert not echo(jfk, jfk)
    assert not echo(room(jfk, late_ms=200, gain=0.3), jfk[:80_000])


class Hears:
    """A recogniser that hears a word for each second."""

    name = "hears"
    continues = False

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [self.final(stretch) for stretch in stretches]

    def final(self, stretch: Stretch) -> Recognition:
        return Recognition("word " * max(1, len(stretch.samples) // 16_000), "en")


async def test_a_meeting_with_a_loudspeaker_has_each_line_once(desks: Any, jfk: Sound) -> None:
    speaker: Desk = await desks(script=())
    listener: Desk = await desks(at=speaker.meeting)
    echoed = room(jfk, late_ms=200, gain=0.4)
    async with speaker.transcriber(Hears()), asyncio.timeout(30):
        for at in range(0, len(jfk), 8_000):
            await speaker.say(jfk[at : at + 8_000], at // 1600)
            await listener.say(echoed[at : at + 8_000], at // 1600)
            await asyncio.sleep(0.02)
        for desk in (speaker, listener):
            await desk.end(len(jfk) // 1600)
        await speaker.closed(2)
    said = await speaker.utterances()
    assert len(said) == 4
    assert {one.stream for one in said} == {speaker.stream.stream}


async def test_what_comes_from_a_loudspeaker_is_known_also_after_the_speaker_has_left(desks: Any, jfk: Sound) -> None:
    speaker: Desk = await desks(script=())
    listener: Desk = await desks(at=speaker.meeting)
    echoed = room(jfk, late_ms=200, gain=0.4)
    async with speaker.transcriber(Hears()), asyncio.timeout(30):
        await speaker.say(jfk, 0)
        await listener.say(echoed[:-16_000], 0)
        await speaker.end(len(jfk) // 1600)
        await speaker.closed(1)
        await asyncio.sleep(0.3)  # its stream is forgotten by then, if ever
        await listener.say(echoed[-16_000:], len(jfk) // 1600 - 10)
        await listener.end(len(jfk) // 1600)
        await speaker.closed(2)
    assert {one.stream for one in await speaker.utterances()} == {speaker.stream.stream}
