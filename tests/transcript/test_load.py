"""More to transcribe than there is time for: nothing is lost, nobody is forgotten, and it is told."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.transcript.desk import Desk

from vori.eventlog import Record
from vori.events import AudioEnded, Event, TranscriptClosed, UtteranceFinal
from vori.livefeed import LiveMessage
from vori.transcript import lag, voice, worker
from vori.transcript.model import SAMPLE_RATE, Recognition, Stretch
from vori.transcript.shelf import Shelf
from vori.transcript.voice import Voice


class Slow:
    """Takes its time over final words, and says where they were said."""

    name = "slow"
    continues = False

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [Recognition("draft", "en") for _ in stretches]

    def final(self, stretch: Stretch) -> Recognition:
        time.sleep(self.seconds)
        loud = float(np.abs(stretch.samples).max())
        return Recognition(f"{stretch.start_ms} {len(stretch.samples) / SAMPLE_RATE:.2f} {loud:.3f}", "en")


@pytest.fixture
def long(jfk: NDArray[np.int16]) -> NDArray[np.int16]:
    """Two minutes with a pause between sentences: dozens of utterances."""
    pause = np.zeros(12_000, np.int16)
    return np.concatenate([part for _ in range(10) for part in (jfk, pause)])


async def test_a_backlog_lies_on_disk_and_gives_the_same_words(
    desks: Any, long: NDArray[np.int16], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = []
    for in_memory in (1000, 2):
        monkeypatch.setattr(voice, "IN_MEMORY", in_memory)
        desk = await desks(script=())
        await desk.end(await desk.say(long))
        async with desk.transcriber(Slow(0.01)), asyncio.timeout(30):
            await desk.closed()
        texts.append([(said.start_ms, said.text) for said in await desk.utterances()])
    assert len(texts[0]) > 30
    assert texts[0] == texts[1]


@pytest.mark.parametrize("same", [True, False], ids=["same_meeting", "another_meeting"])
async def test_who_speaks_now_gets_words_before_a_long_recording_has_all_of_its_own(
    desks: Any, long: NDArray[np.int16], jfk: NDArray[np.int16], monkeypatch: pytest.MonkeyPatch, same: bool
) -> None:
    monkeypatch.setattr(worker, "AT_ONCE", 1)
    upload: Desk = await desks(script=())
    speaker: Desk = await desks(script=(), at=upload.meeting if same else None)
    asked, heard = itertools.count(1), threading.Event()

    class Waiting(Slow):
        """Goes on after a few words only once the speaker was heard: who is faster decides nothing."""

        def final(self, stretch: Stretch) -> Recognition:
            if next(asked) > 5:
                assert heard.wait(60)
            return super().final(stretch)

    def hear(records: Sequence[tuple[Record, Voice]], shelf: Shelf) -> None:
        voice.hear(records, shelf)
        if any(
            isinstance(record.event, AudioEnded) and record.event.stream == speaker.stream.stream
            for record, _ in records
        ):
            heard.set()

    async def facts() -> list[Event]:
        """Of both, as they came."""
        every = await upload.facts() + ([] if same else await speaker.facts())
        return sorted(every, key=lambda fact: fact.occurred_at)

    monkeypatch.setattr(worker, "hear", hear)
    await upload.end(await upload.say(long))
    async with upload.transcriber(Waiting(0.01)), asyncio.timeout(90):
        await upload.more_than(1)
        await speaker.end(await speaker.say(jfk))
        while {upload.stream.stream, speaker.stream.stream} - {  # noqa: ASYNC110
            fact.stream for fact in await facts() if isinstance(fact, TranscriptClosed)
        }:
            await asyncio.sleep(0.02)
    said = [fact.stream for fact in await facts() if isinstance(fact, UtteranceFinal)]
    assert said.index(speaker.stream.stream) < 10
    assert said.count(upload.stream.stream) > 30
    assert said.count(speaker.stream.stream) == 4


async def test_words_that_come_late_are_told_and_so_is_their_catching_up(
    desks: Any, long: NDArray[np.int16], jfk: NDArray[np.int16], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "AT_ONCE", 1)
    monkeypatch.setattr(worker, "LAG_EVERY_S", 0.05)
    monkeypatch.setattr(lag, "FULL_S", 0.5)
    monkeypatch.setattr(lag, "CALM_S", 0.4)
    monkeypatch.setattr(voice, "WORTH_TELLING_S", 1)
    busy: Desk = await desks(script=())
    late: Desk = await desks(script=())
    lags: dict[Any, list[Any]] = {busy.stream.stream: [], late.stream.stream: []}

    async def listen() -> None:
        async with busy.feed.subscribe() as messages:
            async for message in messages:
                if isinstance(message, LiveMessage) and message.kind == "lag":
                    lags[message.id].append(message.data)

    listening = asyncio.create_task(listen())
    await busy.end(await busy.say(long))
    async with busy.transcriber(Slow(0.12)), asyncio.timeout(60):
        while not lags[busy.stream.stream]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        await late.end(await late.say(jfk))
        await busy.closed()
        await late.closed()
        while any(told[-1:] != [None] for told in lags.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    listening.cancel()
    await asyncio.wait([listening])
    assert max(lag["behind_s"] for lag in lags[busy.stream.stream] if lag) >= 2
    assert lags[late.stream.stream][0]["queued"], "there was no room for a new stream"
    assert not any(lag["queued"] for lag in lags[busy.stream.stream] if lag)
    assert len(await late.utterances()) == 4


async def test_final_words_are_asked_for_once(desks: Any, jfk: NDArray[np.int16]) -> None:
    asked: list[tuple[int, int]] = []

    class Counting(Slow):
        def final(self, stretch: Stretch) -> Recognition:
            asked.append((stretch.start_ms, len(stretch.samples)))
            return super().final(stretch)

    desk: Desk = await desks(script=())
    async with desk.transcriber(Counting(0.4)), asyncio.timeout(60):
        for at in range(0, len(jfk), 3_200):
            await desk.say(jfk[at : at + 3_200], at // 1600)
            await asyncio.sleep(0.2)  # the speed of speech
        await desk.end(len(jfk) // 1600)
        await desk.closed()
    assert len(await desk.utterances()) == 4
    assert len(asked) == len(set(asked)), "nothing was decoded twice"
