"""`vori replay`: an ended meeting read by another extractor, which tickets would differ, and the choice."""

from __future__ import annotations

import asyncio
import sys
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.text import Text

from vori.cli.extract import open_named, spent_on
from vori.cli.lists import refuse_no_id
from vori.cli.server import Server
from vori.minutes.write import clock
from vori.settings import OFFLINE
from vori.tickets.llm.model import MemoryLedger
from vori.tickets.model import Extraction, Talk

MARKS = {"applied": ("+", "green"), "pending": ("?", "yellow"), "review": ("?", "dim")}
TOLD = ("title", "status", "assignee", "due", "priority", "labels", "blocked", "blocked_reason")
_TALK, _EXTRACTION = TypeAdapter(Talk), TypeAdapter(Extraction)


def replay(
    meeting: Annotated[str, typer.Argument(help="The meeting's id; it must have ended.", show_default=False)],
    extractor: Annotated[
        str, typer.Option(help="offline; llm: the model that VORI_EXTRACTOR names; or a model, written like there.")
    ] = OFFLINE,
    accept: Annotated[bool, typer.Option("--accept", help="Take the changes over without asking.")] = False,
) -> None:
    """Read an ended meeting with another extractor, show which tickets would differ, and take it over if you say so.

    The extractor runs here, with this command's settings. What people decided is left alone, and no ticket is opened
    twice.
    """
    refuse_no_id(meeting)
    asyncio.run(_replay(meeting, extractor, accept))


async def _replay(meeting_id: str, name: str, accept: bool) -> None:
    console = Console(highlight=False)
    path, ledger = f"/api/meetings/{meeting_id}", MemoryLedger()
    async with Server() as server:
        talk = _TALK.validate_python(await server.get(f"{path}/talk"))
        reader = open_named(name, ledger)
        extraction = await asyncio.to_thread(reader.extract, talk)
        reading = {
            "extractor": f"{reader.name} {reader.version}",
            "extraction": _EXTRACTION.dump_python(extraction, mode="json"),
        }
        changes = show(await server.post(f"{path}/replays", reading), console)
        console.print(spent_on(ledger).strip(), end="", markup=False)
        if changes and not accept and not sys.stdin.isatty():
            console.print("\nNothing was changed. Add --accept to take this over.")
        elif changes and (accept or typer.confirm("\nTake this over?")):
            await server.post(f"{path}/replays/accept", reading)
            console.print("Taken over. The minutes are written anew.")
        else:
            console.print("Nothing was changed.")


def show(found: dict[str, Any], console: Console) -> bool:
    """Print what would differ; whether anything would change."""
    for change in found["changes"]:
        mark, hue = MARKS[change["lane"]]
        what = "" if change["lane"] == "applied" else f"  ({change['lane']})"
        console.print(_line(change, mark, hue, _told(change, found["keys"]) + what), soft_wrap=True)
    for change in found["withdrawn"]:
        told = _told(change, found["keys"]) + "  (no longer suggested)"
        console.print(_line(change, "-", "red", told), soft_wrap=True)
    for change in found["not_found_again"]:
        told = _told(change, found["keys"]) + "  (not found again; it stays)"
        console.print(_line(change, "=", "dim", told), soft_wrap=True)
    changes = len(found["changes"]) + len(found["withdrawn"])
    console.print(f"{changes} differences." if changes else "No ticket would differ.")
    return bool(changes)


def _told(change: dict[str, Any], keys: dict[str, str]) -> str:
    before, after = change["before"] or {}, change["after"] or {}
    if not before:
        owner = f", {after['assignee']}" if after.get("assignee") else ""
        due = f", due {after['due']}" if after.get("due") else ""
        return f"{keys.get(change['ticket_id'], 'new')}  {after['title']}{owner}{due}"
    news = [f"{name}: {before[name]} → {after[name]}" for name in TOLD if before[name] != after.get(name)]
    return f"{keys.get(change['ticket_id'], '')}  {before['title']}  {'; '.join(news)}"


def _line(change: dict[str, Any], mark: str, hue: str, told: str) -> Text:
    when = clock(change["evidence"][0]["start_ms"]) if change["evidence"] else ""
    return Text.assemble((f"{mark} ", hue), (f"{when}  ", "dim"), told)
