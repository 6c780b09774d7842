"""A circuit breaker: who fails several times in a row is left alone for a while, longer each time. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_REST_S = 900.0


@dataclass
class Breaker:
    """Times are seconds of any steady clock."""

    after: int = 3
    """Failures in a row until it opens."""
    rest_s: float = 30.0
    """How long it is open first; then twice as long, as long as what is tried afterwards fails too."""
    failures: int = 0
    open_until: float = 0.0

    def allows(self, now: float) -> bool:
        return now >= self.open_until

    def worked(self) -> None:
        self.failures = 0

    def failed(self, now: float, *, at_once: bool = False, rest_s: float = 0.0) -> None:
        """`at_once`: trying again is of no use; `rest_s`: what the server asks for, at least."""
        self.failures = max(self.failures + 1, self.after if at_once else 0)
        if self.failures >= self.after:
            grown = self.rest_s * 2.0 ** (self.failures - self.after)
            self.open_until = now + max(min(grown, LONGEST_REST_S), min(rest_s, LONGEST_REST_S))
