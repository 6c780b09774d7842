"""Whose turn it is to be given words: final ones before drafts, who waited longest first. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

BULK = 5
"""A stream with more utterances waiting than this is behind; it is served between the others."""
SHARE = 3
"""Turns of the others between two of those who are behind, however much the others want."""
TOGETHER = 4
"""Drafts that are decoded together: the model's weights are read once for all of them."""


class Waiting(Protocol):
    """What the schedule must know of a stream."""

    @property
    def jobs(self) -> Sequence[object]:
        """What waits to be finished, in order."""
        ...

    @property
    def utterances(self) -> int:
        """How many of the jobs wait for final words and are not being served."""
        ...

    @property
    def waiting_since(self) -> float:
        """When the sound of its first job came in."""
        ...

    @property
    def wish(self) -> bool | None:
        """Whether its draft seems to be over, so that it gets final words ahead of time; None: it wants no draft."""
        ...

    finishing: bool
    """Its first job is being done."""
    drafting: bool
    """A draft of it is being decoded."""
    ahead: bool
    """It is one that gets final words ahead of time: its first job would only do the same again."""
    queued: bool
    """It came when there was no room for it: it is served like one that is behind."""
    served_at: float
    """When a job of it was done last."""
    drafted_at: float
    """When it had a draft last."""


V = TypeVar("V", bound=Waiting)


@dataclass(frozen=True, slots=True)
class Turn(Generic[V]):
    """What to do next: the first job of one stream, or drafts of some."""

    finish: V | None = None
    drafts: Sequence[V] = ()


class Schedule(Generic[V]):
    """Remembers only how long those who are behind were passed over."""

    def __init__(self) -> None:
        self._passed_over = 0

    def next(self, streams: Collection[V]) -> Turn[V] | None:
        """The next turn; None when nobody wants one that isn't being served already."""
        ready = [stream for stream in streams if stream.jobs and not (stream.finishing or stream.ahead)]
        behind = [stream for stream in ready if is_behind(stream)]
        if not behind or self._passed_over < SHARE:
            prompt = [stream for stream in ready if not is_behind(stream)]
            turn = Turn(finish=_first(prompt)) if prompt else _drafts(streams)
            if turn is not None:
                self._passed_over += bool(behind)
                return turn
        self._passed_over = 0
        return Turn(finish=_longest(behind)) if behind else None


def is_behind(stream: Waiting) -> bool:
    return stream.queued or stream.utterances > BULK


def _first(streams: Collection[V]) -> V:
    """The one whose sound came first: who answers is heard after who asked."""
    return min(streams, key=lambda stream: stream.waiting_since)


def _longest(streams: Collection[V]) -> V:
    """The one that wasn't served for longest."""
    return min(streams, key=lambda stream: stream.served_at)


def _drafts(streams: Collection[V]) -> Turn[V] | None:
    """Some that go on, together; else one that seems to be over, alone, for it takes long and may be for nothing."""
    wishes = [stream for stream in streams if stream.wish is not None and not (stream.drafting or stream.utterances)]
    wishes = sorted((stream for stream in wishes if not stream.queued), key=lambda stream: stream.drafted_at)
    going_on = [stream for stream in wishes if not stream.wish]
    return Turn(drafts=going_on[:TOGETHER] or wishes[:1]) if wishes else None
