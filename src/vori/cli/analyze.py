"""`vori analyze`: measures, keywords, topics and insights of a file of events, without the servers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated
from zoneinfo import available_timezones

import typer
from rich.console import Console

from vori.analytics.lines import look_through
from vori.analytics.model import Kind, Row
from vori.analytics.simulate.write import truth_path
from vori.analytics.summary import write_summary
from vori.errors import Invalid
from vori.jvm import spark_java

MEMORY = "1g"


def analyze(
    events: Annotated[Path, typer.Argument(help="A file of events, one a line.", show_default=False)],
    *,
    out: Annotated[Path, typer.Option(help="A new folder for what is found.", show_default=False)],
    time_zone: Annotated[
        list[str] | None,
        typer.Option(help="The clock of all workspaces (Asia/Seoul), or of one (WORKSPACE=Asia/Seoul). [default: UTC]"),
    ] = None,
) -> None:
    """Measure meetings and work, find keywords, topics and what the data supports; write it as rows and as a report."""
    if out.exists():
        raise Invalid(f"{out} is there already.", remedy="Name a folder that isn't.")
    spark_java()
    console = Console(stderr=True, highlight=False)
    read = look_through(events)
    zones = read_zones(read.workspaces, time_zone or [], truth_path(events))
    partial = out.with_name(out.name + ".part")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        with console.status(f"{read.lines} events are analysed …"):
            found = _analyze(events, partial / "scratch", zones)
        shutil.rmtree(partial / "scratch", ignore_errors=True)
        _write(found, partial)
        partial.rename(out)
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror or error}.", remedy="Name another folder.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    told = ", ".join(f"{len(rows)} of {kind}" for kind, rows in found.items())
    console.print(f"{read.lines} events: {told}. To read: {out / 'REPORT.md'}", markup=False)


def _analyze(events: Path, scratch: Path, zones: Mapping[str, str]) -> Mapping[Kind, Sequence[Row]]:
    from vori.analytics.engine.compute import compute
    from vori.analytics.engine.parse import events as parse
    from vori.analytics.engine.parse import read_lines
    from vori.analytics.engine.session import open_session

    with open_session(scratch, memory=MEMORY) as spark:
        return compute(parse(read_lines(spark, str(events.absolute()))), scratch, zones=zones, weights={}, until=None)


def _write(found: Mapping[Kind, Sequence[Row]], folder: Path) -> None:
    for kind, rows in found.items():
        with (folder / f"{kind}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(row.model_dump_json() + "\n" for row in rows)
    (folder / "REPORT.md").write_text(write_summary(found), encoding="utf-8", newline="\n")


def read_zones(workspaces: set[str], told: Sequence[str], truth: Path) -> dict[str, str]:
    """Each workspace's clock: what is told of it, else of all, else what is beside a made-up history, else UTC."""
    zones = _made_up(truth)
    pairs = [one.rpartition("=") for one in told]
    for _, _, zone in pairs:
        if zone not in available_timezones():
            raise Invalid(f"{zone!r} is no time zone.", remedy="Name one as Asia/Seoul or America/New_York.")
    for workspace, _, _ in pairs:
        if workspace and workspace not in workspaces:
            raise Invalid(
                f"No event is of workspace {workspace!r}.", remedy=f"There are: {', '.join(sorted(workspaces))}."
            )
    for workspace, _, zone in sorted(pairs):
        zones |= dict.fromkeys([workspace] if workspace else sorted(workspaces), zone)
    return {workspace: zones.get(workspace, "UTC") for workspace in sorted(workspaces)}


def _made_up(truth: Path) -> dict[str, str]:
    if not truth.exists():
        return {}
    try:
        teams = json.loads(truth.read_text(encoding="utf-8"))["teams"]
        return {team["workspace_id"]: team["time_zone"] for team in teams}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(
            f"{truth} can't be read.", remedy="Move it away, and name time zones with --time-zone."
        ) from error
