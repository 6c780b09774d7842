"""Parquet files by pyarrow: written whole or not at all, read, merged."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from vori.analytics.cold.place import Kind

MERGED = b"vori.merged"
"""Names the files, as JSON, that a merged one stands for."""
INSTANT = pa.timestamp("us", tz="UTC")
COLUMNS: dict[Kind, pa.Schema] = {
    "events": pa.schema(
        [
            ("event_id", pa.string()),
            ("workspace_id", pa.string()),
            ("meeting_id", pa.string()),
            ("ticket_id", pa.string()),
            ("type", pa.string()),
            ("occurred_at", INSTANT),
            ("archived_at", INSTANT),
            ("value", pa.string()),
            ("topic", pa.string()),
            ("partition", pa.int32()),
            ("offset", pa.int64()),
        ]
    ),
    "metrics": pa.schema(
        [
            ("workspace_id", pa.string()),
            ("subject", pa.string()),
            ("minutes", pa.int32()),
            ("starts_at", INSTANT),
            *((name, pa.int64()) for name in ("meetings", "people", "utterances", "talk_ms", "questions")),
            *((name, pa.int64()) for name in ("created", "moved", "done", "decisions")),
        ]
    ),
    "audio": pa.schema(
        [
            ("workspace_id", pa.string()),
            ("meeting_id", pa.string()),
            ("stream", pa.string()),
            ("speaker", pa.string()),
            ("first_sample", pa.int64()),
            ("samples", pa.int64()),
            ("sample_rate", pa.int32()),
            ("path", pa.string()),
            ("starts_at", INSTANT),
        ]
    ),
}
KEY: dict[Kind, tuple[str, ...]] = {
    "events": ("event_id",),
    "metrics": ("subject", "minutes", "starts_at"),
    "audio": ("stream", "first_sample"),
}
"""What tells rows of a file apart."""
TIME: dict[Kind, str] = {"events": "occurred_at", "metrics": "starts_at", "audio": "starts_at"}
ORDER = ("type", "occurred_at", "event_id")
"""Of merged facts: whoever wants one type reads the pages with it alone."""


def write_rows(path: Path, kind: Kind, rows: Sequence[Mapping[str, Any]]) -> None:
    """A file with these rows, in place of the one of that name. It is on the disk when this returns."""
    _write(path, pa.Table.from_pylist([dict(row) for row in rows], schema=COLUMNS[kind]))


def read_rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = parquet.read_table(path, partitioning=None).to_pylist()
    return found


def merge(paths: Sequence[Path], into: Path) -> int:
    """One file with the facts of all these, each once, by type and time; how many. `paths` stay."""
    table = pa.concat_tables([parquet.read_table(path, schema=COLUMNS["events"], partitioning=None) for path in paths])
    ids = table.column("event_id").to_pylist()
    first = {event_id: place for place, event_id in reversed(list(enumerate(ids)))}
    table = table.take(pa.array(sorted(first.values()), pa.int64())).sort_by([(name, "ascending") for name in ORDER])
    names = json.dumps([path.name for path in paths]).encode()
    _write(into, table.replace_schema_metadata({MERGED: names}))
    return int(table.num_rows)


def merged_names(path: Path) -> list[str]:
    """The names of the files that this one was merged from; none if it wasn't."""
    told = (parquet.read_schema(path).metadata or {}).get(MERGED)
    return list(json.loads(told)) if told else []


def span(paths: Sequence[Path], kind: Kind) -> tuple[int, datetime | None, datetime | None]:
    """How many rows these files have, and the first and the last time in them, by their footers."""
    rows, times = 0, []
    for path in paths:
        footer = parquet.read_metadata(path)
        rows += footer.num_rows
        place = footer.schema.to_arrow_schema().get_field_index(TIME[kind])
        for number in range(footer.num_row_groups):
            told = footer.row_group(number).column(place).statistics
            if told is not None and told.has_min_max:
                times += [told.min, told.max]
    return rows, min(times, default=None), max(times, default=None)


def _write(path: Path, table: pa.Table) -> None:
    made = [folder for folder in (path.parent, *path.parent.parents) if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.part")
    with partial.open("wb") as file:
        parquet.write_table(table, file, compression="zstd", write_page_index=True)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    for folder in {path.parent, *(one.parent for one in made)}:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
