"""`vori bench speech`: how much speech a model keeps up with on this machine."""

from __future__ import annotations

import asyncio
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from vori.cli.listen import samples_of
from vori.cli.server import read_settings
from vori.errors import Invalid, NotFound
from vori.events import Language
from vori.sample.script import FOLDER

if TYPE_CHECKING:
    from vori.transcript.speed import Speed


def speech(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Recordings; left out: the demo's voices.", show_default=False)
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="As for VORI_SPEECH_MODEL; left out: what that selects.", show_default=False)
    ] = None,
    language: Annotated[Language, typer.Option(help="What is spoken.")] = "en",
    seconds: Annotated[
        float, typer.Option(min=0, help="Stop after so much processor time; what was heard counts.")
    ] = 60,
) -> None:
    """Recognise speech as the transcriber does, count processor time, and say what follows from it."""
    from vori.transcript.models import is_url
    from vori.transcript.speed import measure, note
    from vori.transcript.whisper import load_whisper

    settings = read_settings()
    name = model or settings.speech_model
    if is_url(name):
        raise Invalid("What a speech server can sustain is not for this machine to say.", remedy="Try --model base.")
    for missing in (file for file in files or () if not file.is_file()):
        raise NotFound(f"There is no file {missing}.")
    console = Console(highlight=False, soft_wrap=True)
    with ExitStack() as scratch, console.status(f"Measuring {name}…"):
        recogniser = load_whisper(name, settings.home)
        sounds = [
            asyncio.run(samples_of(file, scratch.enter_context(tempfile.TemporaryFile())))
            for file in files or _demo(language)
        ]
        speed = measure(sounds, recogniser, language, budget_s=seconds)
    if not files:
        note(settings.home, name, language, speed)
    _show(console, f"{recogniser.name}, {speed.speech_s:.0f} s of {language}", speed)
    if not files:
        console.print("\nThese voices are synthetic. For a better guess name recordings of real speech.")


def _demo(language: Language) -> list[Path]:
    voices = json.loads((FOLDER / f"{language}.json").read_text())["voices"]
    return [FOLDER / voice["file"] for voice in voices.values()]


def _show(console: Console, title: str, speed: Speed) -> None:
    from vori.transcript.speed import cores

    table = Table("", title, box=None, pad_edge=False)
    table.add_row("listening", f"{speed.listening:.3f} s of a core per second of sound")
    table.add_row("drafts", f"{speed.drafts:.3f} s of a core per second of speech")
    table.add_row(
        "final words", f"{speed.finals:.3f} s of a core per second of speech, {speed.final_s:.2f} s an utterance"
    )
    console.print(table)
    each, finals, many = speed.streams(), speed.streams(drafts=False), cores()
    console.print(
        f"\nAn estimate, for people who never stop talking: {each:.1f} streams per core, {finals:.1f} without drafts.\n"
        f"This machine's {many} cores: {many * each:.0f} streams, {many * finals:.0f} without drafts, if they have "
        "nothing else to do.\n"
        "Where people take turns most streams only listen, and drafts become fewer when many speak: so more, usually."
    )
