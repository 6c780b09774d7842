"""A past meeting read anew: shown before anything is changed, then taken over once, never against a person's word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
from pydantic import TypeAdapter
from tests.tickets.scene import SCRIPT, Scene

from vori.events import Status, Topic
from vori.tickets.model import Extraction, Move, Proposal, Talk

ENCODED = TypeAdapter(Extraction)


async def heard(scene: Scene) -> None:
    """The whole meeting, ended and read."""
    await scene.say(SCRIPT)
    for speaker in ("지민", "수현", "도윤"):
        await scene.close(speaker)
    await scene.end()
    await scene.work()


async def replayed(scene: Scene, client: httpx.AsyncClient, found: Extraction, *, accept: bool = False) -> Any:
    path = f"/api/meetings/{scene.meeting_id}/replays" + ("/accept" if accept else "")
    body = {"extractor": "other 1", "extraction": ENCODED.dump_python(found, mode="json")}
    answer = await client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def talk_of(scene: Scene, client: httpx.AsyncClient) -> Talk:
    return TypeAdapter(Talk).validate_python((await client.get(f"/api/meetings/{scene.meeting_id}/talk")).json())


def proposed(talk: Talk, title: str, turn: int, **more: Any) -> Proposal:
    return Proposal(title, "", Status.TODO, None, None, (talk.turns[turn].id,), 0.95, "applied", **more)


async def test_the_same_reading_again_changes_nothing(scene: Scene, client: httpx.AsyncClient) -> None:
    await heard(scene)
    before = await scene.told()
    talk = await talk_of(scene, client)
    assert [(ticket.title, ticket.status) for ticket in talk.tickets] == [
        ("백엔드 API 문서화", Status.TODO),
        ("프론트엔드 로그인 페이지 구현", Status.IN_PROGRESS),
    ], "the board as the meeting found it"
    again = scene.extractor.extract(talk)
    for accept in (False, True):
        told = await replayed(scene, client, again, accept=accept)
        assert (told["changes"], told["withdrawn"], told["not_found_again"]) == ([], [], [])
    assert await scene.told() == before


async def test_a_difference_is_shown_then_taken_over_once_and_the_meeting_reported_anew(
    scene: Scene, client: httpx.AsyncClient
) -> None:
    await heard(scene)
    before = await scene.told()
    talk = await talk_of(scene, client)
    more = Extraction(
        (
            proposed(talk, "결제 오류 안내 문구를 작성", 4),
            proposed(talk, "배포 체크리스트 정리하고 공유", 9),
            proposed(talk, "다크 모드 검토", 7),
        )
    )
    shown = await replayed(scene, client, more)
    assert [change["after"]["title"] for change in shown["changes"] if change["kind"] == "created"] == [
        "다크 모드 검토"
    ]
    assert {change["kind"] for change in shown["not_found_again"]} == {"moved"}
    assert await scene.told() == before, "nothing is changed by looking"

    assert (await replayed(scene, client, more, accept=True))["accepted"]
    await scene.work()
    tickets = await scene.tickets()
    assert len(tickets) == 5
    assert tickets["다크 모드 검토"].meeting_id == scene.meeting_id
    assert len(await scene.events(Topic.MEETING_REPORTED)) == 2
    assert (await replayed(scene, client, more, accept=True))["changes"] == []
    assert len(await scene.tickets()) == 5
    actors = {
        change.actor for change in await scene.changes() if change.ticket_id == tickets["다크 모드 검토"].ticket_id
    }
    assert actors == {"other 1"}


async def test_what_a_person_decided_or_moved_on_stays(scene: Scene, client: httpx.AsyncClient) -> None:
    await heard(scene)
    tickets = await scene.tickets()
    gone, moved = tickets["결제 오류 안내 문구 작성"], tickets["백엔드 API 문서화"]
    for _ in range(2):
        await client.post(f"/api/tickets/{gone.ticket_id}/undo")
    await client.patch(f"/api/tickets/{moved.ticket_id}", json={"status": "TODO"})
    talk = await talk_of(scene, client)
    found = scene.extractor.extract(talk)
    again = replace(
        found,
        proposals=(*found.proposals, proposed(talk, "결제 오류 안내 문구 작성", 7)),
        moves=(
            *found.moves,
            Move(str(moved.ticket_id), Status.DONE, (talk.turns[1].id, talk.turns[2].id), 0.99, "applied"),
        ),
    )
    assert (await replayed(scene, client, again, accept=True))["changes"] == []
    assert (await scene.tickets()).keys() == tickets.keys() - {"결제 오류 안내 문구 작성"}
    assert (await scene.tickets())["백엔드 API 문서화"].fields.status is Status.TODO


async def test_a_reading_is_a_stranger_s_word_and_a_live_meeting_isn_t_replayed(
    scene: Scene, client: httpx.AsyncClient
) -> None:
    path = f"/api/meetings/{scene.meeting_id}/replays"
    nothing = {"extractor": "other 1", "extraction": {}}
    assert (await client.post(path, json=nothing)).status_code == 409
    await heard(scene)
    talk = await talk_of(scene, client)
    made = proposed(talk, "없던 일", 0)
    lies = Extraction((replace(made, evidence_ids=("00000000-0000-0000-0000-000000000000",)),))
    assert (await replayed(scene, client, lies))["changes"] == []
    assert (await client.post(path, json={"extractor": "", "extraction": {}})).status_code == 422
    assert (await client.post(path, json={"extractor": "x", "extraction": {"proposals": [{}]}})).status_code == 422


async def test_words_that_are_read_otherwise_move_the_ticket_once(scene: Scene, client: httpx.AsyncClient) -> None:
    await heard(scene)
    talk = await talk_of(scene, client)
    found = scene.extractor.extract(talk)
    done = replace(found, moves=tuple(replace(move, to=Status.DONE, lane="applied") for move in found.moves))
    shown = (await replayed(scene, client, done))["changes"]
    assert [(c["before"]["status"], c["after"]["status"]) for c in shown] == [("IN_PROGRESS", "DONE")]
    await replayed(scene, client, done, accept=True)
    assert (await scene.tickets())["백엔드 API 문서화"].fields.status is Status.DONE
    assert (await replayed(scene, client, done, accept=True))["changes"] == []
