"""Time and identity: the only place that asks the machine for the hour or for a new id."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils import uuid7


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A new UUIDv7: unique, and later ids sort after earlier ones."""
    return UUID(bytes=uuid7().bytes)
