"""`vori up`, and what it is made of: `vori migrate`, and `vori run ROLE` for each process."""

from __future__ import annotations

import asyncio
import sys

import structlog
from rich.console import Console

from vori.errors import Invalid, VoriError
from vori.logs import configure
from vori.people.owner import link, owner_key
from vori.settings import Settings
from vori.supervise import WONT_HEAL, Supervisor, announce_ready


def up(settings: Settings) -> None:
    """Run all of VORI on this machine until Ctrl-C."""
    configure(settings.log_level, settings.log_format)
    console = Console(stderr=False)
    console.print("VORI is starting…")

    def ready(url: str) -> None:
        console.print(
            f"[bold green]VORI is ready at {url}[/] [dim](API: {url}/docs, home: {settings.home})[/]", soft_wrap=True
        )
        told = f"[bold]{link(url, owner_key(settings.home))}[/] [dim](`vori link` prints it again)[/]"
        console.print(f"Open it by your link, which is a key: {told}", soft_wrap=True)
        console.print("[dim]Try `vori demo` in another terminal. Ctrl-C stops everything.[/]")

    Supervisor(settings, ready).run()


def migrate(settings: Settings) -> None:
    """Bring the tables up to date, before roles are run by hand. Raises `Invalid` when no database is named."""
    from vori.database.migrate import migrate as bring_up_to_date

    if not settings.database_url:
        raise Invalid("VORI_DATABASE_URL names no database.", remedy="Set it; `vori up` has a database of its own.")
    bring_up_to_date(settings.database_url)


def run(role: str, settings: Settings) -> None:
    """Run one role, for a supervisor or by hand. Exits with `WONT_HEAL` when starting again would be no use."""
    configure(settings.log_level, settings.log_format)
    structlog.contextvars.bind_contextvars(role=role)
    from vori.wiring import run_role

    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run_role(role, settings, lambda url: announce_ready(role, url)))
    except VoriError as error:
        print(f"{role}: {error}", file=sys.stderr)
        raise SystemExit(WONT_HEAL if error.lasting else 1) from error


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.Loop
