"""`vori analytics`: reckon results of some days anew, and see that facts are in cold storage."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from vori.cli.server import Server
from vori.errors import Unavailable

LOOK_EVERY_S = 0.5
PATIENCE_S = 60.0
"""A run that hasn't begun by then waits for analytics that is off or busy."""


def back_fill(
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], show_default=False, help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], show_default=False, help="The last one.")],
) -> None:
    """Reckon the results of some days anew, from the facts in cold storage."""
    asyncio.run(_back_fill({"first_day": f"{first:%Y-%m-%d}", "last_day": f"{last:%Y-%m-%d}"}))


async def _back_fill(asked: dict[str, str]) -> None:
    console = Console(highlight=False)
    async with Server() as server:
        await server.post("/api/analytics/cold")
        run = await server.post("/api/analytics/runs", asked)
        begun = datetime.now(UTC)
        while not run["ended_at"]:
            if not run["begun_at"] and (datetime.now(UTC) - begun).total_seconds() > PATIENCE_S:
                console.print("It waits for analytics, which is off or busy. It begins as soon as that is ready.")
                return
            await asyncio.sleep(LOOK_EVERY_S)
            run = next(one for one in await server.get("/api/analytics/runs") if one["run_id"] == run["run_id"])
    if run["problem"]:
        raise Unavailable(f"The results were not reckoned: {run['problem']}", remedy="The log of analytics says more.")
    took = datetime.fromisoformat(run["ended_at"]) - datetime.fromisoformat(run["begun_at"])
    console.print(f"Reckoned {asked['first_day']} to {asked['last_day']} in {took.total_seconds():.0f} s.")


def archive() -> None:
    """Write all facts to cold storage now, and tell what is there."""
    asyncio.run(_archive())


async def _archive() -> None:
    async with Server() as server:
        months: list[dict[str, Any]] = await server.post("/api/analytics/cold")
    table = Table("", "month", "rows", "files", "MB", box=None, header_style="dim")
    for month in months:
        table.add_row(
            month["kind"], month["month"], f"{month['rows']}", f"{month['files']}", f"{month['bytes'] / 1e6:.2f}"
        )
    Console(highlight=False).print(table if months else "Nothing is in cold storage yet.")
