"""Several people through one microphone: the transcriber says which voice it was, the same after every crash."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from tests.transcript.desk import Desk, Silent

from vori.events import UtteranceFinal
from vori.livefeed import LiveMessage
from vori.meetings.model import ScriptLine
from vori.sample.script import FOLDER
from vori.transcript.naming.store import set_name

DEMO = FOLDER
LINES: list[dict[str, Any]] = json.loads((DEMO / "en.json").read_text())["lines"][:7]
SCRIPT = [ScriptLine("mic", line["start_ms"], line["end_ms"], line["voice"]) for line in LINES]
"""Each says their own name."""


@pytest.fixture(scope="module")
def table() -> NDArray[np.int16]:
    """The demo's three voices at one table."""
    tracks = [soundfile.read(DEMO / f"en-{name}.opus", dtype="int16")[0] for name in ("maya", "alan", "robert")]
    end = (LINES[-1]["end_ms"] + 1000) * 16
    together = sum(np.pad(track, (0, end))[:end].astype(np.int32) for track in tracks)
    return np.asarray(together, np.int16)


async def transcribed(desk: Desk, sound: NDArray[np.int16], stops: Sequence[int] = ()) -> list[UtteranceFinal]:
    """What was said; the transcriber is cut off when so many utterances are there, and begins again."""
    await desk.end(await desk.say(sound))
    for known in stops:
        async with desk.transcriber(Silent()), asyncio.timeout(60):
            await desk.more_than(known)
    async with desk.transcriber(Silent()), asyncio.timeout(60):
        await desk.closed()
    return list(await desk.utterances())


def voices(said: Sequence[UtteranceFinal]) -> list[tuple[str, int | None]]:
    return [(utterance.text, utterance.voice) for utterance in said]


async def test_who_shares_a_microphone_is_told_apart_and_a_crash_changes_nothing(
    desks: Any, table: NDArray[np.int16]
) -> None:
    whole = voices(await transcribed(await desks(SCRIPT, speaker=None), table))
    assert [name for name, _ in whole] == [line.text for line in SCRIPT]
    numbers = {name: {voice for text, voice in whole if text == name and voice is not None} for name, _ in whole}
    assert sorted(map(len, numbers.values())) == [1, 1, 1]
    assert len(set.union(*numbers.values())) == 3
    assert voices(await transcribed(await desks(SCRIPT, speaker=None), table, stops=(0, 2, 4))) == whole


async def test_a_stream_of_one_person_has_their_name_and_no_voices(desks: Any, table: NDArray[np.int16]) -> None:
    said = await transcribed(await desks(SCRIPT, speaker="Maya"), table)
    assert {(utterance.speaker, utterance.voice) for utterance in said} == {("Maya", None)}


async def test_what_a_named_voice_says_next_comes_under_its_name(desks: Any, table: NDArray[np.int16]) -> None:
    desk = await desks(SCRIPT, speaker=None)
    async with desk.database.transaction(desk.meeting.workspace_id) as tx:
        await set_name(tx, desk.meeting.meeting_id, desk.stream.stream, 0, "Maya Lee")
    told: dict[UUID, dict[str, Any]] = {}
    async with desk.feed.subscribe() as messages:
        said = await transcribed(desk, table)
        async for message in messages:
            if isinstance(message, LiveMessage) and message.kind == "utterance" and message.data:
                told[message.id] = message.data
                if len(told) == len(said):
                    break
    shown = {(told[utterance.utterance_id]["speaker"], utterance.speaker, utterance.voice) for utterance in said}
    assert shown >= {("Maya Lee", "Maya Lee", 0), (None, None, 1)}
    facts = [fact for fact in await desk.facts() if isinstance(fact, UtteranceFinal)]
    assert {fact.speaker for fact in facts} == {None}, "a fact knows the voice; its name is looked up when it is read"
