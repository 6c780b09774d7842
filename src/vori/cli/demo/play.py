"""`vori demo`: three voices, one stream each, at the speed of real talk, through the running VORI."""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import ExitStack
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.markdown import Markdown

from vori.cli.attend import attend
from vori.cli.listen import Samples, samples_of
from vori.cli.server import Server
from vori.cli.stream import AudioSender
from vori.sample.script import FOLDER, asked, read_script


def demo(lang: Annotated[Literal["en", "ko"], typer.Option(help="The meeting's language.")] = "en") -> None:
    """Three people plan their week in a minute; words, tickets and minutes appear as in any meeting."""
    asyncio.run(_demo(read_script(lang)))


async def _demo(script: dict[str, Any]) -> None:
    console = Console(highlight=False)
    with ExitStack() as files:
        async with Server() as server:
            await server.health()
            sounds = {
                name: await samples_of(FOLDER / voice["file"], files.enter_context(tempfile.TemporaryFile()))
                for name, voice in script["voices"].items()
            }
            await have_tickets(server, script["tickets"])
            meeting = await server.post("/api/meetings", asked(script))
            meeting_id = meeting["meeting_id"]
            console.print(f"[bold]{meeting['title']}[/] · {server.url}/meeting/?id={meeting_id}\n", soft_wrap=True)
            if meeting["rehearsal"]:
                console.print("A rehearsal: the sound is real, the words come from a script.\n", style="dim")
            address = server.socket_url(f"/api/meetings/{meeting_id}/audio")

            async def send() -> None:
                async with asyncio.TaskGroup() as voices:
                    for name, sound in sounds.items():
                        sender = AudioSender(
                            address, name, language=script["language"], speaker=name, headers=server.headers
                        )
                        voices.create_task(speak(sender, sound))

            screen = await attend(server, meeting_id, send, console)
            if screen.view.minutes and screen.view.written_up:
                console.rule(style="dim")
                console.print(Markdown(screen.view.minutes["markdown"]))
            if "created" not in screen.told:
                console.print("\nNo new ticket this time: those of an earlier demo stand, and VORI makes none twice.")
            console.print(f"\nAgain: [bold]vori minutes {meeting_id}[/] · [bold]vori tickets[/]", soft_wrap=True)


async def speak(sender: AudioSender, sound: Samples) -> None:
    """One voice, start to end."""
    async with sender:
        await sender.send_samples(sound)
        await sender.finish()


async def have_tickets(server: Server, wanted: list[dict[str, Any]]) -> None:
    """Have the tickets that the meeting will move, still to be moved: those of an earlier demo are put back."""
    there = {ticket["title"]: ticket for ticket in reversed(await server.every("/api/tickets", 1000))}
    for ticket in wanted:
        known = there.get(ticket["title"])
        if known is None:
            await server.post("/api/tickets", ticket)
        elif known["status"] != ticket["status"]:
            await server.patch(f"/api/tickets/{known['ticket_id']}", {"status": ticket["status"]})
