"""People make the minutes theirs, line by line; what VORI writes anew later keeps to it. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from vori.clock import new_id
from vori.database.text import Line as OneLine
from vori.errors import Invalid, NotFound
from vori.events import Evidence, UtteranceFinal
from vori.minutes.compose import first_said, quoted
from vori.minutes.model import PERSON, SECTIONS, Edits, Line, Minutes, Reworded, Section, Step
from vori.transcript.naming.model import Names

MOST_ADDED = 500
Words = Annotated[OneLine, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Name = Annotated[OneLine, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reword(_Asked):
    """Give a line other words; its proof stays."""

    do: Literal["reword"]
    line_id: UUID
    text: Words


class Remove(_Asked):
    """Leave a line out."""

    do: Literal["remove"]
    line_id: UUID


class Restore(_Asked):
    """Let a line be as VORI writes it, whether it was reworded or removed."""

    do: Literal["restore"]
    line_id: UUID


class Add(_Asked):
    """A line of one's own. Tickets are made on the board."""

    do: Literal["add"]
    section: Literal["summary", "decisions", "questions", "blockers", "next_steps"]
    text: Words
    utterance_ids: Annotated[list[UUID], Field(max_length=20, description="The utterances that prove it.")] = []
    who: Name | None = Field(default=None, description="Of a next step only: who does it.")
    due: date | None = Field(default=None, description="Of a next step only: by when.")


Operation = Annotated[Reword | Remove | Restore | Add, Field(discriminator="do")]


def edit(edits: Edits, operations: Sequence[Operation], shown: Minutes, said: Mapping[UUID, UtteranceFinal]) -> Edits:
    """The edits with these operations carried out in order; `shown` are the minutes as they stand.

    Raises `NotFound` for a line or an utterance that isn't there, `Invalid` for what a line can't have.
    """
    lines: dict[UUID, tuple[Section, Line]] = {
        line.id: (section, line) for section in SECTIONS for line in shown.lines(section)
    }
    for asked in operations:
        match asked:
            case Add():
                edits = edits.model_copy(update={"added": (*edits.added, _added(asked, said))})
            case Restore():
                edits = _without(edits, asked.line_id)
            case Reword() | Remove() if asked.line_id not in lines:
                raise NotFound(
                    f"These minutes have no line {asked.line_id}.", remedy="Read them again: it may be gone by now."
                )
            case Remove():
                del lines[asked.line_id]
                edits = _removed(edits, asked.line_id)
            case Reword():
                edits = _reworded(edits, asked, *lines[asked.line_id])
    if len(edits.added) > MOST_ADDED:
        raise Invalid(f"Minutes hold at most {MOST_ADDED} lines added by hand.", remedy="Remove some.")
    return edits


def with_edits(minutes: Minutes, edits: Edits, words: Mapping[UUID, str], names: Names) -> Minutes:
    """The minutes as VORI writes them, with what people made of them.

    A line that was reworded stays when VORI doesn't write it any more, unless it told of a ticket.
    """
    reworded = {kept.line.id: kept for kept in edits.reworded}
    sections: dict[str, tuple[Line, ...]] = {}
    for section in SECTIONS:
        lines: list[Line] = []
        for line in minutes.lines(section):
            kept = reworded.pop(line.id, None)
            changed = {"text": kept.line.text, "by": kept.line.by} if kept else {}
            lines.append(line.model_copy(update=changed))
        gone = [kept for kept in reworded.values() if kept.section == section and not _of_ticket(kept)]
        for kept in (*gone, *(added for added in edits.added if added.section == section)):
            proven = kept.line.model_copy(update={"evidence": quoted(kept.line.evidence, words, names)})
            lines.append(proven if section == "next_steps" else Line(**_plain(proven)))
        present = [line for line in lines if line.id not in edits.removed]
        sections[section] = tuple(sorted(present, key=_place))
    return minutes.model_copy(update=sections)


def _added(asked: Add, said: Mapping[UUID, UtteranceFinal]) -> Reworded:
    if asked.section != "next_steps" and (asked.who or asked.due):
        raise Invalid("Only a next step has `who` and `due`.", remedy="Leave them out, or add a next step.")
    line = Step(
        id=new_id(),
        text=asked.text,
        who=asked.who,
        due=asked.due,
        by=PERSON,
        evidence=_proof(asked.utterance_ids, said),
    )
    return Reworded(section=asked.section, line=line)


def _proof(utterance_ids: Sequence[UUID], said: Mapping[UUID, UtteranceFinal]) -> tuple[Evidence, ...]:
    for utterance_id in utterance_ids:
        if utterance_id not in said:
            raise NotFound(
                f"There is no utterance {utterance_id} in this meeting.", remedy="Its transcript has the ids there are."
            )
    return tuple(said[utterance_id].evidence for utterance_id in dict.fromkeys(utterance_ids))


def _reworded(edits: Edits, asked: Reword, section: Section, line: Line) -> Edits:
    if any(kept.line.id == asked.line_id for kept in edits.added):
        added = tuple(
            kept.model_copy(update={"line": kept.line.model_copy(update={"text": asked.text})})
            if kept.line.id == asked.line_id
            else kept
            for kept in edits.added
        )
        return edits.model_copy(update={"added": added})
    kept = Reworded(section=section, line=Step(**_plain(line) | {"text": asked.text, "by": PERSON}))
    if isinstance(line, Step):
        kept = kept.model_copy(update={"line": line.model_copy(update={"text": asked.text, "by": PERSON})})
    others = tuple(other for other in edits.reworded if other.line.id != asked.line_id)
    return edits.model_copy(update={"reworded": (*others, kept)})


def _removed(edits: Edits, line_id: UUID) -> Edits:
    """Of a line of one's own nothing stays."""
    if any(kept.line.id == line_id for kept in edits.added):
        return edits.model_copy(update={"added": tuple(kept for kept in edits.added if kept.line.id != line_id)})
    return edits.model_copy(update={"removed": (*edits.removed, line_id)})


def _without(edits: Edits, line_id: UUID) -> Edits:
    return edits.model_copy(
        update={
            "reworded": tuple(kept for kept in edits.reworded if kept.line.id != line_id),
            "removed": tuple(removed for removed in edits.removed if removed != line_id),
        }
    )


def _of_ticket(kept: Reworded) -> bool:
    return kept.section == "tickets" or kept.line.ticket_id is not None


def _plain(line: Line) -> dict[str, object]:
    return {name: getattr(line, name) for name in Line.model_fields}


def _place(line: Line) -> tuple[bool, int, str]:
    """What nobody said comes last."""
    return not line.evidence, *first_said(line)
