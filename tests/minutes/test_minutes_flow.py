"""From a reported meeting to its minutes: written once, told live, served as data or as a document."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from vori.audio.model import AudioStream, Segment, stream_key
from vori.audio.store import add_segments, create_stream, save_archive_state
from vori.clock import new_id
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import (
    Evidence,
    MeetingReported,
    ReportedDecision,
    UtteranceCorrected,
    UtteranceFinal,
)
from vori.gateway import build_app
from vori.livefeed import LiveFeed, LiveMessage
from vori.livefeed.postgres import PostgresLiveFeed
from vori.meetings.model import Meeting
from vori.meetings.store import create_meeting, end_meeting
from vori.minutes import api, worker
from vori.minutes.show import MinutesOut
from vori.minutes.store import read_minutes
from vori.people.api import current_workspace
from vori.transcript.store import add_correction, add_utterance, save_checkpoint

BEGAN = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)


async def meeting_with_words(database: Database, workspace: UUID, *texts: str) -> tuple[Meeting, list[UtteranceFinal]]:
    meeting = Meeting(new_id(), workspace, "Planning", "en", "live", BEGAN, participants=("Maya",))
    said = [
        UtteranceFinal(
            workspace_id=workspace,
            meeting_id=meeting.meeting_id,
            utterance_id=uuid4(),
            stream=uuid4(),
            speaker="Maya",
            start_ms=number * 5000,
            end_ms=number * 5000 + 4000,
            language="en",
            text=text,
        )
        for number, text in enumerate(texts)
    ]
    async with database.transaction(workspace) as tx:
        await create_meeting(tx, meeting)
        for utterance in said:
            await add_utterance(tx, utterance, "test")
    return meeting, said


async def ended_meeting(database: Database, workspace: UUID, *texts: str) -> tuple[Meeting, list[UtteranceFinal]]:
    meeting, said = await meeting_with_words(database, workspace, *texts)
    async with database.transaction(workspace) as tx:
        await end_meeting(tx, meeting.meeting_id, "asked")
    return meeting, said


def report(meeting: Meeting, *decided: UtteranceFinal) -> MeetingReported:
    return MeetingReported(
        workspace_id=meeting.workspace_id,
        meeting_id=meeting.meeting_id,
        tickets=(),
        decisions=tuple(
            ReportedDecision(
                text=said.text,
                evidence=(
                    Evidence(
                        utterance_id=said.utterance_id,
                        stream=said.stream,
                        speaker=said.speaker,
                        voice=said.voice,
                        start_ms=said.start_ms,
                        end_ms=said.end_ms,
                        quote=said.text,
                    ),
                ),
            )
            for said in decided
        ),
    )


@asynccontextmanager
async def working(
    database: Database, log_database: Database
) -> AsyncIterator[tuple[PostgresEventLog, asyncio.Queue[LiveMessage]]]:
    """A minutes worker at work: its log, and what it tells the live feed."""
    feed = PostgresLiveFeed(log_database)
    told: asyncio.Queue[LiveMessage] = asyncio.Queue()
    async with PostgresEventLog(log_database) as log, feed.subscribe() as messages:

        async def listen() -> None:
            async for message in messages:
                assert isinstance(message, LiveMessage)
                told.put_nowait(message)

        jobs = [
            asyncio.create_task(listen()),
            asyncio.create_task(worker.run(database=database, log=log, feed=feed, zone=UTC)),
        ]
        try:
            yield log, told
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)


async def test_a_report_becomes_minutes_and_the_same_report_changes_nothing(
    database: Database, log_database: Database, workspace: UUID
) -> None:
    meeting, said = await ended_meeting(
        database, workspace, "The export of invoices fails for large customers.", "We ship the fix on Tuesday."
    )
    async with working(database, log_database) as (log, told):
        for reported in (report(meeting), report(meeting), report(meeting, said[1])):
            async with database.transaction(workspace) as tx:
                await log.append(tx, reported)
        first, second = [await asyncio.wait_for(told.get(), 10) for _ in range(2)]
    assert (first.kind, first.id, first.workspace_id) == ("minutes", meeting.meeting_id, workspace)
    assert first.data is not None
    assert second.data is not None
    assert (first.data["version"], second.data["version"]) == (1, 2)
    async with database.transaction(workspace) as tx:
        kept = await read_minutes(tx, meeting.meeting_id)
    assert kept is not None
    assert kept.version == 2
    assert "Maya: “We ship the fix on Tuesday.”" in MinutesOut.of(kept, UTC).markdown
    assert kept.minutes.decisions[0].evidence[0].utterance_id == said[1].utterance_id
    assert second.data == MinutesOut.of(kept, UTC).model_dump(mode="json")


async def test_minutes_wait_until_the_last_sound_is_archived_and_say_what_is_missing(
    database: Database, log_database: Database, workspace: UUID
) -> None:
    meeting, _ = await meeting_with_words(database, workspace, "We ship the fix on Tuesday.")
    key = stream_key(meeting.meeting_id, "mic")
    stream = AudioStream(
        *(key, workspace, meeting.meeting_id, "mic", "pcm_s16le", 16_000, None, "Maya", 0, BEGAN), ended_at=BEGAN
    )
    segment = Segment(key, meeting.meeting_id, 32_000, 160_000, 16_000, "somewhere")
    async with database.transaction(workspace) as tx:
        await create_stream(tx, stream)
        await save_checkpoint(tx, meeting.meeting_id, key, b"", closed=True)
        await end_meeting(tx, meeting.meeting_id, "asked")
    async with working(database, log_database) as (log, told):
        async with database.transaction(workspace) as tx:
            await log.append(tx, report(meeting))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(told.get(), 0.5)
        async with database.transaction(workspace) as tx:
            await add_segments(tx, [segment])
            await save_archive_state(tx, key, {"ended": True})
        message = await asyncio.wait_for(told.get(), 10)
    minutes = MinutesOut.model_validate(message.data)
    assert minutes.outcome
    assert (minutes.outcome.outcome, minutes.outcome.covered_share) == ("capture_failed", 0.8333)
    assert "2 s of sound never reached VORI" in minutes.markdown


async def correct(
    log: PostgresEventLog,
    database: Database,
    said: UtteranceFinal,
    text: str,
    version: int,
    *,
    model: str | None = None,
) -> None:
    corrected = UtteranceCorrected(
        workspace_id=said.workspace_id,
        meeting_id=said.meeting_id,
        utterance_id=said.utterance_id,
        version=version,
        text=text,
        model=model,
    )
    async with database.transaction(said.workspace_id) as tx:
        await add_correction(tx, corrected)
        await log.append(tx, corrected)


async def test_minutes_are_written_anew_when_words_are_corrected_and_told_again_they_stay(
    database: Database, log_database: Database, workspace: UUID
) -> None:
    meeting, said = await ended_meeting(
        database, workspace, "The export of invoices fails for large customers.", "We ship the fix on Tuesday."
    )

    async def written(told: asyncio.Queue[LiveMessage]) -> MinutesOut:
        message = await asyncio.wait_for(told.get(), 10)
        return MinutesOut.model_validate(message.data)

    async with working(database, log_database) as (log, told):
        await correct(log, database, said[0], "The export of invoices fails for some customers.", 1)
        async with database.transaction(workspace) as tx:
            await log.append(tx, report(meeting, said[1]))
        first = await written(told)
        assert first.version == 1, "a correction before there are minutes is in them"
        assert "large" not in first.markdown
        assert "We ship the fix on Tuesday." in first.markdown
        await correct(log, database, said[1], "We ship the fix on Thursday.", 1)
        second = await written(told)
        assert second.version == 2
        assert "Maya: “We ship the fix on Thursday.”" in second.markdown
        assert "Tuesday" not in second.markdown
        assert [made.evidence[0].quote for made in second.decisions] == ["We ship the fix on Thursday."]
        await correct(log, database, said[1], said[1].text, 2)
        third = await written(told)
        assert (third.version, third.markdown) == (3, first.markdown), "taken back"
    async with log_database.transaction() as tx:
        await tx.execute("update log_progress set next_offset = 0")
    async with working(database, log_database) as (log, told):
        async with asyncio.timeout(20):
            while True:
                if all(at == end for at, end in (await log.progress(worker.GROUP)).values()):
                    break
                await asyncio.sleep(0.02)
        assert told.empty()
    async with database.transaction(workspace) as tx:
        kept = await read_minutes(tx, meeting.meeting_id)
    assert kept is not None
    assert kept.version == 3


async def test_words_of_another_hearing_are_in_the_minutes_once_the_meeting_is_reported_anew(
    database: Database, log_database: Database, workspace: UUID
) -> None:
    meeting, said = await ended_meeting(
        database, workspace, "The export of invoices fails.", "We ship the fix on Tuesday.", "Thank you."
    )
    async with working(database, log_database) as (log, told):
        async with database.transaction(workspace) as tx:
            await log.append(tx, report(meeting, said[1]))
        await asyncio.wait_for(told.get(), 10)
        for utterance, text in zip(said, ("The export of voices fails.", "We ship on Thursday.", ""), strict=True):
            await correct(log, database, utterance, text, 1, model="whisper small int8")
        async with database.transaction(workspace) as tx:
            await log.append(tx, report(meeting))
        message = await asyncio.wait_for(told.get(), 10)
    minutes = MinutesOut.model_validate(message.data)
    assert minutes.version == 2, "one version for all of them"
    assert [line.text for line in minutes.summary] == ["The export of voices fails."]
    assert minutes.participants[0].talk_ms == 8000, "what was withdrawn was not said"


def app_for(database: Database, workspace: UUID, feed: LiveFeed) -> FastAPI:
    app = build_app([api.routes(database, feed, UTC)])
    app.dependency_overrides[current_workspace] = lambda: workspace
    return app


async def test_minutes_over_http(database: Database, log_database: Database, workspace: UUID) -> None:
    meeting, _ = await meeting_with_words(database, workspace, "Invoices are late because the export is slow.")
    path = f"/api/meetings/{meeting.meeting_id}/minutes"
    transport = httpx.ASGITransport(app_for(database, workspace, PostgresLiveFeed(log_database)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        early = await client.get(path)
        assert (early.status_code, early.json()["code"]) == (404, "minutes_not_ready")
        assert "when it ends" in early.json()["remedy"]
        async with database.transaction(workspace) as tx:
            await end_meeting(tx, meeting.meeting_id, "asked")
        assert "last words" in (await client.get(path)).json()["remedy"]
        async with working(database, log_database) as (log, told):
            async with database.transaction(workspace) as tx:
                await log.append(tx, report(meeting))
            await asyncio.wait_for(told.get(), 10)
        as_data = (await client.get(path)).json()
        assert as_data["version"] == 1
        assert as_data["participants"] == [
            {"name": "Maya", "talk_ms": 4000, "percent": 100, "stream": None, "voice": None}
        ]
        assert as_data["summary"][0]["text"] == "Invoices are late because the export is slow."
        for asked in (
            await client.get(path, params={"format": "md"}),
            await client.get(path, headers={"accept": "text/markdown, text/html;q=0.5"}),
        ):
            assert asked.headers["content-type"] == "text/markdown; charset=utf-8"
            assert asked.text == as_data["markdown"]
            assert asked.text.startswith("# Planning\n\n20 November 2026 01:30 (UTC)")
        assert (await client.get(path, params={"format": "odt"})).status_code == 422
        assert (await client.get(f"/api/meetings/{uuid4()}/minutes")).json()["code"] == "not_found"
    elsewhere = httpx.ASGITransport(app_for(database, uuid4(), PostgresLiveFeed(log_database)))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://127.0.0.1") as stranger:
        assert (await stranger.get(path)).status_code == 404
