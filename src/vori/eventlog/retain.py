"""What the log keeps and for how long: a topic's events go once every group has passed them and they are old enough."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from vori.errors import SupplierError
from vori.eventlog import EventLog
from vori.events import Topic

logger = structlog.get_logger()

EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Retention:
    """Events of a topic stay until all `groups` (if any) have committed past them, and at least `keep_s` seconds."""

    groups: tuple[str, ...]
    keep_s: float


async def run(log: EventLog, plan: Mapping[Topic, Retention]) -> None:
    """Until cancelled. Several processes may do so at once."""
    while True:
        await asyncio.sleep(EVERY_S)
        for topic, retention in plan.items():
            try:
                gone = await log.prune(topic, groups=retention.groups, keep_s=retention.keep_s)
            except SupplierError as error:
                logger.warning("eventlog.prune_failed", topic=topic, reason=str(error))
            else:
                if gone:
                    logger.debug("eventlog.pruned", topic=topic, events=gone)
