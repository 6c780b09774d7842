"""The course of a ticket: when it had which status, by the changes that stand. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vori.events import Status
from vori.tickets.model import PERSON, ChangeKind, taken_back


@dataclass(frozen=True, slots=True)
class Step:
    """A change that a ticket's status came of, or one that takes another back."""

    change_id: UUID
    version: int
    kind: ChangeKind
    at: datetime
    from_status: Status | None
    """None: there was no ticket."""
    to_status: Status | None
    """None: the ticket was gone."""
    meeting_id: UUID | None
    actor: str
    undoes: UUID | None = None

    @property
    def by_hand(self) -> bool:
        return self.actor == PERSON


@dataclass(frozen=True, slots=True)
class Spell:
    """A time during which a ticket had one status; `left` is the step that ended it, None while it has."""

    status: Status
    since: datetime
    left: Step | None

    @property
    def until(self) -> datetime | None:
        return self.left.at if self.left else None


@dataclass(frozen=True, slots=True)
class Course:
    """A ticket that there is, and the steps that stand, oldest first: the first opened it."""

    ticket_id: UUID
    key: str
    title: str
    assignee: str | None
    status: Status
    steps: tuple[Step, ...]

    @property
    def opened(self) -> Step:
        return self.steps[0]

    @property
    def moves(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps[1:] if step.from_status is not step.to_status)

    def spells(self) -> Iterator[Spell]:
        turning = [self.opened, *self.moves]
        for step, following in zip(turning, [*turning[1:], None], strict=True):
            assert step.to_status is not None
            yield Spell(step.to_status, step.at, following)

    def spell_at(self, moment: datetime) -> Spell | None:
        """What it was in then; None before it was opened."""
        return next((s for s in self.spells() if s.since <= moment and (s.until is None or moment < s.until)), None)


def standing(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Without what was undone, and without undoing and redoing itself: what was redone stands since it was first done.
    `steps` are of one ticket.
    """
    history: Sequence[Step] = sorted(steps, key=lambda step: step.version)
    back = taken_back(history)
    return tuple(step for step in history if step.undoes is None and step.change_id not in back)
