"""`vori`: what it can do. Each command is loaded when it is called, so that asking for help costs nothing."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import typer
from rich.console import Console

from vori.errors import VoriError

app = typer.Typer(
    help="VORI: a meeting goes in as sound and comes out as words, tickets and minutes, live.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

WATCH, READ, TOOLS = "A meeting", "What came of it", "Behind the scenes"
COMMANDS = {
    "demo": ("vori.cli.demo.play", WATCH, "Stream a short meeting of ours through VORI and watch it work."),
    "listen": ("vori.cli.listen", WATCH, "Stream a recording or the microphone into a meeting; see words and tickets."),
    "meetings": ("vori.cli.lists", READ, "List the meetings."),
    "tickets": ("vori.cli.lists", READ, "List the tickets."),
    "minutes": ("vori.cli.papers", READ, "Print the minutes of a meeting, or write them as a document."),
    "transcript": ("vori.cli.papers", READ, "Print what was said in a meeting, as text or subtitles."),
    "retranscribe": (
        "vori.cli.retranscribe",
        READ,
        "Hear an ended meeting again with another model; see what changes.",
    ),
    "replay": ("vori.cli.replay", READ, "Read an ended meeting with another extractor; see which tickets differ."),
    "transcribe": ("vori.cli.transcribe", TOOLS, "Turn an audio file into text, without a server."),
    "analyze": ("vori.cli.analyze", TOOLS, "Measure the meetings and work of a file of events, without a server."),
    "simulate": ("vori.cli.simulate", TOOLS, "Write a made-up history of meetings and tickets, as events."),
    "extract": ("vori.cli.extract", TOOLS, "Run the ticket extractor over written meetings."),
    "link": ("vori.cli.link", TOOLS, "Print the owner's link, which opens VORI in a browser."),
    "doctor": ("vori.cli.doctor", TOOLS, "Check each part of VORI and say how to mend it."),
}
"""Name: the module with a function of that name, where it shows in the help, what it does."""
DEVELOPERS = {
    "kafka": ("vori.cli.dev", TOOLS, "Run a Kafka node on this machine, for development; Ctrl-C stops it."),
    "jars": ("vori.cli.dev", TOOLS, "Fetch the jars that VORI runs with Java, as `make setup-dev` does."),
    "openapi": (
        "vori.cli.dev",
        TOOLS,
        "Print the description of the API, from which the web application's types are made.",
    ),
}
"""The same, below `vori dev`."""
MODELS = {
    "verify": ("vori.cli.models", TOOLS, "Compare a model with its checksum, load it and let it hear silence."),
    "fetch": ("vori.cli.models", TOOLS, "Fetch a model from the model hub into VORI's home."),
}
EXPORTS = {
    "corrections": ("vori.cli.export", READ, "Write what people corrected as cases for evaluating extractors."),
}
ANALYTICS = {
    "back-fill": ("vori.cli.analytics", TOOLS, "Reckon the results of some days anew, from the facts in cold storage."),
    "archive": ("vori.cli.analytics", TOOLS, "Write all facts to cold storage now, and tell what is there."),
}
BENCHES = {"speech": ("vori.cli.bench", TOOLS, "Measure how much speech a model keeps up with on this machine.")}


@app.command(rich_help_panel=WATCH)
def up() -> None:
    """Start VORI on this machine; Ctrl-C stops it."""
    from vori.cli.server import read_settings
    from vori.cli.up import up as start

    start(read_settings())


@app.command(hidden=True)
def run(role: str) -> None:
    """Run one role (gateway, transcriber, scribe, relay, analytics), as `vori up` does."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its threads would only wait for each other, at full speed
    from vori.cli.server import read_settings
    from vori.cli.up import run as start

    start(role, read_settings())


@app.command(rich_help_panel=TOOLS)
def migrate() -> None:
    """Bring the tables of VORI_DATABASE_URL up to date; `vori up` does so by itself."""
    from vori.cli.server import read_settings
    from vori.cli.up import migrate as bring_up_to_date

    bring_up_to_date(read_settings())


@app.command(rich_help_panel=TOOLS)
def relay() -> None:
    """Ship the outbox to Kafka; `vori up` does so by itself."""
    run("relay")


models = typer.Typer(help="List the speech models; `verify` or `fetch` one.", rich_markup_mode="rich")
export = typer.Typer(help="Take things out of VORI.", no_args_is_help=True, rich_markup_mode="rich")
analytics = typer.Typer(help="Look after what analytics found.", no_args_is_help=True, rich_markup_mode="rich")
bench = typer.Typer(help="Measure this machine.", no_args_is_help=True, rich_markup_mode="rich")
dev = typer.Typer(help="For those who work on VORI.", no_args_is_help=True, rich_markup_mode="rich")
app.add_typer(models, name="models", rich_help_panel=TOOLS)
app.add_typer(export, name="export", rich_help_panel=READ)
app.add_typer(analytics, name="analytics", rich_help_panel=TOOLS)
app.add_typer(bench, name="bench", rich_help_panel=TOOLS)
app.add_typer(dev, name="dev", rich_help_panel=TOOLS)


@models.callback(invoke_without_command=True)
def _list_models(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        from vori.cli.models import models as show

        show()


def _register(group: typer.Typer, name: str, module: str, panel: str, told: str) -> None:
    @group.command(
        name,
        help=told,
        rich_help_panel=panel,
        add_help_option=False,
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )
    def load(context: typer.Context) -> None:
        command = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
        command.command(help=told)(getattr(import_module(module), name.replace("-", "_")))
        command(context.args, prog_name=context.command_path)


for _group, _commands in (
    (app, COMMANDS),
    (models, MODELS),
    (export, EXPORTS),
    (analytics, ANALYTICS),
    (bench, BENCHES),
    (dev, DEVELOPERS),
):
    for _name, (_module, _panel, _told) in _commands.items():
        _register(_group, _name, _module, _panel, _told)


def main() -> None:
    """Run the command line. What goes wrong is one sentence on stderr and exit code 1; a defect shows its traceback."""
    try:
        app(prog_name="vori")
    except VoriError as error:
        console = Console(stderr=True, highlight=False, soft_wrap=True)
        console.print(error.message, style="bold red", markup=False)
        if error.remedy:
            console.print(error.remedy, markup=False)
        sys.exit(1)
