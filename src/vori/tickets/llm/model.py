"""What a language model may answer, what that costs, and what is kept of it. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from vori.errors import BadAnswer, Unavailable
from vori.events import Status
from vori.tickets.model import Lane

APPLIED, PENDING = 0.85, 0.6
"""Certainty from which a proposal is applied by itself, and suggested; below that it is listed for review."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Proof(_Part):
    """Words that prove something, exactly as they stand in a turn."""

    turn: str = Field(max_length=80)
    quote: str = Field(max_length=2000)


Certainty = Annotated[float, Field(ge=0, le=1)]
Proofs = Annotated[tuple[Proof, ...], Field(min_length=1, max_length=12)]
Short = Annotated[str, Field(max_length=400)]


class NewTicket(_Part):
    """Work that somebody takes on, or is given and accepts."""

    same_as: str | None = Field(default=None, max_length=20)
    title: Short
    content: str = Field(default="", max_length=4000)
    status: Status = Status.TODO
    assignee: str | None = Field(default=None, max_length=120)
    due: date | None = None
    proof: Proofs
    certainty: Certainty
    reason: Short = ""


class StatusMove(_Part):
    """A report that an existing ticket is now in another state."""

    ticket: str = Field(max_length=80)
    to: Status
    reopens: bool = False
    proof: Proofs
    certainty: Certainty
    reason: Short = ""


class Settled(_Part):
    """Something the meeting decided."""

    text: Short
    proof: Proofs


class Span(_Part):
    """The first and the last turn in the data."""

    # A server that silently cuts off what is too long for it can't name them.

    first: str = Field(max_length=80)
    last: str = Field(max_length=80)


class Answer(_Part):
    """All that new turns lead to. Each list may be empty."""

    read: Span
    tickets: tuple[NewTicket, ...] = Field(default=(), max_length=40)
    moves: tuple[StatusMove, ...] = Field(default=(), max_length=60)
    decisions: tuple[Settled, ...] = Field(default=(), max_length=40)


@dataclass(slots=True)
class Meter:
    """What requests cost. `usd` is None while no price is known."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: Decimal | None = None

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def add(self, other: Meter) -> None:
        self.requests += other.requests
        self.input_tokens += other.input_tokens
        self.output_tokens += other.output_tokens
        self.usd = other.usd if self.usd is None else self.usd + (other.usd or 0)


Complaint = Callable[[Answer], str]
"""What is wrong with an answer, for the model to mend; empty: nothing."""


class LanguageModel(Protocol):
    """One request, and its answer in the right form. Blocking.

    `meter` counts what it costs, also when it fails. Raises `Busy` (asking again may help), `TooLong`, `BadAnswer`
    (no answer in the right form, also after complaints) and `Unavailable` (nothing will help but a person).
    """

    name: str

    def ask(self, instructions: str, question: str, complaint: Complaint, meter: Meter) -> Answer: ...


class Busy(Unavailable):
    """It failed in passing. `after_s`: when to ask again, if the server said."""

    after_s: float | None = None


class TooLong(BadAnswer):
    """The model can't read, or answer, so much at once."""


@dataclass(frozen=True, slots=True)
class Note:
    """A window that was read, or an attempt that failed (`answer` is None, `trouble` says why)."""

    workspace: str
    meeting: str
    said: str
    """The turn that was heard last when it was asked: the events that follow are this turn's, also after a crash."""
    at: datetime
    model: str
    prompt: str
    turns: tuple[tuple[str, str], ...]
    """(id, mark of its words) of the turns that were new in it."""
    answer: Answer | None
    """With the ids of turns and tickets in the place of the short ones."""
    meter: Meter
    trouble: str = ""


class Ledger(Protocol):
    """What was read and spent, kept. Blocking; raises a `SupplierError` when it can't be reached."""

    def note(self, entry: Note) -> None: ...

    def read(self, workspace: str, meeting: str) -> list[Note]:
        """The windows of a meeting that have answers, oldest first."""
        ...

    def spent(self, workspace: str, since: datetime) -> Meter: ...


@dataclass
class MemoryLedger:
    """A `Ledger` for one process: written meetings are read with it."""

    notes: list[Note] = field(default_factory=list)

    def note(self, entry: Note) -> None:
        self.notes.append(entry)

    def read(self, workspace: str, meeting: str) -> list[Note]:
        return [n for n in self.notes if (n.workspace, n.meeting) == (workspace, meeting) and n.answer is not None]

    def spent(self, workspace: str, since: datetime) -> Meter:
        total = Meter()
        for entry in self.notes:
            if entry.workspace == workspace and entry.at >= since:
                total.add(entry.meter)
        return total


def lane(certainty: float) -> Lane:
    return "applied" if certainty >= APPLIED else "pending" if certainty >= PENDING else "review"
