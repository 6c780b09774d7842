"""Who listens to live numbers: on the live feed, and in the event log."""

from __future__ import annotations

from collections.abc import Sequence

from vori.database.connection import Transaction
from vori.eventlog.postgres import PostgresEventLog
from vori.events import Event, MetricsUpdated, Topic
from vori.livefeed import LiveMessage

EQUAL = {"piece": 0, "window": 0, "meeting": 0}
"""No differences."""


class Heard:
    """A live feed that remembers what was told."""

    trouble = ""

    def __init__(self) -> None:
        self.messages: list[LiveMessage] = []
        """Of meetings."""
        self.team: list[LiveMessage] = []

    async def publish(self, message: LiveMessage, tx: Transaction | None = None) -> None:
        assert tx is not None

        async def hear() -> None:
            (self.team if message.kind == "team" else self.messages).append(message)

        tx.after_commit(hear)


async def told(log: PostgresEventLog, meetings: Sequence[Event]) -> list[MetricsUpdated]:
    found = []
    for key in {event.key for event in meetings}:
        found += [record.event async for record in log.read(Topic.ANALYTICS_METRICS, key)]
    return [event for event in found if isinstance(event, MetricsUpdated)]
