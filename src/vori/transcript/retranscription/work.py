"""Meetings that are to be heard again, one at a time, each in a child process; one that was interrupted starts over."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import structlog

from vori.audio.store import read_segments, read_streams
from vori.database.connection import Database, Transaction
from vori.errors import SupplierError
from vori.meetings.store import read_meeting
from vori.transcript.retranscription import hear
from vori.transcript.retranscription.hear import Line, Sound, Task
from vori.transcript.retranscription.model import Reheard, Retranscription
from vori.transcript.retranscription.store import alone_at, fail, finish, note_progress, read_at_work, start
from vori.transcript.vocabulary.terms import TermsOf, no_terms

log = structlog.get_logger()

EVERY_S = 2.0
TELL_S = 1.0
"""How often the child is asked for news, and progress is noted."""
MAX_LINE = 1 << 20


class Discarded(Exception):
    """Nobody wants it any more."""


async def run(database: Database, log_database: Database, home: Path, terms: TermsOf = no_terms) -> None:
    """Until cancelled. `home` has the archive and the models."""
    while True:
        try:
            for workspace_id, retranscription_id in await read_at_work(log_database):
                async with alone_at(log_database, retranscription_id) as alone:
                    if alone:
                        await work_on(database, workspace_id, retranscription_id, home, terms)
        except SupplierError as error:
            log.warning("retranscription.starts_over", reason=str(error))
        await asyncio.sleep(EVERY_S)


async def work_on(database: Database, workspace_id: UUID, retranscription_id: UUID, home: Path, terms: TermsOf) -> None:
    """Hear a meeting again, and keep what was found, or why it failed. Raises `SupplierError` without a database."""
    async with database.transaction(workspace_id) as tx:
        job = await start(tx, retranscription_id)
        if job is None:
            return
        task, total_ms = await _task(tx, job, home)
    task = task.model_copy(update={"vocabulary": await terms(workspace_id, job.meeting_id)})
    told = log.bind(retranscription=str(retranscription_id), meeting=str(job.meeting_id), model=job.model)
    told.info("retranscription.started", sound_ms=total_ms)
    found: list[Reheard] = []
    last = Line(failed="The process that heard it ended without a word.")
    try:
        async for line in _hear_apart(database, job, task, total_ms):
            last = line
            if line.reheard:
                found.append(line.reheard)
    except Discarded:
        told.info("retranscription.discarded")
        return
    except SupplierError:
        raise
    except Exception as error:  # live streams must not suffer for it
        told.exception("retranscription.broke_off")
        last = Line(failed=f"It broke off by a defect of VORI's: {type(error).__name__}. The log says more.")
    async with database.transaction(workspace_id) as tx:
        if last.recogniser:
            await finish(tx, job, last.recogniser, found)
            told.info("retranscription.ready", utterances=len(found))
        else:
            await fail(tx, retranscription_id, last.failed or "It ended before all was heard.")
            told.warning("retranscription.failed", reason=last.failed)


async def _task(tx: Transaction, job: Retranscription, home: Path) -> tuple[Task, int]:
    """What is to be heard, and how many ms of sound it is."""
    meeting = await read_meeting(tx, job.meeting_id)
    streams = await read_streams(tx, job.meeting_id)
    segments = await read_segments(tx, [stream.stream for stream in streams])
    spoken = None if meeting.language == "auto" else meeting.language
    sounds = [Sound.of(stream, segments, job.language or stream.language or spoken) for stream in streams]
    task = Task(home=home, model=job.model, sounds=sounds)
    return task, sum(segment.samples * 1000 // segment.sample_rate for segment in segments)


async def _hear_apart(database: Database, job: Retranscription, task: Task, total_ms: int) -> AsyncIterator[Line]:
    """What the child tells; the last line says how it ended. Raises `Discarded`."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", hear.__name__),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=MAX_LINE,
    )
    assert child.stdin
    assert child.stdout
    ended, done_ms, noted_at = False, 0, 0.0
    clock = asyncio.get_running_loop().time
    try:
        with contextlib.suppress(ConnectionError):
            child.stdin.write(task.model_dump_json().encode() + b"\n")
            await child.stdin.drain()
            child.stdin.close()
        while True:
            if clock() - noted_at > TELL_S:
                noted_at = clock()
                async with database.transaction(job.workspace_id) as tx:
                    if not await note_progress(tx, job.retranscription_id, done_ms, total_ms):
                        raise Discarded
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TELL_S):
                    text = await child.stdout.readline()
                if not text:
                    break
                line = Line.model_validate_json(text)
                done_ms, ended = done_ms + (line.passed_ms or 0), bool(line.recogniser or line.failed)
                yield line
        code = await child.wait()
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.communicate()  # to the pipe's end, or it stays open
    if not ended:
        yield Line(failed=_verdict(code))


def _verdict(code: int) -> str:
    if code == -9:
        return "The process that heard it was killed, most likely for want of memory. A smaller model may do."
    return f"The process that heard it ended by itself (code {code}). The transcriber's log says more."
