"""`vori simulate`: a made-up history of teams' meetings and tickets, as events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vori.analytics.simulate.effects import KNOWN, read_effects
from vori.analytics.simulate.write import MOST, Wanted, truth_path, write_history


def simulate(
    *,
    out: Annotated[Path, typer.Option(help="Where to write the events, one a line.", show_default=False)],
    weeks: Annotated[int, typer.Option(min=1, max=MOST["weeks"], help="How long a history.")] = 12,
    teams: Annotated[int, typer.Option(min=1, max=MOST["teams"], help="How many teams.")] = 4,
    people: Annotated[int, typer.Option(min=2, max=MOST["people"], help="How many people in each.")] = 8,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same history.")] = 1,
    effect: Annotated[
        list[str] | None, typer.Option(help=f"A truth to plant, as NAME or NAME=SIZE, each by its own option. {KNOWN}")
    ] = None,
) -> None:
    """Write meetings, talk and tickets that never were, and beside them a file that says what was planted where."""
    sizes = read_effects(effect or [], weeks=weeks, teams=teams)
    count = write_history(Wanted(weeks, teams, people, seed, sizes), out).total()
    Console(stderr=True, highlight=False).print(
        f"{count} events: {out}; what is in them: {truth_path(out)}", markup=False
    )
