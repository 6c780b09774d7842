"""How many people spoke is counted from below, in one way wherever it decides who is told."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from tests.analytics.asking import FIVE, ago, ask

from reckoned import meeting, put, spoke
from vori.analytics.live.store import Piece, put_pieces
from vori.analytics.model import SpeakerRow
from vori.analytics.voices import people_by_team, people_in
from vori.clock import new_id
from vori.database.connection import Database

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def nameless(kind: str) -> str:
    """How a voice is called that nobody has named: it isn't found again in another meeting."""
    return str(new_id()) if kind == "stream" else f"{new_id()}:1"


def heard(workspace: UUID, *voices: str) -> list[SpeakerRow]:
    return spoke(meeting(workspace, ago(1)), *voices)


@pytest.mark.parametrize("kind", ["stream", "numbered"])
def test_two_who_were_never_named_stay_two_however_often_they_meet(kind: str) -> None:
    team, other = new_id(), new_id()
    rows = [row for _ in range(5) for row in heard(team, nameless(kind), nameless(kind))]
    assert people_in(rows) == 2
    assert people_in([*rows, *heard(team, "Ada", "Ben"), *heard(team, "Chloe", nameless(kind))]) == 3
    assert people_in([]) == 0
    assert people_by_team([*rows, *heard(other, *FIVE)]) == {team: 2, other: 5}


async def test_nobody_becomes_a_team_by_not_being_named(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    held = [meeting(workspace, ago(past)) for past in range(5)]
    await put(database, [*held, *(row for one in held for row in spoke(one, nameless("stream"), nameless("stream")))])
    shown = await ask(client, "team")
    assert (shown["people"], shown["withheld"]["people"], shown["figures"]) == (2, 2, [])


@pytest.mark.parametrize("kind", ["stream", "numbered"])
async def test_live_windows_count_them_alike(
    client: httpx.AsyncClient, database: Database, workspace: UUID, kind: str
) -> None:
    talks = {new_id(): [nameless(kind) for _ in range(3)], new_id(): ["Ada", nameless(kind)], new_id(): ["Ben"]}
    pieces = [
        Piece(str(workspace), str(held), who, BEGAN, 1, 1000, 0, 0, 0, 0, 0)
        for held, voices in talks.items()
        for who in ("", *voices)
    ]
    async with database.transaction(workspace) as tx:
        await put_pieces(tx, pieces)
        rows = await tx.fetch_all("select subject, people from live_window where minutes = 30")
    assert {row["subject"]: row["people"] for row in rows} == {
        workspace: 3,
        **{held: len(voices) for held, voices in talks.items()},
    }
    assert (await ask(client, "live"))["windows"] == []
