"""What talk does to tickets that were there: once, corrected by later words, never against a person's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from tests.tickets.world import NOW, World, move, occasion, open_ticket, turns

from vori.events import Status
from vori.tickets.history.model import undo
from vori.tickets.model import Block, Change, DueMove, Extraction, Move
from vori.tickets.plan import LATELY, Board, Plan
from vori.tickets.reconcile import reconcile


def test_a_move_happens_once_and_only_shortly_after_the_turn_that_says_it() -> None:
    ticket = open_ticket()
    world = World(ticket)
    begun = move(ticket, Status.IN_PROGRESS, 0, 1)
    assert world.hear(1 + LATELY, moves=[begun]).changes == (), "too long ago"
    assert [change.kind for change in world.hear(1, moves=[begun]).changes] == ["moved"]
    assert world.tickets[ticket.ticket_id].fields.status is Status.IN_PROGRESS
    assert world.hear(1, moves=[begun]).changes == ()
    world.take(undo(world.tickets[ticket.ticket_id], world.changes, UUID(int=9), NOW))
    assert world.tickets[ticket.ticket_id].fields.status is Status.TODO
    assert world.hear(1, moves=[begun]).changes == (), "what a person undid is not done again"


def test_moves_of_one_step_build_on_each_other() -> None:
    ticket = open_ticket()
    world = World(ticket)
    both = [move(ticket, Status.IN_PROGRESS, 0), move(ticket, Status.DONE, 0, 1)]
    begun, finished = world.hear(0, moves=both).changes
    assert (begun.before, finished.before) == (ticket.fields, begun.after)
    assert world.tickets[ticket.ticket_id].fields.status is Status.DONE
    assert world.hear(0, moves=both).changes == ()

    other = open_ticket()
    at_once = [move(other, Status.DONE, 0), move(other, Status.IN_PROGRESS, 0, 1)]
    assert [change.after and change.after.status for change in World(other).hear(0, moves=at_once).changes] == [
        Status.DONE
    ], "finished work doesn't begin again"


def test_the_last_word_of_one_turn_about_a_ticket_counts() -> None:
    ticket = open_ticket()
    said = [move(ticket, Status.IN_PROGRESS, 0), move(ticket, Status.DONE, 0)]
    (moved,) = World(ticket).hear(0, moves=said).changes
    assert moved.after == replace(ticket.fields, status=Status.DONE)


def test_moves_are_legal_on_the_board_as_it_stands_now() -> None:
    ticket = open_ticket(status=Status.DONE)
    world = World(ticket)
    assert world.hear(0, moves=[move(ticket, Status.IN_PROGRESS, 0)]).changes == ()
    assert len(world.hear(1, moves=[move(ticket, Status.IN_PROGRESS, 1, reopens=True)]).changes) == 1


def test_one_move_is_suggested_once_and_overtaken_by_the_sure_word() -> None:
    ticket = open_ticket()
    world = World(ticket)
    first, second = (replace(move(ticket, Status.DONE, n), lane="pending") for n in (0, 1))
    world.hear(0, moves=[first])
    assert world.hear(1, moves=[first, second]) == Plan((), ())
    plan = world.hear(2, moves=[first, second, move(ticket, Status.DONE, 2)])
    assert [change.lane for change in plan.changes] == ["applied"]
    assert len(plan.withdrawn) == 1


def test_a_move_that_becomes_sure_with_later_turns_takes_the_place_of_its_suggestion() -> None:
    ticket = open_ticket()
    world = World(ticket)
    unsure = replace(move(ticket, Status.DONE, 0), lane="review", certainty=0.4)
    world.hear(0, moves=[unsure])
    (again,) = world.hear(1, moves=[replace(unsure, lane="pending", certainty=0.6)]).changes
    assert (again.lane, again.certainty) == ("pending", 0.6)
    plan = world.hear(3, moves=[replace(unsure, lane="applied", certainty=0.9)])
    assert [change.lane for change in plan.changes] == ["applied"]
    assert [change.lane for change in world.changes] == ["applied"]
    assert world.tickets[ticket.ticket_id].fields.status is Status.DONE


def test_a_suggested_move_that_later_words_make_void_is_withdrawn() -> None:
    ticket = open_ticket()
    world = World(ticket)
    world.hear(0, moves=[replace(move(ticket, Status.DONE, 0), lane="pending")])
    assert len(world.hear(1).withdrawn) == 1
    assert world.changes == []


def test_a_suggested_move_that_is_read_in_later_words_is_suggested_with_those() -> None:
    ticket = open_ticket()
    world = World(ticket)
    world.hear(0, moves=[replace(move(ticket, Status.DONE, 0), lane="pending")])
    plan = world.hear(1, moves=[replace(move(ticket, Status.DONE, 1), lane="pending")])
    assert (len(plan.changes), len(plan.withdrawn)) == (1, 1)
    assert [[quoted.quote for quoted in change.evidence] for change in world.changes] == [["말 1"]]


def test_what_becomes_sure_later_leaves_alone_a_ticket_that_a_person_has_changed_since() -> None:
    ticket = open_ticket()
    world = World(ticket)
    world.hear(0, moves=[replace(move(ticket, Status.DONE, 0), lane="pending")])
    world.handled = frozenset({ticket.ticket_id})
    assert world.hear(1, moves=[move(ticket, Status.DONE, 0)]).changes == ()
    assert len(world.hear(2, moves=[move(ticket, Status.DONE, 0, 2)]).changes) == 1, "new words count"


def test_a_correction_amends_what_this_meeting_had_done_to_the_ticket() -> None:
    ticket = open_ticket()
    world = World(ticket)
    world.hear(0, moves=[move(ticket, Status.DONE, 0)])
    review = replace(move(ticket, Status.IN_PROGRESS, 1), amends=True, assignee="지호")
    (amended,) = world.hear(1, moves=[move(ticket, Status.DONE, 0), review]).changes
    assert amended.after is not None
    assert (amended.kind, amended.after.status, amended.after.assignee) == ("moved", Status.IN_PROGRESS, "지호")
    assert [quoted.quote for quoted in amended.evidence] == ["말 0", "말 1"], "with what was said before"
    assert world.hear(2, moves=[move(ticket, Status.DONE, 0), review]).changes == ()


def test_a_correction_may_go_back_to_where_the_meeting_found_the_ticket_but_not_behind_another_s_change() -> None:
    ticket = open_ticket()
    world = World(ticket)
    world.hear(0, moves=[move(ticket, Status.DONE, 0)])
    back = replace(move(ticket, Status.TODO, 1), amends=True)
    assert len(world.hear(1, moves=[move(ticket, Status.DONE, 0), back]).changes) == 1
    assert world.tickets[ticket.ticket_id].fields.status is Status.TODO

    finished = open_ticket(status=Status.DONE)
    assert World(finished).hear(1, moves=[replace(move(finished, Status.TODO, 1), amends=True)]).changes == ()


def test_a_later_report_stands_when_the_earlier_one_is_no_longer_read_as_one() -> None:
    ticket = open_ticket()
    world = World(ticket)
    world.hear(0, moves=[move(ticket, Status.DONE, 0)])
    assert world.hear(1, moves=[move(ticket, Status.DONE, 0), move(ticket, Status.IN_PROGRESS, 1)]).changes == ()
    assert len(world.hear(1, moves=[move(ticket, Status.IN_PROGRESS, 1)]).changes) == 1


def test_a_due_day_moves_and_a_block_comes_and_goes() -> None:
    ticket = open_ticket()
    world = World(ticket)
    friday = DueMove(str(ticket.ticket_id), date(2026, 3, 6), turns(0), 0.9, "applied")
    waits = Block(str(ticket.ticket_id), True, turns(1), 0.9, "applied", "the key")
    (due,) = world.hear(0, due_moves=[friday]).changes
    assert (due.kind, due.after and due.after.due) == ("edited", date(2026, 3, 6))
    world.hear(1, due_moves=[friday], blocks=[waits])
    assert world.tickets[ticket.ticket_id].fields.blocked_reason == "the key"
    goes_on = Block(str(ticket.ticket_id), False, turns(2), 0.9, "applied")
    world.hear(2, due_moves=[friday], blocks=[waits, goes_on])
    stands = world.tickets[ticket.ticket_id].fields
    assert (stands.blocked, stands.blocked_reason, stands.due) == (False, "", date(2026, 3, 6))
    world.hear(3, due_moves=[friday], blocks=[waits, goes_on], moves=[move(ticket, Status.DONE, 3)])
    late = Block(str(ticket.ticket_id), True, turns(4), 0.9, "applied")
    assert world.hear(4, blocks=[late]).changes == (), "nothing is in the way of what is done"


def test_when_all_is_read_anew_what_holds_in_the_end_counts_and_is_done_once() -> None:
    ticket = open_ticket()
    world = World(ticket)
    first = [move(ticket, Status.IN_PROGRESS, 0), move(ticket, Status.DONE, 2)]
    world.hear(0, moves=first)
    world.hear(2, moves=first)

    def anew(*moves: Move) -> tuple[Change, ...]:
        board = Board(world.tickets, tuple(world.changes), world.handled)
        return reconcile(Extraction(moves=moves), board, replace(occasion(5), said=None, actor="other 2")).changes

    assert anew(*first) == ()
    assert anew(move(ticket, Status.IN_PROGRESS, 1), move(ticket, Status.DONE, 3)) == (), "the same in the end"
    (change,) = anew(first[0])
    assert change.after is not None
    assert (change.after.status, change.actor) == (Status.IN_PROGRESS, "other 2")
    world.take(change)
    assert anew(first[0]) == ()
    world.handled = frozenset({ticket.ticket_id})
    assert anew(*first) == (), "a person has changed it since"
