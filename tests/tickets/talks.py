"""Short talks for tests, written as `speaker: text` lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vori.events import Status
from vori.tickets.model import OpenTicket, Talk, Turn

MONDAY = date(2026, 3, 2)

Board = Sequence[tuple[str, str] | tuple[str, str, str | None]]


def talk(script: str, board: Board = (), *, day: date = MONDAY) -> Talk:
    """Turns u1, u2 … of a script; tickets are (title, status, assignee?) and get the ids T1, T2 …."""
    turns = []
    for number, line in enumerate(script.strip().splitlines(), 1):
        speaker, _, text = line.strip().partition(": ")
        turns.append(Turn(f"u{number}", speaker, text, number * 5000, number * 5000 + 4000))
    tickets = [
        OpenTicket(f"T{number}", title, Status(status), rest[0] if rest else None)
        for number, (title, status, *rest) in enumerate(board, 1)
    ]
    return Talk(turns, tickets, day, None)
