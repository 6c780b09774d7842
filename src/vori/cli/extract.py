"""`vori extract`: the ticket extractor over written meetings, one JSON object a line in, one a line out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, Field, ValidationError, model_validator
from rich.console import Console

from vori.cli.server import read_settings
from vori.errors import Invalid, NotFound
from vori.events import Language, Status
from vori.logs import configure
from vori.settings import OFFLINE
from vori.tickets.llm.model import Ledger, MemoryLedger
from vori.tickets.llm.open import open_extractor
from vori.tickets.model import Extraction, Extractor, OpenTicket, Talk, Turn
from vori.tickets.validate import validate

FORMAT = (
    'A meeting is {"meeting_id", "date"?, "lang"?, "utterances": [{"id", "speaker"?, "text", "start"?, "end"?}], '
    '"existing_tickets"?: [{"id", "title", "status", "assignee"?}]} on one line.'
)
LLM = "llm"
UNDATED = date(2000, 1, 3)
"""A day for meetings without one; no due date is given for them."""


class _Utterance(BaseModel):
    id: str
    text: str
    speaker: str | None = None
    start: float = Field(default=0.0, ge=0, lt=1e7)
    end: float | None = Field(default=None, ge=0, lt=1e7)


class _Ticket(BaseModel):
    id: str
    title: str
    status: Status
    assignee: str | None = None


class _Meeting(BaseModel):
    """A written meeting; times are seconds. What else the line holds is not looked at."""

    meeting_id: str
    day: date | None = Field(default=None, alias="date")
    lang: Language | None = None
    utterances: list[_Utterance]
    existing_tickets: list[_Ticket] = []

    @model_validator(mode="after")
    def _ids_differ(self) -> _Meeting:
        for what in (self.utterances, self.existing_tickets):
            if len({item.id for item in what}) < len(what):
                raise ValueError("two utterances, or two tickets, have the same id")
        return self

    def talk(self) -> Talk:
        return Talk(
            turns=[
                Turn(
                    u.id, u.speaker, u.text, round(u.start * 1000), round((u.start if u.end is None else u.end) * 1000)
                )
                for u in self.utterances
            ],
            tickets=[OpenTicket(t.id, t.title, t.status, t.assignee) for t in self.existing_tickets],
            date=self.day or UNDATED,
            language=self.lang,
        )


def extract(
    meetings: Annotated[Path, typer.Argument(help="Meetings, one JSON object a line.", show_default=False)],
    out: Annotated[Path, typer.Option(help="Where the tickets, status changes and decisions go.", show_default=False)],
    extractor: Annotated[
        str, typer.Option(help="offline; llm: the model that VORI_EXTRACTOR names; or a model, written like there.")
    ] = OFFLINE,
) -> None:
    """Run a ticket extractor over written meetings. No server is needed; offline, no key and no network."""
    if not meetings.is_file():
        raise NotFound(f"There is no file {meetings}.", remedy=FORMAT)
    began = time.perf_counter()
    ledger = MemoryLedger()
    reader = open_named(extractor, ledger)
    written = turns = 0
    partial = out.with_name(out.name + ".part")
    try:
        with partial.open("w", encoding="utf-8") as lines:
            for meeting in read_meetings(meetings):
                lines.write(json.dumps(predict(reader, meeting), ensure_ascii=False) + "\n")
                written, turns = written + 1, turns + len(meeting.utterances)
        partial.replace(out)
    except OSError as error:
        raise Invalid(f"{out} can't be written: {error.strerror or error}.", remedy="Name another file.") from error
    finally:
        partial.unlink(missing_ok=True)
    said = f"{written} meetings, {turns} utterances, {time.perf_counter() - began:.1f} s: {out}"
    Console(stderr=True, highlight=False).print(said + spent_on(ledger), markup=False)


def open_named(name: str, ledger: Ledger) -> Extractor:
    """The extractor of that name. Raises `Invalid` for a name that is none."""
    settings = read_settings()
    if name == LLM and settings.extractor == OFFLINE:
        raise Invalid("No language model is set.", remedy="Set VORI_EXTRACTOR, or name a model: anthropic:model.")
    if name != LLM:
        settings = settings.model_copy(update={"extractor": name})
    if settings.extractor != OFFLINE:
        configure("warning", settings.log_format)
    return open_extractor(settings, ledger)


def spent_on(ledger: MemoryLedger) -> str:
    """What the language model was asked, and how often the offline extractor had to stand in."""
    if not ledger.notes:
        return ""
    spent = ledger.spent("", ledger.notes[0].at)
    failed = [note.trouble for note in ledger.notes if note.answer is None]
    told = f"\n{spent.requests} requests, {spent.tokens} tokens" + (f", {spent.usd:.2f} USD" if spent.usd else "")
    return told + (f"; {len(failed)} windows failed and were read offline: {failed[-1]}" if failed else "")


def read_meetings(path: Path) -> Iterator[_Meeting]:
    """The meetings of a file. Raises `Invalid` that names the line which is none."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _Meeting.model_validate_json(line.removeprefix(b"\xef\xbb\xbf"))
            except ValidationError as error:
                fault = error.errors()[0]
                where = ".".join(str(part) for part in fault["loc"])
                told = f"{where}: {fault['msg']}" if where else fault["msg"]
                raise Invalid(f"Line {number} of {path} is no meeting: {told}.", remedy=FORMAT) from error


def predict(extractor: Extractor, meeting: _Meeting) -> dict[str, Any]:
    """One line of the answer."""
    talk = meeting.talk()
    found: Extraction = validate(extractor.extract(talk), talk)
    asked = f"{extractor.name} {extractor.version}"
    return {
        "meeting_id": meeting.meeting_id,
        "tickets": [
            {
                "title": proposal.title,
                "status": proposal.status,
                "assignee": proposal.assignee,
                "due": proposal.due.isoformat() if proposal.due and meeting.day else None,
                "evidence_ids": proposal.evidence_ids,
                "certainty": proposal.certainty,
                "lane": proposal.lane,
                "by": proposal.by or asked,
            }
            for proposal in found.proposals
        ],
        "status_changes": [
            {
                "ticket_id": move.ticket_id,
                "to": move.to,
                "evidence_ids": move.evidence_ids,
                "certainty": move.certainty,
                "lane": move.lane,
                "by": move.by or asked,
            }
            for move in found.moves
        ],
        "decisions": [{"text": made.text, "evidence_ids": made.evidence_ids} for made in found.decisions],
    }
