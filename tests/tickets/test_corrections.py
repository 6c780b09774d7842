"""What people undid, rejected and set right is written down as cases that the scorer and the extractor can read."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
from tests.tickets.scene import SCRIPT, Scene

from vori.cli.extract import read_meetings


async def test_a_meeting_in_which_nobody_corrected_anything_is_no_case(scene: Scene, client: httpx.AsyncClient) -> None:
    await scene.say(SCRIPT)
    await scene.work()
    assert (await client.get("/api/corrections")).text == ""


async def test_undone_rejected_and_set_right(scene: Scene, client: httpx.AsyncClient, tmp_path: Path) -> None:
    await scene.say(SCRIPT)
    await scene.work()
    await client.put("/api/settings/tickets", json={"applied": 1.0, "pending": 0.0})
    await scene.say([("지민", "금요일까지 로고 파일을 정리해 주세요.")], len(SCRIPT))
    await scene.work()
    tickets = await scene.tickets()
    docs, login = tickets["백엔드 API 문서화"], tickets["프론트엔드 로그인 페이지 구현"]
    texts, checklist = tickets["결제 오류 안내 문구 작성"], tickets["배포 체크리스트 정리 및 공유"]
    (suggested,) = (await client.get("/api/suggestions")).json()
    await client.post(f"/api/suggestions/{suggested['change_id']}/reject")
    await client.post(f"/api/tickets/{docs.ticket_id}/undo")
    await client.patch(f"/api/tickets/{texts.ticket_id}", json={"title": "결제 오류 문구", "due": "2026-03-09"})
    await client.patch(f"/api/tickets/{texts.ticket_id}", json={"status": "IN_PROGRESS"})

    (line,) = (await client.get("/api/corrections")).text.splitlines()
    case = json.loads(line)
    said = {turn["id"]: turn["text"] for turn in case["utterances"]}
    assert [text for _, text in SCRIPT] == list(said.values())[: len(SCRIPT)]
    assert (case["lang"], case["date"], case["utterances"][1]["start"]) == ("ko", "2026-03-02", 5.0)
    assert {(t["title"], t["status"]) for t in case["existing_tickets"]} == {
        ("백엔드 API 문서화", "TODO"),
        ("프론트엔드 로그인 페이지 구현", "IN_PROGRESS"),
    }
    gold = {ticket["title"]: ticket for ticket in case["tickets"]}
    assert set(gold) == {"결제 오류 문구", checklist.fields.title}
    right = gold["결제 오류 문구"]
    assert (right["assignee"], right["due"], right["status"]) == ("수현", "2026-03-09", "TODO")
    assert [said[turn] for turn in right["evidence_ids"]][-1] == "금요일까지요."
    (moved,) = case["status_changes"]
    assert (moved["ticket_id"], moved["from"], moved["to"]) == (str(login.ticket_id), "IN_PROGRESS", "DONE")
    assert {(said[trap["utterance_id"]], trap["kind"]) for trap in case["traps"]} == {
        (SCRIPT[1][1], "undone"),
        ("금요일까지 로고 파일을 정리해 주세요.", "rejected"),
    }
    assert {(one["kind"], one["what"]) for one in case["corrected"]} == {
        ("undone", "moved"),
        ("rejected", "created"),
        ("edited", "title"),
        ("edited", "due"),
    }
    file = tmp_path / "corrections.jsonl"
    file.write_text(line)
    (read,) = read_meetings(file)
    assert len(read.talk().turns) == len(said)


async def test_a_ticket_that_a_person_puts_back_should_not_have_moved(scene: Scene, client: httpx.AsyncClient) -> None:
    await scene.say(SCRIPT[:3])
    await scene.work()
    tickets = await scene.tickets()
    docs, login = tickets["백엔드 API 문서화"], tickets["프론트엔드 로그인 페이지 구현"]
    await client.patch(f"/api/tickets/{docs.ticket_id}", json={"status": "TODO"})
    await client.patch(f"/api/tickets/{login.ticket_id}", json={"priority": "low"})
    case = json.loads((await client.get("/api/corrections")).text)
    assert [change["ticket_id"] for change in case["status_changes"]] == [str(login.ticket_id)]
    assert [(one["kind"], one["ticket_id"]) for one in case["corrected"]] == [("put_back", str(docs.ticket_id))]
