"""The tables of retranscriptions and of what they found, and who is at work on which."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.errors import NotFound
from vori.events import Word
from vori.transcript.retranscription.model import Reheard, Retranscription, State

COLUMNS = """retranscription_id, workspace_id, meeting_id, model, language, state, created_at, finished_at, done_ms,
  total_ms, recogniser, reason"""


async def add_retranscription(tx: Transaction, asked: Retranscription) -> bool:
    """Queue one; False if another of this meeting waits or runs."""
    done = await tx.execute(
        """insert into retranscription
             (retranscription_id, workspace_id, meeting_id, model, language, state, created_at)
           values (%s, %s, %s, %s, %s, %s, %s)
           on conflict (meeting_id) where state in ('queued', 'running') do nothing""",
        (
            asked.retranscription_id,
            asked.workspace_id,
            asked.meeting_id,
            asked.model,
            asked.language,
            asked.state,
            asked.created_at,
        ),
    )
    return done.rowcount == 1


async def read_retranscriptions(tx: Transaction, meeting_id: UUID) -> list[Retranscription]:
    """A meeting's, newest first."""
    rows = await tx.fetch_all(
        f"select {COLUMNS} from retranscription where meeting_id = %s order by created_at desc, retranscription_id",
        (meeting_id,),
    )
    return [Retranscription(**row) for row in rows]


async def read_retranscription(tx: Transaction, meeting_id: UUID, retranscription_id: UUID) -> Retranscription:
    """Raises `NotFound`."""
    row = await tx.fetch_one(
        f"select {COLUMNS} from retranscription where retranscription_id = %s and meeting_id = %s",
        (retranscription_id, meeting_id),
    )
    if row is None:
        raise NotFound(
            f"This meeting has no retranscription {retranscription_id}.",
            remedy=f"`GET /api/meetings/{meeting_id}/retranscriptions` lists those it has.",
        )
    return Retranscription(**row)


async def lock_retranscription(tx: Transaction, meeting_id: UUID, retranscription_id: UUID) -> Retranscription:
    """One that nobody else changes until the transaction ends. Raises `NotFound`."""
    await tx.execute("select from retranscription where retranscription_id = %s for update", (retranscription_id,))
    return await read_retranscription(tx, meeting_id, retranscription_id)


async def read_at_work(log_database: Database) -> list[tuple[UUID, UUID]]:
    """(workspace, retranscription) of all that wait or run, oldest first; only the log's role sees them all."""
    async with log_database.transaction() as tx:
        rows = await tx.fetch_all(
            "select workspace_id, retranscription_id from retranscription order by created_at, retranscription_id"
        )
    return [(row["workspace_id"], row["retranscription_id"]) for row in rows]


@asynccontextmanager
async def alone_at(log_database: Database, retranscription_id: UUID) -> AsyncIterator[bool]:
    """Whether nobody else is at work on it; then nobody will be, until this is left or its process dies."""
    async with await log_database.connect() as connection:
        row = await (
            await connection.execute(
                "select pg_try_advisory_lock(hashtextextended('retranscription ' || %s, 0)) as got",
                (str(retranscription_id),),
            )
        ).fetchone()
        yield bool(row and row["got"])


async def start(tx: Transaction, retranscription_id: UUID) -> Retranscription | None:
    """Begin, or begin anew, one that waits or was left running; None if it was discarded since."""
    row = await tx.fetch_one(
        f"""update retranscription set state = 'running', done_ms = 0
            where retranscription_id = %s and state in ('queued', 'running') returning {COLUMNS}""",
        (retranscription_id,),
    )
    return Retranscription(**row) if row else None


async def note_progress(tx: Transaction, retranscription_id: UUID, done_ms: int, total_ms: int) -> bool:
    """False if it is not to go on."""
    done = await tx.execute(
        "update retranscription set done_ms = %s, total_ms = %s where retranscription_id = %s and state = 'running'",
        (done_ms, total_ms, retranscription_id),
    )
    return done.rowcount == 1


async def finish(tx: Transaction, job: Retranscription, recogniser: str, found: Sequence[Reheard]) -> None:
    """Keep what was found, unless it was discarded meanwhile."""
    done = await tx.execute(
        """update retranscription set state = 'ready', recogniser = %s, finished_at = %s, done_ms = total_ms
           where retranscription_id = %s and state = 'running'""",
        (recogniser, now(), job.retranscription_id),
    )
    for heard in found if done.rowcount else ():
        await tx.execute(
            """insert into retranscription_utterance
                 (retranscription_id, workspace_id, stream, from_ms, to_ms, language, text, words)
               values (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)""",
            (
                job.retranscription_id,
                job.workspace_id,
                heard.stream,
                heard.from_ms,
                heard.to_ms,
                heard.language,
                heard.text,
                json.dumps([word.model_dump() for word in heard.words]),
            ),
        )


async def fail(tx: Transaction, retranscription_id: UUID, reason: str) -> None:
    """Give up on one that waits or runs."""
    await tx.execute(
        """update retranscription set state = 'failed', reason = %s, finished_at = %s
           where retranscription_id = %s and state in ('queued', 'running')""",
        (reason, now(), retranscription_id),
    )


async def settle(tx: Transaction, retranscription_id: UUID, state: State) -> None:
    """It is accepted or discarded: what it found is not needed any more."""
    await tx.execute(
        "update retranscription set state = %s, finished_at = coalesce(finished_at, %s) where retranscription_id = %s",
        (state, now(), retranscription_id),
    )
    await tx.execute("delete from retranscription_utterance where retranscription_id = %s", (retranscription_id,))


async def read_reheard(tx: Transaction, retranscription_id: UUID) -> list[Reheard]:
    """What was found, in order of its time."""
    rows = await tx.fetch_all(
        """select stream, from_ms, to_ms, language, text, words from retranscription_utterance
           where retranscription_id = %s order by from_ms, stream""",
        (retranscription_id,),
    )
    return [Reheard(**row | {"words": tuple(Word(**word) for word in row["words"])}) for row in rows]
