"""Cold storage: each fact once, whoever is killed; files are merged; live numbers and lists of sound move there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.eventlog.engines import MEETINGS, KafkaEngine, PostgresEngine

from vori.analytics.cold import api, archive, parquet, tidy
from vori.analytics.cold.archive import GROUP, TOPICS, FactArchive, settled
from vori.analytics.cold.place import Cold
from vori.clock import new_id
from vori.database.connection import Database
from vori.errors import Unavailable
from vori.eventlog import EventLog, Partition, Record
from vori.eventlog.broker import Broker
from vori.events import AudioEnded, Event, MeetingEnded, MeetingReported, Topic, UtteranceFinal, decode
from vori.gateway import build_app
from vori.people.api import current_workspace
from vori.settings import Settings
from vori.wiring import RETENTION, groups_of

FEBRUARY, MARCH = datetime(2026, 2, 28, 23, 59, 59, 999000, UTC), datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def cold(tmp_path: Path) -> Cold:
    return Cold.under(tmp_path)


@pytest.fixture
def engine(database_url: str) -> PostgresEngine:
    return PostgresEngine(database_url)


@pytest.fixture(params=["postgres", "kafka"])
def any_engine(request: pytest.FixtureRequest, engine: PostgresEngine) -> PostgresEngine | KafkaEngine:
    if request.param == "postgres":
        return engine
    broker: Broker = request.getfixturevalue("kafka_broker")
    return KafkaEngine(engine.database_url, f"{broker.url}?topic.prefix=t{uuid4().hex[:8]}.")


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def said(workspace: UUID, at: datetime, nth: int = 0, text: str = "안녕") -> UtteranceFinal:
    return UtteranceFinal(
        workspace_id=workspace,
        meeting_id=MEETINGS[nth % len(MEETINGS)],
        occurred_at=at,
        utterance_id=new_id(),
        stream=UUID(int=1),
        speaker=None,
        start_ms=0,
        end_ms=1000,
        language="ko",
        text=text,
    )


async def tell(database: Database, log: EventLog, *events: Event) -> None:
    async with database.transaction(events[0].workspace_id) as tx:
        for event in events:
            await log.append(tx, event)


@asynccontextmanager
async def archiving(database: Database, log: EventLog, cold: Cold, flush_s: float = 3600) -> AsyncIterator[FactArchive]:
    worker = FactArchive(database, log, cold, flush_s=flush_s)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        task.cancel()
        await asyncio.wait([task])


def facts(cold: Cold, workspace: UUID, first: date | None = None, last: date | None = None) -> list[Event]:
    """What lies in the files, as often as it lies there, by id."""
    rows = [row for path in cold.files("events", workspace, first, last) for row in parquet.read_rows(path)]
    return sorted((decode(row["value"].encode()) for row in rows), key=lambda event: event.event_id)


def ordered(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.event_id)


async def test_every_fact_is_cold_by_workspace_and_month_and_sound_is_not(
    any_engine: PostgresEngine | KafkaEngine, database: Database, workspace: UUID, cold: Cold
) -> None:
    other = new_id()
    mine: list[Event] = [*(said(workspace, FEBRUARY, nth) for nth in range(7)), said(workspace, MARCH)]
    mine.append(MeetingEnded(workspace_id=workspace, meeting_id=MEETINGS[0], occurred_at=MARCH, reason="asked"))
    theirs = said(other, MARCH)
    async with any_engine.open() as log, archiving(database, log, cold) as worker:
        sound = AudioEnded(workspace_id=workspace, meeting_id=MEETINGS[0], stream=new_id(), seq=1)
        await tell(database, log, *mine, sound)
        await tell(database, log, theirs)

        async def all_there() -> bool:
            return sum(end for _, end in (await log.progress(GROUP)).values()) == len(mine) + 1

        await until(all_there)
        app = build_app([api.routes(worker)])
        app.dependency_overrides[current_workspace] = lambda: workspace
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            told = (await client.post("/api/analytics/cold")).json()
            assert told == (await client.get("/api/analytics/cold")).json()
    assert [(month["kind"], month["month"], month["rows"]) for month in told] == [
        ("events", "2026-02", 7),
        ("events", "2026-03", 2),
    ]
    assert facts(cold, workspace) == ordered(mine)
    assert facts(cold, other) == [theirs]
    assert facts(cold, workspace, date(2026, 3, 2), date(2026, 3, 9)) == ordered(mine[7:])
    assert {path.parent.name for path in cold.files("events", workspace)} == {"month=2026-02", "month=2026-03"}
    assert cold.workspaces("events") == sorted([workspace, other])


async def test_the_log_keeps_what_is_not_yet_cold(
    database: Database, engine: PostgresEngine, workspace: UUID, cold: Cold
) -> None:
    assert all(GROUP in RETENTION[topic].groups for topic in TOPICS)
    assert GROUP in groups_of(Settings())
    async with engine.open() as log:
        await tell(database, log, said(workspace, MARCH))
        async with archiving(database, log, cold) as worker:
            await worker.flush()
        await tell(database, log, said(workspace, MARCH))
        assert await log.prune(TOPICS[1], groups=[GROUP]) == 1
        assert len(facts(cold, workspace)) == 1


async def test_a_file_without_its_progress_is_written_again_and_no_fact_is_there_twice(
    monkeypatch: pytest.MonkeyPatch, database: Database, engine: PostgresEngine, workspace: UUID, cold: Cold
) -> None:
    """Cut off between the file and the commit, with more facts there the next time."""
    events: list[Event] = [said(workspace, MARCH) for _ in range(3)]
    whole = archive.write_files
    with monkeypatch.context() as patched:

        def write_and_fail(files: dict[Path, list[dict[str, Any]]]) -> None:
            whole(files)
            raise OSError("the disk is full")

        patched.setattr(archive, "write_files", write_and_fail)
        async with engine.open() as log:
            await tell(database, log, *events)
            async with archiving(database, log, cold, flush_s=0):

                async def there() -> bool:
                    return bool(facts(cold, workspace))

                await until(there)
            assert set((await log.progress(GROUP)).values()) <= {(0, 0), (0, 3)}
    assert facts(cold, workspace) == ordered(events)
    async with engine.open() as log:
        events.append(said(workspace, MARCH))
        await tell(database, log, events[-1])
        async with archiving(database, log, cold) as worker:
            await worker.flush()
    assert facts(cold, workspace) == ordered(events)


async def test_a_meeting_s_report_is_cold_at_once(
    database: Database, engine: PostgresEngine, workspace: UUID, cold: Cold
) -> None:
    report = MeetingReported(
        workspace_id=workspace, meeting_id=MEETINGS[0], occurred_at=MARCH, tickets=(), decisions=()
    )
    async with engine.open() as log, archiving(database, log, cold):
        await tell(database, log, said(workspace, MARCH))
        await asyncio.sleep(0.5)
        assert facts(cold, workspace) == []
        await tell(database, log, report)
        await settled(log, patience_s=5)
    assert len(facts(cold, workspace)) == 2


async def test_who_asks_for_all_facts_is_told_when_nobody_writes(
    database: Database, engine: PostgresEngine, workspace: UUID
) -> None:
    async with engine.open() as log:
        await tell(database, log, said(workspace, MARCH))
        with pytest.raises(Unavailable):
            await settled(log, patience_s=0.2)


LANE = Partition(Topic.TRANSCRIPTION, 0)
PASSED = {"transcription.completed-0": 10**9}


def write_small(cold: Cold, workspace: UUID, offsets: list[int], twice: int | None = None) -> list[str]:
    """A file per offset of lane 0, in turn in February and March; the ids of the facts in them."""
    ids = []
    for offset in offsets:
        later = timedelta(minutes=offset % 3)
        event = said(workspace, MARCH + later if offset % 2 else FEBRUARY - later, text=f"{offset}")
        files = archive.sort_rows(cold, [Record(LANE, offset, event)], MARCH)
        archive.write_files(files)
        ids.append(str(event.event_id))
        if offset == twice:
            (path,) = files
            archive.write_files({path.with_name(path.name.replace("-0000", "-0001")): next(iter(files.values()))})
    return sorted(ids)


def ids_in(cold: Cold, workspace: UUID) -> list[str]:
    return sorted(str(event.event_id) for event in facts(cold, workspace))


def test_small_files_become_one_in_order_and_nothing_is_lost_or_twice(cold: Cold) -> None:
    workspace = new_id()
    ids = write_small(cold, workspace, list(range(20)), twice=4)
    assert len(ids_in(cold, workspace)) == 21
    assert tidy.compact(cold, PASSED, datetime(2026, 3, 20, tzinfo=UTC)) == 21
    assert ids_in(cold, workspace) == ids
    files = cold.files("events", workspace)
    assert [path.parent.name for path in files] == ["month=2026-02", "month=2026-03"]
    for path in files:
        times = [row["occurred_at"] for row in parquet.read_rows(path)]
        assert len(times) == 10
        assert times == sorted(times)
    assert tidy.compact(cold, PASSED, datetime(2026, 3, 20, tzinfo=UTC)) == 0
    more = write_small(cold, workspace, [20, 21])
    assert tidy.compact(cold, PASSED, datetime(2026, 4, 1, tzinfo=UTC)) == 4
    assert ids_in(cold, workspace) == sorted(ids + more)


def test_what_may_be_written_again_and_what_is_being_read_stays(cold: Cold) -> None:
    workspace, at = new_id(), datetime(2026, 4, 1, tzinfo=UTC)
    write_small(cold, workspace, list(range(0, 10, 2)))
    with cold.reading(), cold.reading():
        assert tidy.compact(cold, PASSED, at) == 0
    assert tidy.compact(cold, {}, at) == 0
    assert tidy.compact(cold, {"transcription.completed-0": 4}, at) == 2
    assert len(cold.files("events", workspace)) == 4


@contextmanager
def killed_at_the_first_removal(patched: pytest.MonkeyPatch) -> Iterator[None]:
    class Killed(Exception):
        pass

    def fail(self: Path, missing_ok: bool = False) -> None:
        raise Killed

    with patched.context() as within:
        within.setattr(Path, "unlink", fail)
        with pytest.raises(Killed):
            yield


def test_a_merger_that_was_cut_off_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch, cold: Cold) -> None:
    workspace, at = new_id(), datetime(2026, 3, 2, tzinfo=UTC)
    ids = write_small(cold, workspace, list(range(0, 20, 2)))
    with killed_at_the_first_removal(monkeypatch):
        tidy.compact(cold, PASSED, at)
    assert len(ids_in(cold, workspace)) == 20
    assert tidy.compact(cold, PASSED, at) == 0
    assert ids_in(cold, workspace) == ids
    assert len(cold.files("events", workspace)) == 1


WINDOW: dict[str, Any] = {
    "meetings": 1, "people": 3, "utterances": 9, "talk_ms": 60_000, "questions": 2,
    "created": 1, "moved": 0, "done": 0, "decisions": 1,
}  # fmt: skip


async def put_windows(database: Database, workspace: UUID, times: list[datetime], **changed: int) -> None:
    values = list((WINDOW | changed).values())
    async with database.transaction(workspace) as tx:
        for at in times:
            await tx.execute(
                """insert into live_window values (%s, %s, 5, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)""",
                (workspace, workspace, at, *values),
            )


async def hot(database: Database, workspace: UUID) -> list[datetime]:
    async with database.transaction(workspace) as tx:
        return [row["starts_at"] for row in await tx.fetch_all("select starts_at from live_window order by starts_at")]


async def test_old_live_numbers_move_and_the_newest_of_one_counts(
    database: Database, workspace: UUID, cold: Cold
) -> None:
    times = [MARCH - timedelta(minutes=5), MARCH, MARCH + timedelta(hours=23), MARCH + timedelta(days=1)]
    await put_windows(database, workspace, times)
    at = MARCH + timedelta(days=tidy.HOT_DAYS + 1)
    assert await tidy.move_windows(database, workspace, cold, at) == 3
    assert await hot(database, workspace) == times[3:]
    await put_windows(database, workspace, times[1:2], people=4)
    assert await tidy.move_windows(database, workspace, cold, at) == 1
    files = cold.files("metrics", workspace)
    assert [f"{path.parent.name}/{path.name}" for path in files] == [
        "month=2026-02/2026-02-28.parquet",
        "month=2026-03/2026-03-01.parquet",
    ]
    rows = [row for path in files for row in parquet.read_rows(path)]
    asked = {"workspace_id": str(workspace), "subject": str(workspace), "minutes": 5}
    assert sorted(rows, key=lambda row: str(row["starts_at"])) == [
        asked | {"starts_at": moment} | WINDOW | ({"people": 4} if moment == MARCH else {}) for moment in times[:3]
    ]


async def test_what_sound_there_was_is_listed_once_the_day_is_over(
    database: Database, workspace: UUID, cold: Cold
) -> None:
    meeting, stream = new_id(), new_id()
    async with database.transaction(workspace) as tx:
        await tx.execute(
            "insert into meeting values (%s, %s, 'x', 'ko', 'ended', %s, %s)",
            (meeting, workspace, FEBRUARY, MARCH + timedelta(hours=1)),
        )
        await tx.execute(
            """insert into audio_stream (stream, workspace_id, meeting_id, stream_id, codec, sample_rate, origin_ms,
                 created_at, speaker) values (%s, %s, %s, 'a', 'opus', 16000, 1500, now(), '지민')""",
            (stream, workspace, meeting),
        )
        for first in (0, 160_000):
            await tx.execute(
                "insert into audio_segment values (%s, %s, %s, %s, 160000, 16000, %s)",
                (stream, workspace, meeting, first, f"{meeting}/{first}.flac"),
            )
    tomorrow = MARCH + timedelta(days=1)
    assert await tidy.keep_sound(database, workspace, cold, tomorrow + timedelta(hours=5)) == []
    for _ in range(2):
        days = await tidy.keep_sound(database, workspace, cold, tomorrow + tidy.SETTLED)
    assert days == []
    (path,) = cold.files("audio", workspace)
    assert (path.parent.name, path.name) == ("month=2026-03", "2026-03-01.parquet")
    assert parquet.read_rows(path) == [
        {
            "workspace_id": str(workspace),
            "meeting_id": str(meeting),
            "stream": str(stream),
            "speaker": "지민",
            "first_sample": first,
            "samples": 160_000,
            "sample_rate": 16_000,
            "path": f"{meeting}/{first}.flac",
            "starts_at": FEBRUARY + timedelta(seconds=1.5 + first / 16_000),
        }
        for first in (0, 160_000)
    ]
    first, last = (row["starts_at"] for row in parquet.read_rows(path))
    assert parquet.span([path], "audio") == (2, first, last)
