"""Cursor pagination: an opaque cursor names the last row seen, so pages stay right while rows are added."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pydantic import BaseModel

from vori.errors import Invalid

Item = TypeVar("Item")
LONGEST = 200
"""Characters of a cursor; no key needs more."""


class Page(BaseModel, Generic[Item]):
    """One page of a list. Ask for the next with `?cursor=` until `next_cursor` is null."""

    items: list[Item]
    next_cursor: str | None = None


def encode_cursor(*key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def foreign_cursor() -> Invalid:
    return Invalid("This cursor is not one of ours.", remedy="Use `next_cursor` of the page before, unchanged.")


def decode_cursor(cursor: str, parts: int) -> list[str]:
    """The key that `encode_cursor` was given. Raises `Invalid` for anything else."""
    if len(cursor) > LONGEST:
        raise foreign_cursor()
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        key = None
    if not isinstance(key, list) or len(key) != parts or not all(isinstance(part, str) for part in key):
        raise foreign_cursor()
    return key


def page(items: Sequence[Item], limit: int, key: Callable[[Item], Sequence[str]]) -> Page[Item]:
    """A page from up to `limit` + 1 rows: the extra row only tells that there is more."""
    shown = list(items[:limit])
    return Page(items=shown, next_cursor=encode_cursor(*key(shown[-1])) if len(items) > limit else None)
