"""What processes cost: processor seconds, and memory as it is sampled while they work."""

from __future__ import annotations

import contextlib
import itertools
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

SAMPLE_EVERY_S = 0.5
SHARES_EVERY = 4
"""Samples to one of the proportional memory, which takes the kernel longer."""
PAGE = os.sysconf("SC_PAGE_SIZE")
TICK = os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int, *, with_dead_children: bool = False) -> float:
    """Processor seconds that a process has used; on demand with those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11 : 15 if with_dead_children else 13])) / TICK


def rss_mb(pid: int) -> float:
    """MiB that a process has resident."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 2**20


def pss_mb(pid: int) -> float:
    """The same, with what n processes share counted as an n-th for each."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(next(line for line in rollup.splitlines() if line.startswith("Pss:")).split()[1]) / 1024


def tree(*roots: int) -> list[int]:
    """These processes and all that descend from them."""
    found, todo = list[int](), list(roots)
    while todo:
        pid = todo.pop()
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                todo += map(int, (task / "children").read_text().split())
            found.append(pid)
    return found


class Meter:
    """Used with `with`: what the trees below some processes cost in the meantime."""

    def __init__(self, roots: Iterable[int]) -> None:
        self.cpu_s = 0.0
        self.rss_mb = 0.0
        """The most that all had resident together; what they share counts for each."""
        self.pss_mb = 0.0
        """The same; what they share counts once."""
        self._roots = list(roots)
        self._before = 0.0
        self._over = threading.Event()
        self._sampling = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Meter:
        self._before = self._used()
        self._sampling.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._sampling.join()
        self.cpu_s = self._used() - self._before

    def _used(self) -> float:
        return self._sum(lambda pid: cpu_s(pid, with_dead_children=True))

    def _sample(self) -> None:
        for number in itertools.count():
            over = self._over.is_set()
            self.rss_mb = max(self.rss_mb, self._sum(rss_mb))
            if over or number % SHARES_EVERY == 0:
                self.pss_mb = max(self.pss_mb, self._sum(pss_mb))
            if over:
                return
            self._over.wait(SAMPLE_EVERY_S)

    def _sum(self, of: Callable[[int], float]) -> float:
        total = 0.0
        for pid in tree(*self._roots):
            with contextlib.suppress(OSError):
                total += of(pid)
        return total
