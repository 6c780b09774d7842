"""How sure is sure enough, in a workspace's own words, and its labels."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from tests.tickets.scene import SCRIPT, Scene
from tests.tickets.talks import talk

from vori.events import Status
from vori.tickets.model import Extraction, Extractor, Lane, Proposal, Talk
from vori.tickets.settings.model import AS_IT_COMES, TicketSettings
from vori.tickets.validate import validate


@pytest.mark.parametrize(
    ("set_to", "certainty", "own", "lane"),
    [
        (AS_IT_COMES, 0.1, "applied", "applied"),
        (AS_IT_COMES, 0.9, "review", "review"),
        (TicketSettings(applied=0.8), 0.79, "applied", "pending"),
        (TicketSettings(applied=0.8), 0.8, "pending", "applied"),
        (TicketSettings(applied=0.8), 0.7, "review", "review"),
        (TicketSettings(applied=0.8, pending=0.5), 0.5, "review", "pending"),
        (TicketSettings(applied=0.8, pending=0.5), 0.49, "applied", "review"),
        (TicketSettings(pending=0.5), 0.49, "applied", "applied"),
        (TicketSettings(pending=0.5), 0.49, "pending", "review"),
    ],
)
def test_certainty_decides_the_lane_once_it_is_set(
    set_to: TicketSettings, certainty: float, own: Lane, lane: Lane
) -> None:
    assert set_to.lane(certainty, own) == lane


def test_a_ticket_gets_the_labels_that_its_title_or_quotes_name() -> None:
    said = replace(
        talk("지민: 백엔드를 고쳐야 해요\n수현: backends are fine"), labels=("백엔드", "backend", "QA", "api")
    )
    made = Proposal("API 고치기", "", Status.TODO, None, None, ("u1",), 0.9, "applied", labels=("QA", "unheard of"))
    (kept,) = validate(Extraction((made,)), said).proposals
    assert kept.labels == ("백엔드", "QA", "api")


class Wavering:
    """Never quite sure."""

    def __init__(self, extractor: Extractor) -> None:
        self.name, self.version, self.warm = extractor.name, extractor.version, extractor.warm
        self.extractor = extractor

    def extract(self, talk: Talk) -> Extraction:
        found = self.extractor.extract(talk)
        return replace(
            found,
            proposals=tuple(replace(proposal, certainty=0.9) for proposal in found.proposals),
            moves=tuple(replace(move, certainty=0.9) for move in found.moves),
        )


async def test_settings_hold_for_the_worker_and_suggestions_are_decided(
    scene: Scene, client: httpx.AsyncClient
) -> None:
    url = "/api/settings/tickets"
    unset: dict[str, Any] = {"applied": None, "pending": None, "labels": [], "time_zone": None}
    assert (await client.get(url)).json() == unset
    for wrong in (
        {"applied": 1.1},
        {"applied": 0.2, "pending": 0.3},
        {"labels": [""]},
        {"level": 1},
        {"time_zone": "Seoul"},
    ):
        assert (await client.put(url, json=wrong)).status_code == 422
    strict = {"applied": 1.0, "pending": 0.1, "labels": ["문구", "결제", "문구"], "time_zone": "Asia/Seoul"}
    kept = strict | {"labels": ["문구", "결제"]}
    assert (await client.put(url, json=strict)).json() == kept == (await client.get(url)).json()

    scene.extractor = Wavering(scene.extractor)
    before = {title: ticket.fields for title, ticket in (await scene.tickets()).items()}
    await scene.say(SCRIPT)
    await scene.work()
    assert {title: ticket.fields for title, ticket in (await scene.tickets()).items()} == before
    waiting = (await client.get("/api/suggestions", params={"meeting_id": str(scene.meeting_id)})).json()
    assert {change["lane"] for change in waiting} == {"pending"}
    assert sorted(change["kind"] for change in waiting) == ["created", "created", "moved", "moved"]

    for change in waiting:
        verdict = "accept" if "결제" in change["after"]["title"] or change["kind"] == "moved" else "reject"
        answer = await client.post(f"/api/suggestions/{change['change_id']}/{verdict}")
        assert answer.status_code == 200, answer.text
        assert (await client.post(f"/api/suggestions/{change['change_id']}/{verdict}")).status_code == 409
    assert (await client.get("/api/suggestions")).json() == []
    tickets = await scene.tickets()
    made = tickets["결제 오류 안내 문구 작성"]
    assert (made.fields.labels, made.fields.assignee, str(made.fields.due)) == (
        ("문구", "결제"),
        "수현",
        "2026-03-06",
    )
    assert (made.meeting_id, made.meetings) == (scene.meeting_id, (scene.meeting_id,))
    assert tickets["프론트엔드 로그인 페이지 구현"].fields.status is Status.DONE
    assert "배포 체크리스트 정리 및 공유" not in tickets
    (opened,) = (await client.get(f"/api/tickets/{made.ticket_id}/history")).json()
    assert (opened["decision"], opened["decided_by"], opened["actor"]) == ("accepted", "person", "offline 2")
    assert [quoted["quote"] for quoted in opened["evidence"]]
    assert (await client.get(f"{url}/labels")).json() == ["문구", "결제"]

    await client.put(url, json=unset)
    await scene.say([SCRIPT[8], SCRIPT[9]], len(SCRIPT))
    await scene.work()
    assert set(await scene.tickets()) == set(tickets), "what was rejected is not opened when it is said again"


async def test_days_are_those_of_the_workspace_s_time_zone(scene: Scene, client: httpx.AsyncClient) -> None:
    """The scene's meeting begins on Monday at 9:00 UTC: in Pago Pago that is Sunday at 22:00."""
    assert TicketSettings(time_zone="Asia/Seoul").day(datetime(2026, 3, 1, 20, tzinfo=UTC)) == date(2026, 3, 2)
    await client.put("/api/settings/tickets", json={"time_zone": "Pacific/Pago_Pago"})
    await scene.say([("수현", "제가 결제 오류 안내 문구를 내일까지 작성하겠습니다.")])
    await scene.work()
    (made,) = [ticket for ticket in (await scene.tickets()).values() if "결제" in ticket.fields.title]
    assert str(made.fields.due) == "2026-03-02"
