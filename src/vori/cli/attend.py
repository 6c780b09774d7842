"""Take part in a meeting from the command line: send sound, show what comes of it, end it, wait for the minutes."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable

from rich.console import Console

from vori.cli.screen import Screen
from vori.cli.server import Server

QUIET_S = 180.0
"""Without any news for so long after the end, waiting for the minutes is given up."""
LAST_WORDS_S = 6.0
"""In a meeting that goes on, this long without news means that our words are all there."""


async def attend(
    server: Server, meeting_id: str, send: Callable[[], Awaitable[None]], console: Console, *, end: bool = True
) -> Screen:
    """Show the meeting while `send` streams into it; Ctrl-C stops sending. With `end`, end it and await its minutes."""
    screen = Screen(server, meeting_id, console)
    watching = asyncio.create_task(screen.watch())
    try:
        try:
            await _or_fail(screen.began.wait(), watching)
            await _or_fail(_until_interrupted(send), watching)
        finally:
            if end:
                await server.post(f"/api/meetings/{meeting_id}/end")
        screen.state = "Transcribing the last words…"
        screen.heard_at = time.monotonic()
        await _or_fail(_settled(screen, QUIET_S if end else LAST_WORDS_S), watching)
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    return screen


async def _settled(screen: Screen, patience_s: float) -> None:
    """Until the minutes are written, or nothing has come for a while."""
    while not screen.written.is_set() and time.monotonic() - screen.heard_at < patience_s:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await screen.written.wait()


async def _until_interrupted(send: Callable[[], Awaitable[None]]) -> None:
    """Run `send`; the first Ctrl-C ends it early, a second one ends everything."""
    sending = asyncio.ensure_future(send())
    loop = asyncio.get_running_loop()
    interrupted = False

    def interrupt() -> None:
        nonlocal interrupted
        interrupted = True
        loop.remove_signal_handler(signal.SIGINT)
        sending.cancel()

    loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        await sending
    except asyncio.CancelledError:
        if not interrupted:
            raise
    finally:
        sending.cancel()
        if not interrupted:
            loop.remove_signal_handler(signal.SIGINT)


async def _or_fail(work: Awaitable[object], watching: asyncio.Task[None]) -> None:
    """Do `work`; when the watching fails meanwhile, give up and raise its error."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait({task, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            watching.result()
        else:
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
