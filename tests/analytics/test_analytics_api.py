"""Analytics over HTTP: figures with what is behind them, kept from small teams, and as files that are safe to open."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import httpx
import pytest
from tests.analytics.asking import FIVE, TODAY, ago, ask, figure

from months import months
from reckoned import DAY_MS, MINUTE_MS, life, meeting, put, score, spoke
from vori.analytics.model import AnalyticsSettings, InsightRow, LiveNumbers, MeetingRow, Row, Standing
from vori.analytics.standing import say
from vori.analytics.store import save_settings
from vori.clock import new_id, now
from vori.database.connection import Database
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting
from vori.tickets.settings.model import TicketSettings
from vori.tickets.settings.store import save_settings as save_ticket_settings


async def test_figures_are_made_of_their_meetings_and_stand_beside_those_of_as_many_days_before(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    first = meeting(workspace, ago(2), questions=4, answered=1, length_ms=20 * MINUTE_MS, score=score(60.0))
    second = meeting(workspace, ago(1), questions=6, answered=4, length_ms=50 * MINUTE_MS)
    older = meeting(workspace, ago(8), questions=3, answered=3)
    await put(database, [first, second, older, *spoke(first, *FIVE), *spoke(older, *FIVE)])
    shown = await ask(client, "team", days=7)
    assert (shown["people"], shown["withheld"]) == (5, None)
    questions, answered = figure(shown, "questions"), figure(shown, "answered")
    assert (questions["value"], questions["before"]) == (10, 3)
    assert questions["meetings"] == [
        {"meeting_id": str(first.meeting_id), "value": 4, "base": None},
        {"meeting_id": str(second.meeting_id), "value": 6, "base": None},
    ]
    assert (answered["value"], answered["before"], answered["how"]) == (0.5, 1.0, "ratio")
    assert figure(shown, "length")["value"] == 35 * MINUTE_MS
    scored = figure(shown, "score")
    assert (scored["value"], [one["meeting_id"] for one in scored["meetings"]]) == (60.0, [str(first.meeting_id)])
    assert scored["before"] is None, "no meeting of the days before has a score"
    assert [one["title"] for one in shown["meetings"]] == ["Planning"] * 3
    assert len(shown["series"]) == 7
    assert [len(one["meetings"]) for one in shown["series"]][-3:] == [1, 1, 0]


async def test_small_teams_are_told_why_nothing_is_shown_unless_they_want_it(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    held = meeting(workspace, ago(1))
    await put(database, [held, *spoke(held, *FIVE[:4]), *months(workspace, "en")[-3:]])
    shown = await ask(client, "team")
    assert (shown["withheld"]["people"], shown["withheld"]["least"]) == (4, 5)
    assert "at least 5 people" in shown["withheld"]["reason"]
    assert (shown["figures"], shown["series"], shown["pattern"], shown["meetings"]) == ([], [], [], [])
    for path in ("insights", "anomalies"):
        hidden = await ask(client, path)
        assert (hidden["withheld"]["people"], hidden["items"]) == (4, [])
    async with database.transaction(workspace) as tx:
        await save_settings(tx, AnalyticsSettings(small_teams="show"))
    assert figure(await ask(client, "team"), "meetings")["value"] == 1
    assert len((await ask(client, "insights"))["items"]) == 2


async def test_voices_without_a_name_count_as_few_people_as_they_can_be(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    rows: list[Row] = []
    for past in range(3):
        held = meeting(workspace, ago(past))
        rows += [held, *spoke(held, f"{new_id()}:1", f"{new_id()}:2")]
    await put(database, rows)
    assert (await ask(client, "team"))["people"] == 2


async def test_no_answer_about_the_team_names_who_spoke(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    await put(database, months(workspace, "en"))
    for path in ("team", "workflow", "topics", "keywords", "insights", "anomalies", "week"):
        told = await client.get(f"/api/analytics/{path}", params={"language": "en"})
        assert told.status_code == 200
        assert [name for name in FIVE if name in told.text] == []


async def test_days_begin_by_the_workspace_s_clock(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    async with database.transaction(workspace) as tx:
        await save_ticket_settings(tx, TicketSettings(time_zone="Asia/Seoul"))
    late = datetime.combine(date(2026, 3, 4), time(20), UTC)
    await put(database, life(workspace, "Done on the 5th in Seoul", late - timedelta(days=2), 1, 1))
    shown = await ask(client, "workflow", **{"from": "2026-03-05", "to": "2026-03-05"})
    assert (shown["time_zone"], [len(one["tickets"]) for one in shown["throughput"]]) == ("Asia/Seoul", [1])
    other = await ask(client, "workflow", **{"from": "2026-03-04", "to": "2026-03-04"})
    assert [len(one["tickets"]) for one in other["throughput"]] == [0]


async def test_work_is_told_with_the_tickets_behind_each_number(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    begins = now() - timedelta(days=6)
    slow = life(workspace, "Slow", begins, 1, 4, labels=("backend",), reason="review")
    quick = life(workspace, "Quick", begins, 1, 2)
    waiting = life(workspace, "Waiting", begins - timedelta(days=10))
    await put(database, [*slow, *quick, *waiting])
    shown = await ask(client, "workflow", days=7)
    ids = {one["title"]: one["ticket_id"] for one in shown["tickets"]}
    busy = next(one for one in shown["statuses"] if one["status"] == "IN_PROGRESS")
    assert busy["times"]["median_ms"] == 3 * DAY_MS
    assert [one["ticket_id"] for one in busy["times"]["tickets"]] == [ids["Slow"], ids["Quick"]]
    labelled = [(one["label"], one["status"], one["times"]["mean_ms"]) for one in shown["labels"]]
    assert labelled == [("backend", "IN_PROGRESS", 4 * DAY_MS), ("backend", "TODO", DAY_MS)]
    assert [(one["reason"], one["times"]["mean_ms"]) for one in shown["reasons"]] == [("review", 2 * DAY_MS)]
    assert shown["cycle"]["slow_ms"] == pytest.approx(3.7 * DAY_MS)
    assert [(one["from_status"], one["to_status"], len(one["tickets"])) for one in shown["moves"]] == [
        ("IN_PROGRESS", "DONE", 2),
        ("TODO", "IN_PROGRESS", 2),
    ]
    assert [one["ticket_id"] for one in shown["ageing"]] == [ids["Waiting"]]
    assert (shown["reopened"]["rate"], shown["carried"]["tickets"]) == (0.0, [ids["Waiting"]])


async def test_the_best_time_to_meet_is_only_told_where_the_data_supports_one(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    rows = months(workspace, "en")
    await put(database, [row for row in rows if not isinstance(row, InsightRow)])
    without = await ask(client, "team")
    assert (without["best"], len(without["pattern"]) > 5) == ([], True)
    assert all(len(cell["meetings"]) for cell in without["pattern"])
    await put(database, [row for row in rows if isinstance(row, InsightRow)])
    assert [row["key"] for row in (await ask(client, "team"))["best"]] == ["hour/10"]
    assert [row["key"] for row in (await ask(client, "workflow"))["bottlenecks"]] == ["stay/backend"]


async def test_topics_and_terms_say_where_they_are_going(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    await put(database, months(workspace, "ko"))
    topics = (await ask(client, "topics"))["items"]
    assert [(one["label"], one["direction"]) for one in topics] == [
        ("결제 · 재시도 · 카드", "rising"),
        ("로그인 · 토큰", "falling"),
    ]
    assert topics[0]["share"] > topics[0]["before"]
    terms = (await ask(client, "keywords", days=7))["items"]
    assert (terms[0]["term"], terms[0]["direction"]) == ("결제", None)
    assert terms[0]["utterances"]


async def test_a_meeting_shows_its_score_with_its_parts_and_the_words_behind_its_numbers(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    held = Meeting(new_id(), workspace, "Planning", "en", "ended", now(), ended_at=now())
    async with database.transaction(workspace) as tx:
        await create_meeting(tx, held)
    before = await client.get(f"/api/analytics/meetings/{held.meeting_id}")
    assert (before.status_code, before.json()["code"]) == (404, "not_reckoned")
    row = meeting(workspace, TODAY, key=str(held.meeting_id), meeting_id=held.meeting_id)
    opened = life(workspace, "Behind it", now())
    row = MeetingRow.model_validate(row.model_dump() | {"behind": {"created": [UUID(opened[0].key)]}})
    await put(database, [row, *opened, *spoke(row, "Ada", "Ben")])
    shown = await ask(client, f"meetings/{held.meeting_id}")
    assert shown["meeting"]["score"]["value"] is None
    assert shown["meeting"]["score"]["decision_time"] == {"value": None, "missing": "no_decision"}
    assert {one["who"] for one in shown["speakers"]} == {"Ada", "Ben"}, "a meeting's own page names its voices"
    assert [one["title"] for one in shown["tickets"]] == ["Behind it"]
    assert (await client.get(f"/api/analytics/meetings/{new_id()}")).status_code == 404


async def test_a_live_meeting_tells_its_numbers_and_windows(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    held = Meeting(new_id(), workspace, "Planning", "en", "live", now())
    numbers = LiveNumbers(
        meeting_id=held.meeting_id,
        at=now(),
        floor="Ada",
        voices=[],
        utterances=3,
        turns=2,
        talk_ms=4000,
        questions=1,
        interruptions=None,
        topic=["payment"],
        decided_at_ms=None,
        created=1,
        moved=0,
        over=False,
    )
    async with database.transaction(workspace) as tx:
        await create_meeting(tx, held)
        await tx.execute(
            "insert into live_meeting (meeting_id, workspace_id, body, at) values (%s, %s, %s::jsonb, %s)",
            (held.meeting_id, workspace, numbers.model_dump_json(), now()),
        )
        for minutes in (5, 30):
            await tx.execute(
                """insert into live_window values
                   (%s, %s, %s, %s, 1, 2, 3, 4000, 1, 1, 0, 0, 0)""",
                (workspace, held.meeting_id, minutes, now()),
            )
    shown = await ask(client, f"meetings/{held.meeting_id}/live")
    assert LiveNumbers.model_validate(shown["numbers"]) == numbers
    assert [(one["minutes"], one["people"], one["talk_ms"]) for one in shown["windows"]] == [
        (5, 2, 4000),
        (30, 2, 4000),
    ]


async def test_the_teams_windows_are_told_where_enough_people_spoke(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    async with database.transaction(workspace) as tx:
        for nth, people in enumerate((4, 5, 0)):
            await tx.execute(
                "insert into live_window values (%s, %s, 5, %s, 2, %s, 3, 4000, 1, 1, 0, 0, 0)",
                (workspace, workspace, now() + timedelta(minutes=5 * nth), people),
            )
    assert [window["people"] for window in (await ask(client, "live"))["windows"]] == [5, 0]
    async with database.transaction(workspace) as tx:
        await save_settings(tx, AnalyticsSettings(small_teams="show"))
    assert [window["people"] for window in (await ask(client, "live"))["windows"]] == [4, 5, 0]


async def test_a_spreadsheet_reads_korean_and_runs_nothing(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    insight = next(row for row in months(workspace, "ko") if isinstance(row, InsightRow))
    evil = insight.model_copy(update={"sentence_en": '=HYPERLINK("http://x")', "try_en": " @SUM(1)"})
    held = meeting(workspace, ago(1))
    await put(database, [evil, held, *spoke(held, *FIVE)])
    answer = await client.get("/api/analytics/insights", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="vori-insights.csv"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf"), "or it takes UTF-8 for something else"
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["sentence_en"], row["try_en"]) == ('\'=HYPERLINK("http://x")', "' @SUM(1)")
    assert row["sentence_ko"] == insight.sentence_ko
    assert float(row["low"]) == insight.low
    asked = await client.get("/api/analytics/insights", headers={"accept": "text/csv"})
    assert asked.content == answer.content
    file = await client.get("/api/analytics/insights", params={"format": "json"})
    assert file.json()["items"][0]["sentence_en"] == evil.sentence_en
    assert "attachment" in file.headers["content-disposition"]


@pytest.mark.parametrize("path", ["team", "workflow", "topics", "keywords", "insights", "anomalies"])
async def test_each_list_is_a_table_too(
    client: httpx.AsyncClient, database: Database, workspace: UUID, path: str
) -> None:
    await put(database, months(workspace, "ko"))
    answer = await client.get(f"/api/analytics/{path}", params={"format": "csv", "days": 60})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"from": "2026-03-05", "to": "2026-03-04"}, "Swap them"),
        ({"from": "2020-01-01", "to": "2026-01-01"}, "are the most"),
        ({"from": "2999-01-01", "to": "2999-01-02"}, "hasn't begun"),
        ({"days": "0"}, "days"),
        ({"from": "yesterday"}, "from"),
        ({"format": "xml"}, "format"),
    ],
)
async def test_a_bad_question_gets_a_reason(client: httpx.AsyncClient, asked: dict[str, str], told: str) -> None:
    answer = await client.get("/api/analytics/team", params=asked)
    assert answer.status_code == 422
    assert told in answer.text
    assert answer.json()["remedy"]


async def test_the_digest_of_a_week_is_markdown_in_the_reader_s_language(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    monday = ago(TODAY.weekday() + 7)
    held = meeting(workspace, monday, title="Plan *it* [x](y)", questions=7)
    await put(database, [held, *months(workspace, "en", monday + timedelta(days=6)), *spoke(held, *FIVE)])
    answer = await client.get("/api/analytics/week", params={"day": str(monday + timedelta(days=3)), "language": "en"})
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    text = answer.text
    assert text.startswith(f"# The week from {monday} to {monday + timedelta(days=6)}\n")
    assert f"[Plan \\*it\\* \\[x\\](y)](http://127.0.0.1/meeting/?id={held.meeting_id})" in text
    assert "Meetings at 10 in the morning yield 23 % more actionable tickets on average." in text
    korean = (await client.get("/api/analytics/week", params={"day": str(monday)})).text
    assert "주간 요약" in korean
    assert "오전 10시" in korean


async def test_the_digest_of_a_small_team_keeps_its_measures_to_itself(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    held = meeting(workspace, TODAY)
    await put(database, [held, *spoke(held, "Ada"), *life(workspace, "Open", now() - timedelta(days=9))])
    text = (await client.get("/api/analytics/week", params={"language": "en"})).text
    assert "Numbers of the team are told when at least 5 people spoke; 1 did." in text
    assert "| Questions |" not in text
    assert "Tickets done: 0" in text


async def test_what_was_found_is_told_with_how_analytics_stands(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    assert (await ask(client, "workflow"))["standing"]["state"] == "starting"
    await say(database, Standing(state="off", reason="There is no Java.", remedy="Install it."))
    await put(database, life(workspace, "Done before", now() - timedelta(days=5), 1, 1))
    shown = await ask(client, "workflow")
    told = shown["standing"]
    assert (told["state"], told["reason"], told["remedy"]) == ("off", "There is no Java.", "Install it.")
    assert len(shown["cycle"]["tickets"]) == 1
