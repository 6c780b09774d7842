"""Taking what was said in a stretch of a meeting out of its record, and putting it back."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from vori.clock import new_id
from vori.database.connection import Transaction
from vori.eventlog import EventLog
from vori.events import UtteranceCorrected, UtteranceFinal
from vori.livefeed import LiveFeed
from vori.transcript.correct import Utterance
from vori.transcript.naming.model import named
from vori.transcript.naming.store import read_names
from vori.transcript.show import utterance_message
from vori.transcript.store import add_correction, add_utterance, lock_transcript
from vori.transcript.striking.store import (
    Span,
    add_struck,
    lock_words,
    read_struck,
    read_text_before,
    remove_struck,
)


def reaches_into(said: UtteranceFinal, spans: Iterable[Span]) -> bool:
    """Whether any of it was said in one of these stretches."""
    return any(said.start_ms < end and start < said.end_ms for start, end in spans)


async def keep(tx: Transaction, log: EventLog, feed: LiveFeed, said: UtteranceFinal, model: str) -> bool:
    """Keep a final utterance and tell of it; False if it was kept before.

    One of a stretch that was struck while it was being spoken is kept withdrawn, and nobody is told its words.
    """
    if not await add_utterance(tx, said, model):
        return False
    if reaches_into(said, (await read_struck(tx, said.meeting_id)).values()):
        await feed.publish(utterance_message(await add_correction(tx, _reads(said, 1, ""))), tx)
        return True
    await log.append(tx, said)
    await feed.publish(utterance_message(named(said, await read_names(tx, said.meeting_id))), tx)
    return True


async def strike(tx: Transaction, log: EventLog, feed: LiveFeed, meeting_id: UUID, span: Span) -> tuple[UUID, int]:
    """Withdraw every utterance that reaches into the stretch, also those to come. (its id, how many were withdrawn)."""
    struck_id = new_id()
    await lock_words(tx, meeting_id)
    await add_struck(tx, meeting_id, struck_id, span)
    count = 0
    for said in await lock_transcript(tx, meeting_id):
        if said.text and reaches_into(said, [span]):
            await _correct(tx, log, feed, said, "")
            count += 1
    return struck_id, count


async def put_back(tx: Transaction, log: EventLog, feed: LiveFeed, meeting_id: UUID, struck_id: UUID) -> int:
    """Undo a strike; how many utterances came back. Raises `NotFound`."""
    await lock_words(tx, meeting_id)
    span = await remove_struck(tx, meeting_id, struck_id)
    others, count = (await read_struck(tx, meeting_id)).values(), 0
    for said in await lock_transcript(tx, meeting_id):
        if said.by_a_person and not said.text and reaches_into(said, [span]) and not reaches_into(said, others):
            await _correct(tx, log, feed, said, await read_text_before(tx, said.utterance_id, said.version))
            count += 1
    return count


async def _correct(tx: Transaction, log: EventLog, feed: LiveFeed, said: Utterance, text: str) -> None:
    corrected = _reads(said, said.version + 1, text)
    await log.append(tx, corrected)
    await feed.publish(utterance_message(await add_correction(tx, corrected)), tx)


def _reads(said: UtteranceFinal, version: int, text: str) -> UtteranceCorrected:
    return UtteranceCorrected(
        workspace_id=said.workspace_id,
        meeting_id=said.meeting_id,
        utterance_id=said.utterance_id,
        version=version,
        text=text,
    )
