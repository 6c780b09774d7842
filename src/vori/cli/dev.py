"""`vori dev kafka`, `vori dev jars`, `vori dev openapi`: what those who work on VORI need beside it."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from vori.cli.server import read_settings
from vori.errors import Unavailable
from vori.logs import configure


def kafka(
    folder: Annotated[
        Path | None, typer.Option(help="Where its data lies; else in VORI's home.", show_default=False)
    ] = None,
    port: Annotated[
        int, typer.Option(help="Where clients connect; the next port is taken too.", min=1, max=65_534)
    ] = 9092,
) -> None:
    """Run a Kafka node on this machine, for development; Ctrl-C stops it."""
    from vori.eventlog.broker import Broker

    settings = read_settings()
    configure("warning", settings.log_format)
    console = Console(highlight=False, soft_wrap=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    broker = Broker(folder or settings.home / "kafka", port, port + 1)
    console.print("Kafka is starting…")
    with broker:
        console.print(f"[bold green]Kafka is ready:[/] VORI_EVENTLOG_URL={broker.url}")
        console.print(f"Its data is in {broker.folder}. Ctrl-C stops it.", style="dim", markup=False)
        code = broker.wait()
    raise Unavailable(f"Kafka ended by itself (exit code {code}).", remedy=f"See {broker.log_file}.")


def jars() -> None:
    """Fetch the jars that VORI runs with Java, as `make setup-dev` does."""
    from vori.jvm import PROGRAMS, resolve_jars

    for program in PROGRAMS:
        resolve_jars(program)


def openapi() -> None:
    """Print the description of the API, from which the web application's types are made."""
    from vori.wiring import describe

    print(json.dumps(asyncio.run(describe()), ensure_ascii=False, indent=1))


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
