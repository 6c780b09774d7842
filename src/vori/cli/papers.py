"""`vori minutes` and `vori transcript`: a meeting's papers, to read, to send round, or for other programs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import typer
from rich.console import Console
from rich.markdown import Markdown

from vori.cli.lists import refuse_no_id
from vori.cli.server import Server
from vori.errors import Invalid, NotFound
from vori.transcript.subtitles import Format

MeetingId = Annotated[str | None, typer.Argument(help="The meeting's id; left out: the newest that ended.")]
Out = Annotated[
    Path | None, typer.Option("--out", "-o", help="The file to write; left out: standard output.", show_default=False)
]

MinutesFormat = Literal["md", "docx", "pdf", "json"]
F = TypeVar("F", bound=str)
Form = typer.Option(
    "--format", help="How it is written; left out: by the file's name, else the first.", show_default=False
)


def minutes(
    meeting_id: MeetingId = None,
    form: Annotated[MinutesFormat | None, Form] = None,
    version: Annotated[
        int | None, typer.Option(min=1, help="As they stood then; `json` tells it.", show_default=False)
    ] = None,
    out: Out = None,
) -> None:
    """As Markdown, set out for reading on a terminal; or as a document. Of a meeting that goes on: the draft."""
    refuse_no_id(meeting_id)
    form = form or _form_of(out, get_args(MinutesFormat))
    if form in {"docx", "pdf"} and out is None and sys.stdout.isatty():
        raise Invalid(f"A terminal can't show {form} files.", remedy=f"Name a file: `--out minutes.{form}`.")
    content = asyncio.run(_read(meeting_id, "minutes", format=form, version=version, draft="true"))
    if form == "json":
        content = (json.dumps(json.loads(content), ensure_ascii=False, indent=2) + "\n").encode()
    if form == "md" and out is None and sys.stdout.isatty():
        Console().print(Markdown(content.decode()))
    else:
        _put(content, out)


def transcript(
    meeting_id: MeetingId = None,
    form: Annotated[Format | None, Form] = None,
    out: Out = None,
) -> None:
    """The final words: as text, as subtitles, or as JSON with the time of every word."""
    refuse_no_id(meeting_id)
    form = form or _form_of(out, get_args(Format))
    _put(asyncio.run(_read(meeting_id, "transcript", format=form)), out)


def _form_of(out: Path | None, forms: Sequence[F]) -> F:
    """The form that the file's name asks for; the first where there is no file, or its name has no ending."""
    ending = out.suffix.removeprefix(".").lower() if out else ""
    for form in forms:
        if ending in ("", form):
            return form
    raise Invalid(
        f"{out} would be neither {', '.join(forms[:-1])} nor {forms[-1]}.",
        remedy="Give the file one of these endings, or say which with `--format`.",
    )


async def _read(meeting_id: str | None, paper: str, **query: Any) -> bytes:
    async with Server() as server:
        if meeting_id is None:
            newest = await server.every("/api/meetings", 50)
            ended = [meeting["meeting_id"] for meeting in newest if meeting["status"] == "ended"]
            if not ended:
                raise NotFound("No meeting has ended yet.", remedy="Try `vori demo`.")
            meeting_id = ended[0]
        return await server.content(f"/api/meetings/{meeting_id}/{paper}", **query)


def _put(content: bytes, out: Path | None) -> None:
    if out is None:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror}.", remedy="Name another file.") from error
