"""A workspace's settings for tickets: how sure is sure enough, its labels, its time zone. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from vori.clock import local_zone
from vori.tickets.model import Block, DueMove, Extraction, Lane, Move, Proposal

Sure = TypeVar("Sure", Proposal, Move, DueMove, Block)


@dataclass(frozen=True, slots=True)
class TicketSettings:
    """Certainties from 0 to 1; one that isn't set leaves the extractor's own lanes as they are."""

    applied: float | None = None
    """From here on the board changes by itself, below it never does."""
    pending: float | None = None
    """What is not applied is pending from here on, and listed for review below."""
    labels: tuple[str, ...] = ()
    """A ticket whose title or quotes name one of these gets it."""
    time_zone: str | None = None
    """Where "tomorrow" is said: an IANA name like Asia/Seoul; None: the server's own."""

    @property
    def zone(self) -> ZoneInfo:
        """The workspace's clock."""
        return ZoneInfo(self.time_zone or local_zone())

    def day(self, moment: datetime) -> date:
        """The day that it is there."""
        return moment.astimezone(self.zone).date()

    def lane(self, certainty: float, own: Lane) -> Lane:
        """The lane of something, given the extractor's own."""
        if self.applied is not None and (own == "applied") != (certainty >= self.applied):
            own = "applied" if own != "applied" else "pending"
        if self.pending is not None and own != "applied":
            own = "pending" if certainty >= self.pending else "review"
        return own

    def sort(self, extraction: Extraction) -> Extraction:
        """The extraction, in this workspace's lanes."""
        return replace(
            extraction,
            proposals=self._sorted(extraction.proposals),
            moves=self._sorted(extraction.moves),
            due_moves=self._sorted(extraction.due_moves),
            blocks=self._sorted(extraction.blocks),
        )

    def _sorted(self, found: Iterable[Sure]) -> tuple[Sure, ...]:
        return tuple(replace(one, lane=self.lane(one.certainty, one.lane)) for one in found)


AS_IT_COMES = TicketSettings()
