"""`vori retranscribe`: it waits, shows the difference word by word, and does what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.transcript.desk import Desk, Silent
from tests.transcript.test_retranscription_accepted import HEARD, hear, texts

from vori.cli.retranscribe import _retranscribe
from vori.cli.server import Refused
from vori.database.connection import Database
from vori.errors import Unavailable
from vori.gateway import build_app, serve
from vori.people.api import current_workspace
from vori.transcript.retranscription import api
from vori.transcript.retranscription.store import fail, read_at_work

SHOWN = """\
00:08  Maya: [-Let's-] {+Let us+} begin.
00:10  Maya: The [-login-] {+log in+} page is done.
00:13  Maya: [-Min writes the API docs by Friday.-]
00:17  Maya: {+And on Monday we ship.+}

Of 5 utterances 2 would change, 1 would be new, 1 would go, 1 would stay as they are."""


@pytest.fixture
async def room(desks: Any, jfk: NDArray[np.int16], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A meeting that has ended, with four utterances, and a gateway that VORI_URL names."""
    desk: Desk = await desks()
    await desk.settle(Silent(), await desk.say(jfk))
    app = build_app([api.routes(desk.database, desk.log, desk.feed)])
    app.dependency_overrides[current_workspace] = lambda: desk.meeting.workspace_id
    ready: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    server = asyncio.create_task(serve(app, host="127.0.0.1", port=0, ready=ready.set_result))
    monkeypatch.setenv("VORI_URL", str(await asyncio.wait_for(ready, 10)))
    yield desk
    server.cancel()
    await asyncio.wait({server}, timeout=10)


async def told(
    desk: Desk, log_database: Database, capsys: pytest.CaptureFixture[str], *, accept: bool, reason: str = ""
) -> str:
    """What the command prints, while a transcriber hears `HEARD` (or fails for a reason)."""

    async def transcriber() -> None:
        while not (at_work := await read_at_work(log_database)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        [(workspace_id, retranscription_id)] = at_work
        if reason:
            async with desk.database.transaction(workspace_id) as tx:
                await fail(tx, retranscription_id, reason)
        else:
            await hear(desk, retranscription_id, HEARD, "small")

    working = asyncio.create_task(transcriber())
    try:
        asked = {"model": "small", "language": None}
        await asyncio.wait_for(_retranscribe(str(desk.meeting.meeting_id), asked, accept), 20)
    finally:
        await working
    return capsys.readouterr().out


async def test_it_shows_the_difference_and_takes_it_over(
    room: Desk, log_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = await told(room, log_database, capsys, accept=True)
    assert shown == f"{SHOWN}\nTaken over. The minutes are written anew.\n"
    assert await texts(room) == [text for *_, text in HEARD]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Somebody who reads what is shown, and answers."""
    answers: list[bool] = []
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda question: answers.pop())
    yield answers
    assert answers == []


@pytest.mark.parametrize("answer", [True, False])
async def test_on_a_terminal_it_asks(
    room: Desk, log_database: Database, capsys: pytest.CaptureFixture[str], terminal: list[bool], answer: bool
) -> None:
    terminal.append(answer)
    before = await texts(room)
    end = "Taken over. The minutes are written anew." if answer else "Nothing was changed."
    assert (await told(room, log_database, capsys, accept=False)).endswith(f"\n{end}\n")
    assert (await texts(room) == before) is not answer


async def test_elsewhere_it_leaves_the_choice_open(
    room: Desk, log_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    before = await texts(room)
    shown, _, how = (await told(room, log_database, capsys, accept=False)).rpartition("\n\n")
    assert shown == SHOWN
    assert how.startswith("To take this over: POST http://127.0.0.1:")
    assert how.rstrip().endswith("/accept")
    assert await texts(room) == before


async def test_it_says_why_there_is_nothing_to_show(
    room: Desk, log_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Unavailable, match="no speech model"):
        await told(room, log_database, capsys, accept=True, reason="There is no speech model 'small' that works here.")
    with pytest.raises(Refused, match="There is no meeting"):
        await _retranscribe("0197c9a0-1000-7000-8000-000000000001", {"model": "base"}, False)
