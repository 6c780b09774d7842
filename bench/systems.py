"""What is measured side by side: a system that turns streams of sound into words on this machine. VORI is one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from recordings import Recording, Shown
from stack import Stack
from watching import play

Play = Callable[[Sequence[Recording]], Coroutine[Any, Any, list[Shown]]]


class Missing(Exception):
    """A system can't be had here; says why."""


@dataclass(frozen=True)
class Running:
    """A system that waits for sound."""

    play: Play
    """Plays all at once to it, at the speed of speech, through its own interface."""
    roots: list[int]
    """Processes: all that the system is, with what descends from them."""
    recogniser: int | None = None
    """The one of its processes that turns sound into words, if there is one."""


class System(Protocol):
    name: str
    setting: str
    """How it is run, for a footnote."""

    def prepare(self) -> None:
        """Get what it needs. Raises `Missing`."""

    def run(self, recordings: Sequence[Recording]) -> AbstractContextManager[Running]:
        """Start it, ready for these. Raises `Missing`."""


class Vori:
    """The whole of it: `vori up` in a home of its own, database, tickets and minutes included."""

    name = "VORI"

    def __init__(self, *, together: bool = False) -> None:
        self.together = together
        meetings = "all streams in one meeting" if together else "each stream in a meeting of its own"
        self.setting = f"`vori up` as it comes, {meetings}, not told the language."

    def prepare(self) -> None:
        """Nothing is missing where this runs."""

    @contextmanager
    def run(self, recordings: Sequence[Recording]) -> Iterator[Running]:
        with Stack() as stack:

            async def to_it(played: Sequence[Recording]) -> list[Shown]:
                return await play(stack.url, played, key=stack.key, together=self.together)

            yield Running(to_it, stack.tree()[:1], stack.pids()["transcriber"])
