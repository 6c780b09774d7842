"""The transcriber over the real log and database: each utterance once, whatever happens in between."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.transcript.desk import SCRIPT, Desk, Silent, told

from vori.database.connection import Transaction
from vori.eventlog import Partition, partition_of
from vori.eventlog.postgres import PostgresEventLog
from vori.events import Event, Topic, TranscriptClosed, UtteranceFinal
from vori.livefeed import LiveMessage
from vori.meetings.model import ScriptLine
from vori.transcript import worker
from vori.transcript.correct import as_it_stands
from vori.transcript.model import SAMPLE_RATE, Recogniser, Recognition, Stretch, TimedWord
from vori.transcript.whisper import Whisper


async def heard(desk: Desk, sound: NDArray[np.int16], recogniser: Recogniser) -> list[tuple[Any, ...]]:
    """What becomes of a sound when nothing goes wrong."""
    await desk.end(await desk.say(sound))
    async with desk.transcriber(recogniser), asyncio.timeout(30):
        await desk.closed()
    return told(await desk.utterances())


async def test_a_rehearsal_says_its_script_and_closes(desks: Any, jfk: NDArray[np.int16]) -> None:
    desk = await desks()
    assert [text for *_, text, _ in await heard(desk, jfk, Silent())] == [line.text for line in SCRIPT]
    utterances, facts = await desk.utterances(), await desk.facts()
    assert [as_it_stands(said, 0, said.text, None) for said in facts if isinstance(said, UtteranceFinal)] == utterances
    assert isinstance(facts[-1], TranscriptClosed)
    assert all(said.speaker == "Maya" and said.start_ms >= 5_000 for said in utterances)
    assert [(at, end) for at, end in (await desk.log.progress("transcript")).values() if at != end] == []


class PowerCut(Exception):
    pass


class DyingLog:
    """The real log, until the power goes in the middle of a transaction."""

    def __init__(self, log: PostgresEventLog, appends: int) -> None:
        self._log = log
        self._left = appends

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def append(self, tx: Transaction, event: Event) -> None:
        await self._log.append(tx, event)
        self._left -= 1
        if self._left < 0:
            raise PowerCut


async def test_power_cuts_in_the_middle_of_commits_change_nothing(desks: Any, jfk: NDArray[np.int16]) -> None:
    undisturbed = await heard(await desks(), jfk, Silent())
    desk = await desks()
    await desk.end(await desk.say(jfk))
    for lives in (0, 0, 1, 0, 2):
        async with desk.transcriber(Silent(), DyingLog(desk.log, lives)) as task, asyncio.timeout(30):
            await asyncio.wait({task})
        with pytest.raises(PowerCut):
            task.result()
    async with desk.transcriber(Silent()), asyncio.timeout(30):
        await desk.closed()
    assert told(await desk.utterances()) == undisturbed
    facts = await desk.facts()
    assert [type(fact) for fact in facts] == [UtteranceFinal] * 4 + [TranscriptClosed]


async def test_stopping_after_each_utterance_changes_nothing(
    desks: Any, jfk: NDArray[np.int16], whisper: Whisper
) -> None:
    speech = jfk[80_000:]
    undisturbed = await heard(await desks(script=()), speech, whisper)
    assert "ask what you can do for your country" in undisturbed[-1][3].lower()
    desk, known = await desks(script=()), 0
    seq = 0
    for at in range(0, len(speech), 32_000):
        seq = await desk.say(speech[at : at + 32_000], seq)
        async with desk.transcriber(whisper):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(desk.more_than(known), 0.7)
        known = len(await desk.utterances())
    await desk.end(seq)
    async with desk.transcriber(whisper), asyncio.timeout(30):
        await desk.closed()
    assert told(await desk.utterances()) == undisturbed


async def test_two_utterances_that_one_frame_ends_are_both_there_once(desks: Any, jfk: NDArray[np.int16]) -> None:
    pause = np.zeros(9_000, np.int16)
    one_frame = np.concatenate([pause, jfk[53_000:61_000], pause])
    desk = await desks(script=(ScriptLine("mic", 0, 1_000, "One."), ScriptLine("mic", 2_400, 2_700, "Two.")))
    await desk.say(one_frame, await desk.say(jfk[8_000 : 8_000 + len(one_frame)], 0, len(one_frame)), len(one_frame))
    async with desk.transcriber(Silent(), DyingLog(desk.log, 1)) as task, asyncio.timeout(30):
        await asyncio.wait({task})
    assert [said.text for said in await desk.utterances()] == ["One."]
    async with desk.transcriber(Silent()), asyncio.timeout(30):
        await desk.more_than(1)
    assert [fact.text for fact in await desk.facts() if isinstance(fact, UtteranceFinal)] == ["One.", "Two."]


async def test_what_comes_after_the_end_is_heard_and_closed_again(desks: Any, jfk: NDArray[np.int16]) -> None:
    undisturbed = await heard(await desks(), np.concatenate([jfk[:80_000], jfk[80_000:]]), Silent())
    desk = await desks()
    silent = await desks(at=desk.meeting)
    await silent.say(jfk[:32_000])  # still speaking: its sound is read again after each start
    seq = await desk.say(jfk[:80_000])
    for _ in range(2):
        await desk.end(seq)
    seq = await desk.say(jfk[80_000:144_000], seq)
    async with desk.transcriber(Silent()), asyncio.timeout(30):
        await desk.more_than(2)
    await desk.end(await desk.say(jfk[144_000:], seq))
    for _ in range(2):
        async with desk.transcriber(Silent()), asyncio.timeout(30):
            await desk.closed(2)
    assert [said[3:] for said in told(await desk.utterances())] == [said[3:] for said in undisturbed]
    assert sum(isinstance(fact, TranscriptClosed) for fact in await desk.facts()) == 2


async def passed_everything(desk: Desk) -> bool:
    """Whether the group needs nothing of this meeting's sound any more."""
    lane = Partition(Topic.AUDIO, partition_of(str(desk.meeting.meeting_id)))
    passed, written = (await desk.log.progress(worker.GROUP)).get(lane, (0, 1))
    return passed == written


async def test_a_stream_that_falls_silent_without_an_end_holds_up_nothing(
    desks: Any, jfk: NDArray[np.int16], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "IDLE_S", 0.2)
    desk = await desks()
    undisturbed = await heard(await desks(), jfk, Silent())
    seq = await desk.say(jfk[:96_000])  # in the middle of a sentence
    async with desk.transcriber(Silent()), asyncio.timeout(30):
        while not await passed_everything(desk):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await desk.end(await desk.say(jfk[96_000:], seq))
    async with desk.transcriber(Silent()), asyncio.timeout(30):
        await desk.closed()
    assert told(await desk.utterances()) == undisturbed


async def test_drafts_are_shown_and_taken_back(desks: Any, jfk: NDArray[np.int16]) -> None:
    desk = await desks()
    messages: list[LiveMessage] = []
    async with desk.feed.subscribe() as subscription, desk.transcriber(Silent()), asyncio.timeout(30):
        for at in range(0, len(jfk), 8_000):
            await desk.say(jfk[at : at + 8_000], at // 1600)
            await asyncio.sleep(0.03)
        await desk.end(len(jfk) // 1600)
        await desk.closed()
        while sum(message.kind == "utterance" for message in messages) < len(SCRIPT):
            message = await anext(subscription)
            assert isinstance(message, LiveMessage)
            messages.append(message)
    drafts = [message for message in messages if message.kind == "draft"]
    shown = {message.id for message in drafts if message.data}
    assert shown, "somebody spoke for seconds"
    assert all(message.data["speaker"] == "Maya" for message in drafts if message.data)
    assert all(message.data["text"].startswith(message.data["stable"]) for message in drafts if message.data)
    assert any(message.data["stable"] for message in drafts if message.data), "two hearings agreed on something"
    assert shown <= {message.id for message in messages if message.kind == "utterance"}, "which take the draft's place"
    assert messages[-1].kind == "utterance", "no draft comes after its final words"


async def told_live(feed: Any, until: str) -> list[LiveMessage]:
    """What pages are told of words, up to the first message that has this."""
    messages = list[LiveMessage]()
    while not messages or not messages[-1].data or not messages[-1].data.get(until):
        message = await anext(feed)
        if isinstance(message, LiveMessage) and message.kind in {"draft", "utterance"}:
            messages.append(message)
    return messages


async def test_in_a_long_sentence_older_words_are_final_while_it_goes_on_and_stay_so(
    desks: Any, long_speech: NDArray[np.int16], whisper: Whisper
) -> None:
    desk = await desks(script=())
    async with desk.feed.subscribe() as feed, desk.transcriber(whisper), asyncio.timeout(60):
        for at in range(0, len(long_speech), 16_000):
            await desk.say(long_speech[at : at + 16_000], at // 1600)
            await asyncio.sleep(0.3)
        messages = await told_live(feed, "words")
    *drafts, said = messages
    finals = [message.data["final"] for message in drafts if message.data]
    assert len(set(finals)) >= 3, "twice before the sentence was over"
    assert said.kind == "utterance"
    for earlier, later in pairwise([*finals, said.data["text"] if said.data else ""]):
        assert f"{later} ".startswith(f"{earlier} ".lstrip())
    for message in drafts:
        assert message.data
        assert message.data["text"].startswith(message.data["stable"])
        assert message.data["stable"].startswith(message.data["final"])


class Contrary:
    """Never says the same twice, except what is final: one word a second, all of them new each time it is asked."""

    name = "contrary"
    continues = True
    asked = 0

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [self.final(stretch) for stretch in stretches]

    def final(self, stretch: Stretch) -> Recognition:
        self.asked += 1
        known = stretch.begun.words if stretch.begun else ()
        seconds = range(len(known), len(stretch.samples) // SAMPLE_RATE)
        words = (*known, *(TimedWord(f"w{self.asked}-{second}", second, second + 1) for second in seconds))
        return Recognition(" ".join(word.text for word in words), "en", words)


async def test_a_transcriber_that_starts_anew_keeps_to_words_that_were_final(
    desks: Any, long_speech: NDArray[np.int16]
) -> None:
    desk, finals, contrary = await desks(script=()), list[str](), Contrary()
    seq = await desk.say(long_speech[:72_000])
    for _ in range(2):
        async with desk.feed.subscribe() as feed, desk.transcriber(contrary), asyncio.timeout(30):
            seq = await desk.say(long_speech[seq * 1600 : seq * 1600 + 8_000], seq)
            last = (await told_live(feed, "final"))[-1].data
            finals.append(last["final"] if last else "")
    await desk.end(await desk.say(long_speech[seq * 1600 :], seq))
    async with desk.transcriber(contrary), asyncio.timeout(30):
        await desk.closed()
    [said] = await desk.utterances()
    assert finals[0]
    assert finals == [finals[0]] * 2, "the first part isn't heard again"
    assert said.text.startswith(f"{finals[0]} ")


async def test_final_words_stay_also_when_the_transcriber_starts_anew_with_a_recogniser_that_can_t_go_on(
    desks: Any, long_speech: NDArray[np.int16]
) -> None:
    class Another(Contrary):
        continues = False

        def final(self, stretch: Stretch) -> Recognition:
            return super().final(replace(stretch, begun=None))

    desk = await desks(script=())
    seq = await desk.say(long_speech[:72_000])
    async with desk.feed.subscribe() as feed, desk.transcriber(Contrary()), asyncio.timeout(30):
        last = (await told_live(feed, "final"))[-1].data
    await desk.end(await desk.say(long_speech[seq * 1600 :], seq))
    async with desk.transcriber(Another()), asyncio.timeout(30):
        await desk.closed()
    [said] = await desk.utterances()
    assert last
    assert said.text.startswith(f"{last['final']} ")
    assert [word.text for word in said.words] == said.text.split()


async def test_words_that_were_final_are_kept_when_recognition_fails_at_the_rest(
    desks: Any, long_speech: NDArray[np.int16]
) -> None:
    class Failing(Contrary):
        def final(self, stretch: Stretch) -> Recognition:
            if len(stretch.samples) > 5 * SAMPLE_RATE:
                raise RuntimeError("out of memory")
            return super().final(stretch)

    desk = await desks(script=())
    outcome = await desk.settle(Failing(), await desk.say(long_speech))
    [said] = await desk.utterances()
    assert len(said.words) == 2
    failed = [gap for stream in outcome.streams for gap in stream.gaps if gap.cause == "not_recognised"]
    assert [gap.from_ms - desk.stream.origin_ms for gap in failed] == [2_000]


async def test_who_spoke_last_in_a_meeting_waits_for_a_long_sentence_that_was_over_before(
    desks: Any, long_speech: NDArray[np.int16], jfk: NDArray[np.int16]
) -> None:
    class Slow(Contrary):
        def final(self, stretch: Stretch) -> Recognition:
            time.sleep(0.0 if len(stretch.samples) < 4 * SAMPLE_RATE else 0.3)
            return super().final(stretch)

    asks = await desks(script=())
    answers = await desks(script=(), at=asks.meeting)
    answer = np.concatenate([np.zeros(104_000, np.int16), jfk[131_000:], np.zeros(16_000, np.int16)])
    await asks.end(await asks.say(long_speech))
    await answers.end(await answers.say(answer))
    async with asks.transcriber(Slow()), asyncio.timeout(30):
        await asks.closed(2)
    said = [fact.stream for fact in await asks.facts() if isinstance(fact, UtteranceFinal)]
    assert said == [asks.stream.stream, answers.stream.stream]


class Faulty:
    """Fails at whatever begins in the first five seconds."""

    name = "faulty"
    continues = False

    def drafts(self, stretches: Sequence[Stretch]) -> list[Recognition]:
        return [self.final(stretch) for stretch in stretches]

    def final(self, stretch: Stretch) -> Recognition:
        if stretch.start_ms < 4_000:
            raise RuntimeError("out of memory")
        return Recognition("heard", "en")


async def test_a_stretch_that_fails_is_noted_and_harms_no_other(desks: Any, jfk: NDArray[np.int16]) -> None:
    desk, other = await desks(script=()), await desks()
    await other.end(await other.say(jfk))
    assert [text for *_, text, _ in await heard(desk, jfk, Faulty())] == ["heard", "heard"]
    async with desk.transcriber(Faulty()), asyncio.timeout(30):
        await other.closed()
    assert len(await other.utterances()) == 4
    async with desk.database.transaction(desk.meeting.workspace_id) as tx:
        row = await tx.fetch_one("select unheard from transcript_stream where stream = %s", (desk.stream.stream,))
    assert row
    assert row["unheard"] == [[0, 2440], [2440, 4616]]
