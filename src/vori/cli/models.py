"""`vori models`: which speech models there are, whether one is sound, and fetching one from the hub."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from vori.cli.server import read_settings
from vori.errors import Invalid
from vori.settings import Settings


def models() -> None:
    """The packaged one, the hub's, and what else is in VORI's home."""
    from vori.transcript.models import listed
    from vori.transcript.speed import noted

    settings = read_settings()
    speeds = noted(settings.home)
    table = Table(box=None, header_style="dim", pad_edge=False)
    for column in ("", "name", "size", "languages", "state", "streams per core"):
        table.add_column(column, justify="right" if column == "size" else "left", overflow="fold")
    for model in listed(settings):
        streams = [f"{speed.streams():.1f} ({language})" for language, speed in speeds.get(model.name, {}).items()]
        table.add_row(
            "→" if model.selected else "",
            Text(model.name, style="bold" if model.selected else ""),
            f"{model.megabytes} MB" if model.megabytes else "",
            ", ".join(model.languages or ()),
            Text(model.state, style="dim" if model.state == "not here" else ""),
            ", ".join(streams),
        )
    console = Console(highlight=False)
    console.print(table)
    console.print(
        "\nVORI_SPEECH_MODEL selects one; `vori models fetch NAME` brings it here, `vori bench speech --model NAME` "
        "measures what it can sustain.",
        style="dim",
    )


def verify(
    name: Annotated[str | None, typer.Argument(help="Left out: what VORI_SPEECH_MODEL selects.")] = None,
) -> None:
    """Compare a model with its checksum, load it and let it hear silence; a URL is asked."""
    from vori.transcript.models import verify as attempts

    console = Console(highlight=False, soft_wrap=True)
    for well in attempts(_with(name)):
        console.print(f"✓ {well}", markup=False)


def fetch(
    name: Annotated[str, typer.Argument(help="A name that `vori models` lists, or a repository of the hub.")],
) -> None:
    """Fetch a model from the model hub into VORI's home, and verify it."""
    from vori.transcript.models import HUB, PACKAGED, is_url, kept
    from vori.transcript.models import verify as attempts
    from vori.transcript.whisper import fetch as bring

    settings = _with(name)
    if is_url(name) or name.startswith(("/", ".", "~")):
        raise Invalid(f"{name} is nothing that the hub has.", remedy="`vori models` lists names.")
    console = Console(highlight=False, soft_wrap=True)
    if name != PACKAGED and not kept(name, settings.home):
        size = next((f" (about {model.megabytes} MB)" for model in HUB if model.name == name), "")
        with console.status(f"Fetching {name}{size}…"):
            bring(name, settings.home)
    for well in attempts(settings):
        console.print(f"✓ {well}", markup=False)
    console.print(f"VORI_SPEECH_MODEL={name} selects it.", markup=False)


def _with(name: str | None) -> Settings:
    settings = read_settings()
    return settings.model_copy(update={"speech_model": name}) if name else settings
