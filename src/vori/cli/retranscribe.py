"""`vori retranscribe`: an ended meeting heard again by another model, the difference, and the choice."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from vori.cli.lists import refuse_no_id
from vori.cli.server import Server
from vori.errors import Unavailable
from vori.events import Language
from vori.minutes.write import clock

LOOK_EVERY_S = 0.5
MARKS = {"removed": ("[-{}-]", "red"), "added": ("{{+{}+}}", "green"), "same": ("{}", "")}
TOLD = {
    "corrected": "would change",
    "added": "would be new",
    "withdrawn": "would go",
    "kept": "would stay, for a person corrected them",
    "same": "would stay as they are",
}


def retranscribe(
    meeting: Annotated[str, typer.Argument(help="The meeting's id; it must have ended.", show_default=False)],
    model: Annotated[
        str | None,
        typer.Option(
            help="base, a model folder, or a name on the hub; else the transcriber's own.", show_default=False
        ),
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="What is spoken; else as it was for the meeting.", show_default=False)
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Take the new words over without asking.")] = False,
) -> None:
    """Hear an ended meeting again with another model, show what would change, and take it over if you say so."""
    refuse_no_id(meeting)
    asyncio.run(_retranscribe(meeting, {"model": model, "language": language}, accept))


async def _retranscribe(meeting_id: str, asked: dict[str, Any], accept: bool) -> None:
    console = Console(highlight=False)
    path = f"/api/meetings/{meeting_id}/retranscriptions"
    async with Server() as server:
        path += "/" + (await server.post(path, asked))["retranscription_id"]
        found = await _heard(server, path)
        changed = _show(found["difference"], console)
        if not accept and changed and not sys.stdin.isatty():
            console.print(f"\nTo take this over: POST {server.url}{path}/accept", soft_wrap=True)
        elif accept or (changed and typer.confirm("\nTake this over?")):
            await server.post(f"{path}/accept")
            console.print("Taken over. The minutes are written anew.")
        else:
            await server.post(f"{path}/discard")
            console.print("Nothing was changed.")


async def _heard(server: Server, path: str) -> dict[str, Any]:
    """The retranscription once it is ready. Raises `Unavailable` when it failed."""
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Waiting for the transcriber", total=1.0)
        while True:
            job: dict[str, Any] = await server.get(path)
            if job["state"] == "failed":
                raise Unavailable(job["reason"], remedy="The transcript is as it was.")
            if job["state"] != "running" and job["state"] != "queued":
                break
            told = "Hearing it again" if job["state"] == "running" else "Waiting for the transcriber"
            progress.update(bar, completed=job["progress"], description=told)
            await asyncio.sleep(LOOK_EVERY_S)
    if job["state"] != "ready":
        raise Unavailable(f"Somebody else has {job['state']} it meanwhile.", remedy="The transcript says what holds.")
    return job


def _show(difference: list[dict[str, Any]], console: Console) -> bool:
    """Print what would change; whether anything would."""
    kinds: Counter[str] = Counter()
    for stream in difference:
        for change in stream["changes"]:
            kinds[change["kind"]] += 1
            if change["kind"] != "same":
                console.print(_line(stream["speaker"] or stream["stream_id"], change), soft_wrap=True)
    changed = bool(kinds.keys() & {"corrected", "added", "withdrawn"})
    told = [f"{kinds[kind]} {words}" for kind, words in TOLD.items() if kinds[kind]]
    summary = f"\nOf {kinds.total()} utterances {', '.join(told)}." if told else "Nothing was heard, then or now."
    console.print(summary, soft_wrap=True)
    return changed


def _line(speaker: str, change: dict[str, Any]) -> Text:
    line = Text.assemble((clock(change["start_ms"]), "dim"), f"  {speaker}: ")
    for words in change["words"]:
        form, hue = MARKS[words["kind"]]
        line.append(form.format(words["text"]), hue)
        line.append(" ")
    if change["kind"] == "kept":
        line.append("(stays as a person corrected it)", "dim")
    line.rstrip()
    return line
