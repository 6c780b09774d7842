"""Lists as files: CSV that a spreadsheet opens as text and in the right letters, and JSON. Pure: no I/O."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for something else."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so would be run by a spreadsheet; an apostrophe before it makes it text."""


def to_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A header and a line per row, by RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([cell(row[name]) for name in columns] for row in rows)
    return BOM + out.getvalue()


def cell(value: object) -> str:
    """As a spreadsheet should read it: numbers as numbers, lists with blanks between, text never as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list | tuple):
        return safe(" ".join(str(each) for each in value))
    return safe(str(value))


def safe(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
