"""`vori transcribe`: an audio file to text, on this machine alone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from vori.cli.listen import samples_of
from vori.cli.server import read_settings
from vori.errors import NotFound
from vori.events import Language
from vori.transcript.model import SAMPLE_RATE
from vori.transcript.subtitles import Format, Line, write


def transcribe(
    file: Annotated[Path, typer.Argument(help="wav, mp3, m4a, webm, ogg or flac.", show_default=False)],
    form: Annotated[Format, typer.Option("--format", help="How the text is written.")] = "txt",
    language: Annotated[
        Language | None, typer.Option(help="What is spoken; else it is told from the sound.", show_default=False)
    ] = None,
) -> None:
    """Turn an audio file into text, without a server. Only the text goes to standard output."""
    from vori.transcript.models import open_recogniser
    from vori.transcript.transcribe import transcribe as hear

    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    settings = read_settings()
    logging.getLogger("faster_whisper").setLevel(logging.ERROR)
    console = Console(stderr=True, highlight=False)
    began = time.monotonic()
    with tempfile.TemporaryFile() as scratch, _progress(console) as progress:
        samples = asyncio.run(samples_of(file, scratch))
        bar = progress.add_task(file.name, total=len(samples) / SAMPLE_RATE)
        lines: list[Line] = []
        with open_recogniser(settings) as recogniser:
            for found in hear(samples, recogniser, language):
                if isinstance(found, Line):
                    lines.append(found)
                else:
                    progress.update(bar, completed=found)
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(write(lines, form))
        sys.stdout.flush()
    seconds, took = len(samples) / SAMPLE_RATE, time.monotonic() - began
    console.print(f"{seconds:.0f} s of sound in {took:.1f} s", style="dim")


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
