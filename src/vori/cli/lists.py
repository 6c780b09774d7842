"""`vori meetings` and `vori tickets`: what came of it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vori.cli.server import Server
from vori.errors import Invalid

STATUS = {"TODO": "to do", "IN_PROGRESS": "in progress", "DONE": "done"}
HUES = {"TODO": "bright_blue", "IN_PROGRESS": "yellow", "DONE": "green"}

PRIORITIES = {"high": "yellow", "urgent": "bold red"}

Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many, at most.")]


def meetings(limit: Limit = 20) -> None:
    """The newest first."""
    rows = asyncio.run(_every("/api/meetings", limit))
    if not rows:
        Console().print("No meeting yet. Try `vori demo`, or `vori listen FILE`.")
        return
    table = _table("began", "title", "state", "who", "id")
    for meeting in rows:
        state = meeting["status"] + (", rehearsal" if meeting["rehearsal"] else "")
        table.add_row(
            _local(meeting["started_at"]),
            Text(meeting["title"]),
            Text(state, style="green" if meeting["status"] == "live" else "dim"),
            Text(", ".join(meeting["participants"])),
            Text(meeting["meeting_id"], style="dim"),
        )
    Console().print(table)


def tickets(
    status: Annotated[
        Literal["todo", "in_progress", "done"] | None, typer.Option(help="Only those in this column.")
    ] = None,
    meeting: Annotated[str | None, typer.Option(help="Only those of this meeting (its id).")] = None,
    limit: Limit = 200,
) -> None:
    """The workspace's tickets."""
    refuse_no_id(meeting)
    wanted = status.upper() if status else None
    rows = asyncio.run(_every("/api/tickets", limit, status=wanted, meeting_id=meeting))
    if not rows:
        Console().print("No such ticket." if status or meeting else "No ticket yet. They come out of meetings.")
        return
    table = _table("key", "status", "title", "who", "due", "priority", "labels")
    for ticket in rows:
        table.add_row(
            ticket["key"],
            Text(STATUS[ticket["status"]], style=HUES[ticket["status"]]),
            Text.assemble(ticket["title"], (_blocked(ticket), "red")),
            Text(ticket["assignee"] or ""),
            ticket["due"] or "",
            Text(ticket["priority"] or "", style=PRIORITIES.get(ticket["priority"], "")),
            Text(", ".join(ticket["labels"])),
        )
    Console().print(table)


async def _every(path: str, limit: int, **query: Any) -> list[dict[str, Any]]:
    async with Server() as server:
        return await server.every(path, limit, **query)


def refuse_no_id(meeting_id: str | None) -> None:
    """Raises `Invalid` unless it looks like a meeting's id; None does."""
    try:
        UUID(meeting_id or str(UUID(int=0)))
    except ValueError:
        raise Invalid(f"{meeting_id!r} is no meeting's id.", remedy="`vori meetings` shows the ids.") from None


def _table(*columns: str) -> Table:
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=column in {"began", "key", "state", "status", "due", "priority", "id"})
    return table


def _blocked(ticket: dict[str, Any]) -> str:
    if not ticket["blocked"]:
        return ""
    return f" (blocked: {ticket['blocked_reason']})" if ticket["blocked_reason"] else " (blocked)"


def _local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
