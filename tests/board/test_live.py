"""The live WebSocket on a real server, a real database and its feed: nothing falls between snapshot and diffs."""

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier
from tests.board.house import House, draft, told
from tests.board.test_messages import NUMBERS
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from vori.analytics.live.store import Piece, put_numbers
from vori.analytics.live.tell import Step, Teller, metrics_message
from vori.board import api as board
from vori.database.connection import Database
from vori.database.embedded import SUPERUSER
from vori.eventlog.postgres import PostgresEventLog
from vori.events import Topic, UtteranceCorrected, UtteranceFinal
from vori.people.model import LOCAL_WORKSPACE
from vori.transcript.store import add_correction, add_utterance


async def heard(page: ClientConnection) -> dict[str, Any]:
    return told(await asyncio.wait_for(page.recv(), 10))


async def everything(page: ClientConnection) -> list[dict[str, Any]]:
    """What comes until the server closes."""
    messages = []
    with contextlib.suppress(ConnectionClosed):
        while True:
            messages.append(await heard(page))
    return messages


async def texts(page: ClientConnection, count: int) -> list[str]:
    return [(await heard(page))["data"]["text"] for _ in range(count)]


async def test_a_snapshot_then_diffs(house: House) -> None:
    meeting_id = await house.meeting()
    page = await house.page(meeting_id)
    snapshot = await heard(page)
    assert (snapshot["type"], snapshot["seq"]) == ("snapshot", 0)
    assert snapshot["state"]["meeting"]["meeting_id"] == str(meeting_id)
    assert snapshot["state"] | {"meeting": None} == {
        "meeting": None,
        "meetings": [],
        "streams": {},
        "utterances": [],
        "lags": {},
        "drafts": {},
        "tickets": [],
        "suggestions": [],
        "minutes": None,
        "metrics": None,
        "team": None,
    }
    await house.tell(meeting_id, "안녕하세요")
    diff = await heard(page)
    assert (diff["type"], diff["seq"], diff["kind"], diff["data"]["text"]) == ("diff", 1, "draft", "안녕하세요")
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as client:
        await client.post(f"/api/meetings/{meeting_id}/end")
    ended = await heard(page)
    assert (ended["kind"], ended["data"]["status"]) == ("meeting", "ended")
    late = await heard(await house.page(meeting_id))
    assert late["seq"] == 2
    assert late["state"]["meeting"]["status"] == "ended"
    assert [draft["text"] for draft in late["state"]["drafts"].values()] == ["안녕하세요"]


async def test_a_snapshot_has_the_corrected_words(house: House) -> None:
    meeting_id = await house.meeting()
    ids = {"workspace_id": LOCAL_WORKSPACE, "meeting_id": meeting_id, "utterance_id": uuid4()}
    said = UtteranceFinal(
        **ids, stream=uuid4(), speaker=None, start_ms=0, end_ms=900, language="en", text="I will building."
    )
    async with house.database.transaction(LOCAL_WORKSPACE) as tx:
        await add_utterance(tx, said, "test")
        await add_correction(tx, UtteranceCorrected(**ids, version=1, text="I will build it."))
    (shown,) = (await heard(await house.page(meeting_id)))["state"]["utterances"]
    assert (shown["text"], shown["original"], shown["version"]) == ("I will build it.", "I will building.", 1)
    async with house.database.transaction(LOCAL_WORKSPACE) as tx:
        await add_correction(tx, UtteranceCorrected(**ids, version=2, text="", model="another"))
    assert (await heard(await house.page(meeting_id)))["state"]["utterances"] == [], "withdrawn"


async def test_a_snapshot_has_the_numbers_so_far_heard_or_kept(house: House) -> None:
    meeting_id = await house.meeting()
    kept = NUMBERS.model_copy(update={"meeting_id": meeting_id})
    async with house.database.transaction(LOCAL_WORKSPACE) as tx:
        assert await put_numbers(tx, kept)
        assert not await put_numbers(tx, kept)
        assert not await put_numbers(tx, kept.model_copy(update={"at": kept.at - timedelta(seconds=1), "moved": 1}))
    page = await house.page(meeting_id)
    assert (await heard(page))["state"]["metrics"]["utterances"] == 1
    later = kept.model_copy(update={"at": kept.at + timedelta(seconds=1), "utterances": 2})
    await house.feed.publish(metrics_message(LOCAL_WORKSPACE, later))
    diff = await heard(page)
    assert (diff["kind"], diff["id"], diff["data"]["utterances"]) == ("metrics", str(meeting_id), 2)
    assert (await heard(await house.page(meeting_id)))["state"]["metrics"]["utterances"] == 2


async def test_the_overview_has_the_team_s_last_hour_as_far_as_it_may_be_told(
    house: House, log_database: Database
) -> None:
    page, team, meeting_id = await house.page(), str(LOCAL_WORKSPACE), await house.meeting()
    assert (await heard(page))["state"]["team"] == {"windows": []}
    begins = datetime(2026, 11, 2, 10, tzinfo=UTC)

    def step(minute: int, people: int) -> Step:
        facts = {"utterances": 2, "talk_ms": 9_000, "questions": 1, "created": 0, "moved": 0, "done": 0, "decisions": 0}
        at = begins + timedelta(minutes=minute)
        voices = [Piece(team, str(meeting_id), f"voice {one}", at, **facts) for one in range(people)]
        return Step(team, voices, None)

    teller = Teller(house.database, PostgresEventLog(log_database), house.feed)
    await teller.tell([step(-40, 5)])
    assert (await heard(page))["id"] == team
    for _ in range(2):
        await teller.tell([step(35, 5), step(50, 6)])  # told again, nobody hears of it
    told = await heard(page)
    assert told["kind"] == "team"
    windows = [(one["minutes"], one["starts_at"], one["people"], one["talk_ms"]) for one in told["data"]["windows"]]
    assert windows == [
        (5, "2026-11-02T10:35:00Z", 5, 45_000),
        (5, "2026-11-02T10:50:00Z", 6, 54_000),
        (30, "2026-11-02T10:30:00Z", 6, 99_000),
        (60, "2026-11-02T10:00:00Z", 6, 99_000),
    ]
    assert (await heard(await house.page()))["state"]["team"] == told["data"], "as it was heard"
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as client:
        assert (await client.put("/api/analytics/settings", json={"least_people": 6})).status_code == 200
    assert [one["people"] for one in (await heard(page))["data"]["windows"]] == [6, 6, 6]
    house.hub.room(LOCAL_WORKSPACE).forget()
    kept = (await heard(await house.page()))["state"]["team"]
    assert [one["people"] for one in kept["windows"]] == [6, 6, 6], "as the database has it"


async def test_the_overview_lists_meetings_and_hears_of_new_ones(house: House) -> None:
    meeting_id = await house.meeting()
    page = await house.page()
    state = (await heard(page))["state"]
    assert [meeting["meeting_id"] for meeting in state["meetings"]] == [str(meeting_id)]
    await house.tell(meeting_id, "not for the overview")
    async with httpx.AsyncClient(base_url=house.url, trust_env=False) as client:
        made = (await client.post("/api/meetings", json={"title": "Next"})).json()
    diff = await heard(page)
    assert (diff["kind"], diff["id"]) == ("meeting", made["meeting_id"])


async def test_a_page_resumes_with_exactly_what_it_missed(house: House) -> None:
    meeting_id = await house.meeting()
    first = await house.page(meeting_id)
    epoch = (await heard(first))["epoch"]
    await house.tell(meeting_id, "one")
    seen = (await heard(first))["seq"]
    await first.close()
    witness = await house.page(meeting_id)
    await heard(witness)
    await house.tell(meeting_id, "two")
    await house.tell(meeting_id, "three")
    assert await texts(witness, 2) == ["two", "three"]
    back = await house.page(meeting_id, f"{epoch}:{seen}")
    assert await texts(back, 2) == ["two", "three"]
    assert await heard(back) == {"type": "resumed", "seq": 3, "epoch": epoch}
    await house.tell(meeting_id, "four")
    assert await texts(back, 1) == ["four"]
    for strange in ("elsewhere:1", f"{epoch}:99", "nonsense"):
        assert (await heard(await house.page(meeting_id, strange)))["type"] == "snapshot"


async def test_nothing_falls_between_snapshot_and_diffs(house: House) -> None:
    """Pages that come while a writer is at work end with the same state as one who was there all along."""
    meeting_id = await house.meeting()
    keys = [uuid4() for _ in range(20)]

    async def write() -> None:
        for number in range(200):
            await house.tell(meeting_id, str(number), keys[number % 20])

    async def end_state(pause: float) -> dict[str, str]:
        await asyncio.sleep(pause)
        page = await house.page(meeting_id)
        drafts = {key: draft["text"] for key, draft in (await heard(page))["state"]["drafts"].items()}
        while len(drafts) < 20 or "199" not in drafts.values():
            diff = await heard(page)
            drafts[diff["id"]] = diff["data"]["text"]
        return drafts

    writing = asyncio.create_task(write())
    states = await asyncio.gather(*(end_state(number * 0.02) for number in range(8)))
    await writing
    expected = {str(key): str(180 + index) for index, key in enumerate(keys)}
    assert states == [expected] * 8


async def test_workspaces_don_t_hear_each_other(house: House) -> None:
    meeting_id = await house.meeting()
    page = await house.page(meeting_id)
    await heard(page)
    await house.feed.publish(draft(meeting_id, "from another workspace", workspace_id=uuid4()))
    await house.tell(meeting_id, "from ours")
    diff = await heard(page)
    assert (diff["data"]["text"], diff["seq"]) == ("from ours", 1)


async def test_after_a_gap_in_the_feed_pages_begin_anew(house: House, database_url: str) -> None:
    meeting_id = await house.meeting()
    page = await house.page(meeting_id)
    before = await heard(page)
    admin = make_conninfo(database_url, user=SUPERUSER)
    with psycopg.connect(admin, autocommit=True) as connection:
        ended = connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen vori_live'"
        )
        assert ended.rowcount == 1
    anew = await heard(page)
    assert anew["type"] == "snapshot"
    assert anew["epoch"] != before["epoch"]
    await house.tell(meeting_id, "and on")
    assert await texts(page, 1) == ["and on"]
    stale = await house.page(meeting_id, f"{before['epoch']}:{before['seq']}")
    assert (await heard(stale))["type"] == "snapshot"


async def test_a_page_that_doesn_t_read_is_dropped_and_can_resume(house: House) -> None:
    meeting_id = await house.meeting()
    quick = await house.page(meeting_id)
    slow = await house.page(meeting_id, max_queue=1, ping_interval=None)
    await heard(quick)
    epoch = (await heard(slow))["epoch"]
    room = house.hub.room(LOCAL_WORKSPACE)
    key = uuid4()
    for number in range(1500):
        room.spread(draft(meeting_id, f"{number} {'long ' * 1600}", key))
        assert (await heard(quick))["data"]["text"].startswith(f"{number} ")
    assert len(room.pages) == 1, "only the quick page is left"
    got = await everything(slow)
    seen = len(got)
    assert [diff["seq"] for diff in got] == list(range(1, seen + 1))
    assert slow.close_code == 1013
    assert 0 < seen < 1500
    back = await house.page(meeting_id, f"{epoch}:{seen}")
    assert (await heard(back))["seq"] == seen + 1


@pytest.mark.parametrize("meeting_id", [str(UUID(int=7)), "nonsense"])
async def test_an_unknown_meeting_is_a_typed_error(house: House, meeting_id: Any) -> None:
    page = await house.page(meeting_id)
    problem = await heard(page)
    assert (problem["type"], problem["code"], problem["status"]) == ("error", "not_found", 404)
    with pytest.raises(ConnectionClosed) as closed:
        await heard(page)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404
    assert house.hub.room(LOCAL_WORKSPACE).pages == set()


async def test_health_tells_of_each_part_and_whether_anybody_does_its_work(
    house: House, log_database: Database
) -> None:
    async with (
        httpx.AsyncClient(base_url=house.url, trust_env=False) as client,
        PostgresEventLog(log_database) as log,
    ):
        before = await client.get("/api/health")
        async with log.consumer("tickets", [Topic.TRANSCRIPTION]) as worker:
            await worker.poll(wait_s=0)
            working = (await client.get("/api/health")).json()
        after = (await client.get("/api/health")).json()
    assert before.status_code == 200
    health = before.json()
    assert health["status"] == after["status"] == "starting"
    needed = {part["name"]: part["behind"] for part in health["parts"] if part["needed"]}
    assert needed == {"live feed": 0, "database": 0, "tickets": 0}
    assert ["getting ready" in part["detail"] for part in health["parts"] if part["status"] == "starting"] == [True]
    assert {part["status"] for part in working["parts"] if part["needed"]} == {working["status"]} == {"ok"}
    assert [(part["name"], part["status"]) for part in working["parts"] if not part["needed"]] == [("analytics", "off")]


async def test_health_says_when_the_database_is_gone(
    house: House, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "PATIENCE_S", 0.3)
    name = conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(make_conninfo(database_url, user=SUPERUSER, dbname="postgres"), autocommit=True) as admin:
        admin.execute(SQL("alter database {} allow_connections false").format(Identifier(str(name))))
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
        async with httpx.AsyncClient(base_url=house.url, trust_env=False) as client:
            answer = await client.get("/api/health")
        admin.execute(SQL("alter database {} allow_connections true").format(Identifier(str(name))))
    assert answer.status_code == 503
    assert answer.json()["status"] == "failed"
    assert [part["name"] for part in answer.json()["parts"] if part["status"] == "failed"] == ["database"]
