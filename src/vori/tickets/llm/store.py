"""The table of what a language model was asked, and what came of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from vori.clock import new_id
from vori.database.connection import Transaction
from vori.tickets.llm.model import Answer, Meter, Note

NOTE = """workspace_id, meeting_id, said, at, model, prompt, turns, answer, requests, input_tokens, output_tokens, usd,
  trouble"""


async def add_note(tx: Transaction, note: Note) -> None:
    await tx.execute(
        f"""insert into llm_note (note_id, {NOTE})
            values (%(note_id)s, %(workspace)s, %(meeting)s, %(said)s, %(at)s, %(model)s, %(prompt)s, %(turns)s::jsonb,
                    %(answer)s::jsonb, %(requests)s, %(input)s, %(output)s, %(usd)s, %(trouble)s)""",
        {
            "note_id": new_id(),
            "workspace": UUID(note.workspace),
            "meeting": UUID(note.meeting),
            "said": note.said,
            "at": note.at,
            "model": note.model,
            "prompt": note.prompt,
            "turns": json.dumps(note.turns),
            "answer": note.answer.model_dump_json() if note.answer else None,
            "requests": note.meter.requests,
            "input": note.meter.input_tokens,
            "output": note.meter.output_tokens,
            "usd": note.meter.usd,
            "trouble": note.trouble,
        },
    )


async def read_answers(tx: Transaction, meeting_id: UUID) -> list[Note]:
    """The windows of a meeting that have answers, oldest first."""
    rows = await tx.fetch_all(
        f"select {NOTE} from llm_note where meeting_id = %s and answer is not null order by note_id", (meeting_id,)
    )
    return [_note(row) for row in rows]


async def read_last_note(tx: Transaction) -> Note | None:
    """What was asked last in this workspace."""
    row = await tx.fetch_one(f"select {NOTE} from llm_note order by at desc, note_id desc limit 1")
    return _note(row) if row else None


async def read_spent(tx: Transaction, since: datetime) -> Meter:
    """What this workspace has used since then."""
    row = await tx.fetch_one(
        """select coalesce(sum(requests), 0)::bigint as requests,
                  coalesce(sum(input_tokens), 0)::bigint as input_tokens,
                  coalesce(sum(output_tokens), 0)::bigint as output_tokens, sum(usd) as usd
           from llm_note where at >= %s""",
        (since,),
    )
    assert row is not None
    return Meter(**row)


def _note(row: dict[str, Any]) -> Note:
    return Note(
        workspace=str(row["workspace_id"]),
        meeting=str(row["meeting_id"]),
        said=row["said"],
        at=row["at"],
        model=row["model"],
        prompt=row["prompt"],
        turns=tuple((turn, words) for turn, words in row["turns"]),
        answer=None if row["answer"] is None else Answer.model_validate(row["answer"]),
        meter=Meter(row["requests"], row["input_tokens"], row["output_tokens"], row["usd"]),
        trouble=row["trouble"],
    )
