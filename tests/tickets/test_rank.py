"""There is always room for another ticket between two, and ranks stay short."""

from __future__ import annotations

import random

import pytest

from vori.tickets.rank import rank_between


def test_ranks_sort_however_tickets_are_put() -> None:
    dice = random.Random(7)
    column: list[str] = []
    for turn in range(3000):
        place = dice.choice([0, len(column)]) if turn % 3 else dice.randint(0, len(column))
        made = rank_between(column[place - 1] if place else None, column[place] if place < len(column) else None)
        column.insert(place, made)
    assert column == sorted(set(column), key=str.encode)
    assert max(map(len, column)) < 12


@pytest.mark.parametrize("end", ["top", "bottom"])
def test_many_at_one_end_keep_short_ranks(end: str) -> None:
    last = rank_between(None, None)
    for _ in range(50_000):
        made = rank_between(None, last) if end == "top" else rank_between(last, None)
        assert (made < last) == (end == "top")
        last = made
    assert len(last) <= 6


def test_many_in_one_gap_still_fit() -> None:
    low, high = "h", "i"
    for _ in range(200):
        high = rank_between(low, high)
        assert low < high
    for _ in range(200):
        low = rank_between(low, high)
        assert low < high
