"""Time and identity: the only place that asks the machine for the hour, its time zone or a new id."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfoNotFoundError

import tzlocal
from uuid_utils import uuid7


def now() -> datetime:
    """The current time, in UTC."""
    return datetime.now(UTC)


def local_zone() -> str:
    """The machine's time zone, as an IANA name; UTC where it tells none that there is."""
    try:
        return tzlocal.get_localzone_name() or "UTC"
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


def new_id() -> UUID:
    """A new UUIDv7: unique, and later ids sort after earlier ones."""
    return UUID(bytes=uuid7().bytes)
