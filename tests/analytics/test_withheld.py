"""What is about persons isn't told of the team: of the days before, of meetings of two, nor by another list."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from tests.analytics.asking import FIVE, ago, ask, figure

from months import months
from reckoned import meeting, put, score, spoke
from vori.analytics.model import AnalyticsSettings, MeetingRow
from vori.analytics.store import save_settings
from vori.analytics.summary import write_summary
from vori.database.connection import Database

OF_TALK = ("score", "participation_part", "talk", "silence", "turns", "monologues", "questions", "answered")


def one_to_one(workspace: UUID, past: int) -> MeetingRow:
    return meeting(workspace, ago(past), title="1:1 Ada, Ben", hour=15, speakers=2, monologues=7, score=score(31.0))


async def allow(database: Database, workspace: UUID, settings: AnalyticsSettings) -> None:
    async with database.transaction(workspace) as tx:
        await save_settings(tx, settings)


async def test_the_days_before_are_withheld_where_too_few_spoke_in_them(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    now, before = meeting(workspace, ago(1), questions=4), meeting(workspace, ago(8), questions=9)
    await put(database, [now, before, *spoke(now, *FIVE), *spoke(before, "Ada", "Ben")])
    shown = await ask(client, "team", days=7)
    assert (shown["withheld"], shown["withheld_before"]["people"]) == (None, 2)
    assert figure(shown, "questions")["value"] == 4
    assert {one["before"] for one in shown["figures"]} == {None}
    assert [one["meetings_before"] for one in shown["figures"] if one["meetings_before"]] == []
    assert [one["meeting_id"] for one in shown["meetings"]] == [str(now.meeting_id)]
    await allow(database, workspace, AnalyticsSettings(small_teams="show"))
    assert figure(await ask(client, "team", days=7), "questions")["before"] == 9


async def test_how_two_talked_with_each_other_is_in_no_number_of_the_team_but_their_work_is(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    large, pair = meeting(workspace, ago(2), monologues=1, score=score(80.0)), one_to_one(workspace, 1)
    await put(database, [large, pair, *spoke(large, *FIVE), *spoke(pair, "Ada", "Ben")])
    shown = await ask(client, "team", days=7)
    for name in OF_TALK:
        assert [one["meeting_id"] for one in figure(shown, name)["meetings"]] == [str(large.meeting_id)], name
    assert (figure(shown, "monologues")["value"], figure(shown, "score")["value"]) == (1, 80.0)
    assert {name: figure(shown, name)["value"] for name in ("meetings", "created", "decisions")} == {
        "meetings": 2,
        "created": large.created + pair.created,
        "decisions": large.decisions + pair.decisions,
    }
    (day,) = [one for one in shown["series"] if str(pair.meeting_id) in one["meetings"]]
    assert [day["values"][name] for name in OF_TALK] == [None] * len(OF_TALK), "of a day with nothing else"
    assert day["values"]["meetings"] == 1
    (cell,) = [one for one in shown["pattern"] if one["hour"] == 15]
    assert (cell["score"], cell["actionable"]) == (None, 1)
    csv = (await client.get("/api/analytics/team", params={"format": "csv", "days": 7})).text
    assert "31.0" not in csv


@pytest.mark.parametrize("wanted", [AnalyticsSettings(small_teams="show"), AnalyticsSettings(least_people=2)])
async def test_a_workspace_that_wants_it_sees_how_two_talked(
    client: httpx.AsyncClient, database: Database, workspace: UUID, wanted: AnalyticsSettings
) -> None:
    pair = one_to_one(workspace, 1)
    await put(database, [pair, *spoke(pair, "Ada", "Ben")])
    await allow(database, workspace, wanted)
    assert figure(await ask(client, "team"), "score")["value"] == 31.0


async def test_what_insights_withhold_no_other_list_tells(
    client: httpx.AsyncClient, database: Database, workspace: UUID
) -> None:
    await put(database, months(workspace, "en"))
    assert [row["key"] for row in (await ask(client, "workflow"))["bottlenecks"]] == ["stay/backend"]
    await allow(database, workspace, AnalyticsSettings(least_people=50))
    assert ((await ask(client, "workflow"))["bottlenecks"], (await ask(client, "team"))["best"]) == ([], [])
    assert (await ask(client, "workflow"))["statuses"] != [], "work is always told"


def test_the_report_of_a_file_tells_nothing_of_how_two_or_a_small_team_talked() -> None:
    team, small = UUID(int=1), UUID(int=2)
    large = meeting(team, ago(2), evenness=0.87, score=score(80.0), interruptions=3)
    pair = one_to_one(team, 1).model_copy(update={"evenness": 0.43, "interruptions": 6})
    few = meeting(small, ago(1), title="Small", speakers=4, evenness=0.61, score=score(47.0))
    voices = [*spoke(large, *FIVE), *spoke(pair, "Ada", "Ben"), *spoke(few, *FIVE[:4])]
    lines = write_summary({"meeting": [large, pair, few], "speaker": voices}).splitlines()
    cells = {line.split(" | ")[0].strip("| "): line.strip("| ").split(" | ")[1:] for line in lines if " | " in line}
    assert cells["Planning"] == ["1", "30.0", "80.0", "1.0", "1.0", "3.0", "0.87", "–"]
    assert cells["1:1 Ada, Ben"] == ["1", "30.0", "–", "1.0", "1.0", "–", "–", "–"]
    assert cells["Small"] == ["1", "30.0", "–", "1.0", "1.0", "–", "–", "–"]
