"""`vori doctor`: tries each part of VORI and says how to mend what is broken."""

from __future__ import annotations

import asyncio
import platform
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from vori.cli.server import Server, default_url, read_settings
from vori.errors import Unavailable, VoriError
from vori.logs import configure
from vori.settings import OFF, OFFLINE, Settings

NEEDED_GB = 2.0
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """A part, and a way to try it: returns what it found, raises `VoriError` when it doesn't work."""

    part: str
    attempt: Callable[[Settings], str]
    needed: bool = True


def doctor() -> None:
    """Try each part. Exit code 1 if one that VORI needs is broken."""
    configure("error")
    console = Console(highlight=False, soft_wrap=True)
    settings = read_settings()
    broken = 0
    for check in CHECKS:
        with console.status(f"{check.part}…"):
            found, remedy = _tried(check, settings)
        if remedy is None:
            console.print(f"[green]✓[/] {check.part}: ", end="")
            console.print(found, style="dim", markup=False)
            continue
        broken += check.needed
        console.print(f"[{'bold red' if check.needed else 'yellow'}]{'✗' if check.needed else '–'}[/] ", end="")
        console.print(f"{check.part}: {found} {remedy}".rstrip(), markup=False)
    console.print("\nEverything VORI needs works." if not broken else f"\n{broken} of {len(CHECKS)} parts are broken.")
    if broken:
        raise typer.Exit(1)


def _tried(check: Check, settings: Settings) -> tuple[str, str | None]:
    """(what was found, None), or (what is wrong, what to do)."""
    try:
        return check.attempt(settings), None
    except VoriError as error:
        return error.message, error.remedy
    except Exception as error:
        return f"{type(error).__name__}: {error}.", "Run `make setup`; if that doesn't help, report it."


def python(_settings: Settings) -> str:
    version = sys.version_info
    if (version.major, version.minor) < OLDEST_PYTHON:
        raise Unavailable("This Python is too old.", remedy="Install Python 3.11 or newer, then `make clean setup`.")
    return f"{platform.python_version()} at {sys.executable}"


def home(settings: Settings) -> str:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        raise Unavailable(
            f"VORI can't write to its home {settings.home}: {error.strerror}.",
            remedy="Set VORI_HOME to a folder that you may write to.",
        ) from error
    free = shutil.disk_usage(settings.home).free / 1e9
    if free < NEEDED_GB:
        raise Unavailable(
            f"Only {free:.1f} GB are free at {settings.home}.",
            remedy=f"Free {NEEDED_GB:.0f} GB there, or set VORI_HOME to a folder on a bigger disk.",
        )
    return f"{settings.home}, {free:.0f} GB free"


def postgres(settings: Settings) -> str:
    """Connects to the database that is set, else starts an embedded server on the side and ends it again."""
    if settings.database_url:
        from vori.database.migrate import server_at

        return f"VORI_DATABASE_URL answers: PostgreSQL {server_at(settings.database_url)}"
    from vori.database.embedded import EmbeddedPostgres, binaries

    found = binaries()
    with tempfile.TemporaryDirectory(prefix="vori-doctor-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder), durable=False)
        try:
            server.start()
        finally:
            server.stop()
    return f"starts and stops ({found})"


def event_log(settings: Settings) -> str:
    if settings.eventlog_url == "postgres:":
        return "in PostgreSQL"
    from vori.eventlog.kafka import brokers_at

    return f"Kafka answers, brokers: {brokers_at(settings.eventlog_url)}"


def live_feed(settings: Settings) -> str:
    if settings.livefeed_url == "postgres:":
        return "in PostgreSQL"
    from vori.livefeed.redis import version_at

    return f"Redis {asyncio.run(version_at(settings.livefeed_url))} answers"


def speech(settings: Settings) -> str:
    from vori.transcript.models import is_url, open_remote
    from vori.transcript.whisper import load_whisper

    if not is_url(settings.speech_model):
        return f"{load_whisper(settings.speech_model, settings.home).name} loads"
    with open_remote(settings) as remote:
        return remote.check()


def voice_activity(_settings: Settings) -> str:
    from vori.transcript.silero import Silero
    from vori.transcript.speaker_encoder import SpeakerEncoder

    Silero()
    SpeakerEncoder()
    return "Silero and the encoder of voices load"


def extractor(_settings: Settings) -> str:
    from vori.tickets.offline.extract import OfflineExtractor

    offline = OfflineExtractor()
    offline.warm(None)
    return f"{offline.name} {offline.version} loads"


def language_model(settings: Settings) -> str:
    """Has a language model read two short turns, when one is to find tickets; without it `offline` stands in."""
    if settings.extractor == OFFLINE:
        return "not asked for tickets"
    from vori.tickets.llm.open import check

    return check(settings)


def analytics(settings: Settings) -> str:
    """Finds the Java that Spark would run on; without one all else works."""
    from importlib.metadata import version

    from vori.jvm import spark_java

    if settings.analytics_master == OFF:
        return "turned off"
    return f"Spark {version('pyspark')} on {settings.analytics_master}, {spark_java()}"


def audio_files(_settings: Settings) -> str:
    from vori.cli.listen import samples_of
    from vori.sample.script import FOLDER

    with tempfile.TemporaryFile() as scratch:
        samples = asyncio.run(samples_of(FOLDER / "en-robert.opus", scratch))
    return f"decodes {len(samples) / 16_000:.0f} s of Opus"


def microphone(_settings: Settings) -> str:
    from vori.cli.microphone import microphones

    found = microphones()
    if not found:
        raise Unavailable("No microphone is there.", remedy="Only `vori listen --mic` needs one.")
    return ", ".join(found)


def server(settings: Settings) -> str:
    """Asks the VORI that runs, if one does; else sees whether its port is free."""
    url = default_url()
    try:
        health = asyncio.run(_health(url))
    except VoriError as error:
        if error.code != "not_running":
            raise
        with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, settings.port))
            except OSError as taken:
                raise Unavailable(
                    f"Port {settings.port} is not free: {taken.strerror}.", remedy="Set VORI_PORT to another."
                ) from taken
        return f"not running; {url} is free (`make up` starts it)"
    return f"VORI {health} runs at {url}"


async def _health(url: str) -> str:
    async with Server(url) as running:
        health = await running.health()
    ill = [part for part in health["parts"] if part["needed"] and part["status"] != "ok"]
    failed = [f"{part['name']} {part['detail']}".strip() for part in ill]
    if failed:
        raise Unavailable(f"VORI runs at {url}, but not well: {'; '.join(failed)}.", remedy="Its log says why.")
    return str(health["version"])


CHECKS = (
    Check("Python", python),
    Check("Home and disk", home),
    Check("PostgreSQL", postgres),
    Check("Event log", event_log),
    Check("Live feed", live_feed, needed=False),
    Check("Speech model", speech),
    Check("Voice activity", voice_activity),
    Check("Ticket extractor", extractor),
    Check("Language model", language_model, needed=False),
    Check("Analytics", analytics, needed=False),
    Check("Audio files", audio_files),
    Check("Microphone", microphone, needed=False),
    Check("Server", server),
)
