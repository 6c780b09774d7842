"""The truths that can be planted in a history. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from vori.errors import Invalid

NONE = "none"
DEFAULTS = {
    "ten_oclock": 0.23,
    "backend_slow": 3.0,
    "review_bottleneck": 4.0,
    "odd_week": 0.5,
    "rising_topic": 8.0,
}
"""Sizes of those that are named without one."""


@dataclass(frozen=True, slots=True)
class Effects:
    """What is unlike the rest; None: nothing is."""

    ten_oclock: float | None = None
    """So much more actionable tickets come of meetings that begin at 10:00 (0.23: 23 % more)."""
    backend_slow: float | None = None
    """Mean days that tickets labelled `backend` are in progress, where others are for one."""
    review_bottleneck: float | None = None
    """Mean days that one team's tickets wait for review, where others wait for half a day."""
    odd_week: float | None = None
    """The part of its meetings that one team holds in one week; they are twice as long and decide nothing."""
    rising_topic: float | None = None
    """How many times as much one topic is spoken of in the last week as in the first."""


def effects(asked: Iterable[str]) -> Effects:
    """From `name` or `name=size`, each once. Raises `Invalid`."""
    found = Effects()
    for one in asked:
        name, _, size = one.partition("=")
        if name == NONE and not size:
            continue
        if name not in DEFAULTS:
            known = ", ".join([*(field.name for field in fields(Effects)), NONE])
            raise Invalid(f"There is no effect {name[:40]!r}.", remedy=f"There are: {known}.")
        found = replace(found, **{name: _size(name, size)})
    return found


def _size(name: str, text: str) -> float:
    try:
        size = float(text) if text else DEFAULTS[name]
    except ValueError:
        size = -1.0
    if not 0 < size <= 100:
        raise Invalid(f"{text[:40]!r} is no size for {name}.", remedy=f"Write it like {name}={DEFAULTS[name]:g}.")
    return size
