"""`vori simulate`: a made-up history of teams' meetings and tickets, as events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vori.analytics.simulate.effects import effects
from vori.analytics.simulate.history import Wanted, write


def simulate(
    *,
    out: Annotated[Path, typer.Option(help="Where to write the events, one a line.", show_default=False)],
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How long a history.")] = 12,
    teams: Annotated[int, typer.Option(min=1, max=100, help="How many teams.")] = 4,
    people: Annotated[int, typer.Option(min=2, max=40, help="How many people in each.")] = 6,
    seed: Annotated[int, typer.Option(help="The same seed gives the same history.")] = 1,
    effect: Annotated[
        list[str] | None, typer.Option(help="A truth to plant, as NAME or NAME=SIZE; may be given several times.")
    ] = None,
) -> None:
    """Write meetings, talk and tickets that never were, to try analytics, load and demonstrations on.

    Effects: ten_oclock, backend_slow, review_bottleneck, odd_week, rising_topic, none. Beside the events a file that
    ends in .truth.json says what was planted, where, and who is there.
    """
    count, truth = write(Wanted(weeks, teams, seed, effects(effect or []), people), out)
    Console(stderr=True, highlight=False).print(f"{count} events: {out}; what is in them: {truth}", markup=False)
