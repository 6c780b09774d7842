"""Accepting what was heard again: as corrections, once, and with a person's words above a model's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.transcript.desk import SCRIPT, Desk, Silent
from tests.transcript.test_retranscription import Faulty, asked, asking

from vori.clock import new_id
from vori.events import TranscriptClosed, UtteranceCorrected, UtteranceFinal, Word
from vori.livefeed import LiveMessage
from vori.meetings.store import end_meeting
from vori.transcript.retranscription.model import Reheard
from vori.transcript.retranscription.store import finish, start

Words = tuple[int, int, str]
"""From and to, in ms since the meeting began, and the text; the stream begins at 5 s."""


@pytest.fixture
async def room(desks: Any, jfk: NDArray[np.int16]) -> Desk:
    """A meeting that has ended, with four utterances."""
    desk: Desk = await desks()
    await desk.settle(Silent(), await desk.say(jfk))
    assert len(await desk.utterances()) == len(SCRIPT)
    return desk


async def found(desk: Desk, client: httpx.AsyncClient, heard: Sequence[Words], model: str = "small") -> str:
    """A retranscription that is ready."""
    path = await asked(client, model)
    await hear(desk, UUID(path.rpartition("/")[2]), heard, model)
    return path


async def hear(desk: Desk, retranscription_id: UUID, heard: Sequence[Words], model: str) -> None:
    """Do the transcriber's work on it."""
    reheard = [
        Reheard(
            stream=desk.stream.stream,
            from_ms=begin,
            to_ms=end,
            language="en",
            text=text,
            words=tuple(Word(text=word, start_ms=begin + 100, end_ms=end - 100) for word in text.split()),
        )
        for begin, end, text in heard
    ]
    async with desk.database.transaction(desk.meeting.workspace_id) as tx:
        job = await start(tx, retranscription_id)
        assert job
        await finish(tx, job, f"whisper {model}", reheard)


def kinds(job: dict[str, Any]) -> list[str]:
    return [change["kind"] for stream in job["difference"] for change in stream["changes"]]


HEARD: Sequence[Words] = (
    (5_000, 7_400, "Good morning."),
    (8_000, 9_600, "Let us begin."),
    (10_000, 12_600, "The log in page is done."),
    (17_000, 19_000, "And on Monday we ship."),
)
"""Beside the script: the second is corrected, a person had the third, the fourth isn't there, and the last is new."""


async def texts(desk: Desk) -> list[str]:
    return [said.text for said in await desk.utterances()]


async def test_accepting_corrects_adds_and_withdraws_and_leaves_what_a_person_wrote(room: Desk) -> None:
    original = await room.utterances()
    async with asking(room) as client, room.feed.subscribe() as messages:
        mine = {"text": "The login page is finished."}
        assert (await client.patch(f"/utterances/{original[2].utterance_id}", json=mine)).status_code == 200
        path = await found(room, client, HEARD)
        job = (await client.get(path)).json()
        assert kinds(job) == ["same", "corrected", "kept", "withdrawn", "added"]
        assert await texts(room) == [original[0].text, original[1].text, mine["text"], original[3].text]
        assert (await client.post(f"{path}/accept")).json()["state"] == "accepted"
        page = (await client.get("/transcript")).json()["items"]
        text = (await client.get("/transcript?format=txt")).text
        assert (await client.post(f"{path}/accept")).json()["state"] == "accepted", "once more"
        assert (await client.get(path)).json()["difference"] is None
        told = [await anext(messages) for _ in range(4)]
    corrected, added = page[1], page[-1]
    assert await texts(room) == ["Good morning.", "Let us begin.", mine["text"], "And on Monday we ship."]
    assert "Min writes" not in text
    assert (corrected["original"], corrected["version"], corrected["reheard_by"]) == (
        "Let's begin.",
        1,
        "whisper small",
    )
    assert (page[2]["version"], page[2]["reheard_by"]) == (1, None)
    assert (added["speaker"], added["start_ms"], added["end_ms"]) == ("Maya", 17_100, 18_900)
    assert [message.data["text"] for message in told if isinstance(message, LiveMessage) and message.data] == [
        mine["text"], "Let us begin.", "", "And on Monday we ship.",
    ]  # fmt: skip
    facts = (await room.facts())[-4:]
    assert [type(fact) for fact in facts] == [UtteranceCorrected, UtteranceCorrected, UtteranceFinal, TranscriptClosed]
    assert [(fact.text, fact.model) for fact in facts[:2] if isinstance(fact, UtteranceCorrected)] == [
        ("Let us begin.", "whisper small"),
        ("", "whisper small"),
    ]
    async with room.database.transaction(room.meeting.workspace_id) as tx:
        row = await tx.fetch_one("select model from utterance where text = 'And on Monday we ship.'")
        left = await tx.fetch_one("select count(*) as n from retranscription_utterance")
    assert (row, left) == ({"model": "whisper small"}, {"n": 0})


async def test_what_was_withdrawn_comes_back_by_a_person_or_another_hearing(room: Desk) -> None:
    [_, _, _, last] = await room.utterances()
    async with asking(room) as client:
        first = await found(room, client, [(5_000, 7_400, "Good morning.")])
        await client.post(f"{first}/accept")
        assert await texts(room) == ["Good morning."]
        second = await found(room, client, [(8_000, 9_600, "Let's begin."), (10_000, 12_700, "It is done.")], "tiny")
        assert kinds((await client.get(second)).json()) == ["withdrawn", "corrected", "corrected"]
        await client.post(f"{second}/accept")
        back = await client.patch(f"/utterances/{last.utterance_id}", json={"text": last.text, "version": 1})
        assert (back.json()["original"], back.json()["version"], back.json()["reheard_by"]) == (None, 2, None)
        third = await found(room, client, [])
        assert kinds((await client.get(third)).json()) == ["withdrawn", "withdrawn", "kept"]
    assert await texts(room) == ["Let's begin.", "It is done.", last.text]


async def test_a_meeting_at_which_recognition_failed_is_complete_once_it_was_heard_again(
    desks: Any, jfk: NDArray[np.int16]
) -> None:
    desk: Desk = await desks(script=())
    outcome = await desk.settle(Faulty(), await desk.say(jfk))
    assert outcome.unrecognised_ms > 500
    async with asking(desk) as client:
        path = await found(desk, client, [(5_000, 7_400, "heard"), (8_000, 9_500, "And this as well.")])
        before = (await client.get("/outcome")).json()["streams"][0]["gaps"]
        assert "not_recognised" in {gap["cause"] for gap in before}
        await client.post(f"{path}/accept")
        after = (await client.get("/outcome")).json()["streams"][0]["gaps"]
        assert "not_recognised" not in {gap["cause"] for gap in after}
    assert await texts(desk) == ["heard", "And this as well."]


async def test_what_can_t_be_heard_again_is_refused_with_a_reason(
    desks: Any, room: Desk, jfk: NDArray[np.int16]
) -> None:
    live: Desk = await desks()
    await live.say(jfk[:32_000])
    async with asking(live) as client:
        refused = await client.post("/retranscriptions", json={"model": "base"})
        assert (refused.status_code, refused.json()["code"]) == (409, "meeting_live")
        async with live.database.transaction(live.meeting.workspace_id) as tx:
            await end_meeting(tx, live.meeting.meeting_id, "asked")
        refused = await client.post("/retranscriptions", json={"model": "base"})
        assert (refused.status_code, refused.json()["code"]) == (409, "meeting_unsettled")
    empty: Desk = await desks()
    await empty.settle(Silent(), 0)
    async with asking(empty) as client:
        refused = await client.post("/retranscriptions", json={"model": "base"})
        assert (refused.status_code, refused.json()["code"]) == (409, "nothing_recorded")
    async with asking(room) as client:
        for body in ({"model": " "}, {"model": "a\nb"}, {"model": "base", "language": "fr"}, {"model": "x" * 301},
                     {"model": "https://host/v1#large"}, {"model": "base", "beam": 9}):  # fmt: skip
            refused = await client.post("/retranscriptions", json=body)
            assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
        path = await asked(client)
        refused = await client.post("/retranscriptions", json={"model": "small"})
        assert (refused.status_code, refused.json()["code"]) == (409, "retranscription_at_work")
        refused = await client.post(f"{path}/accept")
        assert (refused.status_code, refused.json()["code"]) == (409, "retranscription_not_ready")
        assert (await client.get(f"/retranscriptions/{uuid4()}")).status_code == 404
        await client.post(f"{path}/discard")
        ready = await found(room, client, HEARD)
        await asked(client, "another")  # one that is ready is in nobody's way
        await client.post(f"{ready}/accept")
        assert (await client.post(f"{ready}/discard")).status_code == 409
    async with asking(room, workspace_id=new_id()) as stranger:
        for method, where in (("GET", ready), ("POST", f"{ready}/accept"), ("POST", f"{ready}/discard"),
                              ("GET", "/retranscriptions"), ("GET", "/outcome")):  # fmt: skip
            assert (await stranger.request(method, where)).status_code == 404
        assert (await stranger.post("/retranscriptions", json={"model": "base"})).status_code == 404
    async with asking(live) as elsewhere:
        assert (await elsewhere.get(ready)).status_code == 404
        assert (await elsewhere.post(f"{ready}/accept")).status_code == 404


async def test_of_two_who_accept_at_once_neither_corrects_twice(room: Desk) -> None:
    async with asking(room) as client:
        path = await found(room, client, HEARD)
        answers = await asyncio.gather(*(client.post(f"{path}/accept") for _ in range(4)))
        assert [answer.status_code for answer in answers] == [200] * 4
        page = (await client.get("/transcript")).json()["items"]
    assert [said["version"] for said in page] == [0, 1, 1, 0]
    assert sum(isinstance(fact, TranscriptClosed) for fact in await room.facts()) == 2
