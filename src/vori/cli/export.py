"""`vori export`: what people corrected, as cases for evaluating extractors."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vori.cli.server import Server
from vori.errors import Invalid


def corrections(
    out: Annotated[Path, typer.Option(help="Where to write them, one meeting a line.", show_default=False)],
) -> None:
    """Meetings in which people undid, rejected or set right what VORI did, with what should have come of them.

    `vori extract FILE` reads such a file. It holds what was said: keep it where the meetings may be kept.
    """
    text = asyncio.run(_corrections())
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror or error}.", remedy="Name another file.") from error
    Console(stderr=True, highlight=False).print(f"{len(text.splitlines())} meetings: {out}", markup=False)


async def _corrections() -> str:
    async with Server() as server:
        return (await server.content("/api/corrections")).decode()
