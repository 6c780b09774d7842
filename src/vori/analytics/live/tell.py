"""What a step of the stream found is kept, told to pages and appended to the log: all of a workspace's at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from vori.analytics.live.store import Piece, put_numbers, put_pieces, read_last_hour
from vori.analytics.model import LiveNumbers, LiveTeam
from vori.clock import now
from vori.database.connection import Database, Transaction
from vori.eventlog import EventLog
from vori.events import MetricsUpdated
from vori.livefeed import LiveFeed, LiveMessage


@dataclass(frozen=True, slots=True)
class Step:
    """What changed of one meeting: its pieces' values now, and its numbers, if it is a meeting."""

    workspace_id: str
    pieces: Sequence[Piece]
    numbers: LiveNumbers | None


class Teller:
    """Values are absolute: told again, they change nothing, and nobody hears of them twice."""

    def __init__(self, database: Database, log: EventLog, feed: LiveFeed) -> None:
        self._database = database
        self._log = log
        self._feed = feed
        self._team: dict[str, LiveTeam] = {}
        """What was told last of each workspace."""

    async def tell(self, steps: Sequence[Step]) -> None:
        """One transaction for each workspace. Raises `Unavailable`."""
        by_workspace: defaultdict[str, list[Step]] = defaultdict(list)
        for step in steps:
            by_workspace[step.workspace_id].append(step)
        for workspace_id, found in sorted(by_workspace.items()):
            async with self._database.transaction(UUID(workspace_id)) as tx:
                await put_pieces(tx, [piece for step in found for piece in step.pieces])
                for step in found:
                    if step.numbers is not None and await put_numbers(tx, step.numbers):
                        await self._spread(tx, step.numbers)
                team = await tell_team(tx, self._feed, but=self._team.get(workspace_id))
            self._team[workspace_id] = team

    async def _spread(self, tx: Transaction, numbers: LiveNumbers) -> None:
        assert tx.workspace_id is not None
        told = numbers.model_dump(exclude={"meeting_id", "at", "topic"})
        event = MetricsUpdated(
            event_id=uuid5(numbers.meeting_id, numbers.model_dump_json()),
            workspace_id=tx.workspace_id,
            meeting_id=numbers.meeting_id,
            occurred_at=numbers.at,
            topic_words=tuple(numbers.topic),
            **told,
        )
        await self._log.append(tx, event)
        await self._feed.publish(metrics_message(tx.workspace_id, numbers), tx)


def metrics_message(workspace_id: UUID, numbers: LiveNumbers) -> LiveMessage:
    """A meeting's numbers so far, as pages are told them."""
    return LiveMessage(
        workspace_id=workspace_id,
        meeting_id=numbers.meeting_id,
        kind="metrics",
        id=numbers.meeting_id,
        data=numbers.model_dump(mode="json"),
        version=_version(numbers.at),
    )


async def tell_team(tx: Transaction, feed: LiveFeed, *, but: LiveTeam | None = None) -> LiveTeam:
    """Tell pages of the workspace's last hour, unless it is that `but`; returns it."""
    assert tx.workspace_id is not None
    team = await read_last_hour(tx)
    if team != but:
        await feed.publish(team_message(tx.workspace_id, team, now()), tx)
    return team


def team_message(workspace_id: UUID, team: LiveTeam, at: datetime) -> LiveMessage:
    """A team's windows as they are at a moment, as pages are told them."""
    return LiveMessage(
        workspace_id=workspace_id,
        meeting_id=None,
        kind="team",
        id=workspace_id,
        data=team.model_dump(mode="json"),
        version=_version(at),
    )


def _version(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)
