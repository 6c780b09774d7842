"""A meeting on the terminal while it goes on: final words and tickets as lines that stay, drafts below them."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import UUID

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from vori.cli.lists import HUES, STATUS
from vori.cli.live import View, follow
from vori.cli.server import Server
from vori.errors import VoriError
from vori.minutes.write import clock
from vori.transcript.naming.model import shown

VOICES = ("cyan", "magenta", "green", "yellow", "blue", "red")
UNNAMED = "unnamed"


class Screen:
    """Shows one meeting. `state` is the sentence at the bottom."""

    def __init__(self, server: Server, meeting_id: str, console: Console) -> None:
        self.server = server
        self.meeting_id = meeting_id
        self.console = console
        self.view = View()
        self.state = "Listening"
        self.began = asyncio.Event()
        """Set once the first snapshot is there."""
        self.written = asyncio.Event()
        """Set once the minutes are there, and no draft."""
        self.heard_at = time.monotonic()
        self.told: list[str] = []
        """What became of tickets, in order: `created` or `moved` and so on."""
        self._said: set[str] = set()
        self._tickets: dict[str, dict[str, Any]] = {}
        self._live = Live(console=console, get_renderable=self._below, transient=True, refresh_per_second=8)

    async def watch(self) -> None:
        """Until cancelled."""
        with self._live:
            async for message in follow(self.server, self.meeting_id, self.view):
                self.heard_at = time.monotonic()
                if message["type"] == "snapshot" and not self.began.is_set():
                    self._tickets = dict(self.view.tickets)
                self._tell_words()
                await self._tell_tickets()
                self.began.set()
                if self.view.written_up:
                    self.written.set()

    def _below(self) -> RenderableType:
        drafts = sorted(self.view.drafts.values(), key=lambda draft: draft["start_ms"])
        lines = [self._line(draft, (draft["final"], draft["stable"])) for draft in drafts if draft.get("text")]
        behind = max((lag["behind_s"] for lag in self.view.lags.values()), default=0)
        state = f"{self.state} · words come {behind} s late" if behind else self.state
        return Group(*lines, Spinner("dots", Text(state, style="dim")))

    def _tell_words(self) -> None:
        news = [said for key, said in self.view.utterances.items() if key not in self._said]
        for said in sorted(news, key=lambda said: said["start_ms"]):
            self._said.add(said["utterance_id"])
            self.console.print(self._line(said))

    def _line(self, said: dict[str, Any], settled: tuple[str, str] | None = None) -> RenderableType:
        """`settled`: the parts of a draft that are final, and that hardly change any more; None: all is final."""
        speaker = self._speaker(said)
        voices = sorted({stream["speaker"] or UNNAMED for stream in self.view.streams.values()} | {speaker})
        hue = VOICES[voices.index(speaker) % len(VOICES)]
        words = Text(said["text"])
        if settled is not None:
            final, stable = map(len, settled)
            words.stylize("dim", final, stable)
            words.stylize("dim italic", stable)
        line = Table.grid(padding=(0, 2))
        line.add_column(no_wrap=True)
        line.add_column(no_wrap=True, min_width=min(16, max(cell_len(voice) for voice in voices)))
        line.add_column()
        line.add_row(Text(clock(said["start_ms"]), "dim"), Text(speaker, hue), words)
        return line

    def _speaker(self, said: dict[str, Any]) -> str:
        microphones = [UUID(key) for key, stream in self.view.streams.items() if stream["speaker"] is None]
        return shown(said["speaker"], UUID(said["stream"]), said.get("voice"), microphones, "en") or UNNAMED

    async def _tell_tickets(self) -> None:
        for key, ticket in list(self.view.tickets.items()):
            before = self._tickets.get(key)
            if before is not None and before["version"] == ticket["version"]:
                continue
            self._tickets[key] = ticket
            self.console.print(Padding(self._news(before, ticket), (0, 0, 0, 7), expand=False))
            await self._tell_proof(key)

    def _news(self, before: dict[str, Any] | None, ticket: dict[str, Any]) -> Text:
        now = (STATUS[ticket["status"]], HUES[ticket["status"]])
        facts = "".join(f" · {fact}" for fact in (ticket["assignee"], ticket["due"] and f"due {ticket['due']}") if fact)
        head = f"{ticket['key']} {ticket['title']}"
        if before is None:
            self.told.append("created")
            return Text.assemble(("✚ new ticket  ", "bold"), (head, "bold"), " · ", now, (facts, "dim"))
        if before["status"] != ticket["status"]:
            self.told.append("moved")
            was = (STATUS[before["status"]], HUES[before["status"]])
            return Text.assemble(("➜ moved  ", "bold"), (head, "bold"), " · ", was, " → ", now, (facts, "dim"))
        self.told.append("changed")
        return Text.assemble(("✎ changed  ", "bold"), (head, "bold"), " · ", now, (facts, "dim"))

    async def _tell_proof(self, ticket_id: str) -> None:
        """The words behind a ticket's newest change."""
        try:
            history = await self.server.get(f"/api/tickets/{ticket_id}/history")
        except VoriError:
            return  # the news stands without them
        applied = [change for change in history if change["lane"] == "applied"]
        for said in applied[-1]["evidence"] if applied else ():
            told = f"“{said['quote']}” {self._speaker(said)}, {clock(said['start_ms'])}"
            self.console.print(Padding(Text(told, style="dim"), (0, 0, 0, 11), expand=False))
