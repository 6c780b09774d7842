"""The measures once more, in plain SQL over the same lines of events: nothing here knows of Spark or its functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import ClientCursor
from psycopg.rows import dict_row

from vori.analytics.model import (
    ANSWER_MS,
    FULL_ACTIONABLE_PER_HOUR,
    LEAST_MS,
    LEAST_SPEAKERS,
    LEAST_UTTERANCES,
    MONOLOGUE_MS,
    OVERLAP_MS,
    QUESTION,
    SLOWEST_DECISION_MS,
    MeetingRow,
    Row,
    SpeakerRow,
    StayRow,
    TicketRow,
    Weights,
)
from vori.analytics.tokens import tokens_of

ROWS: dict[type[Row], LiteralString] = {
    MeetingRow: "select * from meeting_row",
    SpeakerRow: "select * from speaker_row",
    StayRow: "select * from stay_row",
    TicketRow: "select * from ticket_row",
}
CONSTANTS = {
    "answer": ANSWER_MS,
    "question": QUESTION,
    "overlap": OVERLAP_MS,
    "monologue": MONOLOGUE_MS,
    "speakers": LEAST_SPEAKERS,
    "utterances": LEAST_UTTERANCES,
    "least": LEAST_MS,
    "full": FULL_ACTIONABLE_PER_HOUR,
    "slowest": SLOWEST_DECISION_MS,
}


HERE = Path(__file__).parent
TABLES: LiteralString = """
create temp table line (value jsonb);
create temp table team (workspace_id uuid, zone text, wa float8, wd float8, wp float8);
create temp table vocabulary (text text primary key, words text[])
"""
TEXTS: LiteralString = """
select text from utterance union select d ->> 'text' from report, jsonb_array_elements(e -> 'decisions') d
"""


def measure_with_sql(
    url: str, lines: Iterable[str], zones: Mapping[str, str], weights: Mapping[str, Weights]
) -> dict[type[Row], list[Row]]:
    """The rows of each kind, by key. What a content word is the tokeniser says; they are counted here."""
    with psycopg.connect(url, row_factory=dict_row, cursor_factory=ClientCursor) as db:
        db.execute(TABLES)
        with db.cursor().copy("copy line from stdin") as copy:
            for line in lines:
                copy.write_row([line])
        for one in {*zones, *weights}:
            of = weights.get(one, Weights())
            values = (one, zones.get(one, "UTC"), of.actionable, of.decision_time, of.participation)
            db.execute("insert into team values (%s, %s, %s, %s, %s)", values)
        db.execute((HERE / "oracle_facts.sql").read_bytes())
        texts = [row["text"] for row in db.execute(TEXTS)]
        with db.cursor().copy("copy vocabulary from stdin") as copy:
            for text, words in zip(texts, tokens_of(texts), strict=True):
                copy.write_row([text, list(dict.fromkeys(words))])
        db.execute((HERE / "oracle_rows.sql").read_bytes(), CONSTANTS)
        return {
            model: sorted((model.model_validate(row) for row in db.execute(query)), key=lambda row: row.key)
            for model, query in ROWS.items()
        }
