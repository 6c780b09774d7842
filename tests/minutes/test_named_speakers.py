"""Who a voice is found to be stands in the minutes, also in those written before."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest
from tests.minutes.test_minutes_flow import BEGAN, meeting_with_words, report, working

from vori.audio.model import AudioStream
from vori.audio.store import create_stream
from vori.database.connection import Database
from vori.eventlog.postgres import PostgresEventLog
from vori.events import SpeakerNamed, UtteranceFinal
from vori.meetings.model import Meeting
from vori.meetings.store import end_meeting
from vori.minutes import worker
from vori.minutes.show import MinutesOut
from vori.transcript.naming.store import set_name
from vori.transcript.store import add_utterance


async def meeting_at_one_microphone(
    database: Database, workspace: UUID, *texts: str
) -> tuple[Meeting, list[UtteranceFinal]]:
    """An ended meeting; each text is of another voice, and a second longer than the one before."""
    voices = [("desk", None, number) for number in range(len(texts))]
    return await meeting_of(database, workspace, voices, texts)


async def meeting_of(
    database: Database, workspace: UUID, voices: Sequence[tuple[str, str | None, int | None]], texts: Sequence[str]
) -> tuple[Meeting, list[UtteranceFinal]]:
    """The same; each text has a stream, who speaks alone there, else the voice's number."""
    meeting, _ = await meeting_with_words(database, workspace)
    streams = {
        name: AudioStream(uuid4(), workspace, meeting.meeting_id, name, "opus", 48_000, None, speaker, 0, BEGAN)
        for name, speaker, _ in voices
    }
    said = [
        UtteranceFinal(
            workspace_id=workspace,
            meeting_id=meeting.meeting_id,
            utterance_id=uuid4(),
            stream=streams[name].stream,
            speaker=speaker,
            voice=voice,
            start_ms=number * 5000,
            end_ms=number * 5000 + 1000 * (number + 1),
            language="en",
            text=text,
        )
        for number, ((name, speaker, voice), text) in enumerate(zip(voices, texts, strict=True))
    ]
    async with database.transaction(workspace) as tx:
        for stream in streams.values():
            await create_stream(tx, stream)
        for utterance in said:
            await add_utterance(tx, utterance, "test")
        await end_meeting(tx, meeting.meeting_id, "asked")
    return meeting, said


async def name(log: PostgresEventLog, database: Database, said: UtteranceFinal, name: str | None) -> None:
    """Say whose the voice of an utterance is."""
    async with database.transaction(said.workspace_id) as tx:
        version = await set_name(tx, said.meeting_id, said.stream, said.voice, name)
        assert version is not None
        named = SpeakerNamed(
            workspace_id=said.workspace_id,
            meeting_id=said.meeting_id,
            stream=said.stream,
            voice=said.voice,
            version=version,
            name=name,
        )
        await log.append(tx, named)


async def test_who_a_voice_is_found_to_be_is_in_minutes_written_before(
    database: Database, log_database: Database, workspace: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ARCHIVE_PATIENCE_S", 0.0)  # no sound comes
    texts = ("The export of invoices fails.", "We ship the fix on Tuesday.")
    meeting, said = await meeting_at_one_microphone(database, workspace, *texts)
    async with working(database, log_database) as (log, told):

        async def written() -> str:
            message = await asyncio.wait_for(told.get(), 10)
            return MinutesOut.model_validate(message.data).markdown

        async with database.transaction(workspace) as tx:
            await log.append(tx, report(meeting, said[1]))
        first = await written()
        assert "- Speaker 2 · 67%\n- Speaker 1 · 33%\n- Maya · 0%" in first
        assert "Speaker 2: “We ship the fix on Tuesday.”" in first
        await name(log, database, said[1], "Maya")
        second = await written()
        assert "- Maya · 67%\n- Speaker 1 · 33%\n" in second
        assert "Maya: “We ship the fix on Tuesday.”" in second
        assert "Speaker 2" not in second
        await name(log, database, said[0], "Maya")
        assert "- Maya · 100%\n" in await written()
        await name(log, database, said[0], None)
        assert await written() == second
        await name(log, database, said[1], None)
        assert await written() == first


async def test_two_who_speak_alone_are_one_person_by_one_name_and_the_name_of_a_mistake_goes(
    database: Database, log_database: Database, workspace: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ARCHIVE_PATIENCE_S", 0.0)  # no sound comes
    texts = ("The export of invoices fails.", "We ship the fix on Tuesday.")
    meeting, said = await meeting_of(database, workspace, [("laptop", "Alan", None), ("phone", "Maya", None)], texts)
    async with working(database, log_database) as (log, told):

        async def written() -> str:
            message = await asyncio.wait_for(told.get(), 10)
            return MinutesOut.model_validate(message.data).markdown

        async with database.transaction(workspace) as tx:
            await log.append(tx, report(meeting, said[1]))
        first = await written()
        assert "- Maya · 67%\n- Alan · 33%\n" in first
        await name(log, database, said[1], "Alan")
        second = await written()
        assert "- Alan · 100%\n" in second
        assert "Alan: “We ship the fix on Tuesday.”" in second
        assert "Maya" not in second
        await name(log, database, said[1], None)
        assert await written() == first
