"""What people make of the minutes holds for whatever VORI writes anew."""

from typing import Any
from uuid import uuid4

import pytest
from pydantic import TypeAdapter
from tests.minutes.test_minutes_model import ENGLISH, meeting, reported, said, ticket

from vori.errors import Invalid, NotFound
from vori.events import ReportedTicket, Status
from vori.minutes.compose import compose
from vori.minutes.edit import Operation, edit, with_edits
from vori.minutes.model import Edits, Minutes, Source

WORDS = said(ENGLISH)
SAID = {utterance.utterance_id: utterance for utterance in WORDS}
TEXTS = {utterance.utterance_id: utterance.text for utterance in WORDS}
EXPORT = ticket("V-1", "Spreadsheet export", Status.TODO)
PROOF = (WORDS[4].evidence, WORDS[5].evidence)
TICKET = ReportedTicket(ticket=EXPORT, action="created", from_status=None, evidence=PROOF)
SOURCE = Source(tickets=(TICKET,))


def operation(**asked: Any) -> Operation:
    found: Operation = TypeAdapter(Operation).validate_python(asked)
    return found


def written(source: Source = SOURCE) -> Minutes:
    return compose(meeting(), WORDS, source)


def edited(edits: Edits, *operations: Operation) -> tuple[Edits, Minutes]:
    edits = edit(edits, operations, with_edits(written(), edits, TEXTS, {}), SAID)
    return edits, with_edits(written(), edits, TEXTS, {})


def test_a_reworded_line_keeps_its_proof_and_says_whose_words_it_has() -> None:
    line = written().decisions[0]
    edits, minutes = edited(Edits(), operation(do="reword", line_id=line.id, text="Release on Tuesday"))
    (now,) = minutes.decisions
    assert (now.text, now.by, now.id, now.evidence) == ("Release on Tuesday", "person", line.id, line.evidence)
    assert minutes.model_copy(update={"decisions": written().decisions}) == written(), "nothing else changed"
    edits, minutes = edited(edits, operation(do="restore", line_id=line.id))
    assert minutes == written()
    assert edits == Edits()


def test_a_removed_line_stays_away_and_can_be_restored() -> None:
    line = written().tickets[0]
    edits, minutes = edited(Edits(), operation(do="remove", line_id=line.id))
    assert minutes.tickets == ()
    assert [step.key for step in minutes.next_steps] == ["V-1"], "another line"
    assert edited(edits, operation(do="restore", line_id=line.id))[1] == written()


def test_added_lines_stand_by_their_proof_and_those_without_come_last() -> None:
    first, last = WORDS[1].utterance_id, WORDS[6].utterance_id
    edits, minutes = edited(
        Edits(),
        operation(do="add", section="decisions", text="Nobody said so"),
        operation(do="add", section="decisions", text="Merge before review", utterance_ids=[str(first), str(last)]),
        operation(do="add", section="next_steps", text="Tell sales", who="Maya", due="2026-11-30"),
    )
    assert [line.text for line in minutes.decisions] == ["Merge before review", ENGLISH[6][1], "Nobody said so"]
    assert [quoted.utterance_id for quoted in minutes.decisions[0].evidence] == [first, last]
    assert (minutes.next_steps[-1].who, str(minutes.next_steps[-1].due)) == ("Maya", "2026-11-30")
    own = minutes.decisions[0].id
    edits, minutes = edited(edits, operation(do="reword", line_id=own, text="Merge early"))
    assert minutes.decisions[0].text == "Merge early"
    edits, minutes = edited(edits, operation(do="remove", line_id=own))
    assert own not in {line.id for line in minutes.decisions}
    assert len(edits.added) == 2
    assert edits.removed == (), "of a line of one's own nothing stays"


def test_a_reworded_line_stays_when_its_words_are_corrected_away_but_not_without_its_ticket() -> None:
    decision, created = written().decisions[0], written().tickets[0]
    edits, _ = edited(
        Edits(),
        operation(do="reword", line_id=decision.id, text="Release on Tuesday"),
        operation(do="reword", line_id=created.id, text="Wanted by three customers"),
    )
    now = [*WORDS[:6], WORDS[6].model_copy(update={"text": "We move on Tuesday."}), WORDS[7]]
    texts = {utterance.utterance_id: utterance.text for utterance in now}
    minutes = with_edits(compose(meeting(), now, Source()), edits, texts, {})
    assert [(line.text, line.evidence[0].quote) for line in minutes.decisions] == [
        ("Release on Tuesday", "We move on Tuesday.")
    ]
    assert minutes.tickets == ()


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({"do": "reword", "line_id": uuid4(), "text": "x"}, NotFound),
        ({"do": "remove", "line_id": uuid4()}, NotFound),
        ({"do": "add", "section": "decisions", "text": "x", "utterance_ids": [uuid4()]}, NotFound),
        ({"do": "add", "section": "summary", "text": "x", "who": "Maya"}, Invalid),
    ],
)
def test_what_cannot_be_done_is_refused(asked: dict[str, Any], refused: type[Exception]) -> None:
    with pytest.raises(refused):
        edit(Edits(), [operation(**asked)], compose(meeting(), WORDS, reported()), SAID)
