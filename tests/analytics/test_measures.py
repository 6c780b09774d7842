"""Each measure of a case made by hand has the value that one counts by oneself, whatever order the lines come in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from math import log
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from psycopg.conninfo import make_conninfo
from tests.analytics.made import BEGAN, CASES, MINUTE, PLAIN, SEOUL, Case
from tests.analytics.oracle import measure_with_sql

from vori.analytics.model import ROWS, MeetingRow, Row, SpeakerRow, StayRow, TicketRow, Weights
from vori.analytics.simulate.write import Wanted, make_histories
from vori.database.embedded import SUPERUSER

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Found = dict[type[Row], list[Row]]
AnyRow = TypeVar("AnyRow", bound=Row)
pytestmark = pytest.mark.timeout(900)  # the first test waits for Spark to start and to measure everything
ZONES = {str(SEOUL): "Asia/Seoul"}
WEIGHTS = {str(SEOUL): Weights(actionable=0, decision_time=3, participation=1)}


@pytest.fixture(scope="module")
def cases() -> dict[str, Case]:
    return {one.__name__: one() for one in CASES}


@pytest.fixture(scope="module")
def told(cases: dict[str, Case]) -> tuple[list[str], dict[str, str]]:
    """A week of a team that is made up, the cases made by hand, and the workspaces' clocks."""
    [history] = make_histories(Wanted(1, 1, 3, 3, {}))
    lines = [line.rstrip("\n") for _, line in history.lines()]
    zones = ZONES | {str(history.team.workspace_id): history.team.time_zone}
    return lines + [line for case in cases.values() for line in case.lines()], zones


def measured(spark: SparkSession, folder: Path, lines: Sequence[str], zones: dict[str, str]) -> Found:
    from vori.analytics.engine import measures, parse

    (folder / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    events = parse.events(parse.read_lines(spark, str(folder / "lines.jsonl"))).localCheckpoint()
    said = measures.utterances(events).localCheckpoint()
    found = measures.measure(events, zones=zones, weights=WEIGHTS, until=None, said=said)
    assert all(df.columns == list(ROWS[kind].model_fields) for kind, df in found.items())
    return {ROWS[kind]: sorted(measures.rows(df, ROWS[kind]), key=lambda row: row.key) for kind, df in found.items()}


@pytest.fixture(scope="module")
def found(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, told: tuple[list[str], dict[str, str]]
) -> Found:
    return measured(spark, tmp_path_factory.mktemp("in_order"), *told)


def the(found: Found, model: type[AnyRow], subject: Any) -> list[AnyRow]:
    """Rows of a meeting or a ticket."""
    rows = (row for row in found[model] if isinstance(row, model))
    return [row for row in rows if row.key.startswith(str(subject))]


def meeting(found: Found, case: Case) -> MeetingRow:
    [row] = the(found, MeetingRow, case.meeting_id)
    return row


def ids(case: Case, *names: str) -> list[Any]:
    return [case.id(name) for name in names]


def test_talk_is_measured(found: Found, cases: dict[str, Case]) -> None:
    case = cases["talk"]
    row = meeting(found, case)
    assert (row.workspace_id, row.title, row.language) == (PLAIN, "Team · talk", "en")
    assert (row.day, row.hour, row.weekday) == (date(2026, 3, 2), 15, 1)
    assert (row.length_ms, row.late_ms, row.over_ms) == (600_000, 90_000, 30_000)
    assert (row.speakers, row.utterances, row.turns) == (4, 10, 8)
    assert row.talk_ms == 130_000 + 20_599 + 69_999 + 10_000
    heard = (130_000, 20_000, 10_000, 9_999, 10_000, 10_000)
    assert row.silence_ms == 600_000 - sum(heard)
    assert (row.interruptions, row.behind["interruptions"]) == (1, ids(case, "b1"))
    assert (row.monologues, row.behind["monologues"]) == (1, ids(case, "a1"))
    assert (row.questions, row.behind["questions"]) == (3, ids(case, "b1", "a3", "d2"))
    assert (row.answered, row.behind["answered"]) == (1, ids(case, "b1"))
    shares = [one / row.talk_ms for one in (130_000, 20_599, 69_999, 10_000)]
    assert row.evenness is not None
    assert row.evenness == pytest.approx(-sum(p * log(p) for p in shares) / log(4), abs=1e-6)
    assert (row.score.participation.value, row.score.participation.missing) == (100 * row.evenness, "")
    assert (row.score.value, row.score.decision_time.missing) == (None, "no_decision")
    voices = {one.who: one for one in the(found, SpeakerRow, case.meeting_id)}
    assert {who: (one.talk_ms, one.turns, one.questions, one.longest_ms) for who, one in voices.items()} == {
        "Ana": (130_000, 2, 1, 120_000),
        "Ben": (20_599, 2, 1, 10_300),
        "Cem": (69_999, 3, 0, 50_000),
        "Dia": (10_000, 1, 1, 110_000),
    }
    assert [voices[who].share for who in sorted(voices)] == shares


def test_voices_have_the_names_and_words_that_people_gave_them(found: Found, cases: dict[str, Case]) -> None:
    case = cases["shared"]
    row = meeting(found, case)
    assert (row.day, row.hour, row.weekday) == (date(2026, 3, 3), 0, 2)
    assert (row.language, row.late_ms, row.over_ms) == ("ko", None, None)
    assert (row.speakers, row.utterances, row.turns, row.talk_ms, row.silence_ms) == (2, 3, 2, 4_500, 596_000)
    assert (row.interruptions, row.behind["questions"]) == (None, ids(case, "b", "d"))
    assert {part.missing for part in (row.score.actionable, row.score.participation)} == {"few_words"}
    assert {one.who for one in the(found, SpeakerRow, case.meeting_id)} == {f"{case.id('shared')}:1", "Eva"}


def test_a_decision_is_timed_from_the_first_mention_of_its_topic(found: Found, cases: dict[str, Case]) -> None:
    case = cases["decided"]
    row = meeting(found, case)
    assert (row.decisions, row.decision_ms) == (3, (80_001 + 70_000) // 2)
    assert row.behind["decisions"] == ids(case, "d1", "d2")
    assert row.behind["mentions"] == ids(case, "m2", "m3")
    assert row.score.decision_time.value == 100 * (1 - 75_000 / 1_200_000)
    assert row.evenness is not None
    assert row.score.value == (0 + row.score.decision_time.value * 3 + 100 * row.evenness * 1) / 4


def test_what_came_of_a_meeting_is_counted(found: Found, cases: dict[str, Case]) -> None:
    case = cases["worked"]
    row = meeting(found, case)
    assert (row.created, row.behind["created"]) == (3, ids(case, "loose", "owned", "dated"))
    assert (row.actionable, row.behind["actionable"]) == (2, ids(case, "owned", "dated"))
    assert (row.blockers, row.behind["blockers"]) == (1, ids(case, "stuck"))
    assert (row.carried, row.behind["carried"]) == (2, ids(case, "stuck", "left"))
    assert row.score.actionable.missing == "few_speakers"
    assert the(found, TicketRow, case.id("undone")) == []
    assert the(found, StayRow, case.id("undone")) == []
    assert [one.until for one in the(found, StayRow, case.id("owned"))] == [None]


def test_a_ticket_s_life_is_told_in_stays(found: Found, cases: dict[str, Case]) -> None:
    case = cases["lived"]
    stays = the(found, StayRow, case.meeting_id)
    seen = [(one.number, one.status, (one.since - BEGAN) / timedelta(minutes=1), one.next_status) for one in stays]
    assert seen == [
        (0, "TODO", 0, "IN_PROGRESS"),
        (1, "IN_PROGRESS", 60, "DONE"),
        (2, "DONE", 120, "IN_PROGRESS"),
        (3, "IN_PROGRESS", 200, "DONE"),
        (4, "DONE", 260, None),
    ]
    assert [one.blocked for one in stays] == [{}, {"review": 15 * MINUTE, "access": 5 * MINUTE}, {}, {}, {}]
    assert {(one.labels, one.assigned, one.day) for one in stays} == {(("backend",), True, date(2026, 3, 3))}
    [row] = the(found, TicketRow, case.meeting_id)
    assert (row.opened_in, row.reopened, row.meetings, row.status) == (None, 1, (case.id("m"),), "DONE")
    assert (row.begun_at, row.done_at) == (BEGAN + timedelta(minutes=60), BEGAN + timedelta(minutes=260))
    assert (row.cycle_ms, row.lead_ms) == (200 * MINUTE, 260 * MINUTE)


def test_a_meeting_that_goes_on_has_no_row_and_an_empty_one_no_score(found: Found, cases: dict[str, Case]) -> None:
    assert the(found, MeetingRow, cases["going"].meeting_id) == []
    assert the(found, SpeakerRow, cases["going"].meeting_id) == []
    row = meeting(found, cases["empty"])
    assert (row.speakers, row.turns, row.silence_ms, row.language) == (0, 0, MINUTE, "ko")
    assert (row.evenness, row.interruptions, row.score.value) == (None, None, None)


def test_order_and_repetition_of_lines_change_nothing(
    spark: SparkSession, tmp_path: Path, told: tuple[list[str], dict[str, str]], found: Found
) -> None:
    lines, zones = told
    chance = random.Random(7)
    mixed = [*lines, *chance.sample(lines, len(lines) // 3)]
    chance.shuffle(mixed)
    late = [line for line in mixed if '"UtteranceFinal"' in line][:20]
    mixed = [line for line in mixed if line not in late] + late
    assert measured(spark, tmp_path, mixed, zones) == found


@pytest.fixture(scope="module")
def oracle_url(postgres: Any) -> str:
    return make_conninfo(postgres.url, user=SUPERUSER, dbname="postgres")


def test_plain_sql_finds_exactly_the_same(
    found: Found, told: tuple[list[str], dict[str, str]], oracle_url: str
) -> None:
    by_sql = measure_with_sql(oracle_url, *told, WEIGHTS)
    for model in found:
        assert found[model] == by_sql[model]
    rows = [row for row in found[MeetingRow] if isinstance(row, MeetingRow)]
    assert len(rows) > 8
    for name in ("interruptions", "questions", "answered", "decisions", "created", "actionable", "carried"):
        assert sum(getattr(row, name) or 0 for row in rows) > 3, f"{name} would be equal if it were never counted"
    assert sum(row.score.value is not None for row in rows) > 3
    assert {status for row in found[StayRow] if isinstance(row, StayRow) for status in [row.status]} > {"TODO"}


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (('"text":"Who reads it?"', '"text":"He reads it."'), {MeetingRow, SpeakerRow}),
        (('"start_ms":70000', '"start_ms":70001'), {MeetingRow, SpeakerRow}),
        (('"assignee":"Ben"', '"assignee":null'), {MeetingRow, StayRow}),
        (('"blocked_reason":"access"', '"blocked_reason":"budget"'), {StayRow}),
        (('"status":"DONE"', '"status":"TODO"'), {MeetingRow, StayRow, TicketRow}),
    ],
)
def test_an_altered_event_alters_the_rows(
    found: Found, oracle_url: str, change: tuple[str, str], kinds: set[type[Row]]
) -> None:
    altered = [line.replace(*change) for case in CASES for line in case().lines()]
    other = measure_with_sql(oracle_url, altered, ZONES, WEIGHTS)
    made = {model: [row for row in rows if row.workspace_id in (SEOUL, PLAIN)] for model, rows in found.items()}
    assert {model for model in made if made[model] != other[model]} == kinds
