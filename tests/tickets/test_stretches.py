"""Long talks are read in stretches: nothing is lost or told twice where two meet, and what lies far back is settled."""

from __future__ import annotations

import pytest
from tests.tickets.talks import talk

from vori.events import Status
from vori.tickets.offline import OfflineExtractor
from vori.tickets.offline.stretches import AROUND, LENGTH, stretches

SMALL_TALK = ["Kim: The coffee is good today.", "Leo: It rained all morning.", "Ana: Yes, and it was cold."]
BOARD = [("Write the onboarding guide", "TODO", "Ana"), ("Migrate the billing database", "IN_PROGRESS", "Leo")]


def after(turns: int, *said: str) -> str:
    """What is said after so many turns of small talk."""
    return "\n".join([*(SMALL_TALK[n % 3] for n in range(turns)), *said])


@pytest.mark.parametrize("turns", [1, LENGTH - 1, LENGTH, LENGTH + 1, LENGTH + AROUND, 3 * LENGTH])
def test_each_turn_is_told_by_one_stretch_and_seen_with_those_around(turns: int) -> None:
    said = talk(after(turns))
    parts = list(stretches(said))
    assert sorted(turn for part in parts for turn in part.own) == sorted(turn.id for turn in said.turns)
    for part in parts:
        seen = [turn.id for turn in part.talk.turns]
        first, last = (said.turns.index(part.talk.turns[place]) for place in (0, -1))
        assert part.own <= set(seen)
        assert first == 0 or said.turns[first + AROUND].id in part.own
        assert last == turns - 1 or said.turns[last - AROUND].id in part.own


@pytest.mark.parametrize("turns", [LENGTH - 2, LENGTH - 1, LENGTH])
def test_work_said_where_two_stretches_meet_is_found_once(extractor: OfflineExtractor, turns: int) -> None:
    words = ("Kim: Leo, could you send the signed contract to the supplier by Wednesday?", "Leo: Sure, I will.")
    script = after(turns, *words, *SMALL_TALK)
    (proposal,) = extractor.extract(talk(script)).proposals
    assert proposal.assignee == "Leo"
    assert f"u{turns + 1}" in proposal.evidence_ids


def test_a_ticket_that_moved_early_moves_on_later(extractor: OfflineExtractor) -> None:
    begun, done = "Ana: I've started the onboarding guide.", "Ana: The onboarding guide is finished."
    script = "\n".join([begun, after(2 * LENGTH, done)])
    moves = extractor.extract(talk(script, BOARD)).moves
    applied = [(move.ticket_id, move.to) for move in moves if move.lane == "applied"]
    assert applied == [("T1", Status.IN_PROGRESS), ("T1", Status.DONE)]


def test_what_lies_far_back_is_settled(extractor: OfflineExtractor) -> None:
    begun = "Ana: I've started the onboarding guide."
    early, late = (extractor.extract(talk("\n".join([begun, after(turns)]), BOARD)) for turns in (150, 300))
    assert early.moves == late.moves != ()
