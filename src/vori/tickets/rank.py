"""A ticket's place in its column: a text that sorts, with room for another between any two. Pure."""

from __future__ import annotations

from itertools import count

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
BASE = len(DIGITS)
WIDTH = 6
STEP = BASE**2
"""How far apart two are that were put at the same end: some 800,000 fit there before a rank gets longer."""


def rank_between(low: str | None, high: str | None) -> str:
    """A rank after `low` and before `high`; None is that end of the column. Sort ranks as bytes.

    A rank is the fraction 0.… in base 36, without zeros at its end: so there is always one in between.
    """
    if low is None:
        down = _whole(high) - STEP if high is not None else BASE**WIDTH // 2
        if down > 0:
            return _text(down)
    elif high is None and (up := _whole(low) + STEP) < BASE**WIDTH:
        return _text(up)
    return _middle(low or "", high)


def _whole(rank: str) -> int:
    return int(rank[:WIDTH].ljust(WIDTH, "0"), BASE)


def _text(number: int) -> str:
    digits = ""
    for _ in range(WIDTH):
        number, digit = divmod(number, BASE)
        digits = DIGITS[digit] + digits
    return digits.rstrip("0")


def _middle(low: str, high: str | None) -> str:
    made = ""
    for place in count():
        under = DIGITS.index(low[place]) if place < len(low) else 0
        over = DIGITS.index(high[place]) if high is not None and place < len(high) else BASE
        if over - under > 1:
            break
        made += DIGITS[under]
        if over != under:
            high = None
    return made + DIGITS[(under + over) // 2]
